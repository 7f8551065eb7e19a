#include "operators/match/word_keys.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include <algorithm>
#include <bit>

#include "operators/match/word_kernels.h"

namespace earshot::match {
namespace {

constexpr uint32_t kBlockBytes = 64;

// Bit i is set where byte i of a block is a space.
uint64_t space_mask(const char* block) {
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

size_t read_words_baseline(std::string_view text, uint32_t* begins, uint32_t* keys) {
  const auto size = static_cast<uint32_t>(text.size());
  uint32_t spaces = 0;
  for (uint32_t block = 0; block < size; block += kBlockBytes) {
    uint64_t mask = space_mask(text.data() + block);
    if (size - block < kBlockBytes) mask &= (uint64_t{1} << (size - block)) - 1;
    for (; mask != 0; mask &= mask - 1) begins[spaces++] = block + static_cast<uint32_t>(std::countr_zero(mask)) + 1;
  }
  const size_t words = spaces - 1;
  for (size_t i = 0; i < words; ++i) keys[i] = word_key(text.data() + begins[i], begins[i + 1] - 1 - begins[i]);
  return words;
}

size_t find_words_baseline(const KeyFilter& filter, const uint32_t* keys, size_t count, WordHit* hits) {
  size_t found = 0;
  uint32_t previous = keys[-1];
  for (uint32_t i = 0; i < count; ++i) {
    hits[found] = {2 * i};
    found += filter.may_hold(keys[i]) ? 1 : 0;
    hits[found] = {2 * i + 1};
    found += filter.may_hold(pair_key(previous, keys[i])) ? 1 : 0;
    previous = keys[i];
  }
  return found;
}

std::vector<WordKernel> find_kernels() {
  std::vector<WordKernel> kernels{{"baseline", &read_words_baseline, &find_words_baseline}};
#if defined(__x86_64__)
  __builtin_cpu_init();
  const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
                        __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
  if (has_avx2) kernels.push_back({"avx2", &read_words_avx2, &find_words_avx2});
  if (has_avx2 && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vbmi2")) {
    kernels.push_back({"avx512vbmi2", &read_words_avx512, &find_words_avx512});
  }
#endif
  return kernels;
}

}  // namespace

std::span<const WordKernel> word_kernels() {
  static const std::vector<WordKernel> kernels = find_kernels();
  return kernels;
}

WordKeys::WordKeys(const WordKernel& kernel) : kernel_(kernel), keys_(1) {}

void WordKeys::read(std::string_view text) {
  text_ = text;
  const size_t words_max = text.size() / 2 + kWordSlack;
  if (begins_.size() < words_max) {
    const size_t room = words_max + words_max / 2;
    begins_.resize(room);
    keys_.resize(room + 1);
    hits_.resize(2 * room + kWordSlack);
  }
  count_ = kernel_.read(text, begins_.data(), keys_.data() + 1);
}

}  // namespace earshot::match
