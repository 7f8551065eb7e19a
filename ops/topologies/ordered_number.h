// A number as eight bytes of a key, big-endian, so that the store's order is that of the numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace earshot {

inline constexpr size_t kOrderedNumberBytes = 8;

inline void append_ordered_number(std::string& out, uint64_t number) {
  for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<char>((number >> shift) & 0xFF));
}

// Of the first eight bytes.
inline uint64_t read_ordered_number(std::string_view bytes) {
  uint64_t number = 0;
  for (const char byte : bytes.substr(0, kOrderedNumberBytes)) number = number << 8 | static_cast<unsigned char>(byte);
  return number;
}

}  // namespace earshot
