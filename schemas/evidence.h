// Evidence: the mentions that stand for many, as they travel from LISTEN to an alert. A piece is its place among others
// beside its bytes, so that only what is shown is ever read.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/mention.h"
#include "schemas/proto/partial.pb.h"

namespace earshot {

// Place of a piece of evidence among others. Ties are broken by the post, so the order is total and the same whatever
// the order of arrival.
struct EvidencePlace {
  uint64_t rank = 0;       // the greater the earlier
  uint64_t tie = 0;        // decides between equal ranks
  uint64_t text_hash = 0;  // of the normalised text: equal for copies
  friend auto operator<=>(const EvidencePlace&, const EvidencePlace&) = default;
};

struct RankedEvidence {
  EvidencePlace place;
  std::string bytes;  // a wire::Evidence, serialised
};

// What a desk wants to see first: audience (followers and ten times the engagement) in powers of two, times how
// negative it sounds; the greater the earlier.
uint64_t evidence_rank(int64_t followers, int64_t engagement, int32_t sentiment_e4);

RankedEvidence rank(const wire::Evidence& evidence);

// Likes, reposts and replies.
int64_t engagement_of(const Post& post);

// Appends the mention as a serialised wire::Evidence, its text cut at a code point to at most `text_bytes_max`.
void append_evidence(std::string& out, const Mention& mention, uint64_t text_hash, size_t text_bytes_max);

// The evidence itself; empty when the bytes are none.
wire::Evidence read_evidence(const RankedEvidence& ranked);

// Moves the bytes out of `wire`.
RankedEvidence take_evidence(wire::RankedEvidence& wire);
RankedEvidence copy_evidence(const wire::RankedEvidence& wire);
void write_evidence(const RankedEvidence& ranked, wire::RankedEvidence& out);

// What stands for a post in EvidencePlace::tie and in deletions.
uint64_t post_hash(std::string_view post_id, std::string_view platform);

// Where among `kept` (best first, at most `count_max`) a piece with this place goes; nullopt when it is not wanted.
// Takes out what it replaces: a worse copy of the same text, or the last one.
std::optional<size_t> make_room(std::vector<RankedEvidence>& kept, const EvidencePlace& offered, size_t count_max);

// Keeps the `count_max` best, best first; of copies (equal text_hash) the best one stands for all.
void offer_evidence(std::vector<RankedEvidence>& kept, RankedEvidence offered, size_t count_max);

}  // namespace earshot
