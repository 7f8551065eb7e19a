// QueryLexer: cuts a query into tokens. Signs that other query languages give a meaning are errors, not silently
// dropped.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "schemas/listener.h"

namespace earshot::match {

struct QueryToken {
  enum class Kind : uint8_t {
    kEnd,
    kWord,
    kPhrase,
    kCased,  // {…}
    kRegex,  // /…/
    kField,
    kMarks,  // […]
    kAnd,
    kOr,
    kNot,
    kMinus,
    kNear,
    kOpen,
    kClose
  };
  Kind kind = Kind::kEnd;
  uint32_t begin = 0;  // bytes of the query
  uint32_t end = 0;
  std::string_view field;  // of kField: its name; of kRegex: its flags
  std::string_view text;   // of a term: what is between the signs around it, or the value; of kMarks the same
  std::optional<uint32_t> words_between_max;  // of kNear, and of a phrase that has "~N" after it
  bool is_ordered = false;                    // of kNear: ONEAR
  bool is_quoted = false;                     // of kField: its value
};

class QueryLexer {
 public:
  QueryLexer(std::string_view query, const QueryOrigin& origin) : query_(query), origin_(origin) {}

  // The next token; kEnd at the end, again and again.
  Result<QueryToken> next();

 private:
  Result<QueryToken> phrase(size_t begin);
  Result<QueryToken> cased(size_t begin);
  Result<QueryToken> regex(size_t begin);
  Result<QueryToken> marks(size_t begin);
  Result<QueryToken> word(size_t begin);
  Result<QueryToken> near(size_t begin, std::string_view word);
  Result<uint32_t> words_between(size_t begin, std::string_view digits) const;
  Result<QueryToken> field(size_t begin, size_t colon);
  [[nodiscard]] QueryToken token(QueryToken::Kind kind, size_t begin, std::string_view text) const;
  [[nodiscard]] std::string refusal_of_word(std::string_view word) const;
  [[nodiscard]] Error error(size_t offset, std::string message) const;

  std::string_view query_;
  const QueryOrigin& origin_;
  size_t at_ = 0;
};

}  // namespace earshot::match
