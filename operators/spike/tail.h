// Tail: how often a listener of its own accord deviates as far as this. Peaks over a threshold, one for each episode,
// fitted by an exponential tail (Pickands, 1975; Coles, An Introduction to Statistical Modeling of Extreme Values,
// chapter 4), with a prior that stands for a well-behaved count until enough episodes were seen. Old episodes fade.
#pragma once

#include <cstdint>

#include "schemas/proto/state_detect.pb.h"

namespace earshot::spike {

struct TailOptions {
  double threshold = 2.5;             // deviations above it belong to an episode
  double episode_gap_ms = 3'600'000;  // calm that ends an episode
  double memory_ms = 21.0 * 24 * 3'600'000;
  double excess_max = 6.0;  // of one episode; a crisis must not teach that crises are usual
  double prior_episodes = 4;
  double prior_weeks = 0.5;
  double prior_mean_excess = 0.7;
  double mean_excess_min = 0.05;  // a rhythm whose peaks are all alike must not make the tail end there
};

class Tail {
 public:
  explicit Tail(const TailOptions& options) : options_(options) {}

  // Takes the deviation of the next pane, which ends at `time_ms` and is `elapsed_ms` after the last.
  void observe(int64_t time_ms, double elapsed_ms, double deviation);

  // Episodes a week that reach `deviation`.
  [[nodiscard]] double episodes_per_week(double deviation) const;

  // Of peaks over the threshold.
  [[nodiscard]] double mean_excess() const;

  // Time seen, old times faded: three at most with a memory of three weeks.
  [[nodiscard]] double weeks() const { return weeks_; }

  void save(wire::TailState& out) const;
  void restore(const wire::TailState& state);

 private:
  TailOptions options_;
  double weeks_ = 0;       // decayed time seen
  double episodes_ = 0;    // decayed number of finished episodes
  double excess_sum_ = 0;  // decayed sum of their peaks over the threshold
  double peak_ = 0;        // of the episode that goes on; 0: none does
  int64_t last_high_ms_ = 0;
};

}  // namespace earshot::spike
