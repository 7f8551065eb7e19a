// Definitions of DataSift's CSDL. Source: DataSift's public language guide (dev.datasift.com, "CSDL").
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "ops/import/csdl_condition.h"
#include "ops/import/translation.h"

namespace earshot::import {
namespace {

struct Token {
  enum class Kind : uint8_t { kEnd, kName, kString, kNumber, kSign };
  Kind kind = Kind::kEnd;
  size_t begin = 0;
  std::string text;  // of a name: in small letters; of a string: its escapes of quote and backslash undone
};

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
}

std::string lowered(std::string_view text) {
  std::string small(text);
  for (char& c : small) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  return small;
}

class CsdlLexer {
 public:
  explicit CsdlLexer(std::string_view text) : text_(text) {}

  // A string without an end, or a comment, is a token of kind kSign that nothing expects.
  Token next() {
    skip_blanks();
    Token token{.begin = at_};
    if (at_ == text_.size()) return token;
    const char c = text_[at_];
    if (c == '"' || c == '\'') return string(c);
    const bool is_number = (c >= '0' && c <= '9') || c == '-' || c == '+';
    if (is_number || is_name_character(c)) {
      token.kind = is_number ? Token::Kind::kNumber : Token::Kind::kName;
      const size_t begin = at_++;
      while (at_ < text_.size() && is_name_character(text_[at_])) ++at_;
      token.text = lowered(text_.substr(begin, at_ - begin));
      return token;
    }
    token.kind = Token::Kind::kSign;
    const bool is_comparison = std::string_view("=!<>").find(c) != std::string_view::npos;
    const bool is_double = is_comparison && at_ + 1 < text_.size() && text_[at_ + 1] == '=';
    token.text = std::string(text_.substr(at_, is_double ? 2 : 1));
    at_ += token.text.size();
    return token;
  }

 private:
  Token string(char quote) {
    Token token{.kind = Token::Kind::kString, .begin = at_};
    for (++at_; at_ < text_.size() && text_[at_] != quote; ++at_) {
      const bool is_escape =
          text_[at_] == '\\' && at_ + 1 < text_.size() && (text_[at_ + 1] == quote || text_[at_ + 1] == '\\');
      if (is_escape) ++at_;
      token.text += text_[at_];
    }
    if (at_ == text_.size()) return {.kind = Token::Kind::kSign, .begin = token.begin, .text = "\""};
    ++at_;
    return token;
  }

  void skip_blanks() {
    while (at_ < text_.size()) {
      const std::string_view rest = text_.substr(at_);
      if (std::string_view(" \t\r\n").find(rest.front()) != std::string_view::npos) {
        ++at_;
      } else if (rest.starts_with("//")) {
        at_ += std::min(rest.find('\n'), rest.size());
      } else if (rest.starts_with("/*")) {
        const size_t close = rest.find("*/", 2);
        at_ += close == std::string_view::npos ? rest.size() : close + 2;
      } else {
        return;
      }
    }
  }

  std::string_view text_;
  size_t at_ = 0;
};

class CsdlParser {
 public:
  explicit CsdlParser(std::string_view text) : lexer_(text), token_(lexer_.next()) {}

  Translation translate() {
    std::vector<Clause> marks;
    while (!has_failed_ && is_name("tag", true)) read_tag(marks);
    Clause clause = TermWriter::placeholder();
    if (is_name("return")) {
      advance();
      clause = in_braces();
    } else {
      clause = alternatives();
    }
    if (!has_failed_ && token_.kind != Token::Kind::kEnd) fail("does not belong here");
    if (marks.empty() || has_failed_) return writer_.finish(clause);
    // It matches when the condition holds, and has the mark of each tag that holds as well.
    marks.insert(marks.begin(), clause);
    std::vector<Clause> both;
    both.push_back(std::move(clause));
    both.push_back(any_of(std::move(marks)));
    return writer_.finish(all_of(std::move(both)));
  }

 private:
  using Kind = Token::Kind;

  // tag "name" { … }, tag.tree "name" { … }, tag.score 5 { … }
  void read_tag(std::vector<Clause>& marks) {
    const size_t begin = token_.begin;
    const std::string tree = token_.text.size() > 4 ? token_.text.substr(4) + "." : "";
    advance();
    const Token name = token_;
    const bool is_score = name.kind == Kind::kNumber;
    if (is_score || name.kind == Kind::kString) advance();
    TermWriter without = writer_;
    Clause clause = in_braces();
    if (has_failed_) return;
    const bool is_whole = !is_score || name.text.find('.') == std::string::npos;
    if (is_whole && !name.text.empty() && writer_.refusals() == without.refusals()) {
      const std::string mark =
          is_score ? fmt::format("weight:{}", name.text) : fmt::format("tag:\"{}{}\"", tree, name.text);
      Clause with_mark = writer_.write(begin, "tag", to_query(marked(clause, mark)));
      if (writer_.refusals() == without.refusals()) {
        marks.push_back(std::move(with_mark));
        return;
      }
    }
    writer_ = std::move(without);  // what only a tag asks for cannot make the rule untranslatable
    writer_.differs(begin, "tag", "the tag is left out: ours has nothing that means its condition or its score");
  }

  Clause in_braces() {
    if (!is_sign("{")) return fail("expected '{' here");
    advance();
    Clause clause = alternatives();
    if (has_failed_) return clause;
    if (!is_sign("}")) return fail("expected '}' here");
    advance();
    return clause;
  }

  Clause alternatives() {
    std::vector<Clause> parts;
    parts.push_back(conjunction());
    while (!has_failed_ && is_name("or")) {
      advance();
      parts.push_back(conjunction());
    }
    return any_of(std::move(parts));
  }

  Clause conjunction() {
    std::vector<Clause> parts;
    parts.push_back(factor());
    while (!has_failed_ && is_name("and")) {
      advance();
      parts.push_back(factor());
    }
    return all_of(std::move(parts));
  }

  Clause factor() {
    constexpr int kDepthMax = 50;
    const bool is_negated = is_name("not");
    if (!is_negated && !is_sign("(")) return condition();
    if (++depth_ > kDepthMax) return fail("parentheses nest too deep");
    advance();
    Clause inner = is_negated ? factor() : alternatives();
    --depth_;
    if (has_failed_) return inner;
    if (is_negated) return negation(std::move(inner));
    if (!is_sign(")")) return fail("expected ')' here");
    advance();
    return inner;
  }

  Clause condition() {
    if (token_.kind != Kind::kName) return fail("expected a target such as interaction.content");
    CsdlCondition condition{.begin = token_.begin, .target = token_.text};
    advance();
    if (condition.target == "stream" || condition.target == "rule" || condition.target == "tags") {
      if (token_.kind == Kind::kString) advance();
      return writer_.refuse(condition.begin, condition.target, "other definitions cannot be looked up: put it in here");
    }
    if (is_name("cs")) {
      condition.is_case_sensitive = true;
      advance();
    }
    if (token_.kind != Kind::kName && token_.kind != Kind::kSign) return fail("expected an operator here");
    condition.operation = token_.text;
    advance();
    if (condition.operation != "exists") {
      if (is_sign("[")) return list_argument(condition);
      if (token_.kind != Kind::kString && token_.kind != Kind::kNumber) return fail("expected an argument here");
      condition.argument = token_.text;
      advance();
    }
    return write_csdl_condition(writer_, condition);
  }

  // [1, 2] and ["a", "b"]
  Clause list_argument(CsdlCondition& condition) {
    for (advance(); !is_sign("]"); advance()) {
      if (token_.kind == Kind::kEnd) return fail("expected ']' here");
      if (is_sign(",")) condition.argument += ',';
      if (token_.kind == Kind::kString || token_.kind == Kind::kNumber) condition.argument += token_.text;
    }
    advance();
    return write_csdl_condition(writer_, condition);
  }

  [[nodiscard]] bool is_name(std::string_view name, bool or_what_it_begins = false) const {
    if (token_.kind != Kind::kName) return false;
    const bool is_begun = or_what_it_begins && token_.text.starts_with(name) && token_.text[name.size()] == '.';
    return token_.text == name || is_begun;
  }
  [[nodiscard]] bool is_sign(std::string_view sign) const { return token_.kind == Kind::kSign && token_.text == sign; }
  void advance() { token_ = lexer_.next(); }

  Clause fail(std::string message) {
    if (has_failed_) return TermWriter::placeholder();
    has_failed_ = true;
    const std::string found = token_.kind == Kind::kEnd ? "the end" : token_.text;
    if (token_.text == "\"" && token_.kind == Kind::kSign) message = "the string is never closed";
    return writer_.refuse(token_.begin, found, std::move(message));
  }

  CsdlLexer lexer_;
  Token token_;
  int depth_ = 0;
  bool has_failed_ = false;
  TermWriter writer_;
};

}  // namespace

Translation translate_csdl(std::string_view definition) {
  return CsdlParser(definition).translate();
}

}  // namespace earshot::import
