// LastHour: a listener's mentions of the last 60 minutes, minute by minute, so that an alert can show how it came
// about. Constant memory.
#pragma once

#include <array>
#include <cstdint>
#include <limits>

#include "schemas/proto/signal.pb.h"
#include "schemas/proto/state_detect.pb.h"

namespace earshot::spike {

class LastHour {
 public:
  static constexpr int64_t kMinutes = 60;

  // Adds a pane; panes come in order of time.
  void add(int64_t pane_start_ms, uint64_t mentions, uint64_t negative);

  // The hour whose last minute is the one that holds the millisecond before `end_ms`.
  void write_to(wire::Signal& signal, int64_t end_ms) const;

  void save(wire::ListenerState& out) const;
  void restore(const wire::ListenerState& state);

 private:
  struct Minute {
    uint32_t mentions = 0;
    uint32_t negative = 0;
  };
  static constexpr int64_t kNever = std::numeric_limits<int64_t>::min() / 2;

  static size_t slot(int64_t minute) { return static_cast<size_t>(((minute % kMinutes) + kMinutes) % kMinutes); }
  [[nodiscard]] Minute at(int64_t minute) const;

  std::array<Minute, kMinutes> ring_{};
  int64_t newest_ = kNever;  // minute, counted from the epoch
};

}  // namespace earshot::spike
