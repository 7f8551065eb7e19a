// Event time: a partition's watermark says that no earlier post is expected from it; panes are the slices it closes.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

namespace earshot {

inline constexpr int64_t kNoWatermark = std::numeric_limits<int64_t>::min();
inline constexpr int64_t kEndOfTime = std::numeric_limits<int64_t>::max();

// Start of the pane that holds `time_ms`; panes are aligned to the epoch, also before it.
inline int64_t pane_start(int64_t time_ms, int64_t pane_ms) {
  const int64_t remainder = time_ms % pane_ms;
  return time_ms - (remainder < 0 ? remainder + pane_ms : remainder);
}

// Watermark of one input partition: the greatest event time seen less the disorder that is expected.
class Watermark {
 public:
  explicit Watermark(int64_t disorder_ms, int64_t restored_ms = kNoWatermark)
      : disorder_ms_(disorder_ms), value_ms_(restored_ms) {}

  void observe(int64_t event_time_ms) { value_ms_ = std::max(value_ms_, event_time_ms - disorder_ms_); }
  [[nodiscard]] int64_t value_ms() const { return value_ms_; }

 private:
  int64_t disorder_ms_;
  int64_t value_ms_;
};

}  // namespace earshot
