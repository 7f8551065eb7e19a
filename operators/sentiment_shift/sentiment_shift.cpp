#include "operators/sentiment_shift/sentiment_shift.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/time/watermark.h"

namespace earshot::sentiment_shift {
namespace {

// Everybody's share before anything is known, and how many mentions that is worth.
constexpr double kPriorShare = 0.2;
constexpr double kPriorMentions = 10;
constexpr double kShareMin = 0.02;  // below it a single negative mention would be a sensation

}  // namespace

double SentimentShift::usual_share() const {
  if (usual_.mentions < options_.warm_up_mentions || samples_ < options_.warm_up_blocks) return -1;
  return (usual_.negative + kPriorShare * kPriorMentions) / (usual_.mentions + kPriorMentions);
}

std::optional<Finding> SentimentShift::observe(int64_t pane_start_ms, uint64_t mentions, uint64_t negative) {
  const int64_t block = pane_start(pane_start_ms, kBlockMs) / kBlockMs;
  if (block < block_) return std::nullopt;
  auto finding = pass_quiet_until(block * kBlockMs);
  open_.mentions += static_cast<double>(mentions);
  open_.negative += static_cast<double>(std::min(negative, mentions));
  return finding;
}

std::optional<Finding> SentimentShift::pass_quiet_until(int64_t end_ms) {
  const int64_t end = pane_start(end_ms, kBlockMs) / kBlockMs;
  if (block_ == kNever) block_ = end;
  std::optional<Finding> finding;
  // Of a long silence only the first hours can change anything: what was negative leaves the ring, and the course ends.
  const int64_t judged_end =
      std::min(end, block_ + static_cast<int64_t>(kBlocks) + options_.episode.calm_ms / kBlockMs + 2);
  while (block_ < judged_end) {
    if (auto said = close_block()) finding = std::move(said);
  }
  if (block_ < end) {
    ring_ = {};
    sum_ = 0;
    block_ = end;
  }
  return finding;
}

double SentimentShift::deviation(const Counts& counts, double usual) const {
  if (counts.mentions <= 0) return 0;
  constexpr double kPriorSamples = 20;
  const double spread = std::max(1.0, (squares_ + kPriorSamples) / (samples_ + kPriorSamples));
  const double share = std::clamp(usual, kShareMin, 1 - kShareMin);
  return (counts.negative - counts.mentions * usual) / std::sqrt(counts.mentions * share * (1 - share) * spread);
}

std::optional<Finding> SentimentShift::close_block() {
  const Counts block = std::exchange(open_, {});
  ring_[static_cast<size_t>(((block_ % static_cast<int64_t>(kBlocks)) + static_cast<int64_t>(kBlocks)) %
                            static_cast<int64_t>(kBlocks))] = block;
  ++block_;
  const double usual = usual_share();
  const double known =
      usual < 0 ? (usual_.negative + kPriorShare * kPriorMentions) / (usual_.mentions + kPriorMentions) : usual;
  const double deviates = deviation(block, known);
  if (usual >= 0 && block.mentions > 0) {
    sum_ = std::max(0.0, sum_ + std::min(deviates, options_.step_max) - options_.allowance);
  }
  std::optional<Finding> finding;
  if (usual >= 0) finding = judge(block_ * kBlockMs, usual);
  if (block.mentions > 0 && !episode_.is_active()) learn(block, known, deviates);
  const bool is_accepted = episode_.is_active() && block_ * kBlockMs - episode_.began_ms() >= options_.accept_after_ms;
  if (is_accepted) accept(block);
  return finding;
}

// Whoever has been spoken of otherwise for a day is spoken of otherwise: the old share fades within hours.
void SentimentShift::accept(const Counts& block) {
  constexpr double kKeep = 0.97;
  usual_.mentions = std::max(options_.warm_up_mentions, usual_.mentions * kKeep + block.mentions);
  usual_.negative = std::min(usual_.mentions, usual_.negative * kKeep + block.negative);
}

// What a shift can teach before it is noticed is bounded.
void SentimentShift::learn(const Counts& block, double usual, double deviation) {
  constexpr double kBound = 3;
  const bool is_known = usual_.mentions >= options_.warm_up_mentions;
  double negative = block.negative;
  if (is_known && std::abs(deviation) > kBound) {
    negative = block.mentions * usual + (block.negative - block.mentions * usual) * kBound / std::abs(deviation);
  }
  usual_.mentions += block.mentions;
  usual_.negative += std::clamp(negative, 0.0, block.mentions);
  if (usual_.mentions > options_.memory_mentions) {
    const double keep = options_.memory_mentions / usual_.mentions;
    usual_.mentions *= keep;
    usual_.negative *= keep;
  }
  const double keep = 1 - 1 / options_.memory_blocks;
  // The spread is that of the deviations as they were scaled: multiplied out, it is the binomial's again.
  constexpr double kPriorSamples = 20;
  const double spread = std::max(1.0, (squares_ + kPriorSamples) / (samples_ + kPriorSamples));
  squares_ = squares_ * keep + std::min(deviation * deviation, kBound * kBound) * spread;
  samples_ = samples_ * keep + 1;
}

SentimentShift::Counts SentimentShift::hour() const {
  Counts sum;
  for (const Counts& block : ring_) {
    sum.mentions += block.mentions;
    sum.negative += block.negative;
  }
  return sum;
}

std::optional<Finding> SentimentShift::judge(int64_t end_ms, double usual) {
  const Counts hour = this->hour();
  const double shift = hour.share() - usual;
  const double deviates = deviation(hour, usual);
  const bool is_enough = hour.mentions >= options_.mentions_min && shift >= options_.shift_min;
  const bool is_shift = is_enough && (deviates >= options_.deviation_min || sum_ >= options_.sum_min);
  const bool lasts = episode_.is_active() && is_enough;
  const int level = !is_shift && !lasts ? 0 : is_shift && shift >= options_.critical_shift ? 2 : 1;
  const auto notice = episode_.advance(end_ms, level);
  if (!notice) return std::nullopt;
  if (notice->is_final) sum_ = 0;
  constexpr double kScorePerDeviation = 0.03;
  Finding finding{
      .kind = FindingKind::kSentimentShift,
      .level = notice->level,
      .is_final = notice->is_final,
      .score = std::clamp(0.5 + kScorePerDeviation * (std::max(deviates, 0.0) - options_.deviation_min / 2), 0.5, 1.0),
      .observed = hour.mentions,
      .expected = hour.mentions,
      .window_ms = kHourMs};
  if (notice->level > 0) {
    finding.reason = fmt::format("{:.0f} % of the last hour's {:.0f} mentions are negative, usually {:.0f} %",
                                 100 * hour.share(), hour.mentions, 100 * usual);
  }
  return finding;
}

void SentimentShift::save(wire::SentimentShiftState& out) const {
  out.Clear();
  out.set_block(block_);
  out.set_mentions(open_.mentions);
  out.set_negative(open_.negative);
  for (const Counts& block : ring_) {
    out.add_hour_mentions(static_cast<uint32_t>(block.mentions));
    out.add_hour_negative(static_cast<uint32_t>(block.negative));
  }
  out.set_usual_mentions(usual_.mentions);
  out.set_usual_negative(usual_.negative);
  out.set_squares(squares_);
  out.set_samples(samples_);
  out.set_sum(sum_);
  episode_.save(*out.mutable_episode());
}

void SentimentShift::restore(const wire::SentimentShiftState& state) {
  episode_.restore(state.episode());
  if (state.hour_mentions_size() != static_cast<int>(kBlocks)) return;
  block_ = state.block();
  open_ = {state.mentions(), state.negative()};
  for (int i = 0; i < state.hour_mentions_size() && i < state.hour_negative_size(); ++i) {
    ring_[static_cast<size_t>(i)] = {static_cast<double>(state.hour_mentions(i)),
                                     static_cast<double>(state.hour_negative(i))};
  }
  usual_ = {state.usual_mentions(), state.usual_negative()};
  squares_ = state.squares();
  samples_ = state.samples();
  sum_ = state.sum();
}

}  // namespace earshot::sentiment_shift
