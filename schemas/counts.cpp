#include "schemas/counts.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <string>

#include "engine/base/hash.h"

namespace earshot {
namespace {

void merge_bits(std::string& into, std::string_view from) {
  if (into.size() < from.size()) into.resize(from.size(), '\0');
  for (size_t i = 0; i < from.size(); ++i) into[i] = static_cast<char>(into[i] | from[i]);
}

}  // namespace

void merge_sketch(CountSums::Sketch& into, std::string_view bits) {
  CountSums::Sketch added{};
  std::memcpy(added.data(), bits.data(), std::min(bits.size(), kSketchBytes));
  for (size_t i = 0; i < into.size(); ++i) into[i] |= added[i];
}

std::string_view sketch_bytes(const CountSums::Sketch& sketch) {
  return {reinterpret_cast<const char*>(sketch.data()), kSketchBytes};
}

void CountSums::add(const wire::Counts& counts) {
  mentions += counts.mentions();
  hits += counts.hits();
  sentiment_sum_e4 += counts.sentiment_sum_e4();
  negative += counts.negative();
  positive += counts.positive();
  reach += counts.reach();
  engagement += counts.engagement();
  originals += counts.originals();
  complaints += counts.complaints();
  merge_sketch(author_bits, counts.author_bits());
  merge_sketch(text_bits, counts.text_bits());
}

void CountSums::add(const CountSums& counts) {
  mentions += counts.mentions;
  hits += counts.hits;
  sentiment_sum_e4 += counts.sentiment_sum_e4;
  negative += counts.negative;
  positive += counts.positive;
  reach += counts.reach;
  engagement += counts.engagement;
  originals += counts.originals;
  complaints += counts.complaints;
  merge_sketch(author_bits, sketch_bytes(counts.author_bits));
  merge_sketch(text_bits, sketch_bytes(counts.text_bits));
}

wire::Counts CountSums::to_wire() const {
  wire::Counts counts;
  counts.set_mentions(mentions);
  counts.set_hits(hits);
  counts.set_sentiment_sum_e4(sentiment_sum_e4);
  counts.set_negative(negative);
  counts.set_positive(positive);
  counts.set_reach(reach);
  counts.set_engagement(engagement);
  counts.set_originals(originals);
  counts.set_complaints(complaints);
  const auto has_bits = [](const Sketch& sketch) { return sketch != Sketch{}; };
  if (has_bits(author_bits)) counts.set_author_bits(std::string(sketch_bytes(author_bits)));
  if (has_bits(text_bits)) counts.set_text_bits(std::string(sketch_bytes(text_bits)));
  return counts;
}

void add_counts(wire::Counts& into, const wire::Counts& from) {
  into.set_mentions(into.mentions() + from.mentions());
  into.set_hits(into.hits() + from.hits());
  into.set_sentiment_sum_e4(into.sentiment_sum_e4() + from.sentiment_sum_e4());
  into.set_negative(into.negative() + from.negative());
  into.set_positive(into.positive() + from.positive());
  into.set_reach(into.reach() + from.reach());
  into.set_engagement(into.engagement() + from.engagement());
  into.set_originals(into.originals() + from.originals());
  into.set_complaints(into.complaints() + from.complaints());
  merge_bits(*into.mutable_author_bits(), from.author_bits());
  merge_bits(*into.mutable_text_bits(), from.text_bits());
}

uint64_t estimate_distinct(std::string_view bits) {
  if (bits.empty()) return 0;
  const double size = 8.0 * static_cast<double>(bits.size());
  int ones = 0;
  for (const char byte : bits) ones += std::popcount(static_cast<unsigned char>(byte));
  const double free_bits = std::max(1.0, size - ones);
  return static_cast<uint64_t>(std::llround(size * std::log(size / free_bits)));
}

uint64_t estimate_distinct(std::string_view bits, uint64_t mentions) {
  return std::min(estimate_distinct(bits), mentions);
}

uint64_t evidence_rank(int64_t followers, int64_t engagement, int32_t sentiment_e4) {
  const auto audience = static_cast<uint64_t>(std::max<int64_t>(followers, 0) + 10 * std::max<int64_t>(engagement, 0));
  const auto negativity = static_cast<uint64_t>(20000 - std::clamp(sentiment_e4, -10000, 10000));
  return static_cast<uint64_t>(std::bit_width(audience) + 1) * negativity;
}

EvidencePlace place_of(const wire::RankedEvidence& evidence) {
  return {evidence.rank(), evidence.tie(), evidence.text_hash()};
}

wire::RankedEvidence rank(const wire::Evidence& evidence) {
  wire::RankedEvidence ranked;
  ranked.set_rank(evidence_rank(evidence.followers(), evidence.engagement(), evidence.sentiment_e4()));
  ranked.set_tie(hash_64(evidence.post_id(), hash_64(evidence.platform())));
  ranked.set_text_hash(evidence.text_hash());
  evidence.SerializeToString(ranked.mutable_evidence());
  return ranked;
}

std::optional<size_t> make_room(std::vector<wire::RankedEvidence>& kept, const EvidencePlace& offered,
                                size_t count_max) {
  const auto copy =
      std::find_if(kept.begin(), kept.end(), [&](const auto& other) { return other.text_hash() == offered.text_hash; });
  if (copy != kept.end()) {
    if (offered <= place_of(*copy)) return std::nullopt;
    kept.erase(copy);
  } else if (kept.size() >= count_max) {
    if (kept.empty() || offered <= place_of(kept.back())) return std::nullopt;
    kept.pop_back();
  }
  const auto place =
      std::find_if(kept.begin(), kept.end(), [&](const auto& other) { return offered > place_of(other); });
  return static_cast<size_t>(place - kept.begin());
}

void offer_evidence(std::vector<wire::RankedEvidence>& kept, wire::RankedEvidence offered, size_t count_max) {
  const auto place = make_room(kept, place_of(offered), count_max);
  if (place) kept.insert(kept.begin() + static_cast<std::ptrdiff_t>(*place), std::move(offered));
}

wire::Evidence read_evidence(const wire::RankedEvidence& ranked) {
  wire::Evidence evidence;
  if (!evidence.ParseFromString(ranked.evidence())) evidence.Clear();
  return evidence;
}

}  // namespace earshot
