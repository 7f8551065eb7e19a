#include "ops/import/foreign_rule.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <utility>

namespace earshot::import {
namespace {

namespace ondemand = simdjson::ondemand;

std::string where(const std::string& file, TextPlace place) {
  return fmt::format("{}:{}:{}", file, place.line, place.column);
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

std::string_view trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return text.substr(0, 0);
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

size_t hex_value(std::string_view digits) {
  size_t value = 0;
  for (const char c : digits) {
    value = value * 16 + static_cast<size_t>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
  }
  return value;
}

size_t utf8_length(size_t code_point) {
  return code_point < 0x80 ? 1 : code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
}

// Bytes of a JSON string's text before which `decoded` bytes of the string come. The string is known to be sound.
size_t escaped_length(std::string_view text, size_t decoded) {
  size_t at = 0;
  for (size_t passed = 0; passed < decoded && at < text.size();) {
    if (text[at] != '\\') {
      ++at;
      ++passed;
      continue;
    }
    if (text[at + 1] != 'u') {
      at += 2;
      ++passed;
      continue;
    }
    const size_t unit = hex_value(text.substr(at + 2, 4));
    const bool is_pair = unit >= 0xD800 && unit < 0xDC00;
    at += is_pair ? 12 : 6;
    passed += is_pair ? 4 : utf8_length(unit);
  }
  return at;
}

// Takes rules from whatever JSON holds them: objects with one of the members that name a query, at any depth.
class JsonRules {
 public:
  explicit JsonRules(Language language) : language_(language) {}

  // What is read from now on is `json`, which begins at that byte of the file.
  void begin_document(std::string_view json, size_t file_offset) {
    json_ = json;
    json_offset_ = file_offset;
  }

  simdjson::error_code read(ondemand::value value, int depth) {
    constexpr int kDepthMax = 8;  // lists of lists of rules have no meaning
    if (depth > kDepthMax) return simdjson::DEPTH_ERROR;
    ondemand::json_type type{};
    if (const auto error = value.type().get(type)) return error;
    if (type == ondemand::json_type::array) {
      ondemand::array array;
      if (const auto error = value.get_array().get(array)) return error;
      for (auto element : array) {
        ondemand::value each;
        if (const auto error = std::move(element).get(each)) return error;
        if (const auto error = read(each, depth + 1)) return error;
      }
    } else if (type == ondemand::json_type::object) {
      ondemand::object object;
      if (const auto error = value.get_object().get(object)) return error;
      return read_object(object, depth);
    }
    return simdjson::SUCCESS;
  }

  std::vector<ForeignRule> rules;

 private:
  [[nodiscard]] bool names_query(std::string_view key) const {
    if (language_ == Language::kPowertrack) return key == "value";
    if (language_ == Language::kBrandwatch) return key == "booleanQuery" || key == "query";
    return key == "csdl" || key == "definition";
  }

  simdjson::error_code read_object(ondemand::object object, int depth) {
    ForeignRule rule;
    bool has_query = false;
    for (auto field : object) {
      std::string_view key;
      if (const auto error = field.unescaped_key().get(key)) return error;
      const bool is_query = names_query(key);
      const bool is_tag = key == "tag";
      const bool is_name = key == "name";
      ondemand::value value;
      if (const auto error = field.value().get(value)) return error;
      ondemand::json_type type{};
      if (const auto error = value.type().get(type)) return error;
      if (type != ondemand::json_type::string) {
        if (const auto error = read(value, depth + 1)) return error;
        continue;
      }
      const std::string_view token = value.raw_json_token();
      std::string_view text;
      if (const auto error = value.get_string().get(text)) return error;
      if (is_query) {
        has_query = true;
        rule.query = text;
        rule.file_offset = json_offset_ + static_cast<size_t>(token.data() - json_.data()) + 1;
        rule.is_json_string = true;
      } else if (is_tag && !text.empty()) {
        rule.tags.emplace_back(text);
      } else if (is_name) {
        rule.name = text;
      }
    }
    if (has_query) rules.push_back(std::move(rule));
    return simdjson::SUCCESS;
  }

  Language language_;
  std::string_view json_;
  size_t json_offset_ = 0;
};

// The first document of content[begin, end); answers where it ends.
Result<size_t> read_document(JsonRules& found, const std::string& file, std::string_view content, size_t begin,
                             size_t end) {
  const simdjson::padded_string padded(content.substr(begin, end - begin));
  ondemand::parser parser;
  ondemand::document document;
  ondemand::value root;
  found.begin_document(padded, begin);
  auto error = parser.iterate(padded).get(document);
  if (!error) error = document.get_value().get(root);
  if (!error) error = found.read(root, 0);
  const char* at = nullptr;
  const bool goes_on = document.current_location().get(at) == simdjson::SUCCESS;
  const size_t offset = std::min(begin + (goes_on ? static_cast<size_t>(at - padded.data()) : size_t{0}), end);
  if (!error) return goes_on ? offset : end;
  return invalid(fmt::format("the JSON cannot be read: {}", simdjson::error_message(error)),
                 where(file, place_of(content, offset)));
}

// One document, or an object a line as exports of many have them.
Result<std::vector<ForeignRule>> read_json(Language language, const std::string& file, std::string_view content) {
  JsonRules found(language);
  auto at = read_document(found, file, content, 0, content.size());
  while (at && *at < content.size() && !is_blank(content.substr(*at))) {
    const size_t begin = content.find_first_not_of(" \t\r\n", *at);
    at = read_document(found, file, content, begin, std::min(content.find('\n', begin), content.size()));
  }
  if (!at) return at.error();
  // A rule within another's members was gathered before it.
  std::ranges::sort(found.rules, {}, &ForeignRule::file_offset);
  return std::move(found.rules);
}

std::vector<ForeignRule> read_lines(std::string_view content, size_t first) {
  std::vector<ForeignRule> rules;
  for (size_t begin = first; begin < content.size();) {
    const size_t end = std::min(content.find('\n', begin), content.size());
    const std::string_view line = trimmed(content.substr(begin, end - begin));
    if (!line.empty()) {
      rules.push_back({.query = std::string(line), .file_offset = static_cast<size_t>(line.data() - content.data())});
    }
    begin = end + 1;
  }
  return rules;
}

}  // namespace

TextPlace place_of(std::string_view content, size_t offset) {
  const std::string_view before = content.substr(0, offset);
  const size_t last_break = before.rfind('\n');
  const std::string_view line = last_break == std::string_view::npos ? before : before.substr(last_break + 1);
  const auto characters = std::ranges::count_if(line, [](char c) { return (c & 0xC0) != 0x80; });
  return {static_cast<int>(std::ranges::count(before, '\n')) + 1, static_cast<int>(characters) + 1};
}

TextPlace place_of(std::string_view content, const ForeignRule& rule, size_t query_offset) {
  const size_t within =
      rule.is_json_string ? escaped_length(content.substr(rule.file_offset), query_offset) : query_offset;
  return place_of(content, std::min(rule.file_offset + within, content.size()));
}

Result<std::vector<ForeignRule>> read_foreign_rules(Language language, const std::string& file,
                                                    std::string_view content) {
  constexpr size_t kFileBytesMax = size_t{64} << 20;
  if (content.size() > kFileBytesMax) {
    return invalid(fmt::format("the file has {} bytes; the most is {}", content.size(), kFileBytesMax), file);
  }
  if (!simdjson::validate_utf8(content.data(), content.size())) {
    return invalid("the file is not UTF-8", file);
  }
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  const size_t first = content.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  if (is_blank(content.substr(first))) return invalid("the file holds no rule", file);
  const std::string_view text = trimmed(content.substr(first));
  // `[` and `{` begin a CSDL or Brandwatch text nowhere but in a word in braces, which ends on the same word.
  const bool is_json = text.front() == '[' || (text.front() == '{' && text.find('"') != std::string_view::npos &&
                                               trimmed(text.substr(1)).starts_with('"'));
  if (is_json) {
    auto rules = read_json(language, file, content.substr(first));
    if (!rules) return rules;
    for (ForeignRule& rule : *rules) rule.file_offset += first;
    if (rules->empty()) return invalid("the JSON holds no rule of this language", file);
    return rules;
  }
  if (language == Language::kPowertrack) return read_lines(content, first);
  return std::vector{
      ForeignRule{.query = std::string(text), .file_offset = static_cast<size_t>(text.data() - content.data())}};
}

}  // namespace earshot::import
