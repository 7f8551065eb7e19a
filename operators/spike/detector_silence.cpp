// What a detector makes of time without mentions, and of time that nobody has seen.
#include <algorithm>
#include <cmath>

#include "operators/spike/detector.h"
#include "operators/spike/negative_binomial.h"

namespace earshot::spike {

void Detector::pass_quiet_until(int64_t pane_start_ms) {
  const int64_t pane = pane_of(pane_start_ms);
  if (!has_started()) next_pane_ = first_pane_ = pane;
  pass_quiet_panes(pane - next_pane_);
}

void Detector::pass_quiet_panes(int64_t panes) {
  if (panes <= 0) return;
  const double rate_per_ms = baseline_.at(next_pane_ * options_.pane_ms).rate_per_ms;
  const int64_t end = next_pane_ + panes;
  while (next_pane_ < end) {
    const int64_t blocks = next_pane_ % panes_in_block() == 0 ? (end - next_pane_) / panes_in_block() : 0;
    // Recent mentions still stand in the longest window; once they are out of it, one block is like the next.
    if (blocks > 0 && scales_[kScales - 1].sum == 0 && six_hours_.is_quiet() && hour_.is_quiet()) {
      pass_quiet_blocks(blocks);
      continue;
    }
    push(0);
    learn_scales(rate_per_ms, options_.scale_bound_deviations);
    add_to_block(next_pane_, 0);
    ++next_pane_;
  }
  if (panes >= static_cast<int64_t>(recent_.size())) level_ = 0;
  const int64_t end_ms = end * options_.pane_ms;
  const auto elapsed_ms = static_cast<double>(panes * options_.pane_ms);
  tail_.observe(end_ms, elapsed_ms, 0);
  drift_tail_.observe(end_ms, elapsed_ms, 0);
}

void Detector::pass_quiet_blocks(int64_t blocks) {
  const int64_t start_ms = next_pane_ * options_.pane_ms;
  const baseline::Expectation expected = baseline_.at(start_ms + options_.baseline.block_ms / 2);
  const BlockChance chance = block_chance(expected);
  const double step = stabilised_deviation(0, chance.mean, chance.dispersion) - options_.drift_allowance;
  const auto passed = static_cast<double>(blocks);
  drift_ = std::max(0.0, drift_ + step * passed) * std::pow(options_.drift_fade, passed);
  for (Scale& scale : scales_) {
    const double scale_mean = expected.rate_per_ms * static_cast<double>(scale.panes * options_.pane_ms);
    const double samples = passed * static_cast<double>(panes_in_block()) / static_cast<double>(scale.panes);
    scale_dispersion_.learn_zeros(scale.dispersion, scale_mean, samples);
  }
  const int64_t end_ms = start_ms + blocks * options_.baseline.block_ms;
  likelihood_.pass_quiet_blocks(end_ms, blocks, chance);
  hour_.pass_quiet_blocks(end_ms, blocks, block_expectation(expected));
  six_hours_.pass_quiet_blocks(end_ms, blocks, block_expectation(expected));
  teach_held_blocks();
  baseline_.learn_quiet(start_ms, blocks);
  next_pane_ += blocks * panes_in_block();  // the ring holds zeros and goes on holding them
}

void Detector::push_many(double count, int64_t panes) {
  // Older panes than the ring holds leave no trace in it.
  const int64_t pushed = std::min(panes, static_cast<int64_t>(recent_.size()));
  next_pane_ += panes - pushed;
  for (int64_t i = 0; i < pushed; ++i) {
    push(count);
    ++next_pane_;
  }
}

void Detector::skip_unknown_until(int64_t pane_start_ms) {
  const int64_t pane = pane_of(pane_start_ms);
  if (!has_started() || pane <= next_pane_) return;
  const double rate_per_ms = baseline_.at(next_pane_ * options_.pane_ms).rate_per_ms;
  const int64_t block = block_of(pane);
  int64_t unseen_blocks = block - block_of(next_pane_);
  if (block_ != kNotStarted && block_ != block) {
    finish_block();
    block_ = kNotStarted;
    --unseen_blocks;
  }
  const double block_count = rate_per_ms * static_cast<double>(options_.baseline.block_ms);
  hour_.skip_blocks(unseen_blocks, block_count);
  six_hours_.skip_blocks(unseen_blocks, block_count);
  push_many(rate_per_ms * static_cast<double>(options_.pane_ms), pane - next_pane_);
}

}  // namespace earshot::spike
