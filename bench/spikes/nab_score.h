// Score of the Numenta Anomaly Benchmark (Lavin and Ahmad, Evaluating real-time anomaly detection algorithms, ICMLA
// 2015): each labelled window rewards its first detection, more the earlier it comes; a detection outside of any costs;
// a missed window costs. 0 is the detector that says nothing, 100 the one that hits each window at its start and
// nothing else.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace earshot::bench {

struct CostProfile {
  double true_positive = 1.0;
  double false_positive = 0.11;
  double false_negative = 1.0;
};

// Rows from `first` to `last`, both inside.
struct LabelledWindow {
  size_t first = 0;
  size_t last = 0;
};

struct ScoredSeries {
  std::string name;
  std::vector<double> scores;           // one per row
  std::vector<LabelledWindow> windows;  // in order of time, apart from each other
  std::vector<int> levels;              // one per row: 0 calm, 1 alert, 2 critical
};

struct NabScore {
  double normalised = 0;  // at most 100
  double threshold = 0;   // a row whose score reaches it is a detection
  int windows_found = 0;
  int windows = 0;
  int detections_outside = 0;  // rows
};

// Rows at the start that do not count: 15 % of the series, at most 750.
size_t probation_rows(size_t rows);

// At a given threshold, over all series.
NabScore score_at(std::span<const ScoredSeries> series, double threshold, const CostProfile& profile);

struct EpisodeCount {
  int windows_found = 0;  // that hold a row of the level
  int windows = 0;
  int false_episodes = 0;  // rows of the level outside of windows, those less than `gap_rows` apart taken together
  double days = 0;         // that count
};

// Rows of `level` or more, over all series, after the start that does not count.
EpisodeCount count_episodes(std::span<const ScoredSeries> series, int level, size_t gap_rows, double rows_per_day);

// At the threshold that is best for all series together, as the benchmark allows each detector.
NabScore best_score(std::span<const ScoredSeries> series, const CostProfile& profile);

}  // namespace earshot::bench
