#include "operators/spike/long_window.h"

#include <gtest/gtest.h>

#include <random>

#include "operators/spike/alert_gate.h"

namespace earshot::spike {
namespace {

constexpr int64_t kBlockMs = 300'000;
constexpr int64_t kDayBlocks = 288;

class LongWindowTest : public testing::Test {
 protected:
  LongSum feed(LongWindow& window, int64_t blocks, double mean, double by_season) {
    LongSum last;
    for (int64_t i = 0; i < blocks; ++i) {
      const double count = std::poisson_distribution<int>(mean)(random_);
      last = window.judge(count, kBlockMs, {by_season, 0.01});
      window.close_block(++block_ * kBlockMs, count, {by_season, 0.01});
    }
    return last;
  }

  std::mt19937_64 random_{5};
  int64_t block_ = 0;
};

TEST_F(LongWindowTest, KnowsNothingBeforeItsReferenceHasSeenEnough) {
  LongWindow window{LongWindowOptions{}};
  EXPECT_FALSE(feed(window, 72, 20, 20).is_known);
  EXPECT_TRUE(feed(window, 72, 20, 20).is_known);
}

TEST_F(LongWindowTest, AddsUpItsHours) {
  LongWindow window{LongWindowOptions{}};
  const LongSum calm = feed(window, 3 * kDayBlocks, 20, 20);
  EXPECT_EQ(calm.window_ms, 6 * 3'600'000);
  EXPECT_NEAR(calm.observed, 72 * 20, 200);
  EXPECT_NEAR(calm.expected, 72 * 20, 150);
  EXPECT_NEAR(calm.expected_by_season, 72 * 20, 1);
}

TEST_F(LongWindowTest, CountsABlockThatHasOnlyBegunForWhatItIs) {
  LongWindow window{LongWindowOptions{}};
  feed(window, 3 * kDayBlocks, 20, 20);
  const LongSum begun = window.judge(4, kBlockMs / 5.0, {20, 0.01});
  EXPECT_EQ(begun.window_ms, 71 * kBlockMs + kBlockMs / 5);
  EXPECT_NEAR(begun.expected_by_season, 71 * 20 + 4, 1);
}

TEST_F(LongWindowTest, FindsTheSlowSurgeThatNoSingleBlockShows) {
  LongWindow window{LongWindowOptions{}};
  const double usual = feed(window, 7 * kDayBlocks, 20, 20).episodes_per_week;
  const LongSum slow = feed(window, 72, 50, 20);
  EXPECT_GT(slow.deviation, 2);
  EXPECT_LT(slow.episodes_per_week, 0.2 * usual);
}

TEST_F(LongWindowTest, LeavesBlocksThatWereNotSeenOutOfTheLevel) {
  LongWindow window{LongWindowOptions{}};
  feed(window, 3 * kDayBlocks, 20, 20);
  window.skip_blocks(40, 20);
  const LongSum after = window.judge(20, kBlockMs, {20, 0.01});
  EXPECT_NEAR(after.observed, after.expected, 0.1 * after.expected);
}

TEST_F(LongWindowTest, GoesOnFromSavedState) {
  LongWindow whole{LongWindowOptions{}};
  feed(whole, 3 * kDayBlocks + 5, 20, 20);
  wire::LongWindowState state;
  whole.save(state);
  LongWindow second{LongWindowOptions{}};
  second.restore(state);
  const LongSum expected = whole.judge(30, kBlockMs, {20, 0.01});
  const LongSum found = second.judge(30, kBlockMs, {20, 0.01});
  EXPECT_EQ(found.deviation, expected.deviation);
  EXPECT_EQ(found.episodes_per_week, expected.episodes_per_week);
}

TEST(AlertGate, LetsOneAlertOutForOneSurge) {
  AlertGate gate{{}};
  int alerts = 0;
  for (int64_t minute = 1; minute <= 20 * 60; ++minute) alerts += gate.pass(minute * 60'000, 0.1);
  EXPECT_EQ(alerts, 1) << "twenty hours of it are one surge";
  EXPECT_TRUE(gate.is_surge());
}

TEST(AlertGate, OpensAgainOnceTheSurgeIsOverAndTheCoolDownHasPassed) {
  AlertGate gate{{}};
  constexpr int64_t kHourMs = 3'600'000;
  EXPECT_TRUE(gate.pass(kHourMs, 0.5));
  EXPECT_FALSE(gate.pass(2 * kHourMs, 100));
  EXPECT_TRUE(gate.is_surge()) << "an hour of calm is a pause";
  gate.pass(5 * kHourMs, 100);
  EXPECT_FALSE(gate.is_surge());
  EXPECT_FALSE(gate.pass(6 * kHourMs, 0.5)) << "the cool-down has not passed";
  gate.pass(10 * kHourMs, 100);
  EXPECT_TRUE(gate.pass(11 * kHourMs, 0.5));
}

}  // namespace
}  // namespace earshot::spike
