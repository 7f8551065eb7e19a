// Words: a post's text as numbers of the words that the triage rules know, found in one pass.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace earshot::triage {

// Numbers that stand for something other than one known word.
inline constexpr uint16_t kUnknownWord = 0;
inline constexpr uint16_t kClauseStart = 1;
inline constexpr uint16_t kQuestionMark = 2;
inline constexpr uint16_t kNumeral = 3;  // any word that begins with a digit
inline constexpr uint16_t kFirstWord = 4;

struct TextWord {
  uint16_t number = kUnknownWord;
  uint32_t begin = 0;  // bytes in the text, end exclusive
  uint32_t end = 0;
};

// Words by number; case and apostrophes do not count.
class Vocabulary {
 public:
  Vocabulary() : slots_(kSlotsMin) {}

  // Returns the word's number, a new one for a new word. Precondition: fewer than 60,000 words, of letters and
  // apostrophes.
  uint16_t add(std::string_view word);

  [[nodiscard]] uint16_t number_of(uint64_t hash) const {
    for (uint64_t at = hash;; ++at) {
      const Slot& slot = slots_[at & (slots_.size() - 1)];
      if (slot.hash == hash || slot.number == kUnknownWord) return slot.number;
    }
  }
  [[nodiscard]] size_t number_count() const { return kFirstWord + words_; }

  static constexpr uint64_t kHashStart = 0xcbf29ce484222325ULL;
  // One step of FNV-1a (Fowler, Noll, Vo), with a finer multiplier for the low bits that pick the slot.
  static uint64_t hash_step(uint64_t hash, uint8_t lower) {
    return (hash ^ lower ^ hash >> 29) * 0x9fb21c651e98df25ULL;
  }

 private:
  static constexpr size_t kSlotsMin = 16;
  struct Slot {
    uint64_t hash = 0;
    uint16_t number = kUnknownWord;
  };

  std::vector<Slot> slots_;  // a power of two of them, at most a quarter taken
  size_t words_ = 0;
};

// Replaces `out` by the words of `text` (UTF-8). Each clause begins with kClauseStart; links and @names are left out.
// Precondition: the text is shorter than 4 GiB.
void read_words(std::string_view text, const Vocabulary& vocabulary, std::vector<TextWord>& out);

}  // namespace earshot::triage
