#include "operators/baseline/baseline.h"

#include <algorithm>
#include <cmath>

namespace earshot::baseline {
namespace {

constexpr int64_t kQuietHoursMax = 2 * kHoursOfWeek;  // what lies further back has no weight left

int64_t hour_of(int64_t time_ms) {
  return time_ms >= 0 ? time_ms / kHourMs : (time_ms - kHourMs + 1) / kHourMs;
}

int week_slot(int64_t hour) {
  constexpr int64_t kThursday = 72;  // the epoch was a Thursday
  const int64_t slot = (hour + kThursday) % kHoursOfWeek;
  return static_cast<int>(slot < 0 ? slot + kHoursOfWeek : slot);
}

}  // namespace

int hour_of_week(int64_t time_ms) {
  return week_slot(hour_of(time_ms));
}

double Baseline::level() const {
  // Until the short memory has filled, the long one steadies it.
  constexpr double kUsualBlocks = 6;
  const double usual = usual_weight_ > 0 ? usual_sum_ / usual_weight_ : 0;
  return (level_sum_ + kUsualBlocks * usual) / (level_weight_ + kUsualBlocks);
}

double Baseline::season_of_hour(int hour_of_week) const {
  const Ratio& day = day_[static_cast<size_t>(hour_of_week % kHoursOfDay)];
  const Ratio& week = week_[static_cast<size_t>(hour_of_week)];
  const double day_prior = 1.0 / options_.season_day_variance;
  const double week_prior = 1.0 / options_.season_week_variance;
  const double by_day = (day.sum + day_prior) / (day.weight + day_prior);
  const double by_week = (week.sum + week_prior) / (week.weight + week_prior);
  return std::clamp(by_day * by_week, 0.05, 20.0);
}

double Baseline::season_at(int64_t time_ms) const {
  const int64_t half_hour = time_ms - kHourMs / 2;
  const int64_t hour = hour_of(half_hour);
  const double share = static_cast<double>(half_hour - hour * kHourMs) / static_cast<double>(kHourMs);
  return season_of_hour(week_slot(hour)) * (1 - share) + season_of_hour(week_slot(hour + 1)) * share;
}

double Baseline::season_variance(int64_t time_ms) const {
  const auto slot = static_cast<size_t>(hour_of_week(time_ms));
  const double known = 1.0 / (day_[slot % kHoursOfDay].weight + 1.0 / options_.season_day_variance);
  return std::min(options_.season_unknown_variance, known);
}

double Baseline::expected_block(int64_t block_start_ms) const {
  return at(block_start_ms + options_.block_ms / 2).rate_per_ms * static_cast<double>(options_.block_ms);
}

bool Baseline::is_young() const {
  return usual_weight_ * static_cast<double>(options_.block_ms) < options_.lately_until_ms;
}

Baseline::Correction Baseline::lately(int64_t time_ms, double block, double dispersion) const {
  const double by_season = season_variance(time_ms);
  const double of_block = 1.0 / std::max(block, 0.5) + dispersion;
  const double variance = of_block / (level_weight_ > 0 ? level_weight_ : 1) + by_season;
  const double fade =
      std::exp(-std::max(0.0, static_cast<double>(time_ms - lately_end_ms_)) / options_.lately_memory_ms);
  const double weight = lately_weight_ * fade;
  if (!is_young() || weight <= 0 || lately_expected_ <= 0) return {1, variance};
  const double age = usual_weight_ * static_cast<double>(options_.block_ms) / options_.lately_until_ms;
  const double of_lately = of_block / weight;
  const double gain = (1 - age * age) * variance / (variance + of_lately);
  constexpr double kRatioMin = 0.1;
  constexpr double kRatioMax = 10;
  const double ratio = std::clamp(1 + gain * (lately_count_ / lately_expected_ - 1), kRatioMin, kRatioMax);
  const double left = (1 - gain) * (1 - gain) * variance + gain * gain * of_lately;
  return {ratio, (left / ratio + gain * options_.lately_drift * by_season) / ratio};
}

Expectation Baseline::at(int64_t time_ms) const {
  Expectation expected;
  const double by_season = level() * season_at(time_ms);
  const Correction correction = lately(time_ms, by_season, dispersion_.estimate(dispersion_state_, by_season));
  const double block = by_season * correction.ratio;
  expected.rate_per_ms = block / static_cast<double>(options_.block_ms);
  expected.dispersion = dispersion_.estimate(dispersion_state_, block);
  expected.uncertainty = correction.variance;
  constexpr double kHalfSureBlocks = 144;
  expected.confidence = usual_weight_ / (usual_weight_ + kHalfSureBlocks * static_cast<double>(kBlockMs) /
                                                             static_cast<double>(options_.block_ms));
  expected.has_season = day_[static_cast<size_t>(hour_of_week(time_ms) % kHoursOfDay)].weight > 0;
  return expected;
}

double Baseline::same_time_last_week(int64_t window_end_ms, int64_t window_ms) const {
  const int64_t end = window_end_ms - kHoursOfWeek * kHourMs;
  double count = 0;
  for (int64_t at = end - window_ms; at < end;) {
    const int64_t hour = hour_of(at);
    const auto slot = static_cast<size_t>(week_slot(hour));
    if (last_hour_[slot] != hour) return -1;
    const int64_t until = std::min(end, (hour + 1) * kHourMs);
    count += static_cast<double>(last_count_[slot]) * static_cast<double>(until - at) / static_cast<double>(kHourMs);
    at = until;
  }
  return count;
}

double Baseline::bounded(double count, double mean) const {
  constexpr double kBlocksBeforeBounds = 3;
  if (level_weight_ < kBlocksBeforeBounds) return count;
  const double spread =
      std::sqrt(mean + (dispersion_.estimate(dispersion_state_, mean) + 1.0 / level_weight_) * mean * mean);
  const double bound = options_.bound_deviations * spread + 0.5;
  return std::clamp(count, std::max(0.0, mean - bound), mean + bound);
}

void Baseline::learn(int64_t block_start_ms, double count) {
  const double mean = expected_block(block_start_ms);
  const double taught = bounded(count, mean);
  if (level_weight_ > 0) dispersion_.learn(dispersion_state_, count, mean, options_.bound_deviations);
  add_to_hour(block_start_ms, taught, count, 1);
  learn_lately(block_start_ms, taught, level() * season_at(block_start_ms + options_.block_ms / 2), 1);
  learn_level(taught / season_at(block_start_ms + options_.block_ms / 2), 1);
}

void Baseline::learn_quiet(int64_t first_block_start_ms, int64_t blocks) {
  const int64_t blocks_max = kQuietHoursMax * kHourMs / options_.block_ms;
  int64_t at = first_block_start_ms + std::max<int64_t>(0, blocks - blocks_max) * options_.block_ms;
  const int64_t end = first_block_start_ms + blocks * options_.block_ms;
  while (at < end) {
    const int64_t hour_end = (hour_of(at) + 1) * kHourMs;
    const int64_t count =
        std::max<int64_t>(1, (std::min(hour_end, end) - at + options_.block_ms - 1) / options_.block_ms);
    const auto weight = static_cast<double>(count);
    const double mean = expected_block(at);
    const double taught = bounded(0, mean);
    if (level_weight_ > 0) dispersion_.learn_zeros(dispersion_state_, mean, weight);
    add_to_hour(at, taught * weight, 0, weight);
    learn_lately(at, taught, level() * season_at(at + options_.block_ms / 2), weight);
    learn_level(taught / season_at(at + options_.block_ms / 2), weight);
    at += count * options_.block_ms;
  }
}

void Baseline::learn_level(double deseasonalised, double blocks) {
  const auto block_ms = static_cast<double>(options_.block_ms);
  const auto decay = [&](double memory_ms, double& sum, double& weight) {
    const double keep = std::exp(-block_ms / memory_ms);
    const double kept = blocks == 1 ? keep : std::pow(keep, blocks);
    const double added = blocks == 1 ? 1 : (1 - kept) / (1 - keep);
    sum = sum * kept + deseasonalised * added;
    weight = weight * kept + added;
  };
  decay(options_.level_memory_ms, level_sum_, level_weight_);
  decay(options_.usual_memory_ms, usual_sum_, usual_weight_);
}

void Baseline::learn_lately(int64_t block_start_ms, double count, double expected, double blocks) {
  if (!is_young()) return;
  const auto block_ms = static_cast<double>(options_.block_ms);
  const double keep = std::exp(-block_ms / options_.lately_memory_ms);
  const double unseen_ms = std::max(0.0, static_cast<double>(block_start_ms - lately_end_ms_));
  const double kept = std::pow(keep, blocks + unseen_ms / block_ms);
  const double added = blocks == 1 ? 1 : (1 - std::pow(keep, blocks)) / (1 - keep);
  lately_count_ = lately_count_ * kept + count * added;
  lately_expected_ = lately_expected_ * kept + expected * added;
  lately_weight_ = lately_weight_ * kept + added;
  lately_end_ms_ = block_start_ms + static_cast<int64_t>(blocks * block_ms);
}

void Baseline::add_to_hour(int64_t time_ms, double count, double raw_count, double blocks) {
  const int64_t hour = hour_of(time_ms);
  if (hour != hour_) {
    if (hour_ >= 0) close_hour();
    hour_ = hour;
    hour_count_ = hour_raw_count_ = hour_blocks_ = 0;
  }
  hour_count_ += count;
  hour_raw_count_ += raw_count;
  hour_blocks_ += blocks;
}

// What is bursty by the block is less so by the hour, unless its bursts last: the season is as sure as hours are alike.
double Baseline::learn_hour_dispersion(size_t slot, double of_blocks) {
  const Dispersion of_hours(options_.hour_dispersion_samples, of_blocks, options_.dispersion_prior_samples);
  const double mean = level() * season_of_hour(static_cast<int>(slot)) * hour_blocks_;
  of_hours.learn(hour_dispersion_state_, hour_count_, mean, options_.bound_deviations);
  return std::min(of_blocks, of_hours.estimate(hour_dispersion_state_, mean));
}

void Baseline::close_hour() {
  const auto slot = static_cast<size_t>(week_slot(hour_));
  const double blocks_an_hour = std::max(1.0, static_cast<double>(kHourMs) / static_cast<double>(options_.block_ms));
  if (hour_blocks_ < 0.5 * blocks_an_hour) return;  // too little of the hour was seen
  last_count_[slot] = static_cast<float>(hour_raw_count_ * blocks_an_hour / hour_blocks_);
  last_hour_[slot] = static_cast<int32_t>(hour_);
  const double usual = usual_weight_ > 0 ? usual_sum_ / usual_weight_ : 0;
  if (usual <= 0) return;
  const double expected = usual * hour_blocks_;
  const double of_blocks = dispersion_.estimate(dispersion_state_, usual);
  const double precision = 1.0 / (1.0 / expected + learn_hour_dispersion(slot, of_blocks));
  const double ratio = hour_count_ / expected;
  Ratio& day = day_[slot % kHoursOfDay];
  const auto update = [&](Ratio& bin, double observed) {
    bin.sum = static_cast<float>(bin.sum * options_.season_keep + precision * observed);
    bin.weight = static_cast<float>(bin.weight * options_.season_keep + precision);
  };
  update(day, ratio);
  // What the day explains is not the week's: on the first days every hour would look like one of its own.
  const double by_day = (day.sum + 1 / options_.season_day_variance) / (day.weight + 1 / options_.season_day_variance);
  update(week_[slot], ratio / std::max(0.05, by_day));
}

void Baseline::save(wire::BaselineState& out) const {
  out.Clear();
  out.set_version(1);
  out.set_level_sum(level_sum_);
  out.set_level_weight(level_weight_);
  out.set_usual_sum(usual_sum_);
  out.set_usual_weight(usual_weight_);
  out.set_hour(hour_);
  out.set_hour_count(hour_count_);
  out.set_hour_raw_count(hour_raw_count_);
  out.set_hour_blocks(hour_blocks_);
  if (is_young()) {
    out.set_lately_count(lately_count_);
    out.set_lately_expected(lately_expected_);
    out.set_lately_weight(lately_weight_);
    out.set_lately_end_ms(lately_end_ms_);
  }
  out.mutable_dispersion()->set_excess(dispersion_state_.excess);
  out.mutable_dispersion()->set_mean_squares(dispersion_state_.mean_squares);
  out.mutable_hour_dispersion()->set_excess(hour_dispersion_state_.excess);
  out.mutable_hour_dispersion()->set_mean_squares(hour_dispersion_state_.mean_squares);
  for (const Ratio& bin : day_) {
    out.add_day_sums(bin.sum);
    out.add_day_weights(bin.weight);
  }
  for (const Ratio& bin : week_) {
    out.add_week_sums(bin.sum);
    out.add_week_weights(bin.weight);
  }
  for (const float count : last_count_) out.add_last_counts(count);
  for (const int32_t hour : last_hour_) out.add_last_hours(hour);
}

void Baseline::restore(const wire::BaselineState& state) {
  level_sum_ = state.level_sum();
  level_weight_ = state.level_weight();
  usual_sum_ = state.usual_sum();
  usual_weight_ = state.usual_weight();
  hour_ = state.hour();
  hour_count_ = state.hour_count();
  hour_raw_count_ = state.hour_raw_count();
  hour_blocks_ = state.hour_blocks();
  dispersion_state_ = {state.dispersion().excess(), state.dispersion().mean_squares()};
  hour_dispersion_state_ = {state.hour_dispersion().excess(), state.hour_dispersion().mean_squares()};
  lately_count_ = state.lately_count();
  lately_expected_ = state.lately_expected();
  lately_weight_ = state.lately_weight();
  lately_end_ms_ = state.lately_end_ms();
  const auto fill = [](auto& bins, const auto& sums, const auto& weights) {
    for (size_t i = 0; i < bins.size() && i < static_cast<size_t>(sums.size()); ++i) {
      bins[i] = {sums[static_cast<int>(i)], weights[static_cast<int>(i)]};
    }
  };
  fill(day_, state.day_sums(), state.day_weights());
  fill(week_, state.week_sums(), state.week_weights());
  std::copy_n(state.last_counts().begin(), std::min<int>(state.last_counts_size(), kHoursOfWeek), last_count_.begin());
  std::copy_n(state.last_hours().begin(), std::min<int>(state.last_hours_size(), kHoursOfWeek), last_hour_.begin());
}

}  // namespace earshot::baseline
