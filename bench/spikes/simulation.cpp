#include "bench/spikes/simulation.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>
#include <vector>

namespace earshot::bench {
namespace {

constexpr int64_t kMonday = 1'772'409'600'000;  // 2026-03-02T00:00:00Z
constexpr int64_t kHourMs = 3'600'000;
constexpr double kDayMs = 86'400'000;

double draw(std::mt19937_64& random, double mean, double dispersion) {
  if (dispersion > 0) mean = std::gamma_distribution<double>(1 / dispersion, mean * dispersion)(random);
  return mean <= 0 ? 0 : std::poisson_distribution<int>(mean)(random);
}

constexpr int64_t kAfterSurgeMs = 2 * kHourMs;

}  // namespace

double days_after_history(const Simulation& setting) {
  return static_cast<double>(setting.surge_ms + kAfterSurgeMs) / kDayMs;
}

SimulationResult simulate(const Simulation& setting, uint64_t seed) {
  std::mt19937_64 random(seed);
  spike::DetectorOptions options;
  options.pane_ms = setting.pane_ms;
  spike::Detector detector(options);
  SimulationResult result;
  const auto panes = static_cast<int64_t>(setting.days * kDayMs / static_cast<double>(setting.pane_ms));
  const int64_t start_ms = kMonday + static_cast<int64_t>(seed % 24) * kHourMs;
  const int64_t surge_end_ms = start_ms + panes * setting.pane_ms - kAfterSurgeMs;
  const int64_t surge_start_ms = surge_end_ms - setting.surge_ms;
  for (int64_t i = 0; i < panes; ++i) {
    const int64_t at = start_ms + i * setting.pane_ms;
    const double phase = 2 * std::numbers::pi * static_cast<double>(at % static_cast<int64_t>(kDayMs)) / kDayMs;
    const bool is_surge = setting.surge_ms > 0 && at >= surge_start_ms && at < surge_end_ms;
    const double mean = setting.mean * (1 + setting.season * std::sin(phase)) * (is_surge ? setting.surge_factor : 1);
    const spike::SpikeScore score = detector.observe(at, draw(random, mean, setting.dispersion));
    if (!score.is_alert) continue;
    const bool is_counted = static_cast<double>(at - start_ms) >= setting.settled_days * kDayMs;
    if (is_surge && !result.delay_ms) {
      result.delay_ms = at + setting.pane_ms - surge_start_ms;
    } else if (is_counted && (setting.surge_ms == 0 || at < surge_start_ms)) {
      ++result.false_alerts;
    }
  }
  result.counted_days = setting.days - setting.settled_days;
  return result;
}

SimulationSummary simulate_many(const Simulation& setting, uint64_t runs, int64_t delay_ms_max) {
  int false_alerts = 0;
  double days = 0;
  std::vector<int64_t> delays_ms;
  for (uint64_t seed = 1; seed <= runs; ++seed) {
    const SimulationResult result = simulate(setting, seed);
    false_alerts += result.false_alerts;
    days += result.counted_days;
    if (result.delay_ms && *result.delay_ms <= delay_ms_max) delays_ms.push_back(*result.delay_ms);
  }
  SimulationSummary summary;
  summary.false_alerts_per_day = false_alerts / days;
  summary.found_share = static_cast<double>(delays_ms.size()) / static_cast<double>(runs);
  std::ranges::sort(delays_ms);
  if (!delays_ms.empty()) summary.delay_median_ms = delays_ms[delays_ms.size() / 2];
  return summary;
}

}  // namespace earshot::bench
