#include "engine/base/json_writer.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/base/json_cursor.h"

namespace earshot {

void append_json_string(std::string& out, std::string_view text) {
  constexpr size_t kPieceBytes = 256;
  std::array<char, JsonCursor::string_bytes_max(std::string_view("", 0)) + 6 * kPieceBytes> written;
  out.push_back('"');
  for (; !text.empty(); text.remove_prefix(std::min(kPieceBytes, text.size()))) {
    const char* end = write_json_escaped(written.data(), text.substr(0, kPieceBytes));
    out.append(written.data(), static_cast<size_t>(end - written.data()));
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
