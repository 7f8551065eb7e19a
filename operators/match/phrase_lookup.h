// PhraseLookup: where a phrase stands in a text, asked for one phrase at a time. For phrases that only matter once
// another one was found, so that they cost nothing before. Immutable; shared by threads.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "operators/match/phrase_index.h"
#include "operators/match/word_keys.h"

namespace earshot::match {

class PhraseLookup {
 public:
  PhraseLookup() = default;  // finds nothing

  explicit PhraseLookup(std::span<const WantedPhrase> phrases);

  // Calls on_match(end) for every occurrence, in order; `end` is after the phrase's last space. Nothing for a phrase
  // that was not given.
  template <class OnMatch>
  void find(uint32_t phrase, const WordKeys& words, const OnMatch& on_match) const {
    if (phrase >= entries_.size() || entries_[phrase].bytes == 0) return;
    const Entry& entry = entries_[phrase];
    const std::string_view text = words.text();
    for (size_t i = words.next_with_key(entry.key, 0); i < words.count(); i = words.next_with_key(entry.key, i + 1)) {
      if (words.begin_of(i) < entry.word_offset) continue;
      const uint32_t begin = words.begin_of(i) - entry.word_offset;
      if (entry.bytes > text.size() - begin) continue;
      if (std::memcmp(text.data() + begin, bytes_.data() + entry.first_byte, entry.bytes) != 0) continue;
      on_match(begin + entry.bytes);
    }
  }

  [[nodiscard]] size_t size_bytes() const { return bytes_.capacity() + entries_.capacity() * sizeof(Entry); }

 private:
  struct Entry {
    uint32_t key = 0;  // of the phrase's longest word, which few words of a text have
    uint32_t first_byte = 0;
    uint16_t word_offset = 0;
    uint16_t bytes = 0;
  };

  std::string bytes_;
  std::vector<Entry> entries_;  // by phrase
};

}  // namespace earshot::match
