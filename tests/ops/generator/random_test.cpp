#include "ops/generator/random.h"

#include <gtest/gtest.h>

#include <array>

namespace earshot::generator {
namespace {

TEST(Random, GivesTheSameSequenceOnEveryMachine) {
  Random random(42);
  EXPECT_EQ(random.next(), 6667968346354703667U);
}

TEST(Random, StaysBelowItsBound) {
  Random random(1);
  std::array<int, 5> seen{};
  for (int i = 0; i < 1'000; ++i) ++seen.at(random.below(5));
  for (const int count : seen) EXPECT_NEAR(count, 200, 60);
  for (int i = 0; i < 1'000; ++i) ASSERT_LT(random.below_skewed(3), 3U);
}

TEST(Random, SkewsTowardsLowNumbers) {
  Random random(1);
  int low = 0;
  for (int i = 0; i < 10'000; ++i) low += random.below_skewed(1'000) < 100 ? 1 : 0;
  EXPECT_GT(low, 4'000);
}

TEST(Random, PicksInProportionToTheWeights) {
  Random random(1);
  std::array<int, 3> seen{};
  const std::array<uint32_t, 3> weights = {1, 0, 3};
  for (int i = 0; i < 10'000; ++i) ++seen.at(random.pick(weights));
  EXPECT_NEAR(seen[0], 2'500, 200);
  EXPECT_EQ(seen[1], 0);
}

TEST(Random, CountsEventsWithTheMeanAndTheSpreadOfAPoisson) {
  Random random(1);
  for (const double mean : {0.002, 0.3, 5.0, 70.0}) {
    double sum = 0;
    double squares = 0;
    constexpr int kTrials = 100'000;
    for (int i = 0; i < kTrials; ++i) {
      const double count = random.events(static_cast<uint64_t>(mean * 65'536));
      sum += count;
      squares += count * count;
    }
    const double measured = sum / kTrials;
    EXPECT_NEAR(measured, mean, mean * 0.02 + 0.0006);
    EXPECT_NEAR(squares / kTrials - measured * measured, mean, mean * 0.35);
  }
}

}  // namespace
}  // namespace earshot::generator
