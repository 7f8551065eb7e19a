// Time and posts per operator: each thread gathers a batch's laps in its own OperatorTimes, OperatorMeter adds them to
// the metrics at the end of the batch.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "engine/observe/metrics.h"

namespace earshot {

// Per thread. Operators go by their number in the list that the meter was made with.
class OperatorTimes {
 public:
  explicit OperatorTimes(size_t operators) : laps_(operators) {}

  void add(size_t which, std::chrono::nanoseconds time, uint64_t posts) {
    laps_[which].time += time;
    laps_[which].posts += posts;
  }

 private:
  friend class OperatorMeter;
  struct Lap {
    std::chrono::nanoseconds time{};
    uint64_t posts = 0;
  };
  std::vector<Lap> laps_;
};

// Gives the time since it was made, or since the last lap, to one operator after another.
class StageTimer {
 public:
  explicit StageTimer(OperatorTimes& times) : times_(times) {}

  void lap(size_t which, uint64_t posts) {
    const Clock::time_point now = Clock::now();
    times_.add(which, now - last_, posts);
    last_ = now;
  }

 private:
  using Clock = std::chrono::steady_clock;
  OperatorTimes& times_;
  Clock::time_point last_ = Clock::now();
};

// earshot_operator_seconds_total{operator=…} and earshot_operator_posts_total{operator=…}. Thread-safe.
class OperatorMeter {
 public:
  OperatorMeter(Metrics& metrics, std::span<const std::string_view> operators);

  [[nodiscard]] OperatorTimes times() const { return OperatorTimes(series_.size()); }

  // Adds what was gathered, and empties it.
  void take(OperatorTimes& times) const;

 private:
  struct Series {
    Counter seconds;
    Counter posts;
  };
  std::vector<Series> series_;
};

}  // namespace earshot
