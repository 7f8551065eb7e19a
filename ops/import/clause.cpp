#include "ops/import/clause.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace earshot::import {
namespace {

using Kind = Clause::Kind;

// How tightly a clause holds together in our language: OR, AND, NEAR, NOT, a term.
int binding(const Clause& clause) {
  switch (clause.kind) {
    case Kind::kAny:
      return 0;
    case Kind::kAll:
      return 1;
    case Kind::kNear:
      return 2;
    case Kind::kNot:
      return 3;
    case Kind::kTerm:
      return 4;
  }
  return 4;
}

void append(std::string& out, const Clause& clause, int binding_min);

void append_list(std::string& out, const Clause& clause, std::string_view separator) {
  for (size_t i = 0; i < clause.children.size(); ++i) {
    if (i > 0) out += separator;
    append(out, clause.children[i], binding(clause) + 1);
  }
}

void append(std::string& out, const Clause& clause, int binding_min) {
  const bool is_enclosed = binding(clause) < binding_min;
  if (is_enclosed) out += '(';
  switch (clause.kind) {
    case Kind::kTerm:
      out += clause.term;
      break;
    case Kind::kNot:
      out += '-';
      append(out, clause.children.front(), binding(clause) + 1);
      break;
    case Kind::kAll:
      append_list(out, clause, " ");
      break;
    case Kind::kAny:
      append_list(out, clause, " OR ");
      break;
    case Kind::kNear:
      append_list(out, clause, fmt::format(" {}NEAR/{} ", clause.is_ordered ? "O" : "", clause.words_between_max));
      break;
  }
  if (is_enclosed) out += ')';
}

Clause list_of(Kind kind, std::vector<Clause> children) {
  if (children.size() == 1) return std::move(children.front());
  Clause clause{.kind = kind};
  for (Clause& child : children) {
    if (child.kind == kind) {
      std::ranges::move(child.children, std::back_inserter(clause.children));
    } else {
      clause.children.push_back(std::move(child));
    }
  }
  return clause;
}

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c & 0x80) != 0;
}

bool may_stand_near(const Clause& clause) {
  if (clause.kind == Kind::kAny) return std::ranges::all_of(clause.children, may_stand_near);
  if (clause.kind != Kind::kTerm) return false;
  const bool is_quoted = clause.term.starts_with('"') && clause.term.ends_with('"');
  return is_quoted ||
         std::ranges::all_of(clause.term, [](char c) { return is_letter_or_digit(c) || c == '*' || c == '?'; });
}

}  // namespace

Clause term(std::string text) {
  return {.kind = Kind::kTerm, .term = std::move(text)};
}

Clause negation(Clause clause) {
  if (clause.kind == Kind::kNot) return std::move(clause.children.front());
  Clause negated{.kind = Kind::kNot};
  negated.children.push_back(std::move(clause));
  return negated;
}

Clause all_of(std::vector<Clause> children) {
  return list_of(Kind::kAll, std::move(children));
}

Clause any_of(std::vector<Clause> children) {
  return list_of(Kind::kAny, std::move(children));
}

Result<Clause> near(Clause first, Clause second, uint32_t words_between_max, bool is_ordered) {
  if (!may_stand_near(first) || !may_stand_near(second)) {
    return invalid("nearness is of words and phrases, or of alternatives of them, two at a time");
  }
  Clause clause{.kind = Kind::kNear, .words_between_max = words_between_max, .is_ordered = is_ordered};
  clause.children.push_back(std::move(first));
  clause.children.push_back(std::move(second));
  return clause;
}

std::string to_query(const Clause& clause) {
  std::string query;
  append(query, clause, 0);
  return query;
}

bool is_plain_word(std::string_view text) {
  const bool is_operator = text == "AND" || text == "OR" || text == "NOT";
  return !text.empty() && !is_operator && std::ranges::all_of(text, is_letter_or_digit);
}

Result<std::string> phrase(std::string_view text) {
  if (text.find('"') != std::string_view::npos) return invalid("a phrase of ours cannot hold a quote");
  return is_plain_word(text) ? std::string(text) : fmt::format("\"{}\"", text);
}

Result<std::string> mention(std::string_view name) {
  return field("mention", name.starts_with('@') ? name.substr(1) : name);
}

Result<std::string> verbatim(std::string_view text) {
  if (text.empty()) return invalid("expected letters or signs");
  const auto is_ascii_word = [](char c) { return is_letter_or_digit(c) && (c & 0x80) == 0; };
  std::string expression = is_ascii_word(text.front()) ? "/\\b" : "/";
  for (const char c : text) {
    if (!is_letter_or_digit(c) && c != ' ') expression += '\\';
    expression += c;
  }
  return expression + (is_ascii_word(text.back()) ? "\\b/c" : "/c");
}

Clause marked(const Clause& clause, std::string_view mark) {
  return term(fmt::format("({})[{}]", to_query(clause), mark));
}

Result<std::string> field(std::string_view name, std::string_view value) {
  if (value.find('"') != std::string_view::npos) return invalid("a value of ours cannot hold a quote");
  const bool is_bare = !value.empty() && value.find_first_of(" \t\r\n()[") == std::string_view::npos;
  return is_bare ? fmt::format("{}:{}", name, value) : fmt::format("{}:\"{}\"", name, value);
}

}  // namespace earshot::import
