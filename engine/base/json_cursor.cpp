#include "engine/base/json_cursor.h"

#include <array>
#include <bit>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace earshot {
namespace {

// 0: as it is; 'u': \u00XX; otherwise the letter after the backslash.
constexpr auto kEscapes = [] {
  std::array<char, 256> table{};
  for (size_t c = 0; c < 0x20; ++c) table[c] = 'u';
  table['"'] = '"';
  table['\\'] = '\\';
  table['\b'] = 'b';
  table['\f'] = 'f';
  table['\n'] = 'n';
  table['\r'] = 'r';
  table['\t'] = 't';
  return table;
}();

char* write_byte(char* at, char c) {
  constexpr std::string_view kHexDigits = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  const char escape = kEscapes[byte];
  if (escape == 0) {
    *at++ = c;
    return at;
  }
  *at++ = '\\';
  *at++ = escape;
  if (escape != 'u') return at;
  *at++ = '0';
  *at++ = '0';
  *at++ = kHexDigits[byte >> 4];
  *at++ = kHexDigits[byte & 15];
  return at;
}

}  // namespace

char* write_json_escaped(char* at, std::string_view text) {
  const char* next = text.data();
  const char* const end = next + text.size();
#if defined(__SSE2__)
  while (end - next >= 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(next));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(at), bytes);
    const __m128i below_space = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1F)), bytes);
    const __m128i marks =
        _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')));
    const auto found = static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(below_space, marks)));
    const int plain = found == 0 ? 16 : std::countr_zero(found);
    next += plain;
    at += plain;
    if (found != 0) at = write_byte(at, *next++);
  }
#endif
  while (next != end) at = write_byte(at, *next++);
  return at;
}

JsonCursor& JsonCursor::decimal_e4(int32_t number) {
  separate();
  if (number < 0) *at_++ = '-';
  const uint32_t magnitude = number < 0 ? 0 - static_cast<uint32_t>(number) : static_cast<uint32_t>(number);
  at_ = std::to_chars(at_, at_ + kNumberBytesMax, magnitude / 10000).ptr;
  *at_++ = '.';
  uint32_t rest = magnitude % 10000;
  for (int digit = 3; digit >= 0; --digit, rest /= 10) at_[digit] = static_cast<char>('0' + rest % 10);
  at_ += 4;
  return *this;
}

}  // namespace earshot
