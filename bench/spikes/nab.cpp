#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "bench/spikes/nab_data.h"

namespace {

void print_row(std::string_view name, const earshot::bench::NabScore& score) {
  std::printf("%-28.*s %7.1f %6d of %-4d %8d\n", static_cast<int>(name.size()), name.data(), score.normalised,
              score.windows_found, score.windows, score.detections_outside);
}

void print_table(const std::vector<earshot::bench::ScoredSeries>& all, double threshold) {
  const earshot::bench::CostProfile standard;
  std::printf("\nthreshold %.4f\n%-28s %7s %14s %8s\n", threshold, "series", "score", "windows found", "outside");
  for (const auto& series : all) print_row(series.name, score_at({&series, 1}, threshold, standard));
  print_row("all", score_at(all, threshold, standard));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2 || argc > 3) {
    std::fprintf(stderr,
                 "usage: nab FOLDER [PANE_SECONDS]: the folder holds *.csv and windows.json of the benchmark\n");
    return 2;
  }
  constexpr int64_t kPaneSeconds = 300;
  const int64_t pane_seconds = argc == 3 ? std::atoll(argv[2]) : kPaneSeconds;
  const auto all = earshot::bench::score_folder(argv[1], pane_seconds * 1000);
  if (!all) {
    std::fprintf(stderr, "%s\n", all.error().to_string().c_str());
    return 1;
  }
  std::printf("Numenta Anomaly Benchmark, standard profile (0: says nothing, 100: perfect)\n");
  std::printf("\nAs the benchmark scores: best threshold over all series");
  print_table(*all, best_score(*all, {}).threshold);
  std::printf("\nAs it alerts: score of at least 0.5");
  print_table(*all, 0.5);
  const double rows_per_day = 86'400.0 / static_cast<double>(pane_seconds);
  const auto gap_rows = static_cast<size_t>(rows_per_day / 4);
  for (const int level : {1, 2}) {
    const auto count = earshot::bench::count_episodes(*all, level, gap_rows, rows_per_day);
    std::printf("\n%-9s %d of %d windows, %d false episodes: %.3f a listener and day",
                level == 1 ? "alert" : "critical", count.windows_found, count.windows, count.false_episodes,
                count.false_episodes / count.days);
  }
  std::printf("\n");
  return 0;
}
