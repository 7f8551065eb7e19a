// Digits: numbers as the platforms write them in ids.
#pragma once

#include <cstdint>
#include <string>

namespace earshot::generator {

// Lower-case digits in base 10 or 36, without leading zeros.
inline void append_digits(std::string& out, uint64_t value, uint32_t base) {
  char digits[20];
  size_t at = sizeof digits;
  do {
    digits[--at] = "0123456789abcdefghijklmnopqrstuvwxyz"[value % base];
    value /= base;
  } while (value != 0);
  out.append(digits + at, sizeof digits - at);
}

// The last `count` digits in Bluesky's sortable base 32.
inline void append_fixed_base32(std::string& out, uint64_t value, int count) {
  for (int i = count - 1; i >= 0; --i) out += "234567abcdefghijklmnopqrstuvwxyz"[value >> (5 * i) & 31];
}

}  // namespace earshot::generator
