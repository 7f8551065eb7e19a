// The beginning of a text that has room somewhere.
#pragma once

#include <cstddef>
#include <string_view>

namespace earshot {

// At most `bytes_max` bytes of the text, ending where a character ends.
inline std::string_view utf8_prefix(std::string_view text, size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

}  // namespace earshot
