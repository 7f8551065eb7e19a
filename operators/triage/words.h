// Words: a post's text as numbers of the words that the triage rules know, found in one pass.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include "engine/base/hash.h"
#include "operators/triage/letter_runs.h"

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

  // Hash of a word of `bytes` letters, digits and no apostrophes; the case of letters does not count. Reads no byte at
  // or beyond `limit`.
  static uint64_t hash_of(const char* word, size_t bytes, const char* limit) {
    uint64_t hash = 0xa0761d6478bd642fULL + bytes;
    for (; bytes > 8; word += 8, bytes -= 8) hash = mix_64(hash ^ small_letters(word, 8, limit), 0xe7037ed1a0b428dbULL);
    return bytes == 0 ? hash : mix_64(hash ^ small_letters(word, bytes, limit), 0xe7037ed1a0b428dbULL);
  }

 private:
  // Precondition: count is 1 to 8.
  static uint64_t small_letters(const char* at, size_t count, const char* limit) {
    constexpr uint64_t kSmall = 0x2020202020202020ULL;  // the bit that tells a capital from its small letter
    uint64_t letters = 0;
    std::memcpy(&letters, at, limit - at >= 8 ? 8 : count);
    return (letters | kSmall) & (~uint64_t{0} >> (64 - 8 * count));
  }

  static constexpr size_t kSlotsMin = 16;
  struct Slot {
    uint64_t hash = 0;
    uint16_t number = kUnknownWord;
  };

  std::vector<Slot> slots_;  // a power of two of them, at most a quarter taken
  size_t words_ = 0;
};

// Scratch of one thread. Returns the words of `text` (UTF-8), good until the next call. Each clause begins with
// kClauseStart; of unknown words in a row only the first is there; links and @names are left out. Precondition: the
// text is shorter than 4 GiB.
class WordReader {
 public:
  std::span<const TextWord> read(std::string_view text, const Vocabulary& vocabulary);

 private:
  LetterRuns letters_;
  std::vector<TextWord> words_;
};

}  // namespace earshot::triage
