// Random rules on random posts: the matcher says what the plain one says, clauses and offsets included.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <ostream>

#include "tests/operators/match/plain_matcher.h"
#include "tests/operators/match/rules_under_test.h"

namespace earshot::plain {

void PrintTo(const Clause& clause, std::ostream* out) {
  *out << fmt::format("{}@{}-{}", clause.text, clause.begin, clause.end);
}

}  // namespace earshot::plain

namespace earshot::match {
namespace {

// Few words, so that they meet; some that fold, compose or stand alone.
constexpr auto kWords = std::to_array<std::string_view>({"a",
                                                         "B",
                                                         "ab",
                                                         "the",
                                                         "brand",
                                                         "Brand",
                                                         "brands",
                                                         "\u00e9t\u00e9",
                                                         "e\u0301te\u0301",
                                                         "\u00c9T\u00c9",
                                                         "Stra\u00dfe",
                                                         "STRASSE",
                                                         "\u65e5\u672c",
                                                         "\u672c",
                                                         "\u304b\u3099",
                                                         "\u304c",
                                                         "\U0001F44D",
                                                         "\u2764\ufe0f",
                                                         "7",
                                                         "7th",
                                                         "\u0e01\u0e33"});
constexpr auto kGaps =
    std::to_array<std::string_view>({" ", " ", " ", ", ", "-", "...", "\n", "\u2014", "", "\u00ad", "\u200b"});
constexpr auto kPatterns =
    std::to_array<std::string_view>({"bran*", "?rand", "Br?nd*", "*and", "*ra*", "ab*", "7t?", "stra*e", "*t\u00e9"});
constexpr auto kHandles = std::to_array<std::string_view>({"", "Alice", "bob", "carol7"});
constexpr auto kLanguages = std::to_array<std::string_view>({"", "en", "en-GB", "pt-BR", "pt"});

class Generator {
 public:
  explicit Generator(uint32_t seed, bool ascii_folding) : random_(seed), ascii_folding_(ascii_folding) {}

  size_t below(size_t limit) { return random_() % limit; }

  template <class List>
  std::string_view one_of(const List& list) {
    return list[below(list.size())];
  }

  std::string text(size_t words) {
    std::string text;
    for (size_t i = 0; i < words; ++i) {
      if (i > 0) text += one_of(kGaps);
      text += one_of(kWords);
    }
    return text;
  }

  plain::Rule rule(int depth) {
    using Kind = plain::Rule::Kind;
    plain::Rule rule;
    const size_t choice = below(depth > 0 ? 12 : 8);
    if (depth > 0 && below(5) == 0) return nearness();
    if (below(8) == 0) {
      rule.kind = Kind::kPattern;
      rule.text = one_of(kPatterns);
      return rule;
    }
    if (depth > 0 && below(12) == 0) {
      rule.kind = Kind::kFollowers;
      rule.text = std::to_string(below(4));
      return rule;
    }
    if (choice == 0 || choice == 1) {
      rule.kind = choice == 0 ? Kind::kFrom : Kind::kLang;
      while (rule.text.empty()) rule.text = choice == 0 ? one_of(kHandles) : one_of(kLanguages);
      return rule;
    }
    if (choice < 8) return phrase(1);
    rule.kind = choice == 8 ? Kind::kNot : choice < 11 ? Kind::kAnd : Kind::kOr;
    const size_t count = rule.kind == Kind::kNot ? 1 : 2 + below(3);
    for (size_t i = 0; i < count; ++i) rule.children.push_back(this->rule(depth - 1));
    return rule;
  }

  plain::Rule phrase(size_t words_min) {
    plain::Rule phrase;
    while (phrase.words.size() < words_min) {
      phrase.text = text(words_min + below(3));
      phrase.words = plain::tokens_of(phrase.text, ascii_folding_);
    }
    return phrase;
  }

  plain::Rule nearness() {
    using Kind = plain::Rule::Kind;
    if (below(3) == 0) {
      plain::Rule rule = phrase(2);
      rule.kind = Kind::kAllNear;
      rule.between_max = below(4);
      return rule;
    }
    plain::Rule rule;
    rule.kind = below(2) == 0 ? Kind::kNear : Kind::kInOrder;
    rule.between_max = below(4);
    rule.children = {phrase(1), phrase(1)};
    return rule;
  }

  // A rule that compiles: any of some phrases half of the time, as most are.
  plain::Rule accepted_rule() {
    plain::Rule made = rule(below(2) == 0 ? 4 : 0);
    while (plain::is_refused(made)) made = rule(4);
    return made;
  }

  std::mt19937& random() { return random_; }

 private:
  std::mt19937 random_;
  bool ascii_folding_;
};

std::vector<plain::Clause> clauses_of(const ListenerMatch& match) {
  std::vector<plain::Clause> clauses;
  for (const ClauseMatch& clause : match.clauses)
    clauses.push_back({std::string(clause.text), {}, 0, 0, clause.start, clause.end});
  return clauses;
}

void expect_agreement(Generator& make, CaseFolding folding, size_t rule_count, size_t post_count) {
  std::vector<plain::Rule> rules;
  std::vector<std::string> queries;
  for (size_t i = 0; i < rule_count; ++i) {
    rules.push_back(make.accepted_rule());
    queries.push_back(plain::to_query(rules.back(), make.random()));
  }
  Matcher matcher(rules_with(queries, {.finder = PhraseFinder::kHyperscan, .folding = folding}));
  const auto indexed_rules = rules_with(queries, {.finder = PhraseFinder::kIndex, .folding = folding});
  std::vector<Matcher> indexed_matchers;
  for (const WordKernel& kernel : word_kernels()) indexed_matchers.emplace_back(indexed_rules, kernel);
  for (size_t i = 0; i < post_count; ++i) {
    const std::string text = make.text(make.below(14));
    Post post = post_with(text, make.one_of(kHandles), make.one_of(kLanguages));
    post.author_id = make.one_of(kHandles);
    post.followers = static_cast<int64_t>(make.below(4));
    const auto tokens = plain::tokens_of(text, folding == CaseFolding::kAscii);
    const auto matches = matcher.match(post);
    size_t next = 0;
    for (uint32_t listener = 0; listener < rules.size(); ++listener) {
      const bool expected = plain::holds(rules[listener], post, tokens);
      const bool found = next < matches.size() && matches[next].listener == listener;
      ASSERT_EQ(found, expected) << queries[listener] << "\non: " << text << "\nby: " << post.author_handle << " "
                                 << post.author_id << "\nin: " << post.lang;
      if (!found) continue;
      ASSERT_EQ(clauses_of(matches[next++]), plain::clauses_of(rules[listener], tokens))
          << queries[listener] << "\non: " << text;
    }
    ASSERT_EQ(next, matches.size());
    for (Matcher& indexed_matcher : indexed_matchers) {
      const auto indexed = indexed_matcher.match(post);
      ASSERT_EQ(indexed.size(), matches.size()) << text;
      for (size_t found = 0; found < indexed.size(); ++found) {
        ASSERT_EQ(indexed[found].listener, matches[found].listener) << text;
        ASSERT_EQ(clauses_of(indexed[found]), clauses_of(matches[found]))
            << queries[indexed[found].listener] << "\non: " << text;
      }
    }
  }
}

TEST(Matcher, AgreesWithAPlainOneOnRandomRulesAndPostsByHyperscanAndByIndex) {
  Generator make(11, false);
  const char* asked = std::getenv("EARSHOT_MATCH_SETS");
  const long sets = asked == nullptr ? 100 : std::strtol(asked, nullptr, 10);
  for (long set = 0; set < sets; ++set)
    expect_agreement(make, CaseFolding::kUnicode, 20, 20);  // 40,000 pairs; EARSHOT_MATCH_SETS=2500 makes a million
}

TEST(Matcher, AgreesWithAPlainOneThatLowersOnlyAscii) {
  Generator make(12, true);
  for (int set = 0; set < 20; ++set) expect_agreement(make, CaseFolding::kAscii, 20, 20);
}

TEST(RuleSet, RefusesJustTheRulesThatHoldWithoutAnyOfTheirTerms) {
  Generator make(13, false);
  size_t refused = 0;
  for (int i = 0; i < 1000; ++i) {
    const plain::Rule rule = make.rule(4);
    const std::string query = plain::to_query(rule, make.random());
    ASSERT_EQ(error_of(query).empty(), !plain::is_refused(rule)) << query << '\n' << error_of(query);
    refused += plain::is_refused(rule) ? 1 : 0;
  }
  EXPECT_GT(refused, 20U);
}

}  // namespace
}  // namespace earshot::match
