// Query: what a listener's query says, as a tree. docs/rules.md is the reference of the language.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/text/text_normaliser.h"
#include "operators/match/text_source.h"
#include "schemas/listener.h"

namespace earshot::match {

inline constexpr size_t kQueryBytesMax = 64 * 1024;
inline constexpr size_t kTermsMax = 4096;            // words, phrases and fields that one query writes
inline constexpr size_t kExpandedTermsMax = 65'536;  // the same once macros and lists stand for what they hold
inline constexpr int kNestingMax = 64;               // of parentheses, negations and macros
inline constexpr size_t kTermBytesMax = 1024;        // of one normalised phrase or field value
inline constexpr size_t kTagsMax = 64;               // of one clause
inline constexpr size_t kTagBytesMax = 100;
inline constexpr int64_t kWeightMax = 1'000'000;

struct QueryNode {
  enum class Kind : uint8_t {
    kAnd,     // two or more children
    kOr,      // one or more children
    kNot,     // one child
    kPhrase,  // a word is a phrase of one word
    kFrom,
    kLang,
    kCondition,    // on another column
    kNear,         // two phrases as children: at most `words_between_max` words between, the first one first if ordered
    kAllNear,      // words as children: at most `words_between_max` others in the stretch that has them
    kSubstring,    // letters anywhere in the folded text
    kRegex,        // on the text as written
    kFieldPhrase,  // a phrase within another text of the post: `source`
  };
  // What a phrase asks of the text as written, beside its folded words.
  enum class Form : uint8_t {
    kFolded,    // nothing
    kCased,     // its words byte by byte
    kHashtag,   // that it is the whole of a hashtag, or of one of the post's hashtags
    kMention,   // that it is the name after an '@'
    kCashtag,   // that it is the name after a '$'
    kSequence,  // that its emoji are joined as here
  };
  Kind kind = Kind::kPhrase;
  uint32_t begin = 0;  // where it stands in the query, in bytes, without parentheses around it; of what a macro or list
  uint32_t end = 0;    // holds: where the query names that
  std::string_view text;  // of a term: as written, without quotes and field name; a view into query, macro or list
  std::string value;      // of a term: phrase as " word word ", pattern as "wor*", handle or tag in small letters,
                          // "field:value", a regex as "flags/expression"
  std::vector<QueryNode> children;  // of the others
  uint32_t words_between_max = 0;
  bool is_ordered = false;
  Form form = Form::kFolded;
  TextSource source = TextSource::kText;
  std::string_view written;            // of a term or a list: a query that means the same
  std::vector<std::string_view> tags;  // that go with a mention when this part holds
  int64_t weight = 0;                  // the same
};

// Parses a query. The tree's views point into `query` and `library`. Errors name the place, what was expected and what
// to write instead; a fault inside a macro is told at the macro's own place.
Result<QueryNode> parse_query(std::string_view query, const QueryOrigin& origin, const TextNormaliser& normaliser,
                              const QueryLibrary& library = {});

// The same with the normaliser that the listener's options ask for.
Result<QueryNode> parse_query(const Listener& listener, const QueryLibrary& library, CaseFolding folding);

// Errors: too long, not UTF-8.
Result<void> check_query_bytes(std::string_view query, const QueryOrigin& origin);

// How many terms a tree has, those of macros and lists too.
size_t count_terms(const QueryNode& node);

// An error at byte `offset` of the query: file, line and column, as well as the origin knows them.
Error error_in_query(std::string_view query, const QueryOrigin& origin, size_t offset, std::string message);

// A to Z as a to z, other bytes as they are: how handles and language tags are compared.
void append_lowered(std::string& out, std::string_view text);

}  // namespace earshot::match
