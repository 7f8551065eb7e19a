#include "engine/text/ascii_run_x86.h"

#if defined(__x86_64__)
#include <immintrin.h>

#include <array>
#include <cstring>

namespace earshot {
namespace {

// For each mask of 8 bytes: the indices of the bytes kept, first to last.
alignas(64) constexpr std::array<uint64_t, 256> kCompaction = [] {
  std::array<uint64_t, 256> table{};
  for (uint32_t mask = 0; mask < 256; ++mask) {
    uint32_t at = 0;
    for (uint64_t i = 0; i < 8; ++i) {
      if ((mask >> i & 1U) != 0) table[mask] |= i << (8 * at++);
    }
  }
  return table;
}();

inline __m128i compaction(uint32_t mask) {
  return _mm_loadl_epi64(reinterpret_cast<const __m128i*>(&kCompaction[mask]));
}

// Of a block whose first `skip` bytes are already done: which bytes to keep and where it stops.
struct BlockMasks {
  uint64_t kept;
  uint32_t stop;  // bytes up to the first that is not ASCII
};

// `word` and `not_ascii` have a bit for each of `width` bytes.
inline BlockMasks block_masks(uint64_t word, uint64_t not_ascii, uint32_t width, uint32_t skip, bool is_after_word) {
  const uint64_t not_done = ~uint64_t{0} << skip;
  not_ascii &= not_done;
  const uint64_t before_stop = not_ascii != 0 ? (not_ascii & -not_ascii) - 1 : ~uint64_t{0} >> (64 - width);
  const uint64_t todo = before_stop & not_done;
  word &= todo;
  // The first separator after a word stays, as its space.
  const uint64_t after_word = word << 1 | static_cast<uint64_t>(is_after_word) << skip;
  return {(word | after_word) & todo, not_ascii != 0 ? static_cast<uint32_t>(__builtin_ctzll(not_ascii)) : width};
}

// The block that a kernel reads next: in place, or the text's last bytes again with those already done skipped, or a
// copy of a text shorter than a register. Nothing outside the text is read.
template <uint32_t kWidth>
struct Block {
  alignas(64) char copy[kWidth];
  const char* at;
  uint32_t skip = 0;
  uint32_t original_begin;

  explicit Block(const AsciiCursor& cursor) {
    const auto left = static_cast<size_t>(cursor.end - cursor.at);
    at = cursor.at;
    original_begin = static_cast<uint32_t>(cursor.at - cursor.begin);
    if (left >= kWidth) return;
    if (cursor.end - cursor.begin >= static_cast<std::ptrdiff_t>(kWidth)) {
      skip = kWidth - static_cast<uint32_t>(left);
      at = cursor.end - kWidth;
      original_begin -= skip;
      return;
    }
    std::memset(copy, 0, kWidth);
    std::memcpy(copy, cursor.at, left);
    at = copy;
  }
};

// Moves the cursor past a block; true when the run goes on.
inline bool advance(AsciiCursor& cursor, const BlockMasks& masks, uint32_t skip, uint32_t width) {
  cursor.at += masks.stop - skip;
  if (cursor.at > cursor.end) cursor.at = cursor.end;
  return masks.stop == width && cursor.at < cursor.end;
}

}  // namespace

__attribute__((target("ssse3,popcnt"))) void run_ascii_ssse3(AsciiCursor& caller) {
  AsciiCursor cursor = caller;  // kept in registers: bytes written might alias the caller's
  const __m128i lower_bit = _mm_set1_epi8(0x20);
  const __m128i letter_a = _mm_set1_epi8('a');
  const __m128i digit_0 = _mm_set1_epi8('0');
  const __m128i last_letter = _mm_set1_epi8(25);
  const __m128i last_digit = _mm_set1_epi8(9);
  bool goes_on = cursor.at < cursor.end;
  while (goes_on) {
    const Block<16> block(cursor);
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block.at));
    const __m128i letter = _mm_sub_epi8(_mm_or_si128(bytes, lower_bit), letter_a);
    const __m128i digit = _mm_sub_epi8(bytes, digit_0);
    const __m128i word = _mm_or_si128(_mm_cmpeq_epi8(_mm_min_epu8(letter, last_letter), letter),
                                      _mm_cmpeq_epi8(_mm_min_epu8(digit, last_digit), digit));
    const auto word_mask = static_cast<uint32_t>(_mm_movemask_epi8(word));
    const auto not_ascii = static_cast<uint32_t>(_mm_movemask_epi8(bytes));
    const BlockMasks masks = block_masks(word_mask, not_ascii, 16, block.skip, cursor.out[-1] != ' ');
    const __m128i folded = _mm_or_si128(_mm_and_si128(bytes, word), lower_bit);
    cursor.positions->push({static_cast<uint32_t>(cursor.out - cursor.out_begin), block.original_begin, masks.kept, 0});
    const uint32_t low = masks.kept & 0xFFU;
    const uint32_t high = masks.kept >> 8 & 0xFFU;
    _mm_storel_epi64(reinterpret_cast<__m128i*>(cursor.out), _mm_shuffle_epi8(folded, compaction(low)));
    cursor.out += _mm_popcnt_u32(low);
    _mm_storel_epi64(reinterpret_cast<__m128i*>(cursor.out),
                     _mm_shuffle_epi8(_mm_unpackhi_epi64(folded, folded), compaction(high)));
    cursor.out += _mm_popcnt_u32(high);
    goes_on = advance(cursor, masks, block.skip, 16);
  }
  caller = cursor;
}

__attribute__((target("avx2,bmi,popcnt"))) void run_ascii_avx2(AsciiCursor& caller) {
  AsciiCursor cursor = caller;  // kept in registers: bytes written might alias the caller's
  const __m256i lower_bit = _mm256_set1_epi8(0x20);
  const __m256i letter_a = _mm256_set1_epi8('a');
  const __m256i digit_0 = _mm256_set1_epi8('0');
  const __m256i last_letter = _mm256_set1_epi8(25);
  const __m256i last_digit = _mm256_set1_epi8(9);
  bool goes_on = cursor.at < cursor.end;
  while (goes_on) {
    const Block<32> block(cursor);
    const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(block.at));
    const __m256i letter = _mm256_sub_epi8(_mm256_or_si256(bytes, lower_bit), letter_a);
    const __m256i digit = _mm256_sub_epi8(bytes, digit_0);
    const __m256i word = _mm256_or_si256(_mm256_cmpeq_epi8(_mm256_min_epu8(letter, last_letter), letter),
                                         _mm256_cmpeq_epi8(_mm256_min_epu8(digit, last_digit), digit));
    const auto word_mask = static_cast<uint32_t>(_mm256_movemask_epi8(word));
    const auto not_ascii = static_cast<uint32_t>(_mm256_movemask_epi8(bytes));
    const BlockMasks masks = block_masks(word_mask, not_ascii, 32, block.skip, cursor.out[-1] != ' ');
    const __m256i folded = _mm256_or_si256(_mm256_and_si256(bytes, word), lower_bit);
    cursor.positions->push({static_cast<uint32_t>(cursor.out - cursor.out_begin), block.original_begin, masks.kept, 0});
    const __m128i quarters[4] = {
        _mm256_castsi256_si128(folded),
        _mm_unpackhi_epi64(_mm256_castsi256_si128(folded), _mm256_castsi256_si128(folded)),
        _mm256_extracti128_si256(folded, 1),
        _mm_unpackhi_epi64(_mm256_extracti128_si256(folded, 1), _mm256_extracti128_si256(folded, 1))};
    const auto kept = static_cast<uint32_t>(masks.kept);
    for (uint32_t quarter = 0; quarter < 4; ++quarter) {
      const uint32_t mask = kept >> (8 * quarter) & 0xFFU;
      _mm_storel_epi64(reinterpret_cast<__m128i*>(cursor.out), _mm_shuffle_epi8(quarters[quarter], compaction(mask)));
      cursor.out += _mm_popcnt_u32(mask);
    }
    goes_on = advance(cursor, masks, block.skip, 32);
  }
  caller = cursor;
}

__attribute__((target("avx512f,avx512bw,avx512vbmi2,bmi,popcnt"))) void run_ascii_avx512(AsciiCursor& caller) {
  AsciiCursor cursor = caller;  // kept in registers: bytes written might alias the caller's
  const __m512i lower_bit = _mm512_set1_epi8(0x20);
  while (cursor.at < cursor.end) {
    const auto left = static_cast<uint64_t>(cursor.end - cursor.at);
    const uint64_t in_text = left >= 64 ? ~uint64_t{0} : (uint64_t{1} << left) - 1;
    const __m512i bytes = _mm512_maskz_loadu_epi8(in_text, cursor.at);
    const __m512i lowered = _mm512_or_si512(bytes, lower_bit);
    const uint64_t word =
        _mm512_cmplt_epu8_mask(_mm512_sub_epi8(lowered, _mm512_set1_epi8('a')), _mm512_set1_epi8(26)) |
        _mm512_cmplt_epu8_mask(_mm512_sub_epi8(bytes, _mm512_set1_epi8('0')), _mm512_set1_epi8(10));
    const uint64_t not_ascii = _mm512_movepi8_mask(bytes);
    const BlockMasks masks = block_masks(word, not_ascii | ~in_text, 64, 0, cursor.out[-1] != ' ');
    const __m512i folded = _mm512_mask_mov_epi8(lower_bit, word, lowered);
    cursor.positions->push({static_cast<uint32_t>(cursor.out - cursor.out_begin),
                            static_cast<uint32_t>(cursor.at - cursor.begin), masks.kept, 0});
    _mm512_storeu_si512(cursor.out, _mm512_maskz_compress_epi8(masks.kept, folded));
    cursor.out += _mm_popcnt_u64(masks.kept);
    cursor.at += masks.stop;
    if (not_ascii != 0) break;
  }
  caller = cursor;
}

}  // namespace earshot
#endif
