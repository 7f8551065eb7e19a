#include "operators/spike/last_hour.h"

#include <algorithm>

#include "engine/time/watermark.h"

namespace earshot::spike {
namespace {

constexpr int64_t kMinuteMs = 60'000;

}  // namespace

void LastHour::add(int64_t pane_start_ms, uint64_t mentions, uint64_t negative) {
  const int64_t minute = pane_start(pane_start_ms, kMinuteMs) / kMinuteMs;
  for (int64_t passed = std::max(newest_ + 1, minute - kMinutes + 1); passed <= minute; ++passed) {
    ring_[slot(passed)] = {};
  }
  newest_ = std::max(newest_, minute);
  Minute& sum = ring_[slot(minute)];
  sum.mentions += static_cast<uint32_t>(mentions);
  sum.negative += static_cast<uint32_t>(negative);
}

LastHour::Minute LastHour::at(int64_t minute) const {
  return minute > newest_ || minute <= newest_ - kMinutes ? Minute{} : ring_[slot(minute)];
}

void LastHour::write_to(wire::Signal& signal, int64_t end_ms) const {
  const int64_t last = pane_start(end_ms - 1, kMinuteMs) / kMinuteMs;
  for (int64_t minute = last - kMinutes + 1; minute <= last; ++minute) {
    signal.add_last_hour_mentions(at(minute).mentions);
    signal.add_last_hour_negative(at(minute).negative);
  }
}

void LastHour::save(wire::ListenerState& out) const {
  if (newest_ == kNever) return;
  out.set_hour_newest_minute(newest_);
  for (int64_t minute = newest_ - kMinutes + 1; minute <= newest_; ++minute) {
    out.add_hour_mentions(at(minute).mentions);
    out.add_hour_negative(at(minute).negative);
  }
}

void LastHour::restore(const wire::ListenerState& state) {
  *this = {};
  if (state.hour_mentions_size() != kMinutes || state.hour_negative_size() != kMinutes) return;
  newest_ = state.hour_newest_minute();
  for (int i = 0; i < static_cast<int>(kMinutes); ++i) {
    ring_[slot(newest_ - kMinutes + 1 + i)] = {state.hour_mentions(i), state.hour_negative(i)};
  }
}

}  // namespace earshot::spike
