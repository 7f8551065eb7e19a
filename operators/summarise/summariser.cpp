#include "operators/summarise/summariser.h"

#include <algorithm>

#include "engine/base/hash.h"

namespace earshot::summarise {
namespace {

constexpr int64_t kNewAccountMs = int64_t{30} * 24 * 3'600'000;

}  // namespace

Summariser::Summariser(std::shared_ptr<const ListenerSet> listeners, const SummariseOptions& options)
    : listeners_(std::move(listeners)), options_(options) {
  partition_of_listener_.reserve(listeners_->listeners.size());
  for (const Listener& listener : listeners_->listeners) {
    const uint64_t partition = hash_64(listener.name) % static_cast<uint64_t>(options_.partitions);
    partition_of_listener_.push_back(static_cast<int32_t>(partition));
  }
}

void Summariser::add(uint32_t listener, const Mention& mention, const MentionHashes& hashes, int64_t pane_start_ms,
                     bool is_correction) {
  const auto [entry, is_new] = index_.try_emplace(Key{pane_start_ms, listener, is_correction}, panes_.size());
  if (is_new) panes_.emplace_back();
  Pane& pane = panes_[entry->second];
  CountSums& counts = pane.counts;
  const Post& post = *mention.post;
  ++counts.mentions;
  counts.hits += mention.clauses.size();
  counts.sentiment_sum_e4 += mention.sentiment.compound_e4();
  counts.negative += mention.sentiment.label == SentimentLabel::kNegative;
  counts.positive += mention.sentiment.label == SentimentLabel::kPositive;
  counts.reach += static_cast<uint64_t>(std::max<int64_t>(post.followers, 0));
  counts.engagement += static_cast<uint64_t>(std::max<int64_t>(engagement_of(post), 0));
  counts.originals += post.kind != PostKind::kRepost;
  counts.complaints += mention.triage.kind == TriageClass::kComplaint;
  add_to_sketch(counts.author_bits, hashes.author);
  add_to_sketch(counts.text_bits, hashes.text);
  add_to_sketch(counts.shape_bits, hashes.shape);
  if (post.author_created_at_ms > 0) {
    ++counts.accounts_dated;
    counts.accounts_new += post.created_at_ms - post.author_created_at_ms < kNewAccountMs;
  }
  add_evidence(pane, mention, hashes);
}

void Summariser::add_evidence(Pane& pane, const Mention& mention, const MentionHashes& hashes) {
  const Post& post = *mention.post;
  const EvidencePlace offered{evidence_rank(post.followers, engagement_of(post), mention.sentiment.compound_e4()),
                              hashes.post_id, hashes.text};
  const auto place = make_room(pane.evidence, offered, options_.evidence_per_pane);
  if (!place) return;
  scratch_.clear();
  append_evidence(scratch_, mention, hashes.text, options_.evidence_text_bytes);
  pane.evidence.insert(pane.evidence.begin() + static_cast<std::ptrdiff_t>(*place), {offered, scratch_});
}

void Summariser::write_pane(const Key& key, const Pane& pane, wire::PanePartial& out) const {
  out.set_listener(listeners_->listeners[key.listener].name);
  out.set_pane_start_ms(key.pane_start_ms);
  out.set_correction(key.is_correction);
  pane.counts.write_to(*out.mutable_counts());
  for (const RankedEvidence& ranked : pane.evidence) write_evidence(ranked, *out.add_evidence());
}

Result<void> Summariser::drain(const InputProgress& progress, const Emit& emit) {
  std::vector<std::pair<Key, uint32_t>> order(index_.begin(), index_.end());
  const auto partition_of = [&](const Key& key) { return partition_of_listener_[key.listener]; };
  std::sort(order.begin(), order.end(), [&](const auto& a, const auto& b) {
    return std::pair(partition_of(a.first), a.first) < std::pair(partition_of(b.first), b.first);
  });
  wire::Partial partial;
  auto next = order.begin();
  for (int32_t partition = 0; partition < options_.partitions; ++partition) {
    size_t bytes = 0;
    const auto send = [&](int64_t watermark_ms) {
      partial.set_source_partition(progress.source_partition);
      partial.set_source_partitions(progress.source_partitions);
      partial.set_watermark_ms(watermark_ms);
      partial.set_idle(progress.idle);
      partial.set_rule_version(listeners_->version);
      auto emitted = emit(partition, partial);
      partial.Clear();
      bytes = 0;
      return emitted;
    };
    for (; next != order.end() && partition_of(next->first) == partition; ++next) {
      if (bytes > options_.record_bytes_max) {
        if (auto sent = send(progress.previous_watermark_ms); !sent) return sent;
      }
      wire::PanePartial& pane = *partial.add_panes();
      write_pane(next->first, panes_[next->second], pane);
      bytes += pane.ByteSizeLong();
    }
    if (auto sent = send(progress.watermark_ms); !sent) return sent;
  }
  index_.clear();
  panes_.clear();
  return {};
}

}  // namespace earshot::summarise
