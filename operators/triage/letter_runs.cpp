#include "operators/triage/letter_runs.h"

#include <array>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace earshot::triage {
namespace {

constexpr size_t kBlock = 64;

#if defined(__SSE2__)

__m128i in_range(__m128i bytes, char first, int count) {
  const __m128i shifted = _mm_add_epi8(bytes, _mm_set1_epi8(static_cast<char>(-128 - first)));
  return _mm_cmplt_epi8(shifted, _mm_set1_epi8(static_cast<char>(-128 + count)));
}

__m128i equal_to(__m128i bytes, char value) {
  return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(value));
}

uint64_t letters_of(const char* block) {
  uint64_t letters = 0;
  for (int i = 0; i < static_cast<int>(kBlock); i += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block + i));
    const __m128i ascii = _mm_or_si128(in_range(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), 'a', 26),
                                       _mm_or_si128(in_range(bytes, '0', 10), equal_to(bytes, '_')));
    const __m128i symbol = _mm_or_si128(equal_to(bytes, '\xE2'), equal_to(bytes, '\xF0'));
    const __m128i outside = _mm_andnot_si128(symbol, _mm_cmplt_epi8(bytes, _mm_setzero_si128()));
    letters |= static_cast<uint64_t>(static_cast<uint32_t>(_mm_movemask_epi8(_mm_or_si128(ascii, outside)))) << i;
  }
  return letters;
}

#else

uint64_t letters_of(const char* block) {
  uint64_t letters = 0;
  for (size_t i = 0; i < kBlock; ++i) {
    const auto c = static_cast<uint8_t>(block[i]);
    const bool is_letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
    const bool is_outside = c >= 0x80 && c != 0xE2 && c != 0xF0;
    if (is_letter || is_outside || (c >= '0' && c <= '9') || c == '_') letters |= uint64_t{1} << i;
  }
  return letters;
}

#endif

}  // namespace

void LetterRuns::mark(std::string_view text) {
  const size_t whole = text.size() / kBlock;
  if (bits_.size() < whole + 2) bits_.resize(whole + 2);
  for (size_t block = 0; block < whole; ++block) bits_[block] = letters_of(text.data() + block * kBlock);
  std::array<char, kBlock> padded{};
  if (text.size() > whole * kBlock) {
    std::memcpy(padded.data(), text.data() + whole * kBlock, text.size() - whole * kBlock);
  }
  bits_[whole] = letters_of(padded.data());
  bits_[whole + 1] = 0;
}

}  // namespace earshot::triage
