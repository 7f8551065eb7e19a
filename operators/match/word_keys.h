// WordKeys: the words of a normalised text as 32-bit keys, worked out in one pass over it. Equal words have equal keys;
// the same word has the same key whatever the kernel. Scratch of one thread: used again for each text, it stops
// allocating once it has seen a long one.
#pragma once

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include <bit>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "engine/text/normalised_text.h"
#include "operators/match/key_filter.h"

namespace earshot::match {

// Kernels read whole registers: so many bytes beyond a text have to be readable, as they are in a NormalisedText.
inline constexpr size_t kTextSlackBytes = NormalisedText::kSlackBytes;
inline constexpr size_t kWordSlack = 64;  // entries beyond the last word that a kernel may write

inline constexpr uint32_t kFirstOfPairFactor = 0x9E3779B1U;
inline constexpr uint32_t kPairFactor = 0x85EBCA6BU;

// A pair of neighbouring words, by their keys.
inline uint32_t pair_key(uint32_t first, uint32_t second) {
  return (first * kFirstOfPairFactor + second) * kPairFactor;
}

// A word, or a word with the one before it, whose key a filter may hold.
struct WordHit {
  uint32_t code = 0;
  [[nodiscard]] uint32_t word() const { return code >> 1; }
  [[nodiscard]] bool is_pair() const { return (code & 1) != 0; }
};

// One way to work out keys for each instruction set, all with the same result.
struct WordKernel {
  std::string_view name;

  // Writes where each word begins, and after the last one text.size() (kWordSlack times), and each word's key. Returns
  // the number of words. Precondition: room for text.size() / 2 + kWordSlack in both.
  size_t (*read)(std::string_view text, uint32_t* begins, uint32_t* keys);

  // Writes the words and pairs that the filter may hold; those of one key in the order of the text. Returns their
  // number. Precondition: keys[-1] is there, and room for 2 * count + kWordSlack.
  size_t (*find)(const KeyFilter& filter, const uint32_t* keys, size_t count, WordHit* hits);
};

// Those that this CPU can run, slowest first.
std::span<const WordKernel> word_kernels();

class WordKeys {
 public:
  WordKeys() : WordKeys(word_kernels().back()) {}
  explicit WordKeys(const WordKernel& kernel);

  // `text` is " word word ", with kTextSlackBytes readable after it, and stays as long as this is asked about it.
  void read(std::string_view text);

  [[nodiscard]] std::string_view text() const { return text_; }
  [[nodiscard]] size_t count() const { return count_; }
  // Where word i begins in text(); for i == count() where one more would.
  [[nodiscard]] uint32_t begin_of(size_t i) const { return begins_[i]; }
  [[nodiscard]] uint32_t key_of(size_t i) const { return keys_[i + 1]; }
  [[nodiscard]] uint32_t pair_key_of(size_t i) const { return pair_key(keys_[i], keys_[i + 1]); }

  // The first word from word i on that has the key; count() or more when there is none.
  [[nodiscard]] size_t next_with_key(uint32_t key, size_t i) const {
    const uint32_t* keys = keys_.data() + 1;
#if defined(__SSE2__)
    const __m128i wanted = _mm_set1_epi32(static_cast<int>(key));
    for (; i < count_; i += 8) {  // the slack is read too
      const auto* at = reinterpret_cast<const __m128i*>(keys + i);
      const __m128i low = _mm_cmpeq_epi32(_mm_loadu_si128(at), wanted);
      const __m128i high = _mm_cmpeq_epi32(_mm_loadu_si128(at + 1), wanted);
      const auto equal = static_cast<uint32_t>(_mm_movemask_epi8(_mm_packs_epi32(low, high)));
      if (equal != 0) return i + static_cast<size_t>(std::countr_zero(equal)) / 2;
    }
#else
    while (i < count_ && keys[i] != key) ++i;
#endif
    return i;
  }

  // Good until the next call or text.
  std::span<const WordHit> find(const KeyFilter& filter) {
    return {hits_.data(), kernel_.find(filter, keys_.data() + 1, count_, hits_.data())};
  }

 private:
  WordKernel kernel_;
  std::string_view text_;
  size_t count_ = 0;
  std::vector<uint32_t> begins_;
  std::vector<uint32_t> keys_;  // the first is that of no word
  std::vector<WordHit> hits_;
};

}  // namespace earshot::match
