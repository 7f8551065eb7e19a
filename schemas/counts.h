// Sums of mentions as LISTEN sends them, and the evidence beside them: how both are merged, in whatever order they
// come.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
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

// What a desk wants to see first: audience in powers of two times how negative it sounds; the greater the earlier.
uint64_t evidence_rank(const wire::Evidence& evidence);

// A total order by rank, then by post: the same whatever the order of arrival.
bool is_better_evidence(const wire::Evidence& a, const wire::Evidence& b);

// Keeps the `count_max` best, best first; of copies (equal text_hash) the best one stands for all.
void offer_evidence(std::vector<wire::Evidence>& kept, const wire::Evidence& offered, size_t count_max);

}  // namespace earshot
