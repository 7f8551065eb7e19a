#include "operators/match/query_lexer.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "operators/match/nearness.h"
#include "operators/match/query.h"

namespace earshot::match {
namespace {

using Kind = QueryToken::Kind;

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool ends_word(char c) {
  return is_space(c) || c == '(' || c == ')' || c == '"' || c == '[';
}

// Length of a field's name when the word begins with one ("from:"), else 0.
size_t field_name_length(std::string_view word) {
  size_t length = 0;
  while (length < word.size() &&
         ((word[length] >= 'a' && word[length] <= 'z') || (word[length] >= 'A' && word[length] <= 'Z') ||
          (length > 0 && word[length] == '_'))) {
    ++length;
  }
  return length < word.size() && word[length] == ':' ? length : 0;
}

bool is_near_operator(std::string_view word) {
  return word.starts_with("NEAR/") || word.starts_with("ONEAR/");
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

constexpr auto kTypographicQuotes = std::to_array<std::string_view>({"\u201c", "\u201d", "\u201e", "\u00ab", "\u00bb"});
constexpr auto kTypographicDashes = std::to_array<std::string_view>({"\u2010", "\u2012", "\u2013", "\u2014", "\u2212"});

}  // namespace

Result<QueryToken> QueryLexer::next() {
  while (at_ < query_.size() && is_space(query_[at_])) ++at_;
  const size_t begin = at_;
  const auto single = [&](Kind kind) {
    ++at_;
    return QueryToken{kind, static_cast<uint32_t>(begin), static_cast<uint32_t>(at_), {}, query_.substr(begin, 1)};
  };
  if (begin == query_.size())
    return QueryToken{Kind::kEnd, static_cast<uint32_t>(begin), static_cast<uint32_t>(begin), {}, {}};
  switch (query_[begin]) {
    case '(':
      return single(Kind::kOpen);
    case ')':
      return single(Kind::kClose);
    case '"':
      return phrase(begin);
    case '{':
      return cased(begin);
    case '/':
      return regex(begin);
    case '[':
      return marks(begin);
    case '-':
      if (begin + 1 == query_.size() || is_space(query_[begin + 1]) || query_[begin + 1] == ')') {
        return error(begin, "expected a word, a phrase or '(' right after '-', without a space between");
      }
      return single(Kind::kMinus);
    default:
      return word(begin);
  }
}

Result<QueryToken> QueryLexer::phrase(size_t begin) {
  const size_t close = query_.find('"', begin + 1);
  if (close == std::string_view::npos) {
    return error(begin, "the phrase that begins here has no closing quote; add '\"' after its last word");
  }
  at_ = close + 1;
  QueryToken token{Kind::kPhrase, static_cast<uint32_t>(begin), 0, {}, query_.substr(begin + 1, close - begin - 1)};
  if (at_ < query_.size() && query_[at_] == '~') {
    const size_t digits = ++at_;
    while (at_ < query_.size() && is_digit(query_[at_])) ++at_;
    const auto words = words_between(digits - 1, query_.substr(digits, at_ - digits));
    if (!words) return words.error();
    token.words_between_max = *words;
  }
  token.end = static_cast<uint32_t>(at_);
  return token;
}

// From `begin` to where the lexer stands.
QueryToken QueryLexer::token(Kind kind, size_t begin, std::string_view text) const {
  return {kind, static_cast<uint32_t>(begin), static_cast<uint32_t>(at_), {}, text};
}

Result<QueryToken> QueryLexer::cased(size_t begin) {
  const size_t close = query_.find('}', begin);
  if (close == std::string_view::npos) {
    return error(begin, "this '{' is never closed; add '}' after the word whose case counts");
  }
  at_ = close + 1;
  if (at_ < query_.size() && !ends_word(query_[at_])) {
    return error(at_, "expected a space after '}': the braces hold whole words");
  }
  std::string_view text = query_.substr(begin + 1, close - begin - 1);
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
  if (text.find_first_of("\"{*") != std::string_view::npos) {
    return error(begin, "expected a word or a phrase between '{' and '}', as in {Apple} or {\"Big Apple\"}");
  }
  return token(Kind::kCased, begin, text);
}

Result<QueryToken> QueryLexer::regex(size_t begin) {
  size_t close = begin + 1;
  while (close < query_.size() && query_[close] != '/') close += query_[close] == '\\' ? 2 : 1;
  if (close >= query_.size()) {
    return error(begin, "the regex that begins here has no closing '/'; add it, or put the text in quotes");
  }
  at_ = close + 1;
  while (at_ < query_.size() && !ends_word(query_[at_])) ++at_;
  QueryToken regex = token(Kind::kRegex, begin, query_.substr(begin + 1, close - begin - 1));
  regex.field = query_.substr(close + 1, at_ - close - 1);
  return regex;
}

Result<QueryToken> QueryLexer::marks(size_t begin) {
  const size_t close = query_.find(']', begin);
  if (close == std::string_view::npos) {
    return error(begin, "this '[' is never closed; expected tags and a weight such as [tag:outage weight:5]");
  }
  at_ = close + 1;
  return token(Kind::kMarks, begin, query_.substr(begin + 1, close - begin - 1));
}

Result<QueryToken> QueryLexer::near(size_t begin, std::string_view word) {
  at_ = begin + word.size();
  QueryToken token{Kind::kNear, static_cast<uint32_t>(begin), static_cast<uint32_t>(at_), {}, word};
  token.is_ordered = word.front() == 'O';
  const auto words = words_between(begin, word.substr(word.find('/') + 1));
  if (!words) return words.error();
  token.words_between_max = *words;
  return token;
}

Result<uint32_t> QueryLexer::words_between(size_t begin, std::string_view digits) const {
  uint32_t words = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), words);
  if (failure == std::errc() && end == digits.data() + digits.size() && words <= kWordsBetweenMax) return words;
  return error(begin, fmt::format("expected how many words may stand between, from 0 to {}, as in NEAR/5 or \"a b\"~5",
                                  kWordsBetweenMax));
}

Result<QueryToken> QueryLexer::word(size_t begin) {
  size_t end = begin;
  while (end < query_.size() && !ends_word(query_[end])) ++end;
  const std::string_view text = query_.substr(begin, end - begin);
  if (const size_t name = field_name_length(text); name > 0) return field(begin, begin + name);
  if (is_near_operator(text)) return near(begin, text);
  if (text == "NEAR" || text == "ONEAR") {
    return error(begin, fmt::format("expected how many words may stand between, as in {0}/5 (to search for it as text, "
                                    "put it in quotes)",
                                    text));
  }
  if (std::string refusal = refusal_of_word(text); !refusal.empty()) return error(begin, std::move(refusal));
  at_ = end;
  const Kind kind = text == "AND" ? Kind::kAnd : text == "OR" ? Kind::kOr : text == "NOT" ? Kind::kNot : Kind::kWord;
  return QueryToken{kind, static_cast<uint32_t>(begin), static_cast<uint32_t>(end), {}, text};
}

Result<QueryToken> QueryLexer::field(size_t begin, size_t colon) {
  QueryToken token{Kind::kField, static_cast<uint32_t>(begin), 0, query_.substr(begin, colon - begin), {}};
  at_ = colon + 1;
  if (at_ < query_.size() && query_[at_] == '"') {
    Result<QueryToken> quoted = phrase(at_);
    if (!quoted) return quoted;
    if (quoted->words_between_max) return error(begin, "'~' has no meaning after a field; write the value alone");
    token.text = quoted->text;
    token.is_quoted = true;
  } else {
    while (at_ < query_.size() && !ends_word(query_[at_])) ++at_;
    token.text = query_.substr(colon + 1, at_ - colon - 1);
    // What looks like a part of the value would be a term of its own.
    if (at_ < query_.size() && (query_[at_] == '(' || query_[at_] == '"')) {
      return error(begin,
                   fmt::format("the value of '{0}:' ends before '{1}'; put all of it in quotes, and write several "
                               "as ({0}:a OR {0}:b)",
                               token.field, query_[at_]));
    }
  }
  token.end = static_cast<uint32_t>(at_);
  return token;
}

// Why a word outside quotes cannot be meant as it stands; empty when it can.
std::string QueryLexer::refusal_of_word(std::string_view word) const {
  if (word == "&&" || word == "&") return fmt::format("'{}' has no meaning in a query; write AND, or a space", word);
  if (word == "||" || word == "|") return fmt::format("'{}' has no meaning in a query; write OR", word);
  if (word.front() == '!') return "'!' has no meaning in a query; write '-' or NOT to exclude";
  for (const std::string_view quote : kTypographicQuotes) {
    if (word.find(quote) != std::string_view::npos)
      return fmt::format("a phrase begins and ends with '\"', not with '{}'", quote);
  }
  for (const std::string_view dash : kTypographicDashes) {
    if (word.starts_with(dash))
      return fmt::format("to exclude a word write '-' (the minus of the keyboard) instead of '{}'", dash);
  }
  if (const size_t sign = word.find_first_of("{}[]~^\\"); sign != std::string_view::npos) {
    return fmt::format("'{}' in '{}' has no meaning in a query; put the word in quotes to search for it as text",
                       word[sign], word);
  }
  return {};
}

Error QueryLexer::error(size_t offset, std::string message) const {
  return error_in_query(query_, origin_, offset, std::move(message));
}

}  // namespace earshot::match
