// Detector: judges one listener's count, pane by pane, in order of time.
//
// Five paths look at the same counts, each put to a tail of its own that says how many times a week this listener goes
// as far of its own accord:
//  - burst: sums over 1, 5 and 15 minutes against what the baseline expects, the largest deviation on the
//    variance-stabilised negative-binomial scale;
//  - drift: a cumulative sum (Page, Continuous inspection schemes, Biometrika 1954) of moderate deviations that last;
//  - likelihood: cumulative sums of how much likelier a surge makes the blocks (SurgeLikelihood), for listeners whose
//    counts are bursty but independent of each other;
//  - hour: the last hour against what the baseline expected of it;
//  - six hours: the last six hours against the plain level of the days before, whatever the time of day.
// The rarest path decides. Rarer than its share of the false-alarm budget, and improbable for counts of this dispersion
// too: an alert.
// Time and memory are constant for each pane. One thread at a time; the same observations give the same scores.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "engine/base/result.h"
#include "operators/baseline/baseline.h"
#include "operators/spike/alert_gate.h"
#include "operators/spike/long_window.h"
#include "operators/spike/surge_likelihood.h"
#include "operators/spike/tail.h"

namespace earshot::spike {

enum class Path { kBurst, kDrift, kLikelihood, kHour, kSixHours };

struct DetectorOptions {
  int64_t pane_ms = 10'000;
  double false_alarms_per_week = 1.0;  // budget of one listener
  double burst_share = 0.2;            // of the budget; shares are weights of the paths, not a partition: paths
  double drift_share = 0.08;           // that fire together make one alert, and tails overstate how often they do
  double likelihood_share = 0.03;
  double hour_share = 0.07;
  double six_hours_share = 1.6;
  double critical_six_hours_share = 0.85;  // of the budget: a surge that also makes the six hours that rare is critical
  double critical_share = 0.001;           // of the budget: what is that rare on any path is critical
  double young_share = 0.1;                // of the budget: a burst before the own tail is known
  double young_ms = 2.0 * 24 * 3'600'000;  // until the own tail alone decides; what counts alone say fades until then
  double burst_deviation_min = 4.9;        // what no alert goes below, were panes independent of each other …
  double hour_deviation_min = 4.5;         // … the same for the hour …
  double six_hours_deviation_min = 3.0;    // … and for the six hours
  double count_min = 10;                   // of the scale that deviates most; fewer never alert
  double warm_up_ms = 1'800'000;           // nothing is scored before
  double cool_down_ms = 6.0 * 3'600'000;   // between alerts
  double calm_deviation = 1.5;             // below it the last quarter of an hour is as usual: a surge is over
  double held_deviation = 1.5;             // of a young listener's five minutes: they may be a surge, and teach little
  double scale_bound_deviations = 4;       // what one sum can teach about its scale's dispersion
  double drift_allowance = 0.85;           // deviation of a block that the cumulative sum lets pass
  double drift_step_max = 4;               // deviation of a block that it takes in at most
  double drift_max = 100;
  double drift_fade = 0.8;             // of the cumulative sum, for each block below what is expected
  baseline::BaselineOptions baseline;  // its block length follows from the pane's
  TailOptions tail{.prior_mean_excess = 0.5};
  TailOptions drift_tail{.threshold = 3.0, .prior_mean_excess = 0.6};
  LikelihoodOptions likelihood;  // its block length follows from the pane's
  TailOptions long_tail = LongWindowOptions{}.tail;
};

struct SpikeScore {
  double score = 0;          // 0 to 1; 0.5 is where the false-alarm budget lies. Kept back in a surge after its alert.
  double surprise = 0;       // the same, not kept back
  int level = 0;             // while mentions are above usual: 1 alert, 2 critical
  int surge_level = 0;       // the highest level since the alert, until the surge has been over for a while
  bool is_alert = false;     // an alert goes out at this pane
  Path path = Path::kBurst;  // the rarest
  double rarity = 0;         // of that path, in multiples of the budget: 1 or less alerts
  double deviation = 0;      // largest over the scales, variance-stabilised
  double observed = 0;       // count in the scale that deviates most
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
  static constexpr double kMeanMin = 1e-3;  // a mean of zero would make the first mention infinitely surprising

  struct Scale {
    int64_t panes = 1;
    baseline::DispersionState dispersion;
    double sum = 0;
  };

  struct HeldBlock {
    int64_t start_ms = 0;
    double count = 0;
  };

  void push(double count);
  void add_to_block(int64_t pane, double count);
  void finish_block();
  void teach_held_blocks();
  void push_many(double count, int64_t panes);
  void pass_quiet_panes(int64_t panes);
  void pass_quiet_blocks(int64_t blocks);
  [[nodiscard]] int64_t pane_of(int64_t time_ms) const;
  [[nodiscard]] int64_t block_of(int64_t pane) const;
  [[nodiscard]] int64_t panes_in_block() const { return options_.baseline.block_ms / options_.pane_ms; }
  [[nodiscard]] double drift_deviation() const;
  [[nodiscard]] double own_tail_weight(int64_t pane) const;
  [[nodiscard]] bool is_warming_up(int64_t pane) const;
  [[nodiscard]] bool is_young(int64_t pane) const { return !is_warming_up(pane) && own_tail_weight(pane) < 1; }
  [[nodiscard]] BlockExpectation block_expectation(const baseline::Expectation& expected) const;
  [[nodiscard]] BlockChance block_chance(const baseline::Expectation& expected) const;
  [[nodiscard]] double independent_dispersion(double window_ms, const baseline::Expectation& expected) const;
  [[nodiscard]] double independent_deviation(double count, double mean, double window_ms,
                                             const baseline::Expectation& expected) const;
  // The same by the exact tail of the count; the larger of both.
  [[nodiscard]] double improbable_deviation(double count, double mean, double window_ms,
                                            const baseline::Expectation& expected) const;
  void judge(const baseline::Expectation& expected, SpikeScore& result) const;
  // Before the listener's own tail is known: the scale that is least probable by its count alone.
  [[nodiscard]] double judge_young(const baseline::Expectation& expected, SpikeScore& result) const;
  void judge_paths(int64_t pane, double count, const baseline::Expectation& expected, SpikeScore& result);
  [[nodiscard]] double scale_bound(int64_t pane, const baseline::Expectation& expected) const;
  void learn_scales(double rate_per_ms, double bound_deviations);
  void decide(int64_t time_ms, SpikeScore& result);

  DetectorOptions options_;
  baseline::Baseline baseline_;
  baseline::Dispersion scale_dispersion_;
  Tail tail_;
  Tail drift_tail_;
  SurgeLikelihood likelihood_;
  LongWindow hour_;
  LongWindow six_hours_;
  AlertGate gate_;
  std::array<Scale, kScales> scales_;
  std::vector<float> recent_;  // ring of the last panes' counts, as many as the longest scale needs
  int64_t next_pane_ = kNotStarted;
  int64_t first_pane_ = kNotStarted;
  int64_t block_ = kNotStarted;
  double block_count_ = 0;
  double block_known_ms_ = 0;
  std::vector<HeldBlock> held_;  // blocks that the baseline has not learned yet, in order of time
  double drift_ = 0;
  double six_hours_rarity_ = 0;  // of the pane that is being judged, in multiples of the budget
  double now_deviation_ = 0;     // of the last quarter of an hour, were panes independent of each other
  int level_ = 0;
  int surge_level_ = 0;
};

}  // namespace earshot::spike
