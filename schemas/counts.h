// Sums of mentions as LISTEN sends them, and the evidence beside them: how both are merged, in whatever order they
// come.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "schemas/proto/partial.pb.h"

namespace earshot {

inline constexpr size_t kSketchBytes = 32;  // 256 bits

// The same as plain numbers, for whoever adds up many of them.
struct CountSums {
  using Sketch = std::array<uint64_t, kSketchBytes / sizeof(uint64_t)>;

  uint64_t mentions = 0;
  uint64_t hits = 0;
  int64_t sentiment_sum_e4 = 0;
  uint64_t negative = 0;
  uint64_t positive = 0;
  uint64_t reach = 0;
  uint64_t engagement = 0;
  uint64_t originals = 0;
  uint64_t complaints = 0;
  Sketch author_bits{};
  Sketch text_bits{};

  // Adds the sums and ORs the sketches; bits of a sketch beyond our size are dropped.
  void add(const wire::Counts& counts);
  void add(const CountSums& counts);
  [[nodiscard]] wire::Counts to_wire() const;
};

void merge_sketch(CountSums::Sketch& into, std::string_view bits);
[[nodiscard]] std::string_view sketch_bytes(const CountSums::Sketch& sketch);  // a view of `sketch`

// Adds the sums and ORs the sketches.
void add_counts(wire::Counts& into, const wire::Counts& from);

// Distinct items in a linear-counting sketch (Whang, Vander-Zanden and Taylor, A linear-time probabilistic counting
// algorithm, ACM TODS 1990). A full sketch answers what its last free bit would say: about 1,400 or more.
uint64_t estimate_distinct(std::string_view bits);

// Distinct items, never more than there were mentions.
uint64_t estimate_distinct(std::string_view bits, uint64_t mentions);

// What a desk wants to see first: audience (followers and ten times the engagement) in powers of two, times how
// negative it sounds; the greater the earlier.
uint64_t evidence_rank(int64_t followers, int64_t engagement, int32_t sentiment_e4);

// Place of a piece of evidence among others. Ties are broken by the post, so the order is total and the same whatever
// the order of arrival.
struct EvidencePlace {
  uint64_t rank = 0;
  uint64_t tie = 0;
  uint64_t text_hash = 0;
  friend auto operator<=>(const EvidencePlace&, const EvidencePlace&) = default;
};
EvidencePlace place_of(const wire::RankedEvidence& evidence);
wire::RankedEvidence rank(const wire::Evidence& evidence);

// Where among `kept` (best first, at most `count_max`) a piece with this place goes; nullopt when it is not wanted.
// Takes out what it replaces: a worse copy of the same text, or the last one.
std::optional<size_t> make_room(std::vector<wire::RankedEvidence>& kept, const EvidencePlace& offered,
                                size_t count_max);

// Keeps the `count_max` best, best first; of copies (equal text_hash) the best one stands for all.
void offer_evidence(std::vector<wire::RankedEvidence>& kept, wire::RankedEvidence offered, size_t count_max);

// The evidence itself; empty when the bytes are none.
wire::Evidence read_evidence(const wire::RankedEvidence& ranked);

}  // namespace earshot
