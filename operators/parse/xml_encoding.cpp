#include "operators/parse/xml_encoding.h"

#include <fmt/format.h>
#include <simdjson.h>
#include <unicode/ucnv.h>

#include <algorithm>
#include <array>
#include <limits>

#include "operators/parse/post_writer.h"

namespace earshot::parse {
namespace {

struct ByteOrderMark {
  std::string_view bytes;
  const char* encoding;
};
using std::string_view_literals::operator""sv;
constexpr std::array<ByteOrderMark, 5> kMarks{{{"\xEF\xBB\xBF"sv, "UTF-8"},
                                               {"\xFF\xFE\0\0"sv, "UTF-32LE"},
                                               {"\0\0\xFE\xFF"sv, "UTF-32BE"},
                                               {"\xFF\xFE"sv, "UTF-16LE"},
                                               {"\xFE\xFF"sv, "UTF-16BE"}}};

// The name in <?xml … encoding="name"?>; empty when none is declared.
std::string declared_encoding(std::string_view xml) {
  constexpr size_t kLongestProlog = 256;
  std::string_view prolog = xml.substr(0, kLongestProlog);
  if (!prolog.starts_with("<?xml")) return {};
  prolog = prolog.substr(0, prolog.find("?>"));
  const size_t key = prolog.find("encoding");
  const size_t open = key == std::string_view::npos ? key : prolog.find_first_of("\"'", key);
  if (open == std::string_view::npos) return {};
  const size_t close = prolog.find(prolog[open], open + 1);
  return close == std::string_view::npos ? std::string() : std::string(prolog.substr(open + 1, close - open - 1));
}

// Writes `bytes` of the encoding as UTF-8; false when there is no such encoding.
bool convert(const std::string& encoding, std::string_view bytes, std::string& utf8) {
  UErrorCode error = U_ZERO_ERROR;
  constexpr size_t kMostBytesPerByte = 4;
  if (bytes.size() > std::numeric_limits<int32_t>::max() / kMostBytesPerByte) return false;
  utf8.resize(bytes.size() * kMostBytesPerByte + 16);
  const int32_t size = ucnv_convert("UTF-8", encoding.c_str(), utf8.data(), static_cast<int32_t>(utf8.size()),
                                    bytes.data(), static_cast<int32_t>(bytes.size()), &error);
  if (U_FAILURE(error)) return false;
  utf8.resize(static_cast<size_t>(size));
  return simdjson::validate_utf8(utf8.data(), utf8.size());
}

// Pages that say Latin-1 are written in Windows-1252, as every browser takes them.
std::string encoding_in_use(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  const bool is_latin1 = name.empty() || name == "utf-8" || name == "utf8" || name == "iso-8859-1" ||
                         name == "latin1" || name == "latin-1" || name == "us-ascii" || name == "ascii";
  return is_latin1 ? "windows-1252" : name;
}

}  // namespace

std::string_view xml_as_utf8(std::string_view xml, std::string& converted, std::string& fault) {
  for (const auto& [mark, encoding] : kMarks) {
    if (!xml.starts_with(mark)) continue;
    xml.remove_prefix(mark.size());
    if (encoding == std::string_view("UTF-8")) break;
    if (convert(encoding, xml, converted)) return converted;
    fault = fmt::format("the bytes are not {}, as their byte order mark says", encoding);
    return {};
  }
  if (simdjson::validate_utf8(xml.data(), xml.size())) return xml;
  const std::string encoding = encoding_in_use(declared_encoding(xml));
  if (convert(encoding, xml, converted)) return converted;
  fault = fmt::format("the encoding {} is not known", quoted(std::string_view(encoding)));
  return {};
}

}  // namespace earshot::parse
