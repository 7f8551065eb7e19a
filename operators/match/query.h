// Query: what a listener's query says, as a tree. docs/rules.md is the reference of the language.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/text/text_normaliser.h"
#include "schemas/listener.h"

namespace earshot::match {

inline constexpr size_t kQueryBytesMax = 64 * 1024;
inline constexpr size_t kTermsMax = 4096;      // words, phrases and fields of one query
inline constexpr int kNestingMax = 64;         // of parentheses and negations
inline constexpr size_t kTermBytesMax = 1024;  // of one normalised phrase or field value

struct QueryNode {
  enum class Kind : uint8_t {
    kAnd,     // two or more children
    kOr,      // two or more children
    kNot,     // one child
    kPhrase,  // a word is a phrase of one word
    kFrom,
    kLang,
    kCondition,  // on another column
    kNear,       // two phrases as children: at most `words_between_max` words between, the first one first if ordered
    kAllNear,    // words as children: at most `words_between_max` others in the stretch that has them
  };
  Kind kind = Kind::kPhrase;
  uint32_t begin = 0;  // where it stands in the query, in bytes, without parentheses around it
  uint32_t end = 0;
  std::string_view text;  // of a term: as written, without quotes and field name; a view into the query
  std::string value;      // of a term: phrase as " word word ", pattern as "wor*", handle or tag in small letters,
                          // "field:value"
  std::vector<QueryNode> children;  // of the others
  uint32_t words_between_max = 0;
  bool is_ordered = false;
};

// Parses a query. The tree's views point into `query`. Errors name the place, what was expected and what to write
// instead.
Result<QueryNode> parse_query(std::string_view query, const QueryOrigin& origin, const TextNormaliser& normaliser);

// An error at byte `offset` of the query: file, line and column, as well as the origin knows them.
Error error_in_query(std::string_view query, const QueryOrigin& origin, size_t offset, std::string message);

// A to Z as a to z, other bytes as they are: how handles and language tags are compared.
void append_lowered(std::string& out, std::string_view text);

}  // namespace earshot::match
