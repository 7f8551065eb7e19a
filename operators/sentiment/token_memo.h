// TokenMemo: what the bytes of a token say whatever stands around it, kept from text to text: a token that comes back
// costs one look-up, for the lexicon and for a trained model together. Scratch of one thread.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "engine/base/hash.h"
#include "operators/sentiment/word_table.h"

namespace earshot::sentiment {

// What a trained model reads in a token; all zeros where there is none.
struct TokenWeights {
  uint64_t hash = 0;                   // a pair of neighbours is known by both
  std::array<int16_t, 4> sums{};       // of the rows of the word, of its parts and of the mark after it
  std::array<int8_t, 4> if_negated{};  // what a negation before it adds
  uint32_t traits = 0;                 // of TokenFeature::Trait
};

// Bounded: a newer token takes the place.
class TokenMemo {
 public:
  static constexpr size_t kBytesMax = WordTable::kWordBytesMax;  // of a token

  struct alignas(64) Entry {  // a cache line
    WordTable::Key key{};
    const WordFacts* facts = nullptr;
    TokenWeights weights;
    uint8_t bytes = 0;  // 0: free
    uint8_t first = 0;  // the bytes without the punctuation around them, as in Vader::Word
    uint8_t last = 0;
    bool is_negation = false;

    [[nodiscard]] bool holds(const WordTable::Key& token, size_t token_bytes) const {
      return ((key[0] ^ token[0]) | (key[1] ^ token[1]) | (key[2] ^ token[2]) | (bytes ^ token_bytes)) == 0;
    }
  };
  static_assert(sizeof(Entry) == 64);

  // Where a token is kept if it is.
  [[nodiscard]] Entry& place_of(const WordTable::Key& token, size_t bytes) {
    const uint64_t hash = mix_64(token[0] ^ 0xa0761d6478bd642fULL,
                                 (token[1] + token[2] * 0x9fb21c651e98df25ULL) ^ (0xe7037ed1a0b428dbULL + bytes));
    return entries_[hash % kEntries];
  }

 private:
  static constexpr size_t kEntries = 16384;
  std::vector<Entry> entries_ = std::vector<Entry>(kEntries);
};

}  // namespace earshot::sentiment
