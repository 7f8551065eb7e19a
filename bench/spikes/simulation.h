// Simulated listeners: mentions a pane are negative-binomial around a daily rhythm, with a surge near the end. What the
// detector makes of them says how often it cries wolf, how much it finds, and how soon. Seeds are fixed.
#pragma once

#include <cstdint>
#include <optional>

#include "operators/spike/detector.h"

namespace earshot::bench {

struct Simulation {
  int64_t pane_ms = 60'000;
  double mean = 1;        // mentions of a pane
  double dispersion = 0;  // of a pane: variance is mean + dispersion mean²
  double season = 0;      // amplitude of the day's rhythm, as a share of the mean
  double days = 7;
  double surge_factor = 1;
  int64_t surge_ms = 0;     // 0: none; ends two hours before the end of the series
  double settled_days = 0;  // alerts before are not counted
};

// Days of the series from the start of its surge on: what `days` is above the history that the listener has by then.
double days_after_history(const Simulation& setting);

struct SimulationResult {
  int false_alerts = 0;
  double counted_days = 0;
  std::optional<int64_t> delay_ms;  // from the start of the surge to its first alert
};

// One listener from its first mention on.
SimulationResult simulate(const Simulation& setting, uint64_t seed);

struct SimulationSummary {
  double false_alerts_per_day = 0;
  double found_share = 0;       // of surges, within `delay_ms_max`
  int64_t delay_median_ms = 0;  // of those
};

// Seeds 1 to `runs`.
SimulationSummary simulate_many(const Simulation& setting, uint64_t runs, int64_t delay_ms_max);

}  // namespace earshot::bench
