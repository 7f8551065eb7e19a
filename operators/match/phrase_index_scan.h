// The scan of PhraseIndex, inlined into its caller.
#pragma once

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include <array>
#include <bit>
#include <cstring>

#include "engine/base/hash.h"
#include "operators/match/phrase_index.h"

namespace earshot::match {

namespace phrase_index {

inline constexpr uint32_t kBlockBytes = 64;

// Bit i is set where byte i is a space.
inline uint64_t space_mask(const char* block) {
  uint64_t mask = 0;
#if defined(__SSE2__)
  const __m128i space = _mm_set1_epi8(' ');
  for (int part = 0; part < 4; ++part) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block + 16 * part));
    const auto found = static_cast<uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, space)));
    mask |= uint64_t{found} << (16 * part);
  }
#else
  for (uint32_t i = 0; i < kBlockBytes; ++i) mask |= uint64_t{block[i] == ' '} << i;
#endif
  return mask;
}

// The lowest `bytes` bytes of a word, for 0 to 8.
inline uint64_t low_bytes(uint64_t word, uint32_t bytes) {
  return bytes >= 8 ? word : word & ((uint64_t{1} << (8 * bytes)) - 1);
}

}  // namespace phrase_index

template <class OnWord>
void PhraseIndex::for_each_word(std::string_view text, const OnWord& on_word) {
  const auto size = static_cast<uint32_t>(text.size());
  uint32_t begin = 1;  // after the first space
  for (uint32_t block = 0; block < size; block += phrase_index::kBlockBytes) {
    uint64_t spaces = 0;
    if (size - block >= phrase_index::kBlockBytes) {
      spaces = phrase_index::space_mask(text.data() + block);
    } else {
      std::array<char, phrase_index::kBlockBytes> tail{};
      std::memcpy(tail.data(), text.data() + block, size - block);
      spaces = phrase_index::space_mask(tail.data());
    }
    for (; spaces != 0; spaces &= spaces - 1) {
      const uint32_t space = block + static_cast<uint32_t>(std::countr_zero(spaces));
      if (space > begin) on_word(begin, space);
      begin = space + 1;
    }
  }
}

// A word of up to sixteen bytes takes two loads and no branch, unless it stands at the very end of the text.
inline uint64_t PhraseIndex::word_key(std::string_view text, uint32_t begin, uint32_t end) {
  const uint32_t bytes = end - begin;
  if (bytes > 16) return hash_64(text.substr(begin, bytes));
  std::array<char, 16> tail{};
  const char* at = text.data() + begin;
  if (begin + tail.size() > text.size()) {
    std::memcpy(tail.data(), at, bytes);
    at = tail.data();
  }
  uint64_t low = 0;
  uint64_t high = 0;
  std::memcpy(&low, at, 8);
  std::memcpy(&high, at + 8, 8);
  low = phrase_index::low_bytes(low, bytes);
  high = phrase_index::low_bytes(high, bytes > 8 ? bytes - 8 : 0);
  return mix_64(low ^ 0xe7037ed1a0b428dbULL ^ bytes, high ^ 0xa0761d6478bd642fULL);
}

template <class OnMatch>
void PhraseIndex::visit(uint64_t key, std::string_view text, uint32_t word_begin, const OnMatch& on_match) const {
  const size_t mask = slots_.size() - 1;
  for (size_t at = key & mask; slots_[at].count > 0; at = (at + 1) & mask) {
    if (slots_[at].key != key) continue;
    for (uint32_t i = slots_[at].first; i < slots_[at].first + slots_[at].count; ++i) {
      const Entry& entry = entries_[i];
      if (word_begin < entry.word_offset) continue;
      const uint32_t begin = word_begin - entry.word_offset;
      if (entry.bytes > text.size() - begin) continue;
      if (std::memcmp(text.data() + begin, bytes_.data() + entry.first_byte, entry.bytes) != 0) continue;
      on_match(entry.phrase, begin + entry.bytes);
    }
    return;
  }
}

}  // namespace earshot::match
