// Random rules on random posts: the matcher says what the plain one says, clauses and offsets included.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <ostream>
#include <set>

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
                                                         "\u0e01\u0e33",
                                                         "#brand",
                                                         "#BrandAb",
                                                         "#theBRANDFan",
                                                         "#the_brand",
                                                         "@brand",
                                                         "@Bob"});
constexpr auto kGaps =
    std::to_array<std::string_view>({" ", " ", " ", ", ", "-", "...", "\n", "\u2014", "", "\u00ad", "\u200b"});
constexpr auto kPatterns =
    std::to_array<std::string_view>({"bran*", "?rand", "Br?nd*", "*and", "*ra*", "ab*", "7t?", "stra*e", "*t\u00e9"});
constexpr auto kHashtags = std::to_array<std::string_view>({"brand", "BrandAb", "the_brand", "theBrandFan"});
constexpr auto kMentions = std::to_array<std::string_view>({"brand", "Brand", "bob"});
constexpr auto kSubstrings = std::to_array<std::string_view>({"ra", "Bra", "aB", "he", "7t"});
constexpr auto kRegexes = std::to_array<std::string_view>({"bran.", "b(ra|r)a?n", "the|a+b?", "#\\w+", ".@b", "^a"});
constexpr auto kCountries = std::to_array<std::string_view>({"", "GB", "DE"});
constexpr auto kTags = std::to_array<std::string_view>({"red", "green", "blue"});
constexpr auto kHandles = std::to_array<std::string_view>({"", "Alice", "bob", "carol7"});
constexpr auto kLanguages = std::to_array<std::string_view>({"", "en", "en-GB", "pt-BR", "pt"});

class Generator {
 public:
  explicit Generator(uint32_t seed, bool ascii_folding) : random_(seed) { options_.ascii_folding = ascii_folding; }

  size_t below(size_t limit) { return random_() % limit; }

  template <class List>
  std::string_view one_of(const List& list) {
    return list[below(list.size())];
  }

  // A name ends with a space: the plain matcher knows names of ASCII only.
  std::string text(size_t words) {
    std::string text;
    for (size_t i = 0; i < words; ++i) {
      const std::string_view word = one_of(kWords);
      text += word;
      if (i + 1 < words) text += word.front() == '#' || word.front() == '@' ? " " : one_of(kGaps);
    }
    return text;
  }

  // How the rules that follow read.
  const plain::ReadingOptions& choose_options() {
    options_.fold_diacritics = below(4) == 0;
    options_.split_hashtags = below(4) == 0;
    return options_;
  }

  plain::Rule rule(int depth, bool is_excluded = false) {
    using Kind = plain::Rule::Kind;
    plain::Rule rule;
    const size_t choice = below(depth > 0 ? 12 : 8);
    if (depth > 0 && below(5) == 0) return nearness();
    if (below(6) == 0) return written();
    if (depth > 0 && below(8) == 0) return field();
    if (choice == 0 || choice == 1) {
      rule.kind = choice == 0 ? Kind::kFrom : Kind::kLang;
      while (rule.text.empty()) rule.text = choice == 0 ? one_of(kHandles) : one_of(kLanguages);
      return rule;
    }
    if (choice < 8) return phrase(1);
    rule.kind = choice == 8 ? Kind::kNot : choice < 11 ? Kind::kAnd : Kind::kOr;
    const bool excludes = is_excluded || rule.kind == Kind::kNot;
    // Many alternatives are tested as one.
    const size_t count = rule.kind == Kind::kNot ? 1 : rule.kind == Kind::kOr && below(4) == 0 ? 9 : 2 + below(3);
    for (size_t i = 0; i < count; ++i) rule.children.push_back(this->rule(depth - 1, excludes));
    if (!excludes && below(3) == 0) rule.tag = one_of(kTags);
    return rule;
  }

  // What asks for the text as written, or for letters.
  plain::Rule written() {
    using Kind = plain::Rule::Kind;
    constexpr auto kKinds =
        std::to_array({Kind::kPattern, Kind::kCased, Kind::kHashtag, Kind::kMention, Kind::kContains, Kind::kRegex});
    plain::Rule rule = phrase(1);
    rule.kind = kKinds[below(kKinds.size())];
    if (rule.kind == Kind::kCased) return rule;
    rule.text = rule.kind == Kind::kPattern    ? one_of(kPatterns)
                : rule.kind == Kind::kHashtag  ? one_of(kHashtags)
                : rule.kind == Kind::kMention  ? one_of(kMentions)
                : rule.kind == Kind::kContains ? one_of(kSubstrings)
                                               : one_of(kRegexes);
    const std::string folded = plain::lowered(rule.text);
    rule.words = rule.kind == Kind::kHashtag
                     ? plain::words_of(rule.text, options_)
                     : std::vector<plain::Token>{{options_.fold_diacritics ? plain::without_accents(folded) : folded}};
    return rule;
  }

  plain::Rule field() {
    using Kind = plain::Rule::Kind;
    constexpr auto kKinds = std::to_array({Kind::kFollowers, Kind::kBio, Kind::kCountry, Kind::kNegative});
    plain::Rule rule = phrase(1);
    rule.kind = kKinds[below(kKinds.size())];
    if (rule.kind == Kind::kFollowers) rule.text = std::to_string(below(4));
    if (rule.kind == Kind::kCountry) rule.text = below(2) == 0 ? "GB" : "de";
    return rule;
  }

  plain::Rule phrase(size_t words_min) {
    plain::Rule phrase;
    while (phrase.words.size() < words_min) {
      phrase.text = text(words_min + below(3));
      phrase.words = plain::words_of(phrase.text, options_);
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
  plain::ReadingOptions options_;
};

// Random rules, each with how its listener reads.
struct RuleUnderTest {
  plain::Rule rule;
  plain::ReadingOptions options;
};

struct SetUnderTest {
  std::vector<RuleUnderTest> rules;
  ListenerSet listeners;
};

SetUnderTest random_set(Generator& make, size_t count) {
  SetUnderTest set;
  for (size_t i = 0; i < count; ++i) {
    const plain::ReadingOptions options = make.choose_options();
    RuleUnderTest& made = set.rules.emplace_back(RuleUnderTest{make.accepted_rule(), options});
    Listener& listener = set.listeners.listeners.emplace_back();
    listener.name = std::to_string(i);
    listener.query = plain::to_query(made.rule, make.random());
    listener.fold_diacritics = options.fold_diacritics;
    listener.split_hashtags = options.split_hashtags;
  }
  return set;
}

struct RandomPost {
  std::string text;
  std::string bio;
  std::vector<std::string_view> hashtags;
  Post post;
  bool is_negative = false;
};

void fill(RandomPost& made, Generator& make) {
  made.text = make.text(make.below(14));
  made.bio = make.text(make.below(4));
  if (make.below(4) == 0) made.hashtags.push_back(make.one_of(kHashtags));
  made.post = post_with(made.text, make.one_of(kHandles), make.one_of(kLanguages));
  made.post.author_id = make.one_of(kHandles);
  made.post.author_bio = made.bio;
  made.post.country = make.one_of(kCountries);
  made.post.hashtags = made.hashtags;
  made.post.followers = static_cast<int64_t>(make.below(4));
  made.is_negative = make.below(2) == 0;
}

std::vector<plain::Clause> clauses_of(const ListenerMatch& match) {
  std::vector<plain::Clause> clauses;
  for (const ClauseMatch& clause : match.clauses)
    clauses.push_back({std::string(clause.text), {}, clause.start, clause.end});
  return clauses;
}

// The same with letters within a word as that word, which is what the plain matcher knows of them.
std::vector<plain::Clause> clauses_by_words(const ListenerMatch& match, const plain::Reading& reading) {
  std::vector<plain::Clause> clauses = clauses_of(match);
  for (plain::Clause& clause : clauses) {
    if (std::find(kSubstrings.begin(), kSubstrings.end(), clause.text) == kSubstrings.end()) continue;
    for (const auto* words : {&reading.split_words, &reading.words}) {
      for (const plain::Token& word : *words) {
        if (word.begin > clause.begin || clause.end > word.end) continue;
        clause.begin = word.begin;
        clause.end = word.end;
      }
    }
  }
  return clauses;
}

std::vector<std::string> in_order(std::vector<plain::Clause> clauses) {
  std::vector<std::string> shown;
  for (const plain::Clause& clause : clauses) shown.push_back(testing::PrintToString(clause));
  std::sort(shown.begin(), shown.end());
  return shown;
}

std::set<std::string> tags_of(const ListenerMatch& match) {
  return {match.tags.begin(), match.tags.end()};
}

void expect_as_plain(const RuleUnderTest& rule, const std::string& query, const RandomPost& made,
                     const ListenerMatch* found) {
  const plain::Asked asked{made.post, plain::read(made.text, rule.options), rule.options, made.is_negative};
  ASSERT_EQ(found != nullptr, plain::holds(rule.rule, asked))
      << query << "\non: " << made.text << "\nby: " << made.post.author_handle << " " << made.post.author_id
      << "\nin: " << made.post.lang << " bio: " << made.bio << " folds: " << rule.options.fold_diacritics
      << " splits: " << rule.options.split_hashtags;
  if (found == nullptr) return;
  ASSERT_EQ(in_order(clauses_by_words(*found, asked.reading)), in_order(plain::clauses_of(rule.rule, asked.reading)))
      << query << "\non: " << made.text << " folds: " << rule.options.fold_diacritics
      << " splits: " << rule.options.split_hashtags;
  const auto clauses = clauses_of(*found);
  ASSERT_TRUE(std::is_sorted(clauses.begin(), clauses.end(),
                             [](const plain::Clause& a, const plain::Clause& b) {
                               return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
                             }))
      << query << "\non: " << made.text;
  std::vector<std::string> tags;
  plain::collect_tags(rule.rule, asked, tags);
  ASSERT_EQ(tags_of(*found), std::set<std::string>(tags.begin(), tags.end())) << query << "\non: " << made.text;
  ASSERT_EQ(found->weight, static_cast<int64_t>(tags.size())) << query << "\non: " << made.text;
}

void expect_agreement(Generator& make, CaseFolding folding, size_t rule_count, size_t post_count) {
  const SetUnderTest set = random_set(make, rule_count);
  Matcher matcher(compiled(set.listeners, {.finder = PhraseFinder::kHyperscan, .folding = folding}));
  const auto indexed_rules = compiled(set.listeners, {.finder = PhraseFinder::kIndex, .folding = folding});
  std::vector<Matcher> indexed_matchers;
  for (const WordKernel& kernel : word_kernels()) indexed_matchers.emplace_back(indexed_rules, kernel);
  for (size_t i = 0; i < post_count; ++i) {
    RandomPost made;
    fill(made, make);
    ToldSentiment sentiment(made.is_negative ? SentimentLabel::kNegative : SentimentLabel::kPositive);
    const auto matches = matcher.match(made.post, &sentiment);
    ASSERT_LE(sentiment.asked(), 1);  // of one post
    size_t next = 0;
    for (uint32_t listener = 0; listener < set.rules.size(); ++listener) {
      const bool is_found = next < matches.size() && matches[next].listener == listener;
      const std::string& query = set.listeners.listeners[listener].query;
      expect_as_plain(set.rules[listener], query, made, is_found ? &matches[next] : nullptr);
      if (testing::Test::HasFatalFailure()) return;
      next += is_found ? 1 : 0;
    }
    ASSERT_EQ(next, matches.size());
    for (Matcher& indexed_matcher : indexed_matchers) {
      const auto indexed = indexed_matcher.match(made.post, &sentiment);
      ASSERT_EQ(indexed.size(), matches.size()) << made.text;
      for (size_t found = 0; found < indexed.size(); ++found) {
        ASSERT_EQ(indexed[found].listener, matches[found].listener) << made.text;
        ASSERT_EQ(clauses_of(indexed[found]), clauses_of(matches[found]))
            << set.listeners.listeners[indexed[found].listener].query << "\non: " << made.text;
      }
    }
  }
}

TEST(Matcher, AgreesWithAPlainOneOnRandomRulesAndPostsByHyperscanAndByIndex) {
  Generator make(11, false);
  const char* asked = std::getenv("EARSHOT_MATCH_SETS");
  const long sets = asked == nullptr ? 100 : std::strtol(asked, nullptr, 10);
  for (long set = 0; set < sets; ++set)
    ASSERT_NO_FATAL_FAILURE(expect_agreement(make, CaseFolding::kUnicode, 20,
                                             20));  // 40,000 pairs; EARSHOT_MATCH_SETS=2500 makes a million
}

TEST(Matcher, AgreesWithAPlainOneThatLowersOnlyAscii) {
  Generator make(12, true);
  for (int set = 0; set < 20; ++set) ASSERT_NO_FATAL_FAILURE(expect_agreement(make, CaseFolding::kAscii, 20, 20));
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
