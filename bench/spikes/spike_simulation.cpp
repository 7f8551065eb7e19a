// Table of what the detector makes of simulated listeners.
#include <cstdio>
#include <cstdlib>

#include "bench/spikes/simulation.h"

namespace {

using earshot::bench::Simulation;

constexpr double kMeans[] = {0.05, 0.2, 0.5, 1, 2, 5, 20, 100};
constexpr int64_t kQuarterMs = 900'000;
constexpr int64_t kTwoHoursMs = 7'200'000;

void print_row(Simulation setting, uint64_t runs) {
  setting.days = 14;
  const auto calm = simulate_many(setting, runs, 0);
  std::printf("%5lld %6.2f %10.1f %6.1f %14.4f", static_cast<long long>(setting.pane_ms / 1000), setting.mean,
              setting.dispersion, setting.season, calm.false_alerts_per_day);
  setting.days = 9.5;
  setting.surge_factor = 5;
  setting.surge_ms = kQuarterMs;
  const auto burst = simulate_many(setting, runs, kQuarterMs);
  setting.surge_factor = 2;
  setting.surge_ms = kTwoHoursMs;
  const auto doubled = simulate_many(setting, runs, kTwoHoursMs);
  std::printf(" %9.2f %7.1f %11.2f %7.1f\n", burst.found_share, static_cast<double>(burst.delay_median_ms) / 60'000,
              doubled.found_share, static_cast<double>(doubled.delay_median_ms) / 60'000);
  std::fflush(stdout);
}

// Listeners that have been known for a while only.
void print_young_rows(int64_t pane_ms, uint64_t runs) {
  std::printf(
      "Listeners known for a while only: fivefold surges that begin when it has passed, share found within 15 "
      "minutes\n(and the median delay in minutes); false alerts per listener and day, over the first day\n\n");
  std::printf("%6s %10s %6s", "mean", "dispersion", "season");
  for (const char* known : {"30 min", "1 h", "6 h", "1 day", "3 days"}) std::printf(" %12s", known);
  std::printf(" %10s\n", "false");
  for (const double dispersion : {0.0, 0.3}) {
    for (const double season : {0.0, 0.6}) {
      for (const double mean : {0.05, 0.2, 1.0, 5.0, 20.0, 100.0}) {
        Simulation setting{.pane_ms = pane_ms, .mean = mean, .dispersion = dispersion, .season = season};
        std::printf("%6.2f %10.1f %6.1f", mean, dispersion, season);
        for (const double hours : {0.5, 1.0, 6.0, 24.0, 72.0}) {
          setting.surge_factor = 5;
          setting.surge_ms = kQuarterMs;
          setting.days = hours / 24 + days_after_history(setting);
          const auto burst = simulate_many(setting, runs, kQuarterMs);
          std::printf(" %5.2f (%4.1f)", burst.found_share, static_cast<double>(burst.delay_median_ms) / 60'000);
        }
        setting.surge_ms = 0;
        setting.days = 1;
        constexpr uint64_t kCalmFactor = 10;  // a day is short
        std::printf(" %10.4f\n", simulate_many(setting, kCalmFactor * runs, 0).false_alerts_per_day);
        std::fflush(stdout);
      }
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 3) {
    std::fprintf(stderr, "usage: spike_simulation [LISTENERS [PANE_SECONDS]]: listeners simulated for each row\n");
    return 2;
  }
  constexpr uint64_t kRuns = 40;
  const uint64_t runs = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : kRuns;
  const int64_t pane_ms = argc > 2 ? std::atoll(argv[2]) * 1000 : 60'000;
  if (runs < 1 || pane_ms < 1000 || pane_ms > 3'600'000) {
    std::fprintf(stderr, "expected at least one listener, and panes of 1 to 3600 seconds\n");
    return 2;
  }
  print_young_rows(pane_ms, runs);
  std::printf(
      "\nSimulated listeners: false alerts per listener and day over 14 days from the first; surges on the tenth\n\n");
  std::printf("%5s %6s %10s %6s %14s %9s %7s %11s %7s\n", "pane", "mean", "dispersion", "season", "false per day",
              "x5 15min", "minutes", "x2 2h", "minutes");
  for (const double dispersion : {0.0, 0.3}) {
    for (const double season : {0.0, 0.6}) {
      for (const double mean : kMeans) {
        print_row({.pane_ms = pane_ms, .mean = mean, .dispersion = dispersion, .season = season}, runs);
      }
    }
  }
  return 0;
}
