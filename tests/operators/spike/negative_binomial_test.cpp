#include "operators/spike/negative_binomial.h"

#include <gtest/gtest.h>

#include <cmath>

namespace earshot::spike {
namespace {

TEST(NegativeBinomial, TailDeviationIsThatOfANormalVariableWhereCountsAreManyAndNotBursty) {
  EXPECT_NEAR(tail_deviation(10'300, 10'000, 0), 3, 0.1);
  EXPECT_NEAR(tail_deviation(10'000, 10'000, 0), 0, 0.05);
}

TEST(NegativeBinomial, TailDeviationAgreesWithTheProbability) {
  for (const double dispersion : {0.0, 0.1, 0.5}) {
    for (const double count : {30.0, 60.0, 120.0}) {
      const double deviation = tail_deviation(count, 20, dispersion);
      const double probability = 0.5 * std::erfc(deviation / std::sqrt(2.0));
      EXPECT_NEAR(probability / upper_tail_probability(count, 20, dispersion), 1, 1e-6) << count << " " << dispersion;
    }
  }
}

TEST(NegativeBinomial, TheTransformFallsShortOfTheTailWhereCountsAreBursty) {
  EXPECT_GT(tail_deviation(300, 60, 0.15), stabilised_deviation(300, 60, 0.15) + 1);
}

TEST(NegativeBinomial, TailDeviationIsFiniteBeyondEveryProbability) {
  EXPECT_GT(tail_deviation(1e6, 1, 0), 20);
  EXPECT_TRUE(std::isfinite(tail_deviation(1e12, 1, 0.01)));
  EXPECT_LE(tail_deviation(0, 5, 0), 0);
}

}  // namespace
}  // namespace earshot::spike
