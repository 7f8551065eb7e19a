// ForeignRule: one rule of another platform as its file has it, with the way back from a byte of the rule to line and
// column of the file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

namespace earshot::import {

enum class Language : uint8_t { kPowertrack, kBrandwatch, kCsdl };

struct ForeignRule {
  std::string name;   // as the file says; empty when it says none
  std::string query;  // of the other language
  std::vector<std::string> tags;
  size_t file_offset = 0;       // of the query's first byte
  bool is_json_string = false;  // the file has it escaped
};

// Line and column, both from 1; a column is a character.
struct TextPlace {
  int line = 1;
  int column = 1;
};
TextPlace place_of(std::string_view content, const ForeignRule& rule, size_t query_offset);
TextPlace place_of(std::string_view content, size_t offset);

// The rules of a file:
//   PowerTrack  a rule on each line, or the JSON of the rules endpoint ({"rules":[{"value":…,"tag":…}]})
//   Brandwatch  one query, or JSON objects with "booleanQuery" (or "query") and "name"
//   CSDL        one definition
// Errors name line and column: no rule, JSON that is none, text that is not UTF-8.
Result<std::vector<ForeignRule>> read_foreign_rules(Language language, const std::string& file,
                                                    std::string_view content);

}  // namespace earshot::import
