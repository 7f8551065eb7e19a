#include "engine/config/text_check.h"

#include <cstdio>

namespace earshot {
namespace {

// Bytes of the UTF-8 sequence at the start of `bytes`; 0 when it is broken, overlong, a surrogate or past U+10FFFF.
size_t utf8_sequence_length(std::string_view bytes) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || bytes.size() < length) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  const unsigned char second = byte(1);
  if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) || (lead == 0xF0 && second < 0x90) ||
      (lead == 0xF4 && second > 0x8F)) {
    return 0;
  }
  return length;
}

bool is_forbidden_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7F;
}

}  // namespace

std::optional<ConfigError> find_non_text(std::string_view bytes) {
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) {
    return ConfigError{{}, "", "the file is UTF-16; save it as UTF-8"};
  }
  ConfigPosition position;
  while (!bytes.empty()) {
    const size_t length = utf8_sequence_length(bytes);
    if (length == 0) return ConfigError{position, "", "this byte is not UTF-8; save the file as UTF-8"};
    if (length == 1 && is_forbidden_control(bytes[0])) {
      char code[8];
      std::snprintf(code, sizeof code, "U+%04X", static_cast<unsigned>(static_cast<unsigned char>(bytes[0])));
      return ConfigError{position, "", std::string("control character ") + code + " is not allowed"};
    }
    position =
        bytes[0] == '\n' ? ConfigPosition{position.line + 1, 1} : ConfigPosition{position.line, position.column + 1};
    bytes.remove_prefix(length);
  }
  return std::nullopt;
}

}  // namespace earshot
