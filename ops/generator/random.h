// Random: the generator's own numbers. The same seed gives the same sequence with every compiler, library and CPU,
// which the distributions of the standard library and of libm do not promise.
#pragma once

#include <bit>
#include <cstdint>
#include <span>

namespace earshot::generator {

// Scrambles a counter or an id into 64 even bits (SplitMix64, public domain, by Sebastiano Vigna).
inline uint64_t scramble(uint64_t value) {
  value += 0x9e3779b97f4a7c15ULL;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
  return value ^ (value >> 31);
}

// xoshiro256** 1.0 (public domain, by David Blackman and Sebastiano Vigna).
class Random {
 public:
  explicit Random(uint64_t seed) {
    for (uint64_t& word : state_) word = seed = scramble(seed);
  }

  uint64_t next() {
    const uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
    const uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }

  // 0 to bound - 1; `bound` is 1 to 2^32.
  uint64_t below(uint64_t bound) { return ((next() >> 32) * bound) >> 32; }

  // Low numbers come up far more often: a few authors write much, most write little.
  uint64_t below_skewed(uint64_t bound) { return below(below(below(bound) + 1) + 1); }

  bool chance_in_1000(uint32_t thousandths) { return below(1000) < thousandths; }

  // Index into `weights`, in proportion to them; their sum must not be 0.
  size_t pick(std::span<const uint32_t> weights) {
    uint64_t sum = 0;
    for (const uint32_t weight : weights) sum += weight;
    uint64_t left = below(sum);
    size_t index = 0;
    while (left >= weights[index]) left -= weights[index++];
    return index;
  }

  // How many events happen where `mean_e16` / 65536 are expected: binomial over so many trials that it is close to a
  // Poisson. Each bit of a word is one trial; it takes 24 words to give 64 of them a probability of 24 binary digits.
  uint32_t events(uint64_t mean_e16) {
    const uint64_t words = mean_e16 / (16ULL << 16) + 1;
    const uint64_t probability_e24 = (mean_e16 << 8) / (64 * words);
    uint32_t count = 0;
    for (uint64_t word = 0; word < words; ++word) {
      uint64_t hits = 0;
      for (uint64_t digits = probability_e24, i = 0; i < 24; ++i, digits >>= 1) {
        hits = (digits & 1) != 0 ? hits | next() : hits & next();
      }
      count += static_cast<uint32_t>(std::popcount(hits));
    }
    return count;
  }

 private:
  uint64_t state_[4];
};

}  // namespace earshot::generator
