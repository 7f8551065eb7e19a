#include "operators/parse/json_unescape.h"

#include <cstdint>
#include <cstring>

namespace earshot::parse {
namespace {

constexpr uint32_t kNotHex = 0x10000;

uint32_t hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<uint32_t>(c - '0');
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? static_cast<uint32_t>(lower - 'a' + 10) : kNotHex;
}

// The number behind "\u", or kNotHex and more.
uint32_t code_unit(const char* at, const char* end) {
  if (end - at < 4) return kNotHex;
  uint32_t unit = 0;
  for (int i = 0; i < 4; ++i) {
    const uint32_t digit = hex_digit(at[i]);
    if (digit == kNotHex) return kNotHex;
    unit = unit << 4 | digit;
  }
  return unit;
}

char* write_utf8(char* out, uint32_t code_point) {
  const auto tail = [code_point](int shift) { return static_cast<char>(0x80 | ((code_point >> shift) & 0x3F)); };
  if (code_point < 0x80) {
    *out++ = static_cast<char>(code_point);
  } else if (code_point < 0x800) {
    *out++ = static_cast<char>(0xC0 | code_point >> 6);
    *out++ = tail(0);
  } else if (code_point < 0x10000) {
    *out++ = static_cast<char>(0xE0 | code_point >> 12);
    *out++ = tail(6);
    *out++ = tail(0);
  } else {
    *out++ = static_cast<char>(0xF0 | code_point >> 18);
    *out++ = tail(12);
    *out++ = tail(6);
    *out++ = tail(0);
  }
  return out;
}

// Takes what follows "\u" from `at`; false when it is no character.
bool take_code_point(const char*& at, const char* end, char*& out) {
  uint32_t code_point = code_unit(at, end);
  if (code_point >= kNotHex) return false;
  at += 4;
  if (code_point >= 0xD800 && code_point < 0xE000) {
    const bool has_pair = code_point < 0xDC00 && end - at >= 6 && at[0] == '\\' && at[1] == 'u';
    const uint32_t low = has_pair ? code_unit(at + 2, end) : kNotHex;
    if (low < 0xDC00 || low > 0xDFFF) return false;
    at += 6;
    code_point = 0x10000 + ((code_point - 0xD800) << 10 | (low - 0xDC00));
  }
  out = write_utf8(out, code_point);
  return true;
}

// What the character behind a backslash stands for; '\0' when it is none of the simple ones.
char simple_escape(char c) {
  switch (c) {
    case '"':
    case '\\':
    case '/':
      return c;
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case 'r':
      return '\r';
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    default:
      return '\0';
  }
}

}  // namespace

char* unescape_json(char* begin, char* end) {
  const char* at = static_cast<const char*>(std::memchr(begin, '\\', static_cast<size_t>(end - begin)));
  if (at == nullptr) return end;
  char* out = begin + (at - begin);
  while (at < end) {
    // Here a backslash stands at `at`.
    if (end - at < 2) return nullptr;
    const char escape = at[1];
    at += 2;
    if (const char plain = simple_escape(escape); plain != '\0') {
      *out++ = plain;
    } else if (escape != 'u' || !take_code_point(at, end, out)) {
      return nullptr;
    }
    const void* const next = std::memchr(at, '\\', static_cast<size_t>(end - at));
    const char* const plain_end = next == nullptr ? end : static_cast<const char*>(next);
    const auto plain_bytes = static_cast<size_t>(plain_end - at);
    std::memmove(out, at, plain_bytes);
    out += plain_bytes;
    at = plain_end;
  }
  return out;
}

}  // namespace earshot::parse
