#include "operators/spike/last_hour.h"

#include <gtest/gtest.h>

#include <numeric>

namespace earshot::spike {
namespace {

constexpr int64_t kMinuteMs = 60'000;

std::vector<uint32_t> hour_at(const LastHour& hour, int64_t end_ms) {
  wire::Signal signal;
  hour.write_to(signal, end_ms);
  return {signal.last_hour_mentions().begin(), signal.last_hour_mentions().end()};
}

TEST(LastHourOfAListener, HoldsEachMinuteOldestFirst) {
  LastHour hour;
  for (int64_t minute = 0; minute < 200; ++minute) hour.add(minute * kMinuteMs, static_cast<uint64_t>(minute), 0);
  const auto counts = hour_at(hour, 200 * kMinuteMs);
  ASSERT_EQ(counts.size(), 60U);
  EXPECT_EQ(counts.front(), 140U);
  EXPECT_EQ(counts.back(), 199U);
}

TEST(LastHourOfAListener, AddsThePanesOfAMinute) {
  LastHour hour;
  for (int64_t pane = 0; pane < 6; ++pane) hour.add(pane * 10'000, 2, 1);
  EXPECT_EQ(hour_at(hour, kMinuteMs).back(), 12U);
}

TEST(LastHourOfAListener, ForgetsWhatLiesFurtherBack) {
  LastHour hour;
  hour.add(0, 7, 0);
  hour.add(90 * kMinuteMs, 3, 0);
  const auto counts = hour_at(hour, 91 * kMinuteMs);
  EXPECT_EQ(std::accumulate(counts.begin(), counts.end(), 0U), 3U);
  const auto later = hour_at(hour, 151 * kMinuteMs);
  EXPECT_EQ(std::accumulate(later.begin(), later.end(), 0U), 0U);
}

TEST(LastHourOfAListener, ComesBackFromItsState) {
  LastHour hour;
  for (int64_t minute = 0; minute < 75; ++minute) hour.add(minute * kMinuteMs, static_cast<uint64_t>(minute % 5), 0);
  wire::ListenerState state;
  hour.save(state);
  LastHour restored;
  restored.restore(state);
  EXPECT_EQ(hour_at(restored, 75 * kMinuteMs), hour_at(hour, 75 * kMinuteMs));
}

TEST(LastHourOfAListener, IsEmptyBeforeTheFirstMention) {
  wire::ListenerState state;
  LastHour().save(state);
  LastHour hour;
  hour.restore(state);
  const auto counts = hour_at(hour, kMinuteMs);
  EXPECT_EQ(std::accumulate(counts.begin(), counts.end(), 0U), 0U);
}

}  // namespace
}  // namespace earshot::spike
