// Detector: judges one listener's count, pane by pane, in order of time.
//
// Each pane is summed up over several scales (1, 5, 15 minutes); each sum is compared with what the baseline expects on
// the variance-stabilised negative-binomial scale; the largest deviation is put to the listener's own tail, which says
// how many times a week this listener deviates as far of its own accord. Fewer than the false-alarm budget: an alert.
// Beside it a cumulative sum (Page, Continuous inspection schemes, Biometrika 1954) gathers moderate surges that last.
// Time and memory are constant for each pane. One thread at a time; the same observations give the same scores.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "engine/base/result.h"
#include "operators/baseline/baseline.h"
#include "operators/spike/tail.h"

namespace earshot::spike {

struct DetectorOptions {
  int64_t pane_ms = 10'000;
  double false_alarms_per_week = 0.25;    // budget of one listener
  double critical_share = 0.01;           // of the budget: what is that rare is critical
  double count_min = 10;                  // of the scale that deviates most; fewer never alert
  double warm_up_ms = 1'800'000;          // nothing is scored before
  double cool_down_ms = 6.0 * 3'600'000;  // between alerts, unless the surge gets notably worse
  double worse_factor = 1.3;              // of the peak deviation: notably worse …
  double worse_after_ms = 3'600'000;      // … and not before that: a surge that still rises is one surge
  double calm_deviation = 1.5;            // below it a surge is over
  double scale_bound_deviations = 4;      // what one sum can teach about its scale's dispersion
  double drift_allowance = 0.85;          // deviation of a block that the cumulative sum lets pass
  double drift_step_max = 4;              // deviation of a block that it takes in at most
  double drift_max = 100;
  double drift_fade = 0.8;             // of the cumulative sum, for each block below what is expected
  baseline::BaselineOptions baseline;  // its block length follows from the pane's
  TailOptions tail;
  TailOptions drift_tail{.threshold = 3.0, .prior_mean_excess = 0.6};
};

struct SpikeScore {
  double score = 0;       // 0 to 1; 0.5 is where the false-alarm budget lies. Kept back in the cool-down after a peak.
  double surprise = 0;    // the same, not kept back
  int level = 0;          // while the surge lasts: 1 alert, 2 critical
  bool is_alert = false;  // an alert begins, or begins anew after its cool-down, at this pane
  double deviation = 0;   // largest over the scales, variance-stabilised
  double observed = 0;    // count in the scale that deviates most
  double expected = 0;
  double dispersion = 0;  // around `expected`, the baseline's own uncertainty included
  int64_t window_ms = 0;  // length of that scale
  bool is_warming_up = true;
  double confidence = 0;  // in the baseline, 0 to 1
};

class Detector {
 public:
  static constexpr int kScales = 3;

  explicit Detector(const DetectorOptions& options);

  // Judges the pane that starts at `pane_start_ms` (aligned by the caller to its pane length). Panes skipped since the
  // last are quiet (count zero). A pane at or before the last one judged is a repeat: it scores 0 and teaches nothing.
  SpikeScore observe(int64_t pane_start_ms, double count);

  // The panes before `pane_start_ms` were not seen at all: neither quiet nor loud.
  void skip_unknown_until(int64_t pane_start_ms);

  // The panes before `pane_start_ms` were quiet. The first call of all starts the detector there.
  void pass_quiet_until(int64_t pane_start_ms);

  [[nodiscard]] bool has_started() const { return next_pane_ != kNotStarted; }
  [[nodiscard]] int64_t next_pane_start_ms() const { return next_pane_ * options_.pane_ms; }
  [[nodiscard]] bool is_active() const { return level_ > 0; }
  [[nodiscard]] const baseline::Baseline& baseline() const { return baseline_; }

  void save(wire::DetectorState& out) const;
  // kCorrupt: a version or a pane length that this detector does not know.
  Result<void> restore(const wire::DetectorState& state);

 private:
  static constexpr int64_t kNotStarted = INT64_MIN;

  struct Scale {
    int64_t panes = 1;
    baseline::DispersionState dispersion;
    double sum = 0;
  };

  void push(double count);
  void add_to_block(int64_t pane, double count);
  void finish_block();
  void push_many(double count, int64_t panes);
  void pass_quiet_panes(int64_t panes);
  void pass_quiet_blocks(int64_t blocks);
  [[nodiscard]] int64_t panes_in_block() const { return options_.baseline.block_ms / options_.pane_ms; }
  void judge(const baseline::Expectation& expected, SpikeScore& result) const;
  void learn_scales(double rate_per_ms);
  void decide(int64_t time_ms, double drift_deviation, SpikeScore& result);

  DetectorOptions options_;
  baseline::Baseline baseline_;
  baseline::Dispersion scale_dispersion_;
  Tail tail_;
  Tail drift_tail_;
  std::array<Scale, kScales> scales_;
  std::vector<float> recent_;  // ring of the last panes' counts, as many as the longest scale needs
  int64_t next_pane_ = kNotStarted;
  int64_t first_pane_ = kNotStarted;
  int64_t block_ = kNotStarted;
  double block_count_ = 0;
  double block_known_ms_ = 0;
  double drift_ = 0;
  double gate_peak_ = 0;
  double gate_score_ = 0;
  int64_t gate_time_ms_ = 0;
  int level_ = 0;
};

}  // namespace earshot::spike
