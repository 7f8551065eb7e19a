#include "operators/spike/long_window.h"

#include <algorithm>
#include <cmath>

#include "operators/spike/negative_binomial.h"

namespace earshot::spike {
namespace {

constexpr double kMeanMin = 1e-3;
constexpr double kLevelBlocksMin = 12;  // before the level is a reference

}  // namespace

LongWindow::LongWindow(const LongWindowOptions& options)
    : options_(options),
      window_blocks_(std::max<int64_t>(1, options.window_ms / options.block_ms)),
      level_keep_(std::exp(-static_cast<double>(options.block_ms) / options.level_memory_ms)),
      dispersion_(options.dispersion_memory_samples, options.dispersion_prior, options.dispersion_prior_samples),
      tail_(options.tail),
      counts_(static_cast<size_t>(window_blocks_), 0.0F),
      expected_(static_cast<size_t>(window_blocks_), 0.0F) {}

double LongWindow::level() const {
  return std::max(options_.level_min, level_weight_ > 0 ? level_sum_ / level_weight_ : 0);
}

LongSum LongWindow::judge(double count, double known_ms, const BlockExpectation& block) const {
  LongSum result;
  const auto block_ms = static_cast<double>(options_.block_ms);
  const size_t leaving = slot(blocks_);
  const double share = std::min(1.0, known_ms / block_ms);
  result.observed = sum_ - static_cast<double>(counts_[leaving]) + count;
  result.expected_by_season =
      std::max(kMeanMin, expected_sum_ - static_cast<double>(expected_[leaving]) + block.count * share);
  const double blocks = static_cast<double>(window_blocks_ - 1) + share;
  const bool is_by_level = options_.reference == LongReference::kLevel;
  result.expected = is_by_level ? level() * blocks : result.expected_by_season;
  result.is_known = blocks_ >= window_blocks_ && (!is_by_level || level_weight_ >= kLevelBlocksMin);
  result.dispersion = dispersion_.estimate(dispersion_state_, result.expected) +
                      (is_by_level ? options_.level_variance : block.uncertainty);
  result.deviation = stabilised_deviation(result.observed, result.expected, result.dispersion);
  result.episodes_per_week = tail_.episodes_per_week(result.deviation);
  result.window_ms = static_cast<int64_t>(blocks * block_ms);
  return result;
}

void LongWindow::push(double count, double expected) {
  const size_t at = slot(blocks_);
  sum_ = std::max(0.0, sum_ + static_cast<double>(static_cast<float>(count)) - static_cast<double>(counts_[at]));
  expected_sum_ = std::max(
      0.0, expected_sum_ + static_cast<double>(static_cast<float>(expected)) - static_cast<double>(expected_[at]));
  counts_[at] = static_cast<float>(count);
  expected_[at] = static_cast<float>(expected);
  ++blocks_;
}

void LongWindow::learn_level(double count, double blocks) {
  const double kept = blocks == 1 ? level_keep_ : std::pow(level_keep_, blocks);
  const double added = blocks == 1 ? 1 : (1 - kept) / (1 - level_keep_);
  level_sum_ = level_sum_ * kept + count * added;
  level_weight_ = level_weight_ * kept + added;
}

void LongWindow::close_block(int64_t end_ms, double count, const BlockExpectation& block) {
  const auto block_ms = static_cast<double>(options_.block_ms);
  const LongSum closed = judge(count, block_ms, block);
  const auto left = static_cast<double>(counts_[slot(blocks_)]);
  const bool is_full = blocks_ >= window_blocks_;
  push(count, block.count);
  if (closed.is_known) {
    tail_.observe(end_ms, block_ms, closed.deviation);
    if (blocks_ % window_blocks_ == 0) {
      dispersion_.learn(dispersion_state_, closed.observed, closed.expected, options_.bound_deviations);
    }
  }
  if (!is_full) return;
  const double usual = level();
  const double spread = std::sqrt(usual + dispersion_.estimate(dispersion_state_, usual) * usual * usual);
  const bool is_bounded = level_weight_ >= kLevelBlocksMin;
  learn_level(is_bounded ? std::min(left, usual + options_.block_bound_deviations * spread + 0.5) : left, 1);
}

void LongWindow::skip_blocks(int64_t blocks, double expected_count) {
  for (int64_t i = std::max<int64_t>(0, blocks - window_blocks_); i < blocks; ++i) push(expected_count, expected_count);
}

void LongWindow::pass_quiet_blocks(int64_t end_ms, int64_t blocks, const BlockExpectation& block) {
  const auto passed = static_cast<double>(blocks);
  for (int64_t i = std::max<int64_t>(0, blocks - window_blocks_); i < blocks; ++i) push(0, block.count);
  const bool is_by_level = options_.reference == LongReference::kLevel;
  const double mean = is_by_level ? level() * static_cast<double>(window_blocks_) : expected_sum_;
  dispersion_.learn_zeros(dispersion_state_, mean, passed / static_cast<double>(window_blocks_));
  learn_level(0, passed);
  tail_.observe(end_ms, passed * static_cast<double>(options_.block_ms), 0);
}

void LongWindow::save(wire::LongWindowState& out) const {
  out.set_blocks(blocks_);
  out.mutable_counts()->Add(counts_.begin(), counts_.end());
  out.mutable_expected()->Add(expected_.begin(), expected_.end());
  out.set_sum(sum_);
  out.set_expected_sum(expected_sum_);
  out.set_level_sum(level_sum_);
  out.set_level_weight(level_weight_);
  out.mutable_dispersion()->set_excess(dispersion_state_.excess);
  out.mutable_dispersion()->set_mean_squares(dispersion_state_.mean_squares);
  tail_.save(*out.mutable_tail());
}

void LongWindow::restore(const wire::LongWindowState& state) {
  if (static_cast<size_t>(state.counts_size()) != counts_.size() || state.expected_size() != state.counts_size()) {
    return;  // state of a version that had no such window: it starts anew
  }
  blocks_ = std::max<int64_t>(0, state.blocks());
  std::copy(state.counts().begin(), state.counts().end(), counts_.begin());
  std::copy(state.expected().begin(), state.expected().end(), expected_.begin());
  sum_ = state.sum();
  expected_sum_ = state.expected_sum();
  level_sum_ = state.level_sum();
  level_weight_ = state.level_weight();
  dispersion_state_ = {state.dispersion().excess(), state.dispersion().mean_squares()};
  tail_.restore(state.tail());
}

}  // namespace earshot::spike
