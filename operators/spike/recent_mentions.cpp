#include "operators/spike/recent_mentions.h"

#include <algorithm>
#include <utility>

#include "engine/time/watermark.h"
namespace earshot::spike {
namespace {

constexpr int64_t kMinuteMs = 60'000;

int64_t minute_of(int64_t time_ms) {
  return pane_start(time_ms, kMinuteMs) / kMinuteMs;
}

}  // namespace

void RecentMentions::add(int64_t pane_start_ms, const CountSums& counts, std::span<RankedEvidence> evidence) {
  CountSums& sums = panes_.emplace_back(Pane{pane_start_ms, counts}).counts;
  sums.author_bits = {};
  sums.text_bits = {};
  sums.shape_bits = {};

  const int64_t minute = minute_of(pane_start_ms);
  if (sketches_.empty() || sketches_.back().minute != minute) sketches_.push_back({minute});
  merge_sketch(sketches_.back().authors, sketch_bytes(counts.author_bits));
  merge_sketch(sketches_.back().texts, sketch_bytes(counts.text_bits));
  merge_sketch(sketches_.back().shapes, sketch_bytes(counts.shape_bits));
  for (RankedEvidence& offered : evidence) add_evidence(pane_start_ms, offered);
}

void RecentMentions::add_evidence(int64_t pane_start_ms, RankedEvidence& offered) {
  const EvidencePlace& place = offered.place;
  const auto has_same_text = [&](const Piece& kept) { return kept.evidence.place.text_hash == place.text_hash; };
  const auto copy = std::find_if(evidence_.begin(), evidence_.end(), has_same_text);
  const auto is_worse = [&](const Piece& kept) { return place > kept.evidence.place; };
  if (copy != evidence_.end()) {
    copy->pane_start_ms = pane_start_ms;  // still going round
    if (!is_worse(*copy)) return;
    evidence_.erase(copy);
  } else if (evidence_.size() >= kEvidenceMax && !is_worse(evidence_.back())) {
    return;
  }
  const auto next = std::find_if(evidence_.begin(), evidence_.end(), is_worse);
  evidence_.insert(next, {pane_start_ms, std::move(offered)});
  if (evidence_.size() > kEvidenceMax) evidence_.pop_back();
}

void RecentMentions::forget_before_horizon(int64_t now_ms) {
  const int64_t horizon_ms = now_ms - kHorizonMs;
  while (!panes_.empty() && panes_.front().start_ms < horizon_ms) panes_.pop_front();
  while (!sketches_.empty() && sketches_.front().minute < minute_of(horizon_ms)) sketches_.pop_front();
  std::erase_if(evidence_, [&](const auto& kept) { return kept.pane_start_ms < horizon_ms; });
}

CountSums RecentMentions::window(int64_t end_ms, int64_t window_ms) const {
  CountSums sum;
  for (const Pane& pane : panes_) {
    if (pane.start_ms >= end_ms - window_ms && pane.start_ms < end_ms) sum.add(pane.counts);
  }
  const int64_t first = minute_of(end_ms - window_ms);
  const int64_t last = minute_of(end_ms - 1);
  for (const MinuteSketches& sketches : sketches_) {
    if (sketches.minute < first || sketches.minute > last) continue;
    merge_sketch(sum.author_bits, sketch_bytes(sketches.authors));
    merge_sketch(sum.text_bits, sketch_bytes(sketches.texts));
    merge_sketch(sum.shape_bits, sketch_bytes(sketches.shapes));
  }
  return sum;
}

bool RecentMentions::forget_evidence(const std::function<bool(uint64_t post)>& is_gone) {
  return std::erase_if(evidence_, [&](const Piece& kept) { return is_gone(kept.evidence.place.tie); }) > 0;
}

bool RecentMentions::change_evidence(const wire::EvidenceChange& change) {
  const auto is_it = [&](const Piece& kept) { return kept.evidence.place.tie == change.post(); };
  const auto found = std::find_if(evidence_.begin(), evidence_.end(), is_it);
  if (found == evidence_.end()) return false;
  const int64_t pane_start_ms = found->pane_start_ms;
  evidence_.erase(found);
  if (!change.has_evidence()) return true;
  RankedEvidence now = copy_evidence(change.evidence());
  add_evidence(pane_start_ms, now);
  return true;
}

void RecentMentions::save(wire::ListenerState& out) const {
  for (const Pane& pane : panes_) {
    wire::RecentPane& state = *out.add_panes();
    state.set_pane_start_ms(pane.start_ms);
    pane.counts.write_to(*state.mutable_counts());
  }
  for (const MinuteSketches& sketches : sketches_) {
    wire::RecentSketch& state = *out.add_sketches();
    state.set_minute(sketches.minute);
    state.set_author_bits(std::string(sketch_bytes(sketches.authors)));
    state.set_text_bits(std::string(sketch_bytes(sketches.texts)));
    state.set_shape_bits(std::string(sketch_bytes(sketches.shapes)));
  }
  for (const Piece& piece : evidence_) {
    wire::RecentEvidence& state = *out.add_evidence();
    state.set_pane_start_ms(piece.pane_start_ms);
    write_evidence(piece.evidence, *state.mutable_evidence());
  }
}

void RecentMentions::restore(const wire::ListenerState& state) {
  panes_.clear();
  for (const wire::RecentPane& pane : state.panes()) {
    panes_.push_back({pane.pane_start_ms(), {}});
    panes_.back().counts.add(pane.counts());
  }
  sketches_.clear();
  for (const wire::RecentSketch& sketch : state.sketches()) {
    sketches_.push_back({sketch.minute()});
    merge_sketch(sketches_.back().authors, sketch.author_bits());
    merge_sketch(sketches_.back().texts, sketch.text_bits());
    merge_sketch(sketches_.back().shapes, sketch.shape_bits());
  }
  evidence_.clear();
  for (const wire::RecentEvidence& piece : state.evidence()) {
    evidence_.push_back({piece.pane_start_ms(), copy_evidence(piece.evidence())});
  }
}

}  // namespace earshot::spike
