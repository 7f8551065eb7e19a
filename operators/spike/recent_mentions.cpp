#include "operators/spike/recent_mentions.h"

#include <algorithm>

#include "engine/time/watermark.h"
#include "schemas/counts.h"

namespace earshot::spike {
namespace {

constexpr int64_t kMinuteMs = 60'000;

int64_t minute_of(int64_t time_ms) {
  return pane_start(time_ms, kMinuteMs) / kMinuteMs;
}

}  // namespace

void RecentMentions::add(int64_t pane_start_ms, const wire::Counts& counts, std::span<const wire::Evidence> evidence) {
  wire::RecentPane& pane = panes_.emplace_back();
  pane.set_pane_start_ms(pane_start_ms);
  *pane.mutable_counts() = counts;
  pane.mutable_counts()->clear_author_bits();
  pane.mutable_counts()->clear_text_bits();

  const int64_t minute = minute_of(pane_start_ms);
  if (sketches_.empty() || sketches_.back().minute() != minute) sketches_.emplace_back().set_minute(minute);
  wire::RecentSketch& sketch = sketches_.back();
  wire::Counts merged;
  merged.set_author_bits(sketch.author_bits());
  merged.set_text_bits(sketch.text_bits());
  add_counts(merged, counts);
  sketch.set_author_bits(merged.author_bits());
  sketch.set_text_bits(merged.text_bits());

  for (const wire::Evidence& offered : evidence) {
    const auto has_same_text = [&](const auto& kept) { return kept.evidence().text_hash() == offered.text_hash(); };
    const auto copy = std::find_if(evidence_.begin(), evidence_.end(), has_same_text);
    const auto is_better = [&](const auto& kept) { return is_better_evidence(offered, kept.evidence()); };
    if (copy != evidence_.end()) {
      copy->set_pane_start_ms(pane_start_ms);  // still going round
      if (!is_better(*copy)) continue;
      evidence_.erase(copy);
    }
    const auto added = evidence_.emplace(std::find_if(evidence_.begin(), evidence_.end(), is_better));
    added->set_pane_start_ms(pane_start_ms);
    *added->mutable_evidence() = offered;
    if (evidence_.size() > kEvidenceMax) evidence_.pop_back();
  }
}

void RecentMentions::forget_before_horizon(int64_t now_ms) {
  const int64_t horizon_ms = now_ms - kHorizonMs;
  while (!panes_.empty() && panes_.front().pane_start_ms() < horizon_ms) panes_.pop_front();
  while (!sketches_.empty() && sketches_.front().minute() < minute_of(horizon_ms)) sketches_.pop_front();
  std::erase_if(evidence_, [&](const auto& kept) { return kept.pane_start_ms() < horizon_ms; });
}

wire::Counts RecentMentions::window(int64_t end_ms, int64_t window_ms) const {
  wire::Counts sum;
  for (const wire::RecentPane& pane : panes_) {
    if (pane.pane_start_ms() >= end_ms - window_ms && pane.pane_start_ms() < end_ms) add_counts(sum, pane.counts());
  }
  const int64_t first = minute_of(end_ms - window_ms);
  const int64_t last = minute_of(end_ms - 1);
  for (const wire::RecentSketch& sketch : sketches_) {
    if (sketch.minute() < first || sketch.minute() > last) continue;
    wire::Counts bits;
    bits.set_author_bits(sketch.author_bits());
    bits.set_text_bits(sketch.text_bits());
    add_counts(sum, bits);
  }
  return sum;
}

void RecentMentions::save(wire::ListenerState& out) const {
  out.mutable_panes()->Assign(panes_.begin(), panes_.end());
  out.mutable_sketches()->Assign(sketches_.begin(), sketches_.end());
  out.mutable_evidence()->Assign(evidence_.begin(), evidence_.end());
}

void RecentMentions::restore(const wire::ListenerState& state) {
  panes_.assign(state.panes().begin(), state.panes().end());
  sketches_.assign(state.sketches().begin(), state.sketches().end());
  evidence_.assign(state.evidence().begin(), state.evidence().end());
}

}  // namespace earshot::spike
