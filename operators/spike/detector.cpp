#include "operators/spike/detector.h"

#include <algorithm>
#include <cmath>

#include "operators/spike/negative_binomial.h"

namespace earshot::spike {
namespace {

constexpr int64_t kScaleMs[Detector::kScales] = {60'000, 300'000, 900'000};
constexpr int64_t kHourMs = 3'600'000;

int64_t floor_divide(int64_t number, int64_t divisor) {
  const int64_t quotient = number / divisor;
  return quotient - (number % divisor < 0 ? 1 : 0);
}

DetectorOptions with_block_length(DetectorOptions options) {
  const int64_t panes = std::max<int64_t>(1, (baseline::kBlockMs + options.pane_ms / 2) / options.pane_ms);
  options.baseline.block_ms = options.likelihood.block_ms = panes * options.pane_ms;
  return options;
}

LongWindowOptions long_window_options(const DetectorOptions& options, int64_t window_ms, LongReference reference) {
  LongWindowOptions window;
  window.window_ms = window_ms;
  window.block_ms = options.baseline.block_ms;
  window.reference = reference;
  window.tail = options.long_tail;
  window.dispersion_prior = options.baseline.dispersion_prior;
  window.dispersion_prior_samples = options.baseline.dispersion_prior_samples;
  window.level_min *= static_cast<double>(options.baseline.block_ms) / static_cast<double>(baseline::kBlockMs);
  return window;
}

// Of an alert whose count cannot be told from chance, or is too small to be anybody's business.
constexpr double kNoAlertRarity = 1.2;

}  // namespace

Detector::Detector(const DetectorOptions& options)
    : options_(with_block_length(options)),
      baseline_(options_.baseline),
      scale_dispersion_(options_.baseline.dispersion_memory_samples, options_.baseline.dispersion_prior,
                        options_.baseline.dispersion_prior_samples),
      tail_(options_.tail),
      drift_tail_(options_.drift_tail),
      likelihood_(options_.likelihood),
      hour_(long_window_options(options_, kHourMs, LongReference::kSeason)),
      six_hours_(long_window_options(options_, 6 * kHourMs, LongReference::kLevel)),
      gate_({.cool_down_ms = options_.cool_down_ms}) {
  for (size_t i = 0; i < kScales; ++i) {
    scales_[i].panes = std::max<int64_t>(1, (kScaleMs[i] + options_.pane_ms / 2) / options_.pane_ms);
  }
  recent_.assign(static_cast<size_t>(scales_[kScales - 1].panes), 0.0F);
}

void Detector::push(double count) {
  const auto ring = static_cast<int64_t>(recent_.size());
  const auto slot = [&](int64_t pane) { return static_cast<size_t>(((pane % ring) + ring) % ring); };
  const auto kept = static_cast<float>(count);
  for (Scale& scale : scales_) {
    const float leaving = recent_[slot(next_pane_ - scale.panes)];
    scale.sum = std::max(0.0, scale.sum + static_cast<double>(kept) - static_cast<double>(leaving));
  }
  recent_[slot(next_pane_)] = kept;
}

SpikeScore Detector::observe(int64_t pane_start_ms, double count) {
  SpikeScore result;
  const int64_t pane = pane_of(pane_start_ms);
  if (has_started() && pane < next_pane_) return result;
  pass_quiet_until(pane_start_ms);
  push(count);
  const int64_t end_ms = (pane + 1) * options_.pane_ms;
  const baseline::Expectation expected = baseline_.at(pane * options_.pane_ms + options_.pane_ms / 2);
  judge(expected, result);
  result.is_warming_up = is_warming_up(pane);
  result.confidence = expected.confidence;
  if (!result.is_warming_up) {
    judge_paths(pane, count, expected, result);
    decide(end_ms, result);
    tail_.observe(end_ms, static_cast<double>(options_.pane_ms), result.deviation);
    drift_tail_.observe(end_ms, static_cast<double>(options_.pane_ms), drift_deviation());
  }
  learn_scales(expected.rate_per_ms, scale_bound(pane, expected));
  ++next_pane_;
  add_to_block(pane, count);
  return result;
}

void Detector::judge(const baseline::Expectation& expected, SpikeScore& result) const {
  for (size_t i = 0; i < kScales; ++i) {
    const Scale& scale = scales_[i];
    if (i > 0 && scale.panes == scales_[i - 1].panes) continue;
    const int64_t window_ms = scale.panes * options_.pane_ms;
    const double mean = std::max(kMeanMin, expected.rate_per_ms * static_cast<double>(window_ms));
    const double dispersion = scale_dispersion_.estimate(scale.dispersion, mean) + expected.uncertainty;
    const double deviation = stabilised_deviation(scale.sum, mean, dispersion);
    if (i > 0 && deviation <= result.deviation) continue;
    result.deviation = deviation;
    result.observed = scale.sum;
    result.expected = mean;
    result.dispersion = dispersion;
    result.window_ms = window_ms;
  }
}

BlockExpectation Detector::block_expectation(const baseline::Expectation& expected) const {
  return {expected.rate_per_ms * static_cast<double>(options_.baseline.block_ms), expected.uncertainty};
}

int64_t Detector::pane_of(int64_t time_ms) const {
  return floor_divide(time_ms, options_.pane_ms);
}

int64_t Detector::block_of(int64_t pane) const {
  return floor_divide(pane, panes_in_block());
}

BlockChance Detector::block_chance(const baseline::Expectation& expected) const {
  return {std::max(kMeanMin, expected.rate_per_ms * static_cast<double>(options_.baseline.block_ms)),
          expected.dispersion + expected.uncertainty};
}

// Wald's approximation: the sum of a unit normal with drift stays below h but for a share that falls with exp(-h).
double Detector::drift_deviation() const {
  return std::sqrt(2 * drift_);
}

double Detector::independent_dispersion(double window_ms, const baseline::Expectation& expected) const {
  return expected.dispersion * static_cast<double>(options_.baseline.block_ms) / window_ms + expected.uncertainty;
}

double Detector::independent_deviation(double count, double mean, double window_ms,
                                       const baseline::Expectation& expected) const {
  return stabilised_deviation(count, std::max(kMeanMin, mean), independent_dispersion(window_ms, expected));
}

double Detector::improbable_deviation(double count, double mean, double window_ms,
                                      const baseline::Expectation& expected) const {
  const double stabilised = independent_deviation(count, mean, window_ms, expected);
  if (count <= mean) return stabilised;
  const double exact = tail_deviation(count, std::max(kMeanMin, mean), independent_dispersion(window_ms, expected));
  return std::max(stabilised, exact);
}

bool Detector::is_warming_up(int64_t pane) const {
  constexpr int64_t kWarmUpBlocks = 2;
  constexpr int64_t kWarmUpPanes = 6;
  const int64_t panes = pane - first_pane_;
  return panes < std::max(kWarmUpBlocks * panes_in_block(), kWarmUpPanes) ||
         static_cast<double>(panes * options_.pane_ms) < options_.warm_up_ms;
}

double Detector::own_tail_weight(int64_t pane) const {
  return std::clamp(static_cast<double>((pane - first_pane_) * options_.pane_ms) / options_.young_ms, 0.0, 1.0);
}

double Detector::judge_young(const baseline::Expectation& expected, SpikeScore& result) const {
  constexpr double kWeekMs = 7.0 * 24 * 3'600'000;
  constexpr double kWindowsAtOnce = 4;  // overlapping ones and three scales: more chances than one, fewer than all
  double rarest = kWeekMs;
  // A rate that varies varies less on average over a longer time: minutes are burstier than the blocks that the prior
  // is of, and the dispersion of a scale bounds the next one's.
  double prior = 2 * options_.baseline.dispersion_prior;
  for (const Scale& scale : scales_) {
    const auto window_ms = static_cast<double>(scale.panes * options_.pane_ms);
    const double mean = std::max(kMeanMin, expected.rate_per_ms * window_ms);
    const double dispersion = scale_dispersion_.estimate_young(scale.dispersion, mean, prior);
    prior = std::min(options_.baseline.dispersion_prior, dispersion);
    if (scale.sum < options_.count_min || scale.sum < mean) continue;
    const double chance = upper_tail_probability(scale.sum, mean, dispersion + expected.uncertainty);
    const double per_week = chance * kWindowsAtOnce * kWeekMs / window_ms;
    if (per_week >= rarest) continue;
    rarest = per_week;
    result.observed = scale.sum;
    result.expected = mean;
    result.dispersion = dispersion + expected.uncertainty;
    result.window_ms = scale.panes * options_.pane_ms;
  }
  return rarest;
}

void Detector::judge_paths(int64_t pane, double count, const baseline::Expectation& expected, SpikeScore& result) {
  const auto take = [&](Path path, double rarity, const auto& is_substantial) {
    const double bounded = rarity >= kNoAlertRarity || is_substantial() ? rarity : kNoAlertRarity;
    if (path != Path::kBurst && bounded >= result.rarity) return bounded;
    result.path = path;
    result.rarity = bounded;
    return bounded;
  };
  const double budget = options_.false_alarms_per_week;
  const auto is_burst = [&](double deviation_min) {
    const auto window_ms = static_cast<double>(result.window_ms);
    return result.observed >= options_.count_min &&
           improbable_deviation(result.observed, result.expected, window_ms, expected) >= deviation_min;
  };
  const double own_weight = own_tail_weight(pane);
  const double own = tail_.episodes_per_week(result.deviation) / (budget * options_.burst_share);
  if (own_weight < 1 && result.deviation >= options_.calm_deviation) {
    const double young = std::max(1e-12, judge_young(expected, result) / (budget * options_.young_share));
    take(Path::kBurst, std::pow(young, 1 - own_weight) * std::pow(own, own_weight),
         [&] { return is_burst(own_weight * options_.burst_deviation_min); });
  } else {
    take(Path::kBurst, own, [&] { return is_burst(options_.burst_deviation_min); });
  }

  const Scale& quarter = scales_[kScales - 1];
  const auto quarter_ms = static_cast<double>(quarter.panes * options_.pane_ms);
  now_deviation_ = independent_deviation(quarter.sum, expected.rate_per_ms * quarter_ms, quarter_ms, expected);
  const bool goes_on = now_deviation_ >= options_.calm_deviation;
  take(Path::kDrift, drift_tail_.episodes_per_week(drift_deviation()) / (budget * options_.drift_share),
       [&] { return quarter.sum >= options_.count_min; });

  const bool is_block_open = block_of(pane) == block_;
  const double block_count = count + (is_block_open ? block_count_ : 0);
  if (goes_on && (pane + 1) % panes_in_block() == 0 && likelihood_.is_believed()) {
    constexpr double kRarityMin = 0.01;  // what is sure need not be much: that is for others to say
    const double ratio = likelihood_.judge(block_count, block_chance(expected));
    const double rarity = likelihood_.episodes_per_week(ratio) / (budget * options_.likelihood_share);
    take(Path::kLikelihood, std::max(kRarityMin, rarity), [&] { return quarter.sum >= options_.count_min; });
  }
  const double known_ms = static_cast<double>(options_.pane_ms) + (is_block_open ? block_known_ms_ : 0);
  const BlockExpectation block = block_expectation(expected);
  const auto take_long = [&](Path path, const LongWindow& window, double share, const auto& is_deviant) {
    const LongSum sum = window.judge(block_count, known_ms, block);
    if (!sum.is_known) return std::max(kNoAlertRarity, 1 / share);
    return take(path, sum.episodes_per_week / (budget * share),
                [&] { return goes_on && sum.observed >= options_.count_min && is_deviant(sum); });
  };
  take_long(Path::kHour, hour_, options_.hour_share, [&](const LongSum& sum) {
    const auto window_ms = static_cast<double>(sum.window_ms);
    return improbable_deviation(sum.observed, sum.expected_by_season, window_ms, expected) >=
           options_.hour_deviation_min;
  });
  six_hours_rarity_ = options_.six_hours_share *
                      take_long(Path::kSixHours, six_hours_, options_.six_hours_share, [&](const LongSum& sum) {
                        const auto window_ms = static_cast<double>(sum.window_ms);
                        return independent_deviation(sum.observed, sum.expected_by_season, window_ms, expected) >=
                               options_.six_hours_deviation_min;
                      });
}

void Detector::decide(int64_t time_ms, SpikeScore& result) {
  result.surprise = 1 / (1 + std::sqrt(std::sqrt(result.rarity)));  // four decades of rarity from 0.5 to 0.9
  result.is_alert = gate_.pass(time_ms, result.rarity);
  const bool is_wanted = result.rarity <= 1;
  constexpr double kKeptBack = 0.1;
  result.score = is_wanted && !result.is_alert ? kKeptBack * result.surprise : result.surprise;

  if (is_wanted) {
    const bool is_critical =
        result.rarity <= options_.critical_share || six_hours_rarity_ <= options_.critical_six_hours_share;
    level_ = std::max(level_, is_critical ? 2 : 1);
  } else if (result.deviation < options_.calm_deviation) {
    level_ = 0;
  }
  result.level = level_;
  surge_level_ = gate_.is_surge() ? std::max(surge_level_, level_) : 0;
  result.surge_level = surge_level_;
}

double Detector::scale_bound(int64_t pane, const baseline::Expectation& expected) const {
  if (!is_young(pane)) return options_.scale_bound_deviations;
  const Scale& block = scales_[1];
  const double mean = std::max(kMeanMin, expected.rate_per_ms * static_cast<double>(block.panes * options_.pane_ms));
  const double dispersion = scale_dispersion_.estimate(block.dispersion, mean) + expected.uncertainty;
  const bool may_be_surge = stabilised_deviation(block.sum, mean, dispersion) > options_.held_deviation;
  return may_be_surge ? options_.held_deviation : options_.scale_bound_deviations;
}

void Detector::learn_scales(double rate_per_ms, double bound_deviations) {
  for (Scale& scale : scales_) {
    if ((next_pane_ + 1) % scale.panes != 0) continue;
    const double mean = rate_per_ms * static_cast<double>(scale.panes * options_.pane_ms);
    scale_dispersion_.learn(scale.dispersion, scale.sum, mean, bound_deviations);
  }
}

void Detector::add_to_block(int64_t pane, double count) {
  const int64_t block = block_of(pane);
  if (block != block_) {
    if (block_ != kNotStarted) finish_block();
    block_ = block;
    block_count_ = block_known_ms_ = 0;
  }
  block_count_ += count;
  block_known_ms_ += static_cast<double>(options_.pane_ms);
  if ((pane + 1) % panes_in_block() == 0) {
    finish_block();
    block_ = kNotStarted;
  }
}

void Detector::finish_block() {
  const auto block_ms = static_cast<double>(options_.baseline.block_ms);
  constexpr double kKnownShareMin = 0.5;
  const int64_t start_ms = block_ * options_.baseline.block_ms;
  const baseline::Expectation expected = baseline_.at(start_ms + options_.baseline.block_ms / 2);
  const BlockExpectation block = block_expectation(expected);
  if (block_known_ms_ < kKnownShareMin * block_ms) {
    hour_.skip_blocks(1, block.count);
    six_hours_.skip_blocks(1, block.count);
    return;
  }
  const double count = block_count_ * block_ms / block_known_ms_;
  const int64_t end_ms = start_ms + options_.baseline.block_ms;
  hour_.close_block(end_ms, count, block);
  six_hours_.close_block(end_ms, count, block);
  const BlockChance chance = block_chance(expected);
  likelihood_.close_block(end_ms, count, chance, own_tail_weight(block_ * panes_in_block()) < 1);
  const double deviation = stabilised_deviation(count, chance.mean, chance.dispersion);
  const double step = std::min(deviation, options_.drift_step_max) - options_.drift_allowance;
  drift_ = std::clamp(drift_ + step, 0.0, options_.drift_max);
  if (deviation < 0) drift_ *= options_.drift_fade;
  // A block is a large part of what is known of a young listener: a surge must not become what is usual while it is
  // judged.
  held_.push_back({start_ms, count});
  const bool may_be_surge = is_young(block_ * panes_in_block()) && deviation > options_.held_deviation;
  if (!may_be_surge) return teach_held_blocks();
  constexpr size_t kHeldMax = 3;
  if (held_.size() <= kHeldMax) return;
  baseline_.learn(held_.front().start_ms, held_.front().count);
  held_.erase(held_.begin());
}

void Detector::teach_held_blocks() {
  for (const HeldBlock& block : held_) baseline_.learn(block.start_ms, block.count);
  held_.clear();
}

}  // namespace earshot::spike
