#include "operators/silence/mention_drop.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string>
#include <vector>

namespace earshot::silence {
namespace {

constexpr int64_t kStartMs = 1'772'366'400'000;  // 2026-03-01, a Sunday
constexpr int64_t kBlockMs = MentionDrop::kBlockMs;

DropWindow usual_hour(double expected) {
  return {.length_ms = MentionDrop::kHourMs,
          .expected = expected,
          .dispersion = 0.02,
          .same_time_last_week = expected,
          .others_observed = 500,
          .others_expected = 500};
}

// A listener that is mentioned at one rate, and what is said of it at each tick.
class Mentioned {
 public:
  explicit Mentioned(uint64_t seed, const MentionDropOptions& options = {}) : random_(seed), drop_(options) {}

  // `mean`: mentions a block that come; `expected`: what is usual for it.
  void pass(int blocks, double mean, double expected, double others = 1) {
    for (int i = 0; i < blocks; ++i, end_ms_ += kBlockMs) {
      const uint64_t count = mean <= 0 ? 0 : std::poisson_distribution<uint64_t>(mean)(random_);
      if (count > 0) drop_.add(end_ms_ - kBlockMs, count);
      DropWindow hour = usual_hour(12 * expected);
      DropWindow quarter = usual_hour(3 * expected);
      quarter.length_ms = MentionDrop::kQuarterMs;
      hour.others_observed *= others;
      quarter.others_observed *= others;
      const DropWindow windows[] = {quarter, hour};
      if (auto said = drop_.judge(end_ms_, windows)) said_.push_back(*said);
    }
  }
  [[nodiscard]] int64_t now_ms() const { return end_ms_; }
  [[nodiscard]] const std::vector<Finding>& said() const { return said_; }
  MentionDrop& drop() { return drop_; }

 private:
  std::mt19937_64 random_;
  MentionDrop drop_;
  int64_t end_ms_ = kStartMs + kBlockMs;
  std::vector<Finding> said_;
};

TEST(LowerTailProbability, IsThatOfPoissonAndOfNegativeBinomialCounts) {
  EXPECT_NEAR(lower_tail_probability(0, 5, 0), std::exp(-5.0), 1e-12);
  EXPECT_NEAR(lower_tail_probability(2, 3, 0), std::exp(-3.0) * (1 + 3 + 4.5), 1e-12);
  EXPECT_NEAR(lower_tail_probability(0, 30, 0.1), std::pow(1 + 0.1 * 30, -10), 1e-12);
  EXPECT_NEAR(lower_tail_probability(1, 6, 0.5), 1.0 / 16 + 2 * (1.0 / 16) * 0.75, 1e-12);
  EXPECT_EQ(lower_tail_probability(-1, 5, 0.1), 0);
  EXPECT_EQ(lower_tail_probability(0, 0, 0.1), 1);
}

TEST(MentionDrop, TellsWhenAListenerFallsSilentAndWhenMentionsAreBack) {
  Mentioned brand(1);
  brand.pass(24, 10, 10);
  ASSERT_TRUE(brand.said().empty());
  const int64_t stops_ms = brand.now_ms();
  brand.pass(12, 0, 10);
  ASSERT_EQ(brand.said().size(), 1U);
  const Finding& told = brand.said().front();
  EXPECT_EQ(told.kind, FindingKind::kMentionsDrop);
  EXPECT_EQ(told.level, 1);
  EXPECT_GE(told.score, 0.5);
  EXPECT_NE(told.reason.find("where"), std::string::npos) << told.reason;
  EXPECT_NE(told.reason.find("a week ago"), std::string::npos) << told.reason;
  EXPECT_LE(brand.now_ms() - stops_ms, 12 * kBlockMs);
  brand.pass(12, 10, 10);
  ASSERT_EQ(brand.said().size(), 2U);
  EXPECT_EQ(brand.said().back().level, 0);
  EXPECT_TRUE(brand.said().back().is_final);
}

TEST(MentionDrop, TellsALoudListenersSilenceWithinAQuarterOfAnHour) {
  Mentioned brand(1);
  brand.pass(24, 100, 100);
  brand.pass(4, 0, 100);
  EXPECT_EQ(brand.said().size(), 1U);
}

TEST(MentionDrop, NeverTellsTheSilenceOfAQuietListener) {
  for (const double mean_a_block : {0.0, 0.05, 0.25, 1.0, 2.0}) {  // to 24 an hour
    for (uint64_t seed = 0; seed < 20; ++seed) {
      Mentioned brand(seed);
      brand.pass(7 * 288, mean_a_block, mean_a_block);
      brand.pass(288, 0, mean_a_block);
      EXPECT_TRUE(brand.said().empty()) << mean_a_block;
    }
  }
}

TEST(MentionDrop, FindsEveryStopAndNoFalseOneAmongSimulatedListeners) {
  int found = 0;
  int runs = 0;
  for (const double mean_a_block : {4.0, 10.0, 80.0}) {
    for (uint64_t seed = 0; seed < 20; ++seed, ++runs) {
      Mentioned brand(100 + seed);
      brand.pass(7 * 288, mean_a_block, mean_a_block);
      EXPECT_TRUE(brand.said().empty()) << mean_a_block << " " << seed;
      brand.pass(13, 0, mean_a_block);
      found += !brand.said().empty();
    }
  }
  EXPECT_EQ(found, runs);
}

TEST(MentionDrop, SaysNothingWhileTheOthersAreSilentToo) {
  Mentioned brand(1);
  brand.pass(24, 10, 10);
  brand.pass(24, 0, 10, 0.1);
  EXPECT_TRUE(brand.said().empty()) << "the feed is at fault, not the listener";
}

TEST(MentionDrop, SaysNothingOfAListenerWithoutOthersToCompareItWith) {
  MentionDrop drop{MentionDropOptions{}};
  DropWindow hour = usual_hour(120);
  hour.others_observed = hour.others_expected = 3;
  for (int64_t tick = 1; tick < 24; ++tick) {
    EXPECT_FALSE(drop.judge(kStartMs + tick * kBlockMs, {&hour, 1}).has_value());
  }
}

TEST(MentionDrop, SaysNothingBeforeItKnowsTheSameHourOfLastWeek) {
  MentionDrop drop{MentionDropOptions{}};
  DropWindow hour = usual_hour(120);
  hour.same_time_last_week = -1;
  EXPECT_FALSE(drop.judge(kStartMs, {&hour, 1}).has_value());
  hour.same_time_last_week = 2;  // a shop that is closed on Sundays
  EXPECT_FALSE(drop.judge(kStartMs + kBlockMs, {&hour, 1}).has_value());
}

TEST(MentionDrop, SaysNothingOfAnHourThatItHasNotHeardToItsEnd) {
  Mentioned upgraded(1);  // what is usual was learned by an earlier version
  upgraded.pass(12, 0.2, 10);
  EXPECT_TRUE(upgraded.said().empty());
}

TEST(MentionDrop, SaysTheSameWhereverARestartCutsTheInput) {
  Mentioned uncut(5);
  uncut.pass(30, 10, 10);
  uncut.pass(14, 0, 10);
  Mentioned cut(5);
  const auto restart = [&] {
    wire::MentionDropState state;
    cut.drop().save(state);
    cut.drop() = MentionDrop(MentionDropOptions{});
    cut.drop().restore(state);
  };
  for (int i = 0; i < 30; ++i, restart()) cut.pass(1, 10, 10);
  for (int i = 0; i < 14; ++i, restart()) cut.pass(1, 0, 10);
  ASSERT_EQ(cut.said().size(), uncut.said().size());
  ASSERT_EQ(cut.said().size(), 1U);
  EXPECT_EQ(cut.said()[0].reason, uncut.said()[0].reason);
}

}  // namespace
}  // namespace earshot::silence
