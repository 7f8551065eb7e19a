// What the detector promises on simulated listeners: seeds are fixed, and many.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <random>

#include "operators/spike/detector.h"

namespace earshot::spike {
namespace {

constexpr int64_t kMonday = 1'772'409'600'000;  // 2026-03-02T00:00:00Z
constexpr double kDayMs = 86'400'000;

struct Simulation {
  int64_t pane_ms = 60'000;
  double mean = 1;
  double dispersion = 0;
  double season = 0;  // amplitude of the day's rhythm, as a share of the mean
  double days = 7;
  double surge_factor = 1;
  int64_t surge_ms = 0;     // ends two hours before the end of the series
  double settled_days = 0;  // alerts before are not counted
};

struct SimulationResult {
  int false_alerts = 0;
  double counted_days = 0;
  bool is_found = false;
  int64_t delay_ms = 0;
};

double draw(std::mt19937_64& random, double mean, double dispersion) {
  if (dispersion > 0) mean = std::gamma_distribution<double>(1 / dispersion, mean * dispersion)(random);
  return mean <= 0 ? 0 : std::poisson_distribution<int>(mean)(random);
}

SimulationResult simulate(const Simulation& setting, uint64_t seed) {
  std::mt19937_64 random(seed);
  DetectorOptions options;
  options.pane_ms = setting.pane_ms;
  Detector detector(options);
  SimulationResult result;
  const auto panes = static_cast<int64_t>(setting.days * kDayMs / static_cast<double>(setting.pane_ms));
  const int64_t start_ms = kMonday + static_cast<int64_t>(seed % 24) * 3'600'000;
  const int64_t surge_end_ms = start_ms + panes * setting.pane_ms - 2 * 3'600'000;
  const int64_t surge_start_ms = surge_end_ms - setting.surge_ms;
  for (int64_t i = 0; i < panes; ++i) {
    const int64_t at = start_ms + i * setting.pane_ms;
    const double phase = 2 * std::numbers::pi * static_cast<double>(at % static_cast<int64_t>(kDayMs)) / kDayMs;
    const bool is_surge = setting.surge_ms > 0 && at >= surge_start_ms && at < surge_end_ms;
    const double mean = setting.mean * (1 + setting.season * std::sin(phase)) * (is_surge ? setting.surge_factor : 1);
    const SpikeScore score = detector.observe(at, draw(random, mean, setting.dispersion));
    if (!score.is_alert) continue;
    const bool is_counted = static_cast<double>(at - start_ms) >= setting.settled_days * kDayMs;
    if (is_surge && !result.is_found) {
      result.is_found = true;
      result.delay_ms = at + setting.pane_ms - surge_start_ms;
    } else if (is_counted && (setting.surge_ms == 0 || at < surge_start_ms)) {
      ++result.false_alerts;
    }
  }
  result.counted_days = setting.days - setting.settled_days;
  return result;
}

double false_alerts_a_day(const Simulation& setting, uint64_t runs) {
  int alerts = 0;
  double days = 0;
  for (uint64_t seed = 1; seed <= runs; ++seed) {
    const SimulationResult result = simulate(setting, seed);
    alerts += result.false_alerts;
    days += result.counted_days;
  }
  return alerts / days;
}

double share_found(const Simulation& setting, uint64_t runs, int64_t delay_ms_max) {
  int found = 0;
  for (uint64_t seed = 1; seed <= runs; ++seed) {
    const SimulationResult result = simulate(setting, seed);
    found += result.is_found && result.delay_ms <= delay_ms_max;
  }
  return found / static_cast<double>(runs);
}

TEST(Simulation, LeavesQuietListenersAlone) {
  for (const double mean : {0.05, 0.2, 0.5, 2.0, 5.0}) {
    EXPECT_LE(false_alerts_a_day({.mean = mean, .days = 14}, 40), 0.02) << mean;
  }
}

TEST(Simulation, LeavesQuietListenersAloneAtTenSecondPanes) {
  for (const double mean : {0.05, 0.5, 5.0}) {
    EXPECT_LE(false_alerts_a_day({.pane_ms = 10'000, .mean = mean, .days = 7}, 12), 0.02) << mean;
  }
}

TEST(Simulation, LeavesBurstyListenersAlone) {
  EXPECT_LE(false_alerts_a_day({.mean = 5, .dispersion = 0.3, .days = 14}, 40), 0.02);
}

TEST(Simulation, FindsAFivefoldSurgeWithinAQuarterOfAnHour) {
  constexpr int64_t kQuarterMs = 900'000;
  EXPECT_GE(share_found({.mean = 1, .days = 2.5, .surge_factor = 5, .surge_ms = kQuarterMs}, 60, kQuarterMs), 0.9);
  EXPECT_GE(share_found({.pane_ms = 10'000, .mean = 1, .days = 2.5, .surge_factor = 5, .surge_ms = kQuarterMs}, 20,
                        kQuarterMs),
            0.9);
  EXPECT_GE(share_found({.mean = 5, .dispersion = 0.3, .days = 2.5, .surge_factor = 5, .surge_ms = kQuarterMs}, 60,
                        kQuarterMs),
            0.9);
}

TEST(Simulation, FindsADoublingThatLasts) {
  constexpr int64_t kTwoHoursMs = 7'200'000;
  EXPECT_GE(share_found({.mean = 20, .days = 4.5, .surge_factor = 2, .surge_ms = kTwoHoursMs}, 60, kTwoHoursMs), 0.9);
}

TEST(Simulation, TakesTheDaysRhythmForWhatItIsOnceLearned) {
  EXPECT_LE(false_alerts_a_day({.mean = 1, .season = 0.6, .days = 14, .settled_days = 3}, 40), 0.02);
  EXPECT_LE(false_alerts_a_day({.mean = 20, .season = 0.6, .days = 14, .settled_days = 3}, 40), 0.03);
  EXPECT_GE(share_found({.mean = 2, .season = 0.6, .days = 9.5, .surge_factor = 5, .surge_ms = 900'000}, 40, 900'000),
            0.9);
}

}  // namespace
}  // namespace earshot::spike
