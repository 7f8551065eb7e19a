// Queries of Brandwatch. Source: Brandwatch's public guides to query operators (developers.brandwatch.com; "Advanced
// Query Operators").
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

#include "operators/match/nearness.h"
#include "ops/import/brandwatch_fields.h"
#include "ops/import/translation.h"

namespace earshot::import {
namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find_first_of(" \t\r\n", at), text.size());
    if (end > at) words.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

// The same, with quotes around several words keeping them together.
std::vector<std::string_view> values_of(std::string_view text) {
  std::vector<std::string_view> values;
  for (size_t at = 0; at < text.size();) {
    const bool is_quoted = text[at] == '"' && text.find('"', at + 1) != std::string_view::npos;
    const size_t end =
        is_quoted ? text.find('"', at + 1) + 1 : std::min(text.find_first_of(" \t\r\n", at), text.size());
    if (end > at) values.push_back(text.substr(at, end - at));
    at = is_quoted ? end : end + 1;
  }
  return values;
}

class BrandwatchParser {
 public:
  explicit BrandwatchParser(std::string_view query) : query_(query) {}

  Translation translate() {
    Clause clause = expression();
    if (!has_failed_ && !at_end()) fail(at_, ")", "closes nothing");
    return writer_.finish(clause);
  }

 private:
  enum class Joint : uint8_t { kAnd, kOr, kNot };

  // Terms joined by AND, OR, NOT or a space. AND with OR needs parentheses there too.
  Clause expression() {
    std::vector<Clause> parts;
    std::optional<Joint> kind;
    parts.push_back(leading_not() ? negation(nearness()) : nearness());
    while (!has_failed_ && !at_end() && query_[at_] != ')') {
      const size_t begin = at_;
      const Joint joint = take_joint();
      const Joint list = joint == Joint::kNot ? Joint::kAnd : joint;
      if (kind && *kind != list) {
        return fail(begin, list == Joint::kOr ? "OR" : "AND",
                    "AND and OR stand side by side: put parentheses around one");
      }
      kind = list;
      Clause part = nearness();
      parts.push_back(joint == Joint::kNot ? negation(std::move(part)) : std::move(part));
    }
    return kind == Joint::kOr ? any_of(std::move(parts)) : all_of(std::move(parts));
  }

  bool leading_not() {
    skip_spaces();
    return take_word("NOT");
  }

  Joint take_joint() {
    if (take_word("OR")) return Joint::kOr;
    if (take_word("NOT")) return Joint::kNot;
    if (take_word("AND")) return leading_not() ? Joint::kNot : Joint::kAnd;
    return Joint::kAnd;
  }

  Clause nearness() {
    Clause first = factor();
    skip_spaces();
    const size_t begin = at_;
    constexpr std::string_view kNear = "NEAR/";
    if (has_failed_ || !query_.substr(at_).starts_with(kNear)) return first;
    at_ += kNear.size();
    const auto words = take_number();
    if (!words) return fail(begin, "NEAR", "expected a number right after NEAR/");
    const bool is_ordered = at_ < query_.size() && (query_[at_] == 'f' || query_[at_] == 'F');
    if (is_ordered) ++at_;
    Clause both = join_near(begin, std::move(first), factor(), *words, is_ordered);
    skip_spaces();
    if (has_failed_ || !query_.substr(at_).starts_with(kNear)) return both;
    return fail(at_, "NEAR", "nearness is of two sides here; \"a b c\"~2 asks for more words near each other");
  }

  Clause join_near(size_t begin, Clause first, Clause second, uint32_t words, bool is_ordered) {
    auto both = near(std::move(first), std::move(second), words, is_ordered);
    if (!both) return writer_.refuse(begin, "NEAR", both.error().message);
    return std::move(*both);
  }

  Clause factor() {
    constexpr int kDepthMax = 50;
    if (at_end() || query_[at_] == ')') return fail(at_, "query", "expected a word or phrase here");
    const size_t begin = at_;
    if (query_[begin] == '"') return quoted(begin);
    if (query_[begin] == '{') return in_braces(begin);
    if (query_[begin] == '-' && begin + 1 < query_.size() && !is_space(query_[begin + 1])) {
      ++at_;
      return ++depth_ > kDepthMax ? fail(begin, "-", "negations nest too deep") : negation(factor());
    }
    if (query_[begin] != '(') return word_at(begin);
    if (++depth_ > kDepthMax) return fail(begin, "(", "parentheses nest too deep");
    ++at_;
    Clause inner = expression();
    --depth_;
    if (has_failed_) return inner;
    if (at_end()) return fail(begin, "(", "is never closed");
    ++at_;
    return proximity_of(begin, std::move(inner));
  }

  // (a AND b)~5
  Clause proximity_of(size_t begin, Clause group) {
    if (at_ == query_.size() || query_[at_] != '~') return group;
    ++at_;
    const auto words = take_number();
    if (!words) return fail(begin, "~", "expected a number right after '~'");
    const bool is_pair = group.kind == Clause::Kind::kAll && group.children.size() == 2;
    if (!is_pair) return writer_.refuse(begin, "~", "nearness is of two sides, such as ((a OR b) AND c)~5");
    return join_near(begin, std::move(group.children[0]), std::move(group.children[1]), *words, false);
  }

  Clause quoted(size_t begin) {
    std::string_view text;
    if (!read_quoted(text)) return fail(begin, "\"", "the phrase is never closed");
    if (at_ < query_.size() && query_[at_] == '~') {
      ++at_;
      const auto words = take_number();
      if (!words) return fail(begin, "~", "expected a number right after '~'");
      if (has_wildcard(text)) return writer_.refuse(begin, "~", "wildcards do not stand within a phrase of ours");
      return writer_.write(begin, "~", fmt::format("\"{}\"~{}", text, *words));
    }
    if (!has_wildcard(text)) return writer_.write(begin, "\"…\"", phrase(text));
    return phrase_with_wildcards(begin, text);
  }

  // "customer complain*" is two words, one right after the other.
  Clause phrase_with_wildcards(size_t begin, std::string_view text) {
    const auto words = words_of(text);
    if (words.size() == 1) return writer_.write(begin, "*", std::string(words[0]));
    if (words.size() != 2) {
      return writer_.refuse(begin, "*",
                            "a phrase of ours has no wildcards; two words can stand side by side, not more");
    }
    Clause first = writer_.write(begin, "*", phrase_or_pattern(words[0]));
    return join_near(begin, std::move(first), writer_.write(begin, "*", phrase_or_pattern(words[1])), 0, true);
  }

  static Result<std::string> phrase_or_pattern(std::string_view word) {
    return has_wildcard(word) ? Result<std::string>(std::string(word)) : phrase(word);
  }

  // {BT}: letters as they are written.
  Clause in_braces(size_t begin) {
    const size_t close = query_.find('}', begin);
    if (close == std::string_view::npos) return fail(begin, "{", "is never closed");
    at_ = close + 1;
    const std::string_view text = query_.substr(begin + 1, close - begin - 1);
    const bool is_bare = is_plain_word(text) || text.starts_with('"');
    return writer_.write(begin, "{}", is_bare ? fmt::format("{{{}}}", text) : fmt::format("{{\"{}\"}}", text));
  }

  Clause word_at(size_t begin) {
    size_t end = begin;
    while (end < query_.size() && !is_space(query_[end]) && query_[end] != '(' && query_[end] != ')' &&
           query_[end] != '"' && query_[end] != ':') {
      ++end;
    }
    const std::string_view name = query_.substr(begin, end - begin);
    if (end < query_.size() && query_[end] == ':' && is_field_name(name)) return field_at(begin, end);
    while (end < query_.size() && !is_space(query_[end]) && query_[end] != ')' && query_[end] != '(') ++end;
    at_ = end;
    const std::string_view word = query_.substr(begin, end - begin);
    if (word == "AND" || word == "OR" || word == "NOT") return fail(begin, word, "expected a word or phrase here");
    if (word.front() == '@') return writer_.write(begin, "@", mention(word));
    if (word.front() == '#') return writer_.write(begin, "#", std::string(word));
    note_operator_in_small_letters(writer_, begin, word);
    return writer_.write(begin, "word", phrase_or_pattern(word));
  }

  Clause field_at(size_t begin, size_t colon) {
    std::string name(query_.substr(begin, colon - begin));
    for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    at_ = colon + 1;
    std::string_view value;
    if (at_ < query_.size() && query_[at_] == '"') {
      if (!read_quoted(value)) return fail(begin, name + ":", "its value is never closed");
    } else if (at_ < query_.size() && query_[at_] == '[') {
      const size_t close = query_.find(']', at_);
      if (close == std::string_view::npos) return fail(begin, name + ":", "its range is never closed");
      value = query_.substr(at_ + 1, close - at_ - 1);
      at_ = close + 1;
    } else if (at_ < query_.size() && query_[at_] == '(') {
      return values_at(begin, name);
    } else {
      const size_t first = at_;
      while (at_ < query_.size() && !is_space(query_[at_]) && query_[at_] != ')') ++at_;
      value = query_.substr(first, at_ - first);
    }
    return write_brandwatch_field(writer_, begin, name, value);
  }

  // author:(a OR b)
  Clause values_at(size_t begin, std::string_view name) {
    const size_t close = query_.find(')', at_);
    if (close == std::string_view::npos) return fail(begin, "(", "is never closed");
    std::vector<Clause> any;
    for (std::string_view value : values_of(query_.substr(at_ + 1, close - at_ - 1))) {
      if (value == "OR") continue;
      const bool is_value = value.find('(') == std::string_view::npos && value != "AND" && value != "NOT";
      if (!is_value) return fail(begin, std::string(name) + ":", "expected values with OR between");
      if (value.size() >= 2 && value.starts_with('"') && value.ends_with('"'))
        value = value.substr(1, value.size() - 2);
      any.push_back(write_brandwatch_field(writer_, begin, name, value));
    }
    at_ = close + 1;
    if (any.empty()) return fail(begin, std::string(name) + ":", "expected values with OR between");
    return any_of(std::move(any));
  }

  static bool is_field_name(std::string_view word) {
    return !word.empty() && std::ranges::all_of(word, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    });
  }
  static bool has_wildcard(std::string_view text) { return text.find_first_of("*?") != std::string_view::npos; }

  std::optional<uint32_t> take_number() {
    uint32_t number = 0;
    const char* begin = query_.data() + at_;
    const auto [end, failure] = std::from_chars(begin, query_.data() + query_.size(), number);
    if (failure != std::errc() || number > match::kWordsBetweenMax) return std::nullopt;
    at_ += static_cast<size_t>(end - begin);
    return number;
  }

  bool read_quoted(std::string_view& text) {
    const size_t close = query_.find('"', at_ + 1);
    if (close == std::string_view::npos) return false;
    text = query_.substr(at_ + 1, close - at_ - 1);
    at_ = close + 1;
    return true;
  }

  // Comments stand between <<< and >>>.
  void skip_spaces() {
    while (at_ < query_.size()) {
      if (is_space(query_[at_])) {
        ++at_;
      } else if (query_.substr(at_).starts_with("<<<")) {
        const size_t close = query_.find(">>>", at_);
        at_ = close == std::string_view::npos ? query_.size() : close + 3;
      } else {
        return;
      }
    }
  }
  bool at_end() {
    skip_spaces();
    return at_ == query_.size();
  }
  bool take_word(std::string_view word) {
    skip_spaces();
    const size_t end = at_ + word.size();
    const bool is_next = query_.substr(at_).starts_with(word) &&
                         (end == query_.size() || is_space(query_[end]) || query_[end] == '(' || query_[end] == '"');
    if (is_next) at_ = end;
    return is_next;
  }

  Clause fail(size_t begin, std::string_view operation, std::string message) {
    if (has_failed_) return TermWriter::placeholder();
    has_failed_ = true;
    return writer_.refuse(begin, operation, std::move(message));
  }

  std::string_view query_;
  size_t at_ = 0;
  int depth_ = 0;
  bool has_failed_ = false;
  TermWriter writer_;
};

}  // namespace

Translation translate_brandwatch(std::string_view query) {
  return BrandwatchParser(query).translate();
}

}  // namespace earshot::import
