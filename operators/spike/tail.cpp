#include "operators/spike/tail.h"

#include <algorithm>
#include <cmath>

namespace earshot::spike {

void Tail::observe(int64_t time_ms, double elapsed_ms, double deviation) {
  constexpr double kWeekMs = 7.0 * 24 * 3'600'000;
  const double keep = std::exp(-elapsed_ms / options_.memory_ms);
  weeks_ = weeks_ * keep + elapsed_ms / kWeekMs;
  episodes_ *= keep;
  excess_sum_ *= keep;
  if (deviation > options_.threshold) {
    peak_ = std::max(peak_, deviation);
    last_high_ms_ = time_ms;
  } else if (peak_ > 0 && static_cast<double>(time_ms - last_high_ms_) > options_.episode_gap_ms) {
    episodes_ += 1;
    excess_sum_ += std::min(peak_ - options_.threshold, options_.excess_max);
    peak_ = 0;
  }
}

double Tail::episodes_per_week(double deviation) const {
  const double rate = (episodes_ + options_.prior_episodes) / (weeks_ + options_.prior_weeks);
  return rate * std::exp(-(deviation - options_.threshold) / mean_excess());
}

double Tail::mean_excess() const {
  return std::max(options_.mean_excess_min, (excess_sum_ + options_.prior_episodes * options_.prior_mean_excess) /
                                                (episodes_ + options_.prior_episodes));
}

void Tail::save(wire::TailState& out) const {
  out.set_weeks(weeks_);
  out.set_episodes(episodes_);
  out.set_excess_sum(excess_sum_);
  out.set_peak(peak_);
  out.set_last_high_ms(last_high_ms_);
}

void Tail::restore(const wire::TailState& state) {
  weeks_ = state.weeks();
  episodes_ = state.episodes();
  excess_sum_ = state.excess_sum();
  peak_ = state.peak();
  last_high_ms_ = state.last_high_ms();
}

}  // namespace earshot::spike
