#include "operators/sentiment/word_table.h"

#include <algorithm>
#include <bit>
#include <numeric>

namespace earshot::sentiment {

WordTable::WordTable(std::span<const std::pair<std::string, WordFacts>> words) {
  entries_.push_back({Key{}, SIZE_MAX});
  facts_.resize(1);
  for (const auto& [word, facts] : words) {
    std::array<char, kWordBytesMax> padded{};
    std::copy(word.begin(), word.end(), padded.begin());
    entries_.push_back({make_key(padded.data(), word.size()), word.size()});
    facts_.push_back(facts);
  }
  slot_mask_ = static_cast<uint32_t>(std::bit_ceil(entries_.size() * 2) - 1);
  for (seed_ = 0x9e3779b97f4a7c15ULL; !place_all(); seed_ += 2) {
  }
}

// Hash and displace (Belazzougui, Botelho, Dietzfelbinger 2009): the fullest bucket first, each bucket takes the first
// displacement that sends all of its words to free slots. False when a bucket finds none: another seed then tries.
bool WordTable::place_all() {
  slots_.assign(slot_mask_ + 1, 0);
  displacements_.assign(size_t{1} << (64 - kBucketShift), 0);
  std::vector<std::vector<uint32_t>> buckets(displacements_.size());
  for (uint32_t entry = 1; entry < entries_.size(); ++entry) {
    buckets[hash_of(entries_[entry].key, entries_[entry].bytes) >> kBucketShift].push_back(entry);
  }
  std::vector<uint32_t> order(buckets.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::stable_sort(order, std::ranges::greater{}, [&](uint32_t bucket) { return buckets[bucket].size(); });
  std::vector<size_t> taken;
  for (const uint32_t bucket : order) {
    uint32_t displacement = 0;
    for (;; ++displacement) {
      if (displacement > UINT16_MAX) return false;
      taken.clear();
      for (const uint32_t entry : buckets[bucket]) {
        const uint64_t hash = hash_of(entries_[entry].key, entries_[entry].bytes);
        const size_t slot = slot_of(hash, displacement);
        if (slots_[slot] != 0) break;
        slots_[slot] = tag_of(hash) << 16 | entry;
        taken.push_back(slot);
      }
      if (taken.size() == buckets[bucket].size()) break;
      for (const size_t slot : taken) slots_[slot] = 0;
    }
    displacements_[bucket] = static_cast<uint16_t>(displacement);
  }
  return true;
}

}  // namespace earshot::sentiment
