#include "schemas/counts.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

namespace earshot {
void add_to_sketch(CountSums::Sketch& sketch, uint64_t hash) {
  sketch[(hash >> 6) % sketch.size()] |= uint64_t{1} << (hash & 63);
}

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
  merge_sketch(shape_bits, counts.shape_bits());
  accounts_dated += counts.accounts_dated();
  accounts_new += counts.accounts_new();
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
  for (size_t i = 0; i < author_bits.size(); ++i) author_bits[i] |= counts.author_bits[i];
  for (size_t i = 0; i < text_bits.size(); ++i) text_bits[i] |= counts.text_bits[i];
  for (size_t i = 0; i < shape_bits.size(); ++i) shape_bits[i] |= counts.shape_bits[i];
  accounts_dated += counts.accounts_dated;
  accounts_new += counts.accounts_new;
}

void CountSums::write_to(wire::Counts& counts) const {
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
  if (has_bits(author_bits)) counts.set_author_bits(sketch_bytes(author_bits).data(), kSketchBytes);
  if (has_bits(text_bits)) counts.set_text_bits(sketch_bytes(text_bits).data(), kSketchBytes);
  if (has_bits(shape_bits)) counts.set_shape_bits(sketch_bytes(shape_bits).data(), kSketchBytes);
  counts.set_accounts_dated(accounts_dated);
  counts.set_accounts_new(accounts_new);
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

}  // namespace earshot
