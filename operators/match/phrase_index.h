// PhraseIndex: finds any of many phrases in a normalised text by its words: each phrase waits under its rarest word, or
// pair of neighbouring words, and is compared where that stands. It gives what LiteralScanner's Hyperscan gives for the
// same phrases; which is faster depends on their number. Immutable; shared by threads.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace earshot::match {

class PhraseIndex {
 public:
  PhraseIndex() = default;  // finds nothing

  // Phrase i has id i. Each is words parted by single spaces, with a space before the first and after the last.
  explicit PhraseIndex(std::span<const std::string> phrases);

  // Calls on_match(id, end) for every occurrence of every phrase, overlapping ones too; `end` is after the phrase's
  // last space. `text` is written as phrases are. One phrase's occurrences come in order.
  template <class OnMatch>
  void scan(std::string_view text, const OnMatch& on_match) const {
    if (slots_.empty()) return;
    uint64_t previous_key = 0;
    uint32_t previous_begin = 0;
    for_each_word(text, [&](uint32_t begin, uint32_t end) {
      const uint64_t key = word_key(text, begin, end);
      if (may_hold(key)) visit(key, text, begin, on_match);
      const uint64_t pair = pair_key(previous_key, key);
      if (may_hold(pair)) visit(pair, text, previous_begin, on_match);
      previous_key = key;
      previous_begin = begin;
    });
  }

  [[nodiscard]] size_t size_bytes() const;

 private:
  struct Entry {
    uint32_t phrase;
    uint32_t word_offset;  // of the word, or the pair's first, in the phrase
    uint32_t first_byte;   // of the phrase in bytes_
    uint32_t bytes;
  };
  struct Slot {
    uint64_t key = 0;
    uint32_t first = 0;  // in entries_
    uint32_t count = 0;  // 0: free
  };

  template <class OnWord>
  static void for_each_word(std::string_view text, const OnWord& on_word);
  static uint64_t word_key(std::string_view text, uint32_t begin, uint32_t end);
  static uint64_t pair_key(uint64_t first, uint64_t second) {
    return (first * 0x9e3779b97f4a7c15ULL) ^ (second >> 3) ^ (second << 61);
  }
  [[nodiscard]] bool may_hold(uint64_t key) const {
    const uint64_t bit = (key * 0xd6e8feb86659fd93ULL) >> filter_shift_;
    return (filter_[bit >> 6] >> (bit & 63) & 1) != 0;
  }
  template <class OnMatch>
  void visit(uint64_t key, std::string_view text, uint32_t word_begin, const OnMatch& on_match) const;
  void insert(uint64_t key, std::span<const Entry> entries);

  std::string bytes_;  // of all phrases
  std::vector<Entry> entries_;
  std::vector<Slot> slots_;  // open addressing, a power of two
  std::vector<uint64_t> filter_;
  int filter_shift_ = 63;
};

}  // namespace earshot::match

#include "operators/match/phrase_index_scan.h"
