// What a query means, written down a second time: a tree that is asked directly, token by token, without Hyperscan,
// without an index and without the parser. It can write itself as a query, with no more parentheses than precedence
// asks for.
#pragma once

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "schemas/post.h"
#include "tests/engine/text/plain_tokeniser.h"

namespace earshot::plain {

struct Rule {
  enum class Kind { kAnd, kOr, kNot, kPhrase, kFrom, kLang };
  Kind kind = Kind::kPhrase;
  std::string text;            // of a phrase, author or language
  std::vector<Token> words;    // of a phrase
  std::vector<Rule> children;  // of the others
};

struct Clause {
  std::string text;
  size_t first_word = 0;
  size_t word_count = 0;
  uint32_t begin = 0;
  uint32_t end = 0;
  bool operator==(const Clause& other) const { return text == other.text && begin == other.begin && end == other.end; }
};

inline std::vector<Token> tokens_of(std::string_view text, bool ascii_folding) {
  return ascii_folding ? tokens_of_ascii(text) : tokens_of_unicode(text);
}

// The index of the first word of the first occurrence, or tokens.size().
inline size_t find_phrase(const std::vector<Token>& words, const std::vector<Token>& tokens) {
  const auto same = [](const Token& a, const Token& b) { return a.text == b.text; };
  return static_cast<size_t>(std::search(tokens.begin(), tokens.end(), words.begin(), words.end(), same) -
                             tokens.begin());
}

inline std::string lowered(std::string_view text) {
  std::string out;
  for (const char c : text) out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

inline bool holds(const Rule& rule, const Post& post, const std::vector<Token>& tokens) {
  const auto child_holds = [&](const Rule& child) { return holds(child, post, tokens); };
  switch (rule.kind) {
    case Rule::Kind::kAnd:
      return std::all_of(rule.children.begin(), rule.children.end(), child_holds);
    case Rule::Kind::kOr:
      return std::any_of(rule.children.begin(), rule.children.end(), child_holds);
    case Rule::Kind::kNot:
      return !child_holds(rule.children[0]);
    case Rule::Kind::kPhrase:
      return find_phrase(rule.words, tokens) < tokens.size();
    case Rule::Kind::kFrom:
      return lowered(post.author_handle) == lowered(rule.text) || lowered(post.author_id) == lowered(rule.text);
    case Rule::Kind::kLang:
      break;
  }
  const std::string wanted = lowered(rule.text);
  const std::string lang = lowered(post.lang);
  return lang == wanted || (lang.size() > wanted.size() && lang.starts_with(wanted) && lang[wanted.size()] == '-');
}

inline void collect_clauses(const Rule& rule, bool is_excluded, const std::vector<Token>& tokens,
                            std::vector<Clause>& out) {
  for (const Rule& child : rule.children)
    collect_clauses(child, is_excluded != (rule.kind == Rule::Kind::kNot), tokens, out);
  if (rule.kind != Rule::Kind::kPhrase || is_excluded) return;
  const size_t first = find_phrase(rule.words, tokens);
  if (first == tokens.size()) return;
  const size_t count = rule.words.size();
  // Two phrases of equal length at the same place are the same phrase.
  for (const Clause& clause : out) {
    if (clause.first_word == first && clause.word_count == count) return;
  }
  out.push_back({rule.text, first, count, tokens[first].begin, tokens[first + count - 1].end});
}

inline std::vector<Clause> clauses_of(const Rule& rule, const std::vector<Token>& tokens) {
  std::vector<Clause> clauses;
  collect_clauses(rule, false, tokens, clauses);
  std::stable_sort(clauses.begin(), clauses.end(), [](const Clause& a, const Clause& b) {
    return std::pair(a.first_word, a.word_count) < std::pair(b.first_word, b.word_count);
  });
  return clauses;
}

// A query that holds for a post in which none of its terms does is refused: it would match nearly everything.
inline bool is_refused(const Rule& rule) {
  return holds(rule, Post{}, {});
}

inline std::string to_query(const Rule& rule, std::mt19937& random) {
  const auto chance = [&random] { return random() % 2 == 0; };
  switch (rule.kind) {
    case Rule::Kind::kPhrase:
      return '"' + rule.text + '"';
    case Rule::Kind::kFrom:
      return (chance() ? "from:@" : "from:") + rule.text;
    case Rule::Kind::kLang:
      return "lang:" + rule.text;
    default:
      break;
  }
  std::string query;
  for (const Rule& child : rule.children) {
    const bool is_list = child.kind == Rule::Kind::kAnd || child.kind == Rule::Kind::kOr;
    const bool needs_parentheses =
        is_list && (rule.kind == Rule::Kind::kNot || (rule.kind == Rule::Kind::kAnd && child.kind == Rule::Kind::kOr));
    const std::string inner = to_query(child, random);
    const std::string written = needs_parentheses || random() % 8 == 0 ? '(' + inner + ')' : inner;
    if (rule.kind == Rule::Kind::kNot) return (chance() ? "-" : "NOT ") + written;
    if (!query.empty()) query += rule.kind == Rule::Kind::kOr ? " OR " : chance() ? " AND " : " ";
    query += written;
  }
  return query;
}

}  // namespace earshot::plain
