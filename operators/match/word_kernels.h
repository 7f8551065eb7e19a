// What the kernels of WordKeys share: the key of one word, and those for x86-64, which may only be called on a CPU that
// has their instructions.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "engine/base/hash.h"
#include "operators/match/word_keys.h"

namespace earshot::match {

inline constexpr uint64_t kLowFactor = 0x9E3779B97F4A7C15ULL;
inline constexpr uint64_t kHighFactor = 0xD6E8FEB86659FD93ULL;
inline constexpr int kMixShift = 29;

// The lowest `bytes` bytes of a register.
inline uint64_t low_bytes(uint64_t value, uint32_t bytes) {
  return bytes >= 8 ? value : value & ((uint64_t{1} << (8 * bytes)) - 1);
}

// Longer words have to be told apart by what is behind that, such as numbered codes with one beginning.
inline constexpr uint32_t kShortWordBytesMax = 16;

inline uint32_t long_word_key(const char* word, uint32_t bytes) {
  return static_cast<uint32_t>(hash_64(std::string_view(word, bytes)));
}

// Of the bytes of a short word, the others zero.
inline uint32_t mixed_key(uint64_t low, uint64_t high, uint32_t bytes) {
  uint64_t mixed = low * kLowFactor + (high + 8 * uint64_t{bytes}) * kHighFactor;
  mixed ^= mixed >> kMixShift;
  return static_cast<uint32_t>(mixed * kLowFactor >> 32);
}

inline uint32_t word_key(const char* word, uint32_t bytes) {
  if (bytes > kShortWordBytesMax) return long_word_key(word, bytes);
  uint64_t low = 0;
  uint64_t high = 0;
  std::memcpy(&low, word, 8);
  std::memcpy(&high, word + 8, 8);
  low = low_bytes(low, bytes);
  high = low_bytes(high, bytes > 8 ? bytes - 8 : 0);
  return mixed_key(low, high, bytes);
}

#if defined(__x86_64__)
// AVX2, BMI1, BMI2, POPCNT.
size_t read_words_avx2(std::string_view text, uint32_t* begins, uint32_t* keys);
size_t find_words_avx2(const KeyFilter& filter, const uint32_t* keys, size_t count, WordHit* hits);

// AVX-512 F, BW, DQ, VL and VBMI2, with the above.
size_t read_words_avx512(std::string_view text, uint32_t* begins, uint32_t* keys);
size_t find_words_avx512(const KeyFilter& filter, const uint32_t* keys, size_t count, WordHit* hits);
#endif

}  // namespace earshot::match
