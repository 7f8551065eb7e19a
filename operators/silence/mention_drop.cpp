#include "operators/silence/mention_drop.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>

#include "engine/time/watermark.h"

namespace earshot::silence {
namespace {

std::string reason_of(const DropWindow& window, double seen) {
  const bool is_hour = window.length_ms >= MentionDrop::kHourMs;
  std::string reason =
      fmt::format("{:.0f} mentions in the last {} where {:.0f} are usual", seen,
                  is_hour ? "hour" : fmt::format("{} minutes", window.length_ms / 60'000), window.expected);
  if (window.same_time_last_week >= 0) reason += fmt::format(" ({:.0f} a week ago)", window.same_time_last_week);
  return reason + "; others are mentioned as usual";
}

// A decade of improbability is a twentieth.
double score_of(double probability, double probability_max) {
  const double decades = std::log10(probability_max / std::max(probability, 1e-300));
  return std::clamp(0.5 + 0.05 * decades, 0.5, 1.0);
}

}  // namespace

double lower_tail_probability(double count, double mean, double dispersion) {
  constexpr double kPoissonBelow = 1e-4;  // dispersion under which the limit is as good
  if (count < 0) return 0;
  if (mean <= 0) return 1;
  if (dispersion < kPoissonBelow) return boost::math::gamma_q(count + 1, mean);
  const double shape = 1 / dispersion;
  return boost::math::ibetac(count + 1, shape, mean / (mean + shape));
}

void MentionDrop::move_to(int64_t block) {
  if (block <= newest_block_) return;
  const int64_t first = std::max(newest_block_ + 1, block - kBlocks + 1);
  for (int64_t i = first; i <= block; ++i) counts_[slot(i)] = 0;
  newest_block_ = block;
}

void MentionDrop::add(int64_t pane_start_ms, uint64_t mentions) {
  const int64_t block = pane_start(pane_start_ms, kBlockMs) / kBlockMs;
  if (block < newest_block_) return;
  if (newest_block_ == kNever) first_block_ = block + 1;
  move_to(block);
  uint32_t& count = counts_[slot(block)];
  count += static_cast<uint32_t>(std::min<uint64_t>(mentions, std::numeric_limits<uint32_t>::max() - count));
}

double MentionDrop::observed(int64_t end_ms, int64_t window_ms) const {
  const int64_t end = end_ms / kBlockMs;
  // The block in which it was first heard was not heard whole.
  const int64_t oldest_kept = std::max(first_block_, newest_block_ - kBlocks + 1);
  double sum = 0;
  for (int64_t block = end - window_ms / kBlockMs; block < end; ++block) {
    if (block >= oldest_kept && block <= newest_block_) sum += counts_[slot(block)];
  }
  return sum;
}

bool MentionDrop::is_drop(const DropWindow& window, double seen, double probability) const {
  return window.expected >= options_.expected_min && window.same_time_last_week >= options_.expected_min &&
         seen <= options_.share_max * window.expected && seen <= options_.share_max * window.same_time_last_week &&
         probability <= options_.probability_max;
}

std::optional<Finding> MentionDrop::judge(int64_t end_ms, std::span<const DropWindow> windows) {
  const DropWindow* rarest = nullptr;
  double rarest_probability = 1;
  bool is_recovered = true;
  for (const DropWindow& window : windows) {
    // Without others that are heard as ever, the feed itself may be at fault.
    const bool are_others_heard = window.others_expected >= options_.others_expected_min &&
                                  window.others_observed >= options_.others_share_min * window.others_expected;
    if (!are_others_heard) return std::nullopt;
    const bool is_known = first_block_ != kNever && (end_ms - window.length_ms) / kBlockMs >= first_block_;
    if (!is_known) continue;
    const double seen = observed(end_ms, window.length_ms);
    const double probability = lower_tail_probability(seen, window.expected, window.dispersion);
    const bool is_back = seen >= options_.recovered_share * window.expected;
    // The shortest window is the first to know that mentions are back.
    if (&window == windows.data()) is_recovered = is_back || window.expected < 1;
    if (!is_drop(window, seen, probability) || probability > rarest_probability) continue;
    rarest = &window;
    rarest_probability = probability;
  }
  const bool goes_on = episode_.is_active() && !is_recovered;
  const auto notice = episode_.advance(end_ms, rarest != nullptr || goes_on ? 1 : 0);
  if (!notice || windows.empty()) return std::nullopt;
  const DropWindow& shown = rarest != nullptr ? *rarest : windows.back();
  const double seen = observed(end_ms, shown.length_ms);
  Finding finding{.kind = FindingKind::kMentionsDrop,
                  .level = notice->level,
                  .is_final = notice->is_final,
                  .score = score_of(rarest_probability, options_.probability_max),
                  .observed = seen,
                  .expected = shown.expected,
                  .window_ms = shown.length_ms};
  if (notice->level > 0) finding.reason = reason_of(shown, seen);
  return finding;
}

void MentionDrop::save(wire::MentionDropState& out) const {
  out.Clear();
  episode_.save(*out.mutable_episode());
  if (newest_block_ == kNever) return;
  out.set_newest_block(newest_block_);
  for (int64_t block = std::max(first_block_, newest_block_ - kBlocks + 1); block <= newest_block_; ++block) {
    out.add_counts(counts_[slot(block)]);
  }
}

void MentionDrop::restore(const wire::MentionDropState& state) {
  episode_.restore(state.episode());
  if (state.newest_block() == 0 || state.counts_size() > kBlocks) return;  // it was never heard
  newest_block_ = state.newest_block();
  first_block_ = newest_block_ - state.counts_size() + 1;
  for (int i = 0; i < state.counts_size(); ++i) counts_[slot(first_block_ + i)] = state.counts(i);
}

}  // namespace earshot::silence
