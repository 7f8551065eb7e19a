// Sums of mentions as LISTEN sends them, and how they are merged, in whatever order they come.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "schemas/proto/partial.pb.h"

namespace earshot {

inline constexpr size_t kSketchBytes = 32;  // 256 bits

// wire::Counts as plain numbers, for whoever adds up many of them.
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
  Sketch shape_bits{};
  uint64_t accounts_dated = 0;
  uint64_t accounts_new = 0;

  // Adds the sums and ORs the sketches; bits of a sketch beyond our size are dropped.
  void add(const wire::Counts& counts);
  void add(const CountSums& counts);
  void write_to(wire::Counts& counts) const;
};

// Linear counting (Whang, Vander-Zanden and Taylor, A linear-time probabilistic counting algorithm, ACM TODS 1990): one
// bit for an item, OR to merge.
void add_to_sketch(CountSums::Sketch& sketch, uint64_t hash);
void merge_sketch(CountSums::Sketch& into, std::string_view bits);
[[nodiscard]] std::string_view sketch_bytes(const CountSums::Sketch& sketch);  // a view of `sketch`

// Distinct items in a sketch. A full sketch answers what its last free bit would say: about 1,400 or more.
uint64_t estimate_distinct(std::string_view bits);

// Distinct items, never more than there were mentions.
uint64_t estimate_distinct(std::string_view bits, uint64_t mentions);

}  // namespace earshot
