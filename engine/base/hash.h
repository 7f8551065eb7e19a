// Stable 64-bit hash of bytes: the same on every machine and in every release, so it may decide a partition or an id.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace earshot {

// Multiplies and folds 16 bytes a step (the construction of wyhash, public domain, by Wang Yi).
inline uint64_t mix_64(uint64_t a, uint64_t b) {
  __extension__ using uint128 = unsigned __int128;
  const uint128 product = static_cast<uint128>(a) * b;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

inline uint64_t hash_64(std::string_view bytes, uint64_t seed = 0) {
  constexpr uint64_t k0 = 0xa0761d6478bd642fULL;
  constexpr uint64_t k1 = 0xe7037ed1a0b428dbULL;
  const auto load = [](const char* at, size_t count) {
    uint64_t word = 0;
    std::memcpy(&word, at, count);
    return word;
  };
  uint64_t state = seed ^ k0;
  const char* at = bytes.data();
  size_t left = bytes.size();
  for (; left >= 16; at += 16, left -= 16) state = mix_64(load(at, 8) ^ k1, load(at + 8, 8) ^ state);
  uint64_t low = 0;
  uint64_t high = 0;
  if (left >= 8) {
    low = load(at, 8);
    high = left > 8 ? load(at + 8, left - 8) : 0;
  } else if (left > 0) {
    low = load(at, left);
  }
  state = mix_64(low ^ k1, high ^ state);
  return mix_64(k1 ^ bytes.size(), state);
}

}  // namespace earshot
