#include "operators/summarise/summariser.h"

#include <algorithm>

#include "engine/base/hash.h"
#include "schemas/counts.h"

namespace earshot::summarise {
namespace {

std::string_view cut_at_code_point(std::string_view text, size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

void assign(std::string* field, std::string_view text) {
  field->assign(text.data(), text.size());
}

void write_evidence(const Mention& mention, uint64_t text_hash, size_t text_bytes_max, wire::Evidence& out) {
  const Post& post = *mention.post;
  assign(out.mutable_post_id(), post.id);
  assign(out.mutable_platform(), post.platform);
  assign(out.mutable_url(), post.url);
  assign(out.mutable_author_id(), post.author_id);
  assign(out.mutable_author_handle(), post.author_handle);
  assign(out.mutable_lang(), post.lang);
  assign(out.mutable_text(), cut_at_code_point(post.text, text_bytes_max));
  assign(out.mutable_triage(), to_string(mention.triage.kind));
  assign(out.mutable_kind(), to_string(post.kind));
  out.set_created_at_ms(post.created_at_ms);
  out.set_followers(post.followers);
  out.set_engagement(post.likes + post.reposts + post.replies);
  out.set_sentiment_e4(mention.sentiment.compound_e4());
  out.set_text_hash(text_hash);
  out.clear_clauses();
  for (const ClauseMatch& clause : mention.clauses) assign(out.add_clauses(), clause.text);
}

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
  const Post& post = *mention.post;
  ++pane.mentions;
  pane.hits += mention.clauses.size();
  pane.sentiment_sum_e4 += mention.sentiment.compound_e4();
  pane.negative += mention.sentiment.label == SentimentLabel::kNegative;
  pane.positive += mention.sentiment.label == SentimentLabel::kPositive;
  pane.reach += static_cast<uint64_t>(std::max<int64_t>(post.followers, 0));
  pane.engagement += static_cast<uint64_t>(std::max<int64_t>(post.likes + post.reposts + post.replies, 0));
  pane.originals += post.kind != PostKind::kRepost;
  pane.complaints += mention.triage.kind == TriageClass::kComplaint;
  pane.authors.add(hashes.author);
  pane.texts.add(hashes.text);
  add_evidence(pane, mention, hashes);
}

void Summariser::add_evidence(Pane& pane, const Mention& mention, const MentionHashes& hashes) {
  const Post& post = *mention.post;
  const int64_t engagement = post.likes + post.reposts + post.replies;
  const EvidencePlace offered{evidence_rank(post.followers, engagement, mention.sentiment.compound_e4()),
                              hashes.post_id, hashes.text};
  const auto place = make_room(pane.evidence, offered, options_.evidence_per_pane);
  if (!place) return;
  wire::RankedEvidence ranked;
  ranked.set_rank(offered.rank);
  ranked.set_tie(offered.tie);
  ranked.set_text_hash(offered.text_hash);
  write_evidence(mention, hashes.text, options_.evidence_text_bytes, scratch_);
  scratch_.SerializeToString(ranked.mutable_evidence());
  pane.evidence.insert(pane.evidence.begin() + static_cast<std::ptrdiff_t>(*place), std::move(ranked));
}

void Summariser::write_pane(const Key& key, Pane& pane, wire::PanePartial& out) const {
  out.set_listener(listeners_->listeners[key.listener].name);
  out.set_pane_start_ms(key.pane_start_ms);
  out.set_correction(key.is_correction);
  wire::Counts& counts = *out.mutable_counts();
  counts.set_mentions(pane.mentions);
  counts.set_hits(pane.hits);
  counts.set_sentiment_sum_e4(pane.sentiment_sum_e4);
  counts.set_negative(pane.negative);
  counts.set_positive(pane.positive);
  counts.set_reach(pane.reach);
  counts.set_engagement(pane.engagement);
  counts.set_originals(pane.originals);
  counts.set_complaints(pane.complaints);
  counts.set_author_bits(pane.authors.bytes());
  counts.set_text_bits(pane.texts.bytes());
  for (wire::RankedEvidence& ranked : pane.evidence) *out.add_evidence() = std::move(ranked);
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
