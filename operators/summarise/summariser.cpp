#include "operators/summarise/summariser.h"

#include <algorithm>
#include <utility>

namespace earshot::summarise {
namespace {

constexpr int64_t kNewAccountMs = int64_t{30} * 24 * 3'600'000;

}  // namespace

Summariser::Summariser(std::shared_ptr<const ListenerSet> listeners, const SummariseOptions& options)
    : listeners_(std::move(listeners)), options_(options) {}

int32_t Summariser::partition_of(uint32_t listener) const {
  return partition_of_listener(listeners_->listeners[listener].name, options_.partitions);
}

void Summariser::add(uint32_t listener, const Mention& mention, const MentionHashes& hashes, int64_t pane_start_ms,
                     bool is_correction, std::string_view words) {
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
  // Corrections come after detection has seen the pane.
  if (!is_correction && is_drawn(pane.sample, hashes.post_id)) add_to_sample(pane, post, hashes, words);
}

void Summariser::add_to_sample(Pane& pane, const Post& post, const MentionHashes& hashes, std::string_view words) {
  SampledMention drawn{.post = hashes.post_id,
                       .author = hashes.author,
                       .text = hashes.text,
                       .shape = hashes.shape,
                       .words = std::string(words)};
  set_reference(drawn, post);
  offer_sampled(pane.sample, std::move(drawn));
}

EvidencePlace Summariser::place_of(const Mention& mention, const MentionHashes& hashes) {
  const Post& post = *mention.post;
  return {evidence_rank(post.followers, engagement_of(post), mention.sentiment.compound_e4()), hashes.post_id,
          hashes.text};
}

void Summariser::replace_evidence(uint32_t listener, const Mention& mention, const MentionHashes& hashes) {
  std::string bytes;
  append_evidence(bytes, mention, hashes.text, options_.evidence_text_bytes);
  changes_.push_back({listener, partition_of(listener), hashes.post_id, {place_of(mention, hashes), std::move(bytes)}});
}

void Summariser::withdraw_evidence(uint32_t listener, uint64_t post_id) {
  changes_.push_back({listener, partition_of(listener), post_id, {}});
}

void Summariser::add_evidence(Pane& pane, const Mention& mention, const MentionHashes& hashes) {
  const EvidencePlace offered = place_of(mention, hashes);
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
  for (const SampledMention& mention : pane.sample) write_sampled(mention, *out.add_sample());
}

// Deletions go to every partition: this one does not know who matched a post that another one of the input had.
Result<void> Summariser::drain_changes(int32_t partition, wire::Partial& partial, size_t& bytes, const Send& send,
                                       int64_t previous_watermark_ms) const {
  const auto make_room = [&]() -> Result<void> {
    return bytes > options_.record_bytes_max ? send(previous_watermark_ms) : Result<void>();
  };
  for (const uint64_t post_id : deleted_) {
    if (auto sent = make_room(); !sent) return sent;
    partial.add_deleted(post_id);
    bytes += sizeof(post_id);
  }
  for (const Change& change : changes_) {
    if (change.partition != partition) continue;
    if (auto sent = make_room(); !sent) return sent;
    wire::EvidenceChange& out = *partial.add_changes();
    out.set_listener(listeners_->listeners[change.listener].name);
    out.set_post(change.post_id);
    if (!change.evidence.bytes.empty()) write_evidence(change.evidence, *out.mutable_evidence());
    bytes += out.ByteSizeLong();
  }
  return {};
}

Result<void> Summariser::drain(const InputProgress& progress, const Emit& emit) {
  struct Place {
    int32_t partition;
    Key key;
    uint32_t pane;
  };
  std::vector<Place> order;
  order.reserve(index_.size());
  for (const auto& [key, pane] : index_) order.push_back({partition_of(key.listener), key, pane});
  std::ranges::sort(order, {}, [](const Place& place) { return std::pair(place.partition, place.key); });
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
    for (; next != order.end() && next->partition == partition; ++next) {
      if (bytes > options_.record_bytes_max) {
        if (auto sent = send(progress.previous_watermark_ms); !sent) return sent;
      }
      wire::PanePartial& pane = *partial.add_panes();
      write_pane(next->key, panes_[next->pane], pane);
      bytes += pane.ByteSizeLong();
    }
    if (auto added = drain_changes(partition, partial, bytes, send, progress.previous_watermark_ms); !added) {
      return added;
    }
    if (auto sent = send(progress.watermark_ms); !sent) return sent;
  }
  index_.clear();
  panes_.clear();
  deleted_.clear();
  changes_.clear();
  return {};
}

}  // namespace earshot::summarise
