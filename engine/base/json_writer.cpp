#include "engine/base/json_writer.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstring>

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

// True when one of the eight bytes is a quote, a backslash or below 0x20 (bit tricks of "Bit Twiddling Hacks",
// Anderson).
inline bool needs_escape(uint64_t word) {
  constexpr uint64_t ones = 0x0101010101010101ULL;
  constexpr uint64_t highs = 0x8080808080808080ULL;
  const auto has_zero = [](uint64_t x) { return (x - ones) & ~x & highs; };
  const uint64_t below_space = (word - ones * 0x20) & ~word & highs;
  return (below_space | has_zero(word ^ (ones * '"')) | has_zero(word ^ (ones * '\\'))) != 0;
}

size_t plain_prefix(const char* at, size_t size) {
  size_t i = 0;
  for (; i + 8 <= size; i += 8) {
    uint64_t word;
    std::memcpy(&word, at + i, 8);
    if (needs_escape(word)) break;
  }
  while (i < size && kEscapes[static_cast<unsigned char>(at[i])] == 0) ++i;
  return i;
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out.push_back('"');
  while (!text.empty()) {
    const size_t plain = plain_prefix(text.data(), text.size());
    out.append(text.data(), plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    const auto byte = static_cast<unsigned char>(text.front());
    const char escape = kEscapes[byte];
    if (escape == 'u') {
      fmt::format_to(std::back_inserter(out), FMT_COMPILE("\\u{:04x}"), byte);
    } else {
      out.push_back('\\');
      out.push_back(escape);
    }
    text.remove_prefix(1);
  }
  out.push_back('"');
}

JsonWriter& JsonWriter::integer(int64_t number) {
  separate();
  const fmt::format_int digits(number);
  out_.append(digits.data(), digits.size());
  return *this;
}

JsonWriter& JsonWriter::unsigned_integer(uint64_t number) {
  separate();
  const fmt::format_int digits(number);
  out_.append(digits.data(), digits.size());
  return *this;
}

JsonWriter& JsonWriter::decimal(double number, int digits) {
  if (!std::isfinite(number)) return null();
  separate();
  fmt::format_to(std::back_inserter(out_), FMT_COMPILE("{:.{}f}"), number, digits);
  return *this;
}

JsonWriter& JsonWriter::boolean(bool truth) {
  return raw(truth ? "true" : "false");
}
JsonWriter& JsonWriter::null() {
  return raw("null");
}

JsonWriter& JsonWriter::begin_raw_string() {
  separate();
  out_.push_back('"');
  return *this;
}

JsonWriter& JsonWriter::begin_raw_value() {
  separate();
  return *this;
}

JsonWriter& JsonWriter::end_raw_string() {
  out_.push_back('"');
  return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  separate();
  out_.append(json);
  return *this;
}

}  // namespace earshot
