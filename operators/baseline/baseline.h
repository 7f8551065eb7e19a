// Baseline: how many mentions a listener usually has at this hour of the week, given how it has been lately.
//
// expected rate = recent level × season(hour of week), both learned from blocks of five minutes as they pass:
//  - level: exponentially weighted mean of counts over season, bias-corrected so that it holds from the first hour on;
//  - season: ratio of each hour to the level, by hour of day and on top of it by hour of week, shrunk towards 1 by how
//  little
//    was seen (the posterior mean of a gamma-Poisson model); interpolated between hours;
//  - lately: in the first days the last hour's ratio to level × season stands in for the season that is not known yet,
//    weighed by how uncertain both are;
//  - counts are bounded at a few standard deviations before they teach anything, so that a crisis moves neither much.
// Constant memory (about 3 KB), constant time per block; a quiet stretch of any length costs its hours, a week at most.
// One thread at a time.
#pragma once

#include <array>
#include <cstdint>

#include "operators/baseline/dispersion.h"
#include "schemas/proto/state_detect.pb.h"

namespace earshot::baseline {

inline constexpr int64_t kBlockMs = 300'000;
inline constexpr int64_t kHourMs = 3'600'000;
inline constexpr int kHoursOfDay = 24;
inline constexpr int kHoursOfWeek = 168;

// Hour of the week in UTC, 0 for Monday 00:00.
int hour_of_week(int64_t time_ms);

struct BaselineOptions {
  int64_t block_ms = kBlockMs;  // longer when panes are
  double level_memory_ms = 48.0 * kHourMs;
  double usual_memory_ms = 14.0 * 24 * kHourMs;  // of the level that seasons are ratios to
  double bound_deviations = 3.0;
  double dispersion_prior = 0.15;
  double dispersion_prior_samples = 6;
  double dispersion_memory_samples = 4032;  // two weeks of blocks
  double hour_dispersion_samples = 336;     // two weeks of hours
  double season_day_variance = 0.3;         // prior variance of the ratios by hour of day, around 1
  double season_unknown_variance = 0.1;     // at most: the level is that of hours near by
  double season_week_variance = 0.04;       // and by hour of week, around those
  double lately_memory_ms = kHourMs;
  double lately_until_ms = 3.0 * 24 * kHourMs;  // seen; what the last hour says fades until then
  double lately_drift = 0.2;                    // part of the season's variance that comes about within an hour
  double season_keep = 0.9;                     // of an hour's weight, each time that hour comes again
};

struct Expectation {
  double rate_per_ms = 0;
  double uncertainty = 0;   // variance of the estimate (level and season), relative to its square
  double dispersion = 0;    // of a block
  double confidence = 0;    // 0 (nothing seen) to 1
  bool has_season = false;  // whether this hour of the day has been seen at least once
};

class Baseline {
 public:
  explicit Baseline(const BaselineOptions& options) : options_(options), dispersion_(make_dispersion(options)) {}

  // What to expect at `time_ms`, from everything learned before it.
  [[nodiscard]] Expectation at(int64_t time_ms) const;

  // Count of the same `window_ms` one week before; negative when not known.
  [[nodiscard]] double same_time_last_week(int64_t window_end_ms, int64_t window_ms) const;

  // A whole block has passed. Blocks come in order of time; a gap between them is unknown, not quiet.
  void learn(int64_t block_start_ms, double count);

  // `blocks` blocks with no mention at all, in closed form per hour.
  void learn_quiet(int64_t first_block_start_ms, int64_t blocks);

  void save(wire::BaselineState& out) const;
  void restore(const wire::BaselineState& state);

 private:
  struct Ratio {
    float sum = 0;     // decayed sum of precision × observed ratio
    float weight = 0;  // decayed sum of precisions (1 / variance of an observed ratio)
  };

  // What level × season is to be multiplied by, and the variance of the product, relative to its square.
  struct Correction {
    double ratio = 1;
    double variance = 0;
  };

  static Dispersion make_dispersion(const BaselineOptions& options) {
    return {options.dispersion_memory_samples, options.dispersion_prior, options.dispersion_prior_samples};
  }
  [[nodiscard]] double season_of_hour(int hour_of_week) const;
  [[nodiscard]] double season_at(int64_t time_ms) const;
  [[nodiscard]] double season_variance(int64_t time_ms) const;
  [[nodiscard]] double level() const;
  [[nodiscard]] double expected_block(int64_t block_start_ms) const;
  [[nodiscard]] Correction lately(int64_t time_ms, double block, double dispersion) const;
  [[nodiscard]] bool is_young() const;
  void learn_lately(int64_t block_start_ms, double count, double expected, double blocks);
  [[nodiscard]] double bounded(double count, double mean) const;
  // Of the counts of whole hours, the one that is being closed included; at most that of blocks.
  double learn_hour_dispersion(size_t slot, double of_blocks);
  void add_to_hour(int64_t time_ms, double count, double raw_count, double blocks);
  void close_hour();
  void learn_level(double deseasonalised, double blocks);

  BaselineOptions options_;
  Dispersion dispersion_;
  DispersionState dispersion_state_;
  DispersionState hour_dispersion_state_;
  double level_sum_ = 0;     // decayed sum of deseasonalised counts a block
  double level_weight_ = 0;  // decayed number of blocks
  double usual_sum_ = 0;     // the same with the long memory
  double usual_weight_ = 0;
  int64_t hour_ = -1;      // the hour that is being added up, counted from the epoch; -1 before the first
  double hour_count_ = 0;  // bounded counts of that hour
  double hour_raw_count_ = 0;
  double hour_blocks_ = 0;
  double lately_count_ = 0;     // decayed sums over the last hour or so: of bounded counts …
  double lately_expected_ = 0;  // … of level × season …
  double lately_weight_ = 0;    // … and of blocks
  int64_t lately_end_ms_ = 0;
  std::array<Ratio, kHoursOfDay> day_{};
  std::array<Ratio, kHoursOfWeek> week_{};
  std::array<float, kHoursOfWeek> last_count_{};   // raw count of each hour of the week when it was last seen
  std::array<int32_t, kHoursOfWeek> last_hour_{};  // and which hour that was; 0: never
};

}  // namespace earshot::baseline
