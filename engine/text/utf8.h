// Decodes UTF-8 strictly: what is malformed (overlong, surrogate, cut off) is one bad byte at a time, never read past
// the end.
#pragma once

#include <cstdint>

namespace earshot {

struct CodePoint {
  uint32_t value;   // kNotUtf8 when the byte begins no well-formed sequence
  uint32_t length;  // bytes, 1 to 4; 1 when malformed
};

inline constexpr uint32_t kNotUtf8 = 0xFFFFFFFFU;

// Precondition: at < end.
inline CodePoint decode_utf8(const char* at, const char* end) {
  const auto byte = [at](int i) { return static_cast<uint32_t>(static_cast<unsigned char>(at[i])); };
  const auto is_tail = [](uint32_t b) { return (b & 0xC0U) == 0x80U; };
  const auto left = end - at;
  const uint32_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  if (lead < 0xE0) {
    if (lead < 0xC2 || left < 2 || !is_tail(byte(1))) return {kNotUtf8, 1};
    return {(lead & 0x1FU) << 6 | (byte(1) & 0x3FU), 2};
  }
  if (lead < 0xF0) {
    if (left < 3 || !is_tail(byte(1)) || !is_tail(byte(2))) return {kNotUtf8, 1};
    const uint32_t value = (lead & 0x0FU) << 12 | (byte(1) & 0x3FU) << 6 | (byte(2) & 0x3FU);
    if (value < 0x800 || (value >= 0xD800 && value <= 0xDFFF)) return {kNotUtf8, 1};
    return {value, 3};
  }
  if (lead > 0xF4 || left < 4 || !is_tail(byte(1)) || !is_tail(byte(2)) || !is_tail(byte(3))) return {kNotUtf8, 1};
  const uint32_t value = (lead & 0x07U) << 18 | (byte(1) & 0x3FU) << 12 | (byte(2) & 0x3FU) << 6 | (byte(3) & 0x3FU);
  if (value < 0x10000 || value > 0x10FFFF) return {kNotUtf8, 1};
  return {value, 4};
}

}  // namespace earshot
