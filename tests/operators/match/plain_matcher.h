// What a query means, written down a second time: a tree that is asked directly, token by token, without Hyperscan,
// without an index and without the parser. It can write itself as a query, with no more parentheses than precedence
// asks for.
#pragma once

#include <algorithm>
#include <cstddef>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "schemas/post.h"
#include "tests/engine/text/plain_tokeniser.h"

namespace earshot::plain {

struct Rule {
  enum class Kind { kAnd, kOr, kNot, kPhrase, kFrom, kLang, kFollowers, kPattern, kNear, kInOrder, kAllNear };
  Kind kind = Kind::kPhrase;
  std::string text;            // of a phrase, author, language or number of followers
  std::vector<Token> words;    // of a phrase
  std::vector<Rule> children;  // of the others
  size_t between_max = 0;      // words, of the last three
};

struct Clause {
  std::string text;
  std::string form;  // the same of two ways to write the same thing
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

// `*` is any characters, `?` exactly one.
inline bool fits(std::string_view pattern, std::string_view word) {
  if (pattern.empty()) return word.empty();
  if (pattern.front() == '*') {
    return fits(pattern.substr(1), word) || (!word.empty() && fits(pattern, word.substr(1)));
  }
  if (word.empty()) return false;
  if (pattern.front() != '?') return pattern.front() == word.front() && fits(pattern.substr(1), word.substr(1));
  size_t bytes = 1;
  while (bytes < word.size() && (word[bytes] & 0xC0) == 0x80) ++bytes;
  return fits(pattern.substr(1), word.substr(bytes));
}

inline std::string lowered(std::string_view text) {
  std::string out;
  for (const char c : text) out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

// Two phrases with few words between, the first one first.
inline bool is_followed(const std::vector<Token>& first, const std::vector<Token>& second, size_t between_max,
                        const std::vector<Token>& tokens) {
  const auto is_at = [&](const std::vector<Token>& words, size_t at) {
    return at + words.size() <= tokens.size() &&
           std::equal(words.begin(), words.end(), tokens.begin() + static_cast<std::ptrdiff_t>(at),
                      [](const Token& a, const Token& b) { return a.text == b.text; });
  };
  for (size_t i = 0; i < tokens.size(); ++i) {
    for (size_t between = 0; between <= between_max && is_at(first, i); ++between) {
      if (is_at(second, i + first.size() + between)) return true;
    }
  }
  return false;
}

// Some stretch of the text has all the words, each as often, and few others.
inline bool has_stretch(const std::vector<Token>& words, size_t others_max, const std::vector<Token>& tokens) {
  const auto count = [](const auto& list, size_t from, size_t to, const std::string& text) {
    size_t found = 0;
    for (size_t i = from; i < to; ++i) found += list[i].text == text;
    return found;
  };
  for (size_t from = 0; from < tokens.size(); ++from) {
    for (size_t to = from + 1; to <= tokens.size() && to - from <= words.size() + others_max; ++to) {
      const bool has_all = std::all_of(words.begin(), words.end(), [&](const Token& word) {
        return count(tokens, from, to, word.text) >= count(words, 0, words.size(), word.text);
      });
      if (has_all) return true;
    }
  }
  return false;
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
    case Rule::Kind::kPattern:
      return std::any_of(tokens.begin(), tokens.end(),
                         [&](const Token& token) { return fits(lowered(rule.text), token.text); });
    case Rule::Kind::kFollowers:
      return post.followers >= std::stoll(rule.text);
    case Rule::Kind::kNear:
    case Rule::Kind::kInOrder: {
      const std::vector<Token>& first = rule.children[0].words;
      const std::vector<Token>& second = rule.children[1].words;
      return is_followed(first, second, rule.between_max, tokens) ||
             (rule.kind == Rule::Kind::kNear && is_followed(second, first, rule.between_max, tokens));
    }
    case Rule::Kind::kAllNear:
      return has_stretch(rule.words, rule.between_max, tokens);
    case Rule::Kind::kLang:
      break;
  }
  const std::string wanted = lowered(rule.text);
  const std::string lang = lowered(post.lang);
  return lang == wanted || (lang.size() > wanted.size() && lang.starts_with(wanted) && lang[wanted.size()] == '-');
}

inline void add_clause(Clause clause, std::vector<Clause>& out) {
  for (const Clause& known : out) {
    if (known.form == clause.form) return;
  }
  out.push_back(std::move(clause));
}

inline void collect_clauses(const Rule& rule, bool is_excluded, const std::vector<Token>& tokens,
                            std::vector<Clause>& out) {
  const bool excludes = is_excluded != (rule.kind == Rule::Kind::kNot);
  for (const Rule& child : rule.children) collect_clauses(child, excludes, tokens, out);
  if (is_excluded) return;
  if (rule.kind == Rule::Kind::kAllNear) {
    for (const Token& word : rule.words) {
      collect_clauses({Rule::Kind::kPhrase, rule.text, {word}, {}}, false, tokens, out);
    }
  }
  if (rule.kind == Rule::Kind::kPattern) {
    const std::string pattern = lowered(rule.text);
    for (size_t i = 0; i < tokens.size(); ++i) {
      if (!fits(pattern, tokens[i].text)) continue;
      return add_clause({rule.text, pattern, i, 1, tokens[i].begin, tokens[i].end}, out);
    }
  }
  if (rule.kind != Rule::Kind::kPhrase) return;
  const size_t first = find_phrase(rule.words, tokens);
  if (first == tokens.size()) return;
  const size_t count = rule.words.size();
  std::string form = " ";
  for (const Token& word : rule.words) form += word.text + ' ';
  add_clause({rule.text, form, first, count, tokens[first].begin, tokens[first + count - 1].end}, out);
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
  switch (rule.kind) {
    case Rule::Kind::kAnd:
      return std::all_of(rule.children.begin(), rule.children.end(), is_refused);
    case Rule::Kind::kOr:
      return std::any_of(rule.children.begin(), rule.children.end(), is_refused);
    case Rule::Kind::kNot:
      return !is_refused(rule.children[0]);
    default:
      return false;
  }
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
    case Rule::Kind::kPattern:
      return rule.text;
    case Rule::Kind::kFollowers:
      return "followers:" + rule.text + (chance() ? ".." : "");
    case Rule::Kind::kNear:
    case Rule::Kind::kInOrder:
      return to_query(rule.children[0], random) + (rule.kind == Rule::Kind::kNear ? " NEAR/" : " ONEAR/") +
             std::to_string(rule.between_max) + ' ' + to_query(rule.children[1], random);
    case Rule::Kind::kAllNear:
      return '"' + rule.text + "\"~" + std::to_string(rule.between_max);
    default:
      break;
  }
  std::string query;
  for (const Rule& child : rule.children) {
    const bool is_near = child.kind == Rule::Kind::kNear || child.kind == Rule::Kind::kInOrder;
    const bool is_list = child.kind == Rule::Kind::kAnd || child.kind == Rule::Kind::kOr || is_near;
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
