#include "operators/match/query.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/text/utf8.h"

namespace earshot::match {

Result<void> check_query_bytes(std::string_view query, const QueryOrigin& origin) {
  if (query.size() > kQueryBytesMax) {
    return error_in_query(query, origin, 0,
                          fmt::format("the query has {} bytes; the most is {}. Split it into several "
                                      "listeners",
                                      query.size(), kQueryBytesMax));
  }
  for (size_t at = 0; at < query.size();) {
    const CodePoint code_point = decode_utf8(query.data() + at, query.data() + query.size());
    if (code_point.value == kNotUtf8)
      return error_in_query(query, origin, at, "this byte is not UTF-8; save the file as UTF-8");
    at += code_point.length;
  }
  return {};
}

size_t count_terms(const QueryNode& node) {
  if (node.children.empty()) return 1;
  size_t count = 0;
  for (const QueryNode& child : node.children) count += count_terms(child);
  return count;
}

Error error_in_query(std::string_view query, const QueryOrigin& origin, size_t offset, std::string message) {
  int line = std::max(origin.line, 1);
  int column = std::max(origin.column, 1);
  const std::string_view file = origin.file.empty() ? "query" : std::string_view(origin.file);
  const auto count_characters = [](std::string_view text) {
    return static_cast<int>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
  };
  const std::string_view before = query.substr(0, offset);
  if (origin.is_verbatim) {
    const size_t last_break = before.rfind('\n');
    line += static_cast<int>(std::count(before.begin(), before.end(), '\n'));
    column += count_characters(last_break == std::string_view::npos ? before : before.substr(last_break + 1));
  } else {
    message += fmt::format(" (at character {} of the query)", count_characters(before) + 1);
  }
  return invalid(std::move(message), fmt::format("{}:{}:{}", file, line, column));
}

void append_lowered(std::string& out, std::string_view text) {
  for (const char c : text) out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

}  // namespace earshot::match
