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
#include "tests/operators/match/plain_reading.h"

namespace earshot::plain {

struct Rule {
  enum class Kind {
    kAnd,
    kOr,
    kNot,
    kPhrase,
    kFrom,
    kLang,
    kFollowers,
    kPattern,
    kNear,
    kInOrder,
    kAllNear,
    kCased,
    kHashtag,
    kMention,
    kContains,
    kRegex,
    kBio,
    kCountry,
    kNegative  // sentiment
  };
  Kind kind = Kind::kPhrase;
  std::string text;            // of a phrase, author, language or number of followers
  std::vector<Token> words;    // of a phrase; of letters or a word with wildcards these, folded
  std::vector<Rule> children;  // of the others
  size_t between_max = 0;      // words, of the three that say how near
  std::string tag;             // that goes with it; none when empty
};

struct Clause {
  std::string text;
  std::string form;  // the same of two ways to write the same thing
  uint32_t begin = 0;
  uint32_t end = 0;
  bool operator==(const Clause& other) const { return text == other.text && begin == other.begin && end == other.end; }
};

// The first place of these words one after the other that `accepts`, by the index of the first.
template <class Accepts>
std::optional<Place> find_words(const std::vector<Token>& words, const std::vector<Token>& tokens, Accepts accepts) {
  for (size_t i = 0; i + words.size() <= tokens.size(); ++i) {
    if (have_same_words(words, &tokens[i]) && accepts(i))
      return Place{tokens[i].begin, tokens[i + words.size() - 1].end};
  }
  return std::nullopt;
}

inline std::optional<Place> find_words(const std::vector<Token>& words, const std::vector<Token>& tokens) {
  return find_words(words, tokens, [](size_t) { return true; });
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

// Where something of the text first is: in the words, then in the words with hashtags split. Of letters within a word
// that word.
inline std::optional<Place> find(const Rule& rule, const Reading& reading) {
  if (rule.kind == Rule::Kind::kHashtag) return find_hashtag(rule.words, reading);
  if (rule.kind == Rule::Kind::kMention) return find_mention(rule.text, reading.text);
  if (rule.kind == Rule::Kind::kRegex) return find_regex(rule.text, reading.text);
  for (const std::vector<Token>* tokens : {&reading.words, &reading.split_words}) {
    std::optional<Place> place;
    if (rule.kind == Rule::Kind::kPhrase) {
      place = find_words(rule.words, *tokens);
    } else if (rule.kind == Rule::Kind::kCased) {
      place = find_words(rule.words, *tokens, [&](size_t first) {
        for (size_t i = 0; i < rule.words.size(); ++i) {
          const Token& word = (*tokens)[first + i];
          const Token& wanted = rule.words[i];
          if (reading.text.substr(word.begin, word.end - word.begin) !=
              std::string_view(rule.text).substr(wanted.begin, wanted.end - wanted.begin)) {
            return false;
          }
        }
        return true;
      });
    } else {
      for (const Token& token : *tokens) {
        const std::string& wanted = rule.words[0].text;
        const bool is_there = rule.kind == Rule::Kind::kContains ? token.text.find(wanted) != std::string::npos
                                                                 : fits(wanted, token.text);
        if (!place && is_there) place = Place{token.begin, token.end};
      }
    }
    if (place) return place;
  }
  return std::nullopt;
}

inline bool has_hashtag(const Rule& rule, const Post& post, const ReadingOptions& options) {
  return std::any_of(post.hashtags.begin(), post.hashtags.end(), [&](std::string_view hashtag) {
    const auto words = words_of(hashtag, options);
    return words.size() == rule.words.size() && have_same_words(rule.words, words.data());
  });
}

// A post, how a listener reads it, and how it feels.
struct Asked {
  const Post& post;
  Reading reading;
  ReadingOptions options;
  bool is_negative = false;
};

inline bool is_near(const Rule& rule, const std::vector<Token>& tokens) {
  if (rule.kind == Rule::Kind::kAllNear) return has_stretch(rule.words, rule.between_max, tokens);
  const std::vector<Token>& first = rule.children[0].words;
  const std::vector<Token>& second = rule.children[1].words;
  return is_followed(first, second, rule.between_max, tokens) ||
         (rule.kind == Rule::Kind::kNear && is_followed(second, first, rule.between_max, tokens));
}

inline bool holds(const Rule& rule, const Asked& asked) {
  const Post& post = asked.post;
  const auto child_holds = [&](const Rule& child) { return holds(child, asked); };
  switch (rule.kind) {
    case Rule::Kind::kAnd:
      return std::all_of(rule.children.begin(), rule.children.end(), child_holds);
    case Rule::Kind::kOr:
      return std::any_of(rule.children.begin(), rule.children.end(), child_holds);
    case Rule::Kind::kNot:
      return !child_holds(rule.children[0]);
    case Rule::Kind::kFrom:
      return lowered(post.author_handle) == lowered(rule.text) || lowered(post.author_id) == lowered(rule.text);
    case Rule::Kind::kFollowers:
      return post.followers >= std::stoll(rule.text);
    case Rule::Kind::kNear:
    case Rule::Kind::kInOrder:
    case Rule::Kind::kAllNear:
      return is_near(rule, asked.reading.words) || is_near(rule, asked.reading.split_words);
    case Rule::Kind::kBio:
      return find_words(rule.words, words_of(post.author_bio, asked.options)).has_value();
    case Rule::Kind::kCountry:
      return lowered(post.country) == lowered(rule.text);
    case Rule::Kind::kNegative:
      return asked.is_negative;
    case Rule::Kind::kHashtag:
      return find(rule, asked.reading).has_value() || has_hashtag(rule, post, asked.options);
    case Rule::Kind::kLang:
      break;
    default:
      return find(rule, asked.reading).has_value();
  }
  const std::string wanted = lowered(rule.text);
  const std::string lang = lowered(post.lang);
  return lang == wanted || (lang.size() > wanted.size() && lang.starts_with(wanted) && lang[wanted.size()] == '-');
}

// What is the same of two terms that are one clause.
inline std::string form_of(const Rule& rule) {
  std::string form = std::to_string(static_cast<int>(rule.kind)) + ' ';
  if (rule.kind == Rule::Kind::kCased) {
    for (const Token& word : rule.words) form += rule.text.substr(word.begin, word.end - word.begin) + ' ';
  } else if (rule.kind == Rule::Kind::kMention || rule.kind == Rule::Kind::kRegex) {
    form += rule.kind == Rule::Kind::kMention ? lowered(rule.text) : rule.text;
  } else {
    for (const Token& word : rule.words) form += word.text + ' ';
  }
  return form;
}

inline bool is_clause(Rule::Kind kind) {
  return kind == Rule::Kind::kPhrase || kind == Rule::Kind::kPattern || kind == Rule::Kind::kCased ||
         kind == Rule::Kind::kHashtag || kind == Rule::Kind::kMention || kind == Rule::Kind::kContains ||
         kind == Rule::Kind::kRegex;
}

inline void collect_clauses(const Rule& rule, bool is_excluded, const Reading& reading, std::vector<Clause>& out) {
  const bool excludes = is_excluded != (rule.kind == Rule::Kind::kNot);
  for (const Rule& child : rule.children) collect_clauses(child, excludes, reading, out);
  if (is_excluded) return;
  if (rule.kind == Rule::Kind::kAllNear) {
    for (const Token& word : rule.words) {
      collect_clauses({Rule::Kind::kPhrase, rule.text, {word}, {}}, false, reading, out);
    }
  }
  if (!is_clause(rule.kind)) return;
  const auto place = find(rule, reading);
  const std::string form = form_of(rule);
  const bool is_known = std::any_of(out.begin(), out.end(), [&](const Clause& known) { return known.form == form; });
  if (!place || is_known) return;
  // A hashtag is written with its sign, as is a mention.
  const bool has_sign = rule.kind == Rule::Kind::kHashtag || rule.kind == Rule::Kind::kMention;
  const std::string sign = !has_sign ? "" : rule.kind == Rule::Kind::kHashtag ? "#" : "@";
  out.push_back({sign + rule.text, form, place->first, place->second});
}

inline std::vector<Clause> clauses_of(const Rule& rule, const Reading& reading) {
  std::vector<Clause> clauses;
  collect_clauses(rule, false, reading, clauses);
  std::stable_sort(clauses.begin(), clauses.end(), [](const Clause& a, const Clause& b) {
    return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
  });
  return clauses;
}

// Tags of the parts that hold.
inline void collect_tags(const Rule& rule, const Asked& asked, std::vector<std::string>& tags) {
  if (rule.kind == Rule::Kind::kNot) return;
  if (!rule.tag.empty() && holds(rule, asked)) tags.push_back(rule.tag);
  for (const Rule& child : rule.children) collect_tags(child, asked, tags);
}

// Whether some term must hold before the rule can (of its negation when negated); sentiment is none to wait for. Rules
// without are refused: they would match nearly everything.
inline bool has_something_to_wait_for(const Rule& rule, bool is_negated) {
  const auto child_has = [&](const Rule& child) { return has_something_to_wait_for(child, is_negated); };
  switch (rule.kind) {
    case Rule::Kind::kAnd:
    case Rule::Kind::kOr:
      return (rule.kind == Rule::Kind::kAnd) != is_negated
                 ? std::any_of(rule.children.begin(), rule.children.end(), child_has)
                 : std::all_of(rule.children.begin(), rule.children.end(), child_has);
    case Rule::Kind::kNot:
      return has_something_to_wait_for(rule.children[0], !is_negated);
    case Rule::Kind::kNegative:
      return false;
    default:
      return !is_negated;
  }
}

inline bool is_refused(const Rule& rule) {
  return !has_something_to_wait_for(rule, false);
}

inline std::string term_to_query(const Rule& rule, std::mt19937& random) {
  const auto chance = [&random] { return random() % 2 == 0; };
  switch (rule.kind) {
    case Rule::Kind::kPhrase:
      return '"' + rule.text + '"';
    case Rule::Kind::kFrom:
      return (chance() ? "from:@" : "from:") + rule.text;
    case Rule::Kind::kLang:
      return "lang:" + rule.text;
    case Rule::Kind::kFollowers:
      return "followers:" + rule.text + (chance() ? ".." : "");
    case Rule::Kind::kAllNear:
      return '"' + rule.text + "\"~" + std::to_string(rule.between_max);
    case Rule::Kind::kCased:
      return "{\"" + rule.text + "\"}";
    case Rule::Kind::kHashtag:
      return '#' + rule.text;
    case Rule::Kind::kMention:
      return '@' + rule.text;
    case Rule::Kind::kContains:
      return "contains:" + rule.text;
    case Rule::Kind::kRegex:
      return '/' + rule.text + '/';
    case Rule::Kind::kBio:
      return "bio:\"" + rule.text + '"';
    case Rule::Kind::kCountry:
      return "country:" + rule.text;
    case Rule::Kind::kNegative:
      return "sentiment:negative";
    default:
      return rule.text;
  }
}

inline std::string to_query(const Rule& rule, std::mt19937& random) {
  const auto chance = [&random] { return random() % 2 == 0; };
  if (!rule.tag.empty()) {
    Rule untagged = rule;
    untagged.tag.clear();
    return '(' + to_query(untagged, random) + ")[tag:" + rule.tag + " weight:1]";
  }
  if (rule.kind == Rule::Kind::kNear || rule.kind == Rule::Kind::kInOrder) {
    return to_query(rule.children[0], random) + (rule.kind == Rule::Kind::kNear ? " NEAR/" : " ONEAR/") +
           std::to_string(rule.between_max) + ' ' + to_query(rule.children[1], random);
  }
  if (rule.children.empty()) return term_to_query(rule, random);
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
