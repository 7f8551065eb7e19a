#include "operators/spike/surge_likelihood.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "operators/spike/negative_binomial.h"

namespace earshot::spike {
namespace {

constexpr int64_t kBlockMs = 300'000;
constexpr int64_t kDayBlocks = 288;

double log_probability(int count, double mean, double dispersion) {
  const double chance =
      upper_tail_probability(count, mean, dispersion) - upper_tail_probability(count + 1.0, mean, dispersion);
  return std::log(chance);
}

TEST(LogLikelihoodRatio, IsThatOfTheExactProbabilities) {
  for (const double dispersion : {0.0, 0.3}) {
    for (const double factor : {2.0, 5.0}) {
      for (const int count : {5, 10, 20, 40}) {
        const double exact = log_probability(count, 5 * factor, dispersion) - log_probability(count, 5, dispersion);
        EXPECT_NEAR(log_likelihood_ratio(count, {5, dispersion}, factor), exact, 1e-6 + 1e-4 * std::abs(exact))
            << dispersion << " " << factor << " " << count;
      }
    }
  }
}

TEST(LogLikelihoodRatio, OfNoMentionsSpeaksAgainstASurge) {
  EXPECT_DOUBLE_EQ(log_likelihood_ratio(0, {5, 0}, 2), -5);
  EXPECT_LT(log_likelihood_ratio(0, {5, 0.3}, 2), 0);
}

class SurgeLikelihoodTest : public testing::Test {
 protected:
  // Days of blocks around 20 with dispersion 0.3, each rate drawn for `blocks_alike` blocks.
  void calm(double days, int64_t blocks_alike) {
    std::gamma_distribution<double> rate(1 / 0.3, 20 * 0.3);
    double mean = 20;
    for (int64_t i = 0; i < static_cast<int64_t>(days * kDayBlocks); ++i) {
      if (i % blocks_alike == 0) mean = rate(random_);
      close(std::poisson_distribution<int>(mean)(random_));
    }
  }

  void close(double count) {
    at_ms_ += kBlockMs;
    likelihood_.close_block(at_ms_, count, {20, 0.3}, false);
  }

  std::mt19937_64 random_{7};
  SurgeLikelihood likelihood_{LikelihoodOptions{}};
  int64_t at_ms_ = 0;
};

TEST_F(SurgeLikelihoodTest, IsBelievedOfIndependentBlocksOnceItsTailIsKnown) {
  calm(2, 1);
  EXPECT_FALSE(likelihood_.is_believed()) << "after two days";
  calm(5, 1);
  EXPECT_TRUE(likelihood_.is_believed()) << "after a week";
}

TEST_F(SurgeLikelihoodTest, IsNotBelievedOfAListenerWhoseBurstsGoOn) {
  calm(14, 12);
  EXPECT_FALSE(likelihood_.is_believed());
}

TEST_F(SurgeLikelihoodTest, LearnsNothingOfAYoungListener) {
  for (int i = 0; i < 7 * kDayBlocks; ++i) likelihood_.close_block(i * kBlockMs, 20, {20, 0.3}, true);
  EXPECT_FALSE(likelihood_.is_believed());
}

TEST_F(SurgeLikelihoodTest, HasForgottenASurgeByTheTimeThatTheNextMayAlert) {
  calm(7, 1);
  for (int i = 0; i < 48; ++i) close(100);
  EXPECT_GE(likelihood_.judge(100, {20, 0.3}), LikelihoodOptions{}.ratio_max);
  for (int i = 0; i < 6 * 12; ++i) close(20);
  EXPECT_LT(likelihood_.judge(20, {20, 0.3}), LikelihoodOptions{}.tail.threshold);
}

TEST_F(SurgeLikelihoodTest, OfQuietBlocksAtOnceIsThatOfEachInTurn) {
  for (int i = 0; i < 3; ++i) close(60);
  SurgeLikelihood at_once = likelihood_;
  const double before = likelihood_.judge(20, {20, 0.3});
  for (int i = 0; i < 2; ++i) close(0);
  at_once.pass_quiet_blocks(at_ms_, 2, {20, 0.3});
  EXPECT_NEAR(at_once.judge(20, {20, 0.3}), likelihood_.judge(20, {20, 0.3}), 1e-9);
  EXPECT_LT(likelihood_.judge(20, {20, 0.3}), before);
}

TEST_F(SurgeLikelihoodTest, StartsAnewFromStateThatHasNoSums) {
  calm(7, 1);
  SurgeLikelihood restored{LikelihoodOptions{}};
  restored.restore(wire::DetectorState{});
  EXPECT_FALSE(restored.is_believed());
  wire::DetectorState state;
  likelihood_.save(state);
  restored.restore(state);
  EXPECT_TRUE(restored.is_believed());
  EXPECT_EQ(restored.judge(30, {20, 0.3}), likelihood_.judge(30, {20, 0.3}));
}

}  // namespace
}  // namespace earshot::spike
