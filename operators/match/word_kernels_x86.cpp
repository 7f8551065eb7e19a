#include "operators/match/word_kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#include <array>

// GCC 12 takes the undefined registers of its own <immintrin.h> for ours (GCC bug 105593).
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#endif

// The functions of a kernel are inlined into each other only if all ask for the same instructions.
#define EARSHOT_AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt")))
#define EARSHOT_AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi2,avx2,bmi,bmi2,popcnt")))

namespace earshot::match {
namespace {

constexpr uint32_t kBlockBytes = 64;
constexpr uint32_t kLanes = 8;

EARSHOT_AVX2 inline void write_places(uint64_t mask, uint32_t first, uint32_t count, uint32_t base, uint32_t* out) {
  for (uint32_t i = first; i < count; ++i) {
    out[i] = base + static_cast<uint32_t>(_tzcnt_u64(mask));
    mask = _blsr_u64(mask);
  }
}

// Where words begin: after each space of the text.
EARSHOT_AVX2 inline uint32_t find_begins_avx2(std::string_view text, uint32_t* begins) {
  const auto size = static_cast<uint32_t>(text.size());
  const __m256i space = _mm256_set1_epi8(' ');
  uint32_t found = 0;
  for (uint32_t block = 0; block < size; block += kBlockBytes) {
    const auto* bytes = reinterpret_cast<const __m256i*>(text.data() + block);
    const auto low = static_cast<uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_loadu_si256(bytes), space)));
    const auto high =
        static_cast<uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_loadu_si256(bytes + 1), space)));
    const uint64_t mask = _bzhi_u64(low | uint64_t{high} << 32, size - block < kBlockBytes ? size - block : 64);
    const auto count = static_cast<uint32_t>(_mm_popcnt_u64(mask));
    // A block rarely has more than sixteen words; a fixed number is never mispredicted.
    uint64_t rest = mask;
    for (uint32_t i = 0; i < 16; ++i, rest = _blsr_u64(rest)) {
      begins[found + i] = block + 1 + static_cast<uint32_t>(_tzcnt_u64(rest));
    }
    if (count > 16) write_places(rest, 16, count, block + 1, begins + found);
    found += count;
  }
  return found;
}

EARSHOT_AVX512 inline uint32_t find_begins_avx512(std::string_view text, uint32_t* begins) {
  alignas(64) static constexpr std::array<uint8_t, 64> kPlaces = [] {
    std::array<uint8_t, 64> places{};
    for (uint8_t i = 0; i < 64; ++i) places[i] = i;
    return places;
  }();
  const auto size = static_cast<uint32_t>(text.size());
  const __m512i space = _mm512_set1_epi8(' ');
  const __m512i places = _mm512_load_si512(kPlaces.data());
  uint32_t found = 0;
  for (uint32_t block = 0; block < size; block += kBlockBytes) {
    const uint64_t mask = _bzhi_u64(_mm512_cmpeq_epi8_mask(_mm512_loadu_si512(text.data() + block), space),
                                    size - block < kBlockBytes ? size - block : 64);
    const auto count = static_cast<uint32_t>(_mm_popcnt_u64(mask));
    const __m512i taken = _mm512_maskz_compress_epi8(mask, places);
    const __m512i base = _mm512_set1_epi32(static_cast<int>(block + 1));
    uint32_t* out = begins + found;
    _mm512_storeu_si512(out, _mm512_add_epi32(base, _mm512_cvtepu8_epi32(_mm512_castsi512_si128(taken))));
    _mm512_storeu_si512(out + 16, _mm512_add_epi32(base, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(taken, 1))));
    found += count;  // every word takes two bytes, so 32 is the most
  }
  return found;
}

// The kernels read words by the eight: those beyond the last are empty ones at the text's end.
EARSHOT_AVX2 inline void pad(uint32_t* begins, uint32_t count, size_t text_bytes) {
  const __m256i end = _mm256_set1_epi32(static_cast<int>(text_bytes));
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(begins + count), end);
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(begins + count + kLanes), end);
}

EARSHOT_AVX512 inline __m128i load_word(const char* text, uint32_t begin) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(text + begin));
}

// The first sixteen bytes of every other word of eight.
EARSHOT_AVX512 inline __m512i load_words(const char* text, const uint32_t* begins) {
  __m512i words = _mm512_castsi128_si512(load_word(text, begins[0]));
  words = _mm512_inserti64x2(words, load_word(text, begins[2]), 1);
  words = _mm512_inserti64x2(words, load_word(text, begins[4]), 2);
  return _mm512_inserti64x2(words, load_word(text, begins[6]), 3);
}

EARSHOT_AVX2 inline __m256i bit_avx2(__m256i number) {
  return _mm256_sllv_epi32(_mm256_set1_epi32(1), _mm256_and_si256(number, _mm256_set1_epi32(31)));
}

EARSHOT_AVX2 inline uint32_t may_hold_avx2(const int* blocks, __m128i shift, __m256i key) {
  const __m256i block = _mm256_i32gather_epi32(blocks, _mm256_srl_epi32(key, shift), 4);
  const __m256i bits = _mm256_or_si256(
      bit_avx2(key), _mm256_or_si256(bit_avx2(_mm256_srli_epi32(key, 5)), bit_avx2(_mm256_srli_epi32(key, 10))));
  const __m256i held = _mm256_cmpeq_epi32(_mm256_and_si256(block, bits), bits);
  return static_cast<uint32_t>(_mm256_movemask_ps(_mm256_castsi256_ps(held)));
}

EARSHOT_AVX512 inline __m512i bit_avx512(__m512i number) {
  return _mm512_sllv_epi32(_mm512_set1_epi32(1), _mm512_and_si512(number, _mm512_set1_epi32(31)));
}

EARSHOT_AVX512 inline uint32_t may_hold_avx512(const uint32_t* blocks, __m128i shift, __m512i key) {
  const __m512i block = _mm512_i32gather_epi32(_mm512_srl_epi32(key, shift), blocks, 4);
  const __m512i bits = _mm512_or_si512(
      bit_avx512(key), _mm512_or_si512(bit_avx512(_mm512_srli_epi32(key, 5)), bit_avx512(_mm512_srli_epi32(key, 10))));
  return _mm512_cmpeq_epi32_mask(_mm512_and_si512(block, bits), bits);
}

// Appends the hits among `lanes` words from `first` on; a bit for each word in both masks.
EARSHOT_AVX2 inline size_t append_hits(uint32_t words, uint32_t pairs, uint32_t first, uint32_t lanes, WordHit* hits) {
  size_t count = 0;
  for (uint64_t rest = words | uint64_t{pairs} << 32; rest != 0; rest = _blsr_u64(rest)) {
    const auto at = static_cast<uint32_t>(_tzcnt_u64(rest));
    hits[count++] = {2 * (first + (at & (lanes - 1))) + (at >> 5)};
  }
  return count;
}

}  // namespace

EARSHOT_AVX2 size_t read_words_avx2(std::string_view text, uint32_t* begins, uint32_t* keys) {
  const uint32_t spaces = find_begins_avx2(text, begins);
  pad(begins, spaces, text.size());
  uint32_t begin = begins[0];
  for (uint32_t i = 0; i + 1 < spaces; ++i) {
    const uint32_t end = begins[i + 1];
    const uint32_t bytes = end - 1 - begin;
    uint64_t low = 0;
    uint64_t high = 0;
    std::memcpy(&low, text.data() + begin, 8);
    std::memcpy(&high, text.data() + begin + 8, 8);
    low = _bzhi_u64(low, 8 * bytes);
    high = _bzhi_u64(high, bytes > 8 ? 8 * (bytes - 8) : 0);
    keys[i] = mixed_key(low, high, bytes);
    if (bytes > kShortWordBytesMax) keys[i] = long_word_key(text.data() + begin, bytes);
    begin = end;
  }
  return spaces - 1;
}

EARSHOT_AVX2 size_t find_words_avx2(const KeyFilter& filter, const uint32_t* keys, size_t count, WordHit* hits) {
  const __m256i first_factor = _mm256_set1_epi32(static_cast<int>(kFirstOfPairFactor));
  const __m256i pair_factor = _mm256_set1_epi32(static_cast<int>(kPairFactor));
  const __m128i shift = _mm_cvtsi32_si128(static_cast<int>(filter.shift()));
  const auto* blocks = reinterpret_cast<const int*>(filter.blocks());
  size_t found = 0;
  for (uint32_t i = 0; i < count; i += kLanes) {
    const __m256i key = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(keys + i));
    const __m256i previous = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(keys + i - 1));
    const __m256i pair =
        _mm256_mullo_epi32(_mm256_add_epi32(_mm256_mullo_epi32(previous, first_factor), key), pair_factor);
    const auto left = static_cast<uint32_t>(count - i);
    const uint32_t in_text = _bzhi_u32(~0U, left < kLanes ? left : kLanes);
    found += append_hits(may_hold_avx2(blocks, shift, key) & in_text, may_hold_avx2(blocks, shift, pair) & in_text, i,
                         kLanes, hits + found);
  }
  return found;
}

EARSHOT_AVX512 size_t read_words_avx512(std::string_view text, uint32_t* begins, uint32_t* keys) {
  const uint32_t spaces = find_begins_avx512(text, begins);
  pad(begins, spaces, text.size());
  const __m512i low_factor = _mm512_set1_epi64(static_cast<int64_t>(kLowFactor));
  const __m512i high_factor = _mm512_set1_epi64(static_cast<int64_t>(kHighFactor));
  const __m512i ones = _mm512_set1_epi64(-1);
  for (uint32_t i = 0; i + 1 < spaces; i += kLanes) {
    const __m256i begin = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(begins + i));
    const __m256i after = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(begins + i + 1));
    const __m256i bytes = _mm256_sub_epi32(_mm256_sub_epi32(after, begin), _mm256_set1_epi32(1));
    const __m512i bits = _mm512_slli_epi64(_mm512_cvtepu32_epi64(bytes), 3);
    const __m512i even = load_words(text.data(), begins + i);
    const __m512i odd = load_words(text.data(), begins + i + 1);
    // A shift by 64 bits or more leaves nothing, so that all bytes are kept.
    const __m512i bits_above = _mm512_max_epi64(_mm512_sub_epi64(bits, _mm512_set1_epi64(64)), _mm512_setzero_si512());
    const __m512i low = _mm512_andnot_si512(_mm512_sllv_epi64(ones, bits), _mm512_unpacklo_epi64(even, odd));
    const __m512i high = _mm512_andnot_si512(_mm512_sllv_epi64(ones, bits_above), _mm512_unpackhi_epi64(even, odd));
    __m512i mixed = _mm512_add_epi64(_mm512_mullo_epi64(low, low_factor),
                                     _mm512_mullo_epi64(_mm512_add_epi64(high, bits), high_factor));
    mixed = _mm512_xor_si512(mixed, _mm512_srli_epi64(mixed, kMixShift));
    mixed = _mm512_srli_epi64(_mm512_mullo_epi64(mixed, low_factor), 32);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(keys + i), _mm512_cvtepi64_epi32(mixed));
    // An empty word beyond the last has fewer bytes than none.
    uint32_t longer = _mm256_cmpgt_epi32_mask(bytes, _mm256_set1_epi32(kShortWordBytesMax));
    for (; longer != 0; longer = _blsr_u32(longer)) {
      const uint32_t word = i + static_cast<uint32_t>(_tzcnt_u32(longer));
      keys[word] = long_word_key(text.data() + begins[word], begins[word + 1] - 1 - begins[word]);
    }
  }
  return spaces - 1;
}

EARSHOT_AVX512 size_t find_words_avx512(const KeyFilter& filter, const uint32_t* keys, size_t count, WordHit* hits) {
  constexpr uint32_t kWideLanes = 16;
  const __m512i first_factor = _mm512_set1_epi32(static_cast<int>(kFirstOfPairFactor));
  const __m512i pair_factor = _mm512_set1_epi32(static_cast<int>(kPairFactor));
  const __m128i shift = _mm_cvtsi32_si128(static_cast<int>(filter.shift()));
  size_t found = 0;
  for (uint32_t i = 0; i < count; i += kWideLanes) {
    const __m512i key = _mm512_loadu_si512(keys + i);
    const __m512i previous = _mm512_loadu_si512(keys + i - 1);
    const __m512i pair =
        _mm512_mullo_epi32(_mm512_add_epi32(_mm512_mullo_epi32(previous, first_factor), key), pair_factor);
    const auto left = static_cast<uint32_t>(count - i);
    const uint32_t in_text = _bzhi_u32(~0U, left < kWideLanes ? left : kWideLanes);
    found += append_hits(may_hold_avx512(filter.blocks(), shift, key) & in_text,
                         may_hold_avx512(filter.blocks(), shift, pair) & in_text, i, kWideLanes, hits + found);
  }
  return found;
}

}  // namespace earshot::match
#endif
