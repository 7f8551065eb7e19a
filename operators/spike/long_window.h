// LongWindow: a listener's last hours as one sum that moves on by blocks, for surges too slow to show in minutes. The
// sum is held against what a reference expects of it, on the variance-stabilised scale, and the deviation against the
// window's own tail.
//  - kSeason: against the baseline of each block in it. Finds what is much for this time of the day.
//  - kLevel: against the plain level of the days before the window. Finds what is much for this listener at all,
//  whatever
//    the season says: what a person sees who looks at the curve of the last month.
// Constant memory (about 600 bytes for six hours) and time. One thread at a time.
#pragma once

#include <cstdint>
#include <vector>

#include "operators/baseline/dispersion.h"
#include "operators/spike/tail.h"
#include "schemas/proto/state_detect.pb.h"

namespace earshot::spike {

enum class LongReference { kSeason, kLevel };

struct LongWindowOptions {
  int64_t window_ms = 6 * 3'600'000;
  int64_t block_ms = 300'000;
  LongReference reference = LongReference::kLevel;
  double level_memory_ms = 10.0 * 24 * 3'600'000;
  double dispersion_prior = 0.15;
  double dispersion_prior_samples = 6;
  double dispersion_memory_samples = 224;  // windows
  double bound_deviations = 4;             // what one window can teach about the dispersion
  double block_bound_deviations = 3;       // what one block can teach about the level
  double level_variance = 0.05;            // of the level's estimate, relative to its square
  double level_min = 0.2;                  // mentions of a block: a level of zero would make any mention a surprise
  TailOptions tail{.threshold = 1.5,
                   .episode_gap_ms = 6.0 * 3'600'000,
                   .memory_ms = 21.0 * 24 * 3'600'000,
                   .prior_mean_excess = 0.3,
                   .mean_excess_min = 0.25};
};

// A window that ends now, its last block perhaps not complete.
struct LongSum {
  double observed = 0;
  double expected = 0;            // by the reference
  double expected_by_season = 0;  // whatever the reference
  double dispersion = 0;
  double deviation = 0;
  double episodes_per_week = 0;  // that reach this deviation of this listener's own accord
  int64_t window_ms = 0;
  bool is_known = false;  // the reference has seen enough
};

// What the baseline expects of a block, and how uncertain that is (variance relative to the square).
struct BlockExpectation {
  double count = 0;
  double uncertainty = 0;
};

class LongWindow {
 public:
  explicit LongWindow(const LongWindowOptions& options);

  // Judges the window whose last block has `count` mentions in its first `known_ms`.
  [[nodiscard]] LongSum judge(double count, double known_ms, const BlockExpectation& block) const;

  // A block has ended at `end_ms`.
  void close_block(int64_t end_ms, double count, const BlockExpectation& block);

  // `blocks` blocks were not seen: they count as expected and teach nothing.
  void skip_blocks(int64_t blocks, double expected_count);

  // `blocks` blocks without a mention, the last of which ends at `end_ms`, after a window without any.
  void pass_quiet_blocks(int64_t end_ms, int64_t blocks, const BlockExpectation& block);

  [[nodiscard]] bool is_quiet() const { return sum_ == 0; }

  void save(wire::LongWindowState& out) const;
  void restore(const wire::LongWindowState& state);

 private:
  [[nodiscard]] size_t slot(int64_t block) const { return static_cast<size_t>(block % window_blocks_); }
  [[nodiscard]] double level() const;
  void push(double count, double expected);
  void learn_level(double count, double blocks);

  LongWindowOptions options_;
  int64_t window_blocks_;
  double level_keep_;
  baseline::Dispersion dispersion_;
  Tail tail_;
  std::vector<float> counts_;    // ring of the window's blocks
  std::vector<float> expected_;  // by season
  int64_t blocks_ = 0;           // seen so far
  double sum_ = 0;
  double expected_sum_ = 0;
  double level_sum_ = 0;     // decayed sum of the counts of blocks that have left the window
  double level_weight_ = 0;  // decayed number of them
  baseline::DispersionState dispersion_state_;
};

}  // namespace earshot::spike
