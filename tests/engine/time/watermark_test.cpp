#include "engine/time/watermark.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace earshot {
namespace {

TEST(Watermark, FollowsTheGreatestTimeAtTheDistanceOfTheExpectedDisorder) {
  Watermark watermark(5000);
  EXPECT_EQ(watermark.value_ms(), kNoWatermark);
  watermark.observe(100'000);
  EXPECT_EQ(watermark.value_ms(), 95'000);
  watermark.observe(90'000);
  EXPECT_EQ(watermark.value_ms(), 95'000);
  watermark.observe(100'001);
  EXPECT_EQ(watermark.value_ms(), 95'001);
}

TEST(Watermark, NeverGoesBackBehindWhatWasRestored) {
  Watermark watermark(5000, 95'000);
  EXPECT_EQ(watermark.value_ms(), 95'000);
  watermark.observe(99'000);
  EXPECT_EQ(watermark.value_ms(), 95'000);
  watermark.observe(101'000);
  EXPECT_EQ(watermark.value_ms(), 96'000);
}

TEST(PaneStart, IsAlignedToTheEpochAlsoBeforeIt) {
  EXPECT_EQ(pane_start(0, 10'000), 0);
  EXPECT_EQ(pane_start(9'999, 10'000), 0);
  EXPECT_EQ(pane_start(10'000, 10'000), 10'000);
  EXPECT_EQ(pane_start(-1, 10'000), -10'000);
  EXPECT_EQ(pane_start(-10'000, 10'000), -10'000);
  EXPECT_EQ(pane_start(-10'001, 10'000), -20'000);
}

RC_GTEST_PROP(PaneStartProperty, HoldsItsTime, ()) {
  const auto pane_ms = *rc::gen::inRange<int64_t>(1, 3'600'000);
  const auto time_ms = *rc::gen::inRange<int64_t>(-4'000'000'000'000, 4'000'000'000'000);
  const int64_t start_ms = pane_start(time_ms, pane_ms);
  RC_ASSERT(start_ms <= time_ms);
  RC_ASSERT(time_ms - start_ms < pane_ms);
  RC_ASSERT(start_ms % pane_ms == 0);
}

}  // namespace
}  // namespace earshot
