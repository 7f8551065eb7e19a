// Features: what the earshot model reads in a text, as rows of its weight table. Training and scoring share this code,
// so that a model sees the same text twice.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include "engine/base/hash.h"
#include "operators/sentiment/vader.h"
#include "operators/sentiment/word_table.h"

namespace earshot::sentiment {

inline constexpr size_t kHashedRows = 1 << 16;
inline constexpr size_t kShapeRows =
    128;  // follow the hashed rows: one for each answer to a question about the whole text
inline constexpr size_t kFeatureRows = kHashedRows + kShapeRows;

// A word as features see it: lower case, between a begin and an end mark, cut to what fits.
class FeatureWord {
 public:
  static constexpr size_t kLettersMax = 30;

  // Letters outside ASCII that have no case count as apostrophes: nearly all of them are the curly one.
  explicit FeatureWord(std::string_view letters);

  [[nodiscard]] uint32_t hash() const { return hash_of({characters_.data() + 1, size_ - 2}); }
  // The hash of the word with these letters. Precondition: WordTable::kWordBytesMax bytes are readable from the first.
  static uint32_t hash_of(std::string_view letters) {
    letters = letters.substr(0, kLettersMax);
    if (letters.size() > WordTable::kWordBytesMax) return static_cast<uint32_t>(hash_64(letters));
    const WordTable::Key key = WordTable::make_key(letters.data(), letters.size());
    return static_cast<uint32_t>(
        mix_64(key[0] ^ 0xa0761d6478bd642fULL, (key[1] + key[2] * 0x9fb21c651e98df25ULL) ^ 0xe7037ed1a0b428dbULL));
  }
  // Calls `use(row)` for each run of three to five characters, marks included.
  template <class Use>
  void for_each_part(Use use) const {
    for (size_t at = 0; at + 3 <= size_; ++at) {
      uint64_t bytes = 0;
      std::memcpy(&bytes, characters_.data() + at, sizeof bytes);
      use(part_row(bytes & 0xFFFFFF, 3));
      if (at + 4 <= size_) use(part_row(bytes & 0xFFFFFFFF, 4));
      if (at + 5 <= size_) use(part_row(bytes & 0xFFFFFFFFFF, 5));
    }
  }
  [[nodiscard]] bool ends_in_nt() const {
    return size_ >= 5 && std::memcmp(characters_.data() + size_ - 4, "n't", 3) == 0;
  }

 private:
  static uint32_t part_row(uint64_t bytes, uint64_t count) {
    return static_cast<uint32_t>((bytes ^ count << 56) * 0x9fb21c651e98df25ULL >> 48);
  }

  std::array<char, 64> characters_{};  // with room to read beyond the word
  size_t size_ = 0;
};

// One token of the text, ready for the table.
struct TokenFeature {
  std::string_view letters;    // empty when the token is a link, a name or a number: only `hash` counts then
  uint32_t hash = 0;           // of the word, or of what stands for it
  uint32_t mark_row = kNoRow;  // of the punctuation after the word
  uint8_t traits = 0;          // of Trait
  bool is_negated = false;     // stands after a negation in its clause

  enum Trait : uint8_t {  // seven bits: TokenMemo keeps them
    kIsName = 1U << 0,
    kIsLink = 1U << 1,
    kIsHashtag = 1U << 2,
    kMarksIrony = 1U << 3,  // "/s", "#sarcasm"
    kNegates = 1U << 4,
    kEndsClause = 1U << 5,
    kIsLong = 1U << 6,  // has two letters or more
  };
  static constexpr uint32_t kNoRow = UINT32_MAX;
  static uint32_t word_row(uint32_t hash) { return row_of(hash, 1); }
  static uint32_t negated_row(uint32_t hash) { return row_of(hash, 2); }
  static uint32_t pair_row(uint32_t hash_before, uint32_t hash) { return row_of(hash + hash_before * 3, 3); }

 private:
  static uint32_t row_of(uint32_t hash, uint32_t kind) { return (hash ^ kind << 29U) * 0x9e3779b1U >> 16U; }
};

// How many words from a word on a negation reaches.
class NegationReach {
 public:
  // True when a negation before the word with these traits (of TokenFeature) reaches it.
  bool pass(uint8_t traits) {
    const bool is_negated = left_ > 0;
    left_ -= is_negated ? 1 : 0;
    left_ = (traits & TokenFeature::kNegates) != 0 ? kWordsMax : left_;
    left_ = (traits & TokenFeature::kEndsClause) != 0 ? 0 : left_;
    return is_negated;
  }

 private:
  static constexpr int kWordsMax = 5;
  int left_ = 0;
};

// What the tokens say of the whole text.
struct TokenCounts {
  int names = 0;
  int links = 0;
  int hashtags = 0;
  int capitals = 0;
  uint8_t all_traits = 0;

  void add(uint8_t traits, bool is_upper) {
    names += (traits & TokenFeature::kIsName) != 0 ? 1 : 0;
    links += (traits & TokenFeature::kIsLink) != 0 ? 1 : 0;
    hashtags += (traits & TokenFeature::kIsHashtag) != 0 ? 1 : 0;
    capitals += is_upper && (traits & TokenFeature::kIsLong) != 0 ? 1 : 0;
    all_traits |= traits;
  }
  // The author says that the words are not meant.
  [[nodiscard]] bool is_marked_ironic() const { return (all_traits & TokenFeature::kMarksIrony) != 0; }
};

// One token of a text that `vader` reads, by its bytes alone.
TokenFeature read_token(const char* lower_text, const Vader::Word& word);

// Scratch of one thread.
class FeatureReader {
 public:
  // Reads the text that `vader` scored last; `sentiment` is the score. Good until the next call.
  void read(const Vader& vader, const Sentiment& sentiment);
  // The same without the tokens, for who has counted them.
  void read_shape(const Vader& vader, const Sentiment& sentiment, const TokenCounts& counts);

  [[nodiscard]] std::span<const TokenFeature> tokens() const { return tokens_; }
  [[nodiscard]] std::span<const uint32_t> shape_rows() const { return {shape_rows_.data(), shape_count_}; }

 private:
  void answer(int value, int answers);

  std::vector<TokenFeature> tokens_;
  std::array<uint32_t, 32> shape_rows_{};
  size_t shape_count_ = 0;
  uint32_t next_row_ = 0;
};

}  // namespace earshot::sentiment
