// PhraseIndex: finds any of many phrases in a normalised text by its words: each phrase waits under its rarest word, or
// pair of neighbouring words, and is compared where that stands. It gives what LiteralScanner's Hyperscan gives for the
// same phrases; which is faster depends on their number. Immutable; shared by threads.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "operators/match/key_filter.h"
#include "operators/match/word_keys.h"

namespace earshot::match {

// A phrase to find: words parted by single spaces, with a space before the first and after the last, of up to 64 KiB.
struct WantedPhrase {
  uint32_t id = 0;
  std::string_view text;
};

class PhraseIndex {
 public:
  PhraseIndex() = default;  // finds nothing

  explicit PhraseIndex(std::span<const WantedPhrase> phrases);

  // Calls on_match(id, end) for every occurrence of every phrase, overlapping ones too; `end` is after the phrase's
  // last space. One phrase's occurrences come in order.
  template <class OnMatch>
  void scan(WordKeys& words, const OnMatch& on_match) const {
    const std::span<const WordHit> hits = words.find(filter_);
    for (const WordHit hit : hits) __builtin_prefetch(&slots_[home_of(key_of(words, hit))]);
    for (const WordHit hit : hits) visit(words, hit, on_match);
  }

  [[nodiscard]] size_t size_bytes() const;

 private:
  struct Slot {
    uint32_t key = 0;
    uint32_t phrase = 0;
    uint32_t first_byte = 0;   // of the phrase in bytes_
    uint16_t word_offset = 0;  // of the word, or the pair's first, in the phrase
    uint16_t bytes = 0;        // of the phrase; 0: the slot is free
  };

  static uint32_t key_of(const WordKeys& words, WordHit hit) {
    return hit.is_pair() ? words.pair_key_of(hit.word()) : words.key_of(hit.word());
  }
  [[nodiscard]] size_t home_of(uint32_t key) const { return uint64_t{key} * home_count_ >> 32; }

  template <class OnMatch>
  void visit(const WordKeys& words, WordHit hit, const OnMatch& on_match) const {
    if (hit.is_pair() && hit.word() == 0) return;  // no word stands before the first
    const uint32_t key = key_of(words, hit);
    const std::string_view text = words.text();
    const uint32_t word_begin = words.begin_of(hit.word() - (hit.is_pair() ? 1 : 0));
    for (size_t at = home_of(key); slots_[at].bytes > 0; ++at) {
      const Slot& slot = slots_[at];
      if (slot.key != key) continue;
      if (word_begin < slot.word_offset) continue;
      const uint32_t begin = word_begin - slot.word_offset;
      if (slot.bytes > text.size() - begin) continue;
      if (std::memcmp(text.data() + begin, bytes_.data() + slot.first_byte, slot.bytes) != 0) continue;
      on_match(slot.phrase, begin + slot.bytes);
    }
  }

  KeyFilter filter_;
  std::string bytes_;                   // of all phrases
  std::vector<Slot> slots_ = {Slot{}};  // open addressing in the order of keys; the last is free
  uint64_t home_count_ = 0;
};

}  // namespace earshot::match
