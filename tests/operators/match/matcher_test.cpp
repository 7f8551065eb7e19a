#include "operators/match/matcher.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/operators/match/rules_under_test.h"

namespace earshot::match {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// What matched, as "listener: clause@original text, …".
std::vector<std::string> matches(Matcher& matcher, const Post& post) {
  std::vector<std::string> shown;
  for (const ListenerMatch& match : matcher.match(post)) {
    std::string& line = shown.emplace_back(fmt::format("{}:", match.listener));
    for (const ClauseMatch& clause : match.clauses) {
      line += fmt::format(" {}@{}-{}<{}>", clause.text, clause.start, clause.end,
                          post.text.substr(clause.start, clause.end - clause.start));
    }
  }
  return shown;
}

std::vector<std::string> matches(const std::vector<std::string>& queries, const Post& post) {
  Matcher matcher(rules_with(queries));
  return matches(matcher, post);
}

TEST(Matcher, FindsWordsAndPhrasesWhateverCaseAndPunctuation) {
  EXPECT_THAT(matches({"\"New York\" OR pizza"}, post_with("Best PIZZA in new... York?")),
              ElementsAre("0: pizza@5-10<PIZZA> New York@14-25<new... York>"));
}

TEST(Matcher, RespectsWordBoundaries) {
  EXPECT_THAT(matches({"cat"}, post_with("concatenate cats")), IsEmpty());
  EXPECT_THAT(matches({"cat"}, post_with("#cat_person")), ElementsAre("0: cat@1-4<cat>"));
}

TEST(Matcher, FindsPhrasesThatShareABoundaryOrAWord) {
  EXPECT_THAT(matches({"a OR b OR \"a b\" OR \"b a\""}, post_with("a b a")),
              ElementsAre("0: a@0-1<a> a b@0-3<a b> b@2-3<b> b a@2-5<b a>"));
  EXPECT_THAT(matches({"\"a a\""}, post_with("a a a")), ElementsAre("0: a a@0-3<a a>"));
}

TEST(Matcher, ReportsTheFirstOccurrenceOfEachDistinctClause) {
  EXPECT_THAT(matches({"Foo OR foo OR \"FOO!\""}, post_with("x foo foo")), ElementsAre("0: Foo@2-5<foo>"));
}

TEST(Matcher, ReportsListenersInTheOrderOfTheSet) {
  EXPECT_THAT(matches({"b", "zzz", "a", "a b"}, post_with("a b")),
              ElementsAre("0: b@2-3<b>", "2: a@0-1<a>", "3: a@0-1<a> b@2-3<b>"));
}

TEST(Matcher, EvaluatesBooleanQueries) {
  const std::string query = "(brand OR firm) (fails OR \"is down\") -(joke OR lang:de)";
  EXPECT_THAT(matches({query}, post_with("The firm is down")), ElementsAre("0: firm@4-8<firm> is down@9-16<is down>"));
  EXPECT_THAT(matches({query}, post_with("brand, firm")), IsEmpty());
  EXPECT_THAT(matches({query}, post_with("firm fails, a joke")), IsEmpty());
  EXPECT_THAT(matches({query}, post_with("firm fails", "", "de-AT")), IsEmpty());
}

TEST(Matcher, LeavesExcludedPhrasesOutOfTheClauses) {
  EXPECT_THAT(matches({"a -(b c)"}, post_with("a b")), ElementsAre("0: a@0-1<a>"));
  EXPECT_THAT(matches({"a -(b -c)"}, post_with("a b c")), ElementsAre("0: a@0-1<a> c@4-5<c>"));
}

TEST(Matcher, MatchesAuthorsByHandleOrIdWithoutRegardToCase) {
  const std::vector<std::string> queries{"from:@BigBrand", "from:123 outage"};
  EXPECT_THAT(matches(queries, post_with("hello", "bigbrand")), ElementsAre("0:"));
  EXPECT_THAT(matches(queries, post_with("hello", "@BIGBRAND")), ElementsAre("0:"));
  EXPECT_THAT(matches(queries, post_with("hello", "bigbrand2")), IsEmpty());
  Post post = post_with("Outage");
  post.author_id = "123";
  EXPECT_THAT(matches(queries, post), ElementsAre("1: outage@0-6<Outage>"));
}

TEST(Matcher, MatchesALanguageAndItsRegions) {
  const std::vector<std::string> queries{"lang:pt", "lang:pt-BR"};
  EXPECT_THAT(matches(queries, post_with("x", "", "pt")), ElementsAre("0:"));
  EXPECT_THAT(matches(queries, post_with("x", "", "pt-br")), ElementsAre("0:", "1:"));
  EXPECT_THAT(matches(queries, post_with("x", "", "ptx")), IsEmpty());
  EXPECT_THAT(matches(queries, post_with("x")), IsEmpty());
}

TEST(Matcher, AsksForTheLanguageOnceTheRestOfARuleHolds) {
  Matcher matcher(rules_with({"outage lang:de", "outage -lang:en brand", "(down OR broken OR fails OR late) lang:de"}));
  ToldLanguage german("de");
  EXPECT_THAT(matcher.match(post_with("nothing of it"), nullptr, &german), IsEmpty());
  EXPECT_EQ(german.asked(), 0) << "nothing that the language could decide";
  EXPECT_THAT(matcher.match(post_with("down"), nullptr, &german), testing::SizeIs(1)) << "rules wait for words";
  EXPECT_THAT(matcher.match(post_with("brand outage"), nullptr, &german), testing::SizeIs(2));
  EXPECT_EQ(german.asked(), 2) << "once for a post, however many rules";
  EXPECT_THAT(matcher.match(post_with("brand outage", "", "en"), nullptr, &german), IsEmpty());
  EXPECT_EQ(german.asked(), 2) << "the platform knows";
  EXPECT_THAT(matcher.match(post_with("outage")), IsEmpty()) << "nobody to ask";
}

TEST(Matcher, AsksForTheLanguageOfEachPostWhenARuleHasNothingElse) {
  Matcher matcher(rules_with({"lang:pt", "joke OR lang:de"}));
  ToldLanguage portuguese("pt-BR");
  EXPECT_THAT(matcher.match(post_with("x"), nullptr, &portuguese), testing::SizeIs(1));
  EXPECT_THAT(matcher.match(post_with("joke"), nullptr, &portuguese), testing::SizeIs(2));
  EXPECT_EQ(portuguese.asked(), 2);
}

TEST(Matcher, FindsPhrasesOfScriptsWithoutSpacesInsideText) {
  EXPECT_THAT(matches({"\u6771\u4eac"}, post_with("\u4eca\u65e5\u306f\u6771\u4eac\u3067")),
              ElementsAre("0: \u6771\u4eac@9-15<\u6771\u4eac>"));
}

TEST(Matcher, FindsEmoji) {
  EXPECT_THAT(matches({"\U0001F621 OR \"so \u2764\""}, post_with("so\u2764\ufe0f!\U0001F621\U0001F621")),
              ElementsAre("0: so \u2764@0-5<so\u2764> \U0001F621@9-13<\U0001F621>"));
}

TEST(Matcher, PointsAtTheOriginalBytesOfFoldedText) {
  EXPECT_THAT(matches({"\"GR\u00dcSSE AUS\""}, post_with("Gru\u0308\u00dfe aus Wien")),
              ElementsAre("0: GR\u00dcSSE AUS@0-12<Gru\u0308\u00dfe aus>"));
}

TEST(Matcher, LowersOnlyAsciiWhenTheRulesDo) {
  RuleOptions options;
  options.folding = CaseFolding::kAscii;
  Matcher matcher(rules_with({"\u00e9t\u00e9", "NOW"}, options));
  EXPECT_THAT(matches(matcher, post_with("\u00c9T\u00c9 now")), ElementsAre("1: NOW@6-9<now>"));
}

TEST(Matcher, KeepsNothingFromThePostBefore) {
  Matcher matcher(rules_with({"a b", "a OR c", "from:x a"}));
  EXPECT_THAT(matches(matcher, post_with("a", "x")), ElementsAre("1: a@0-1<a>", "2: a@0-1<a>"));
  EXPECT_THAT(matches(matcher, post_with("b")), IsEmpty());
  EXPECT_THAT(matches(matcher, post_with("b a")), ElementsAre("0: b@0-1<b> a@2-3<a>", "1: a@2-3<a>"));
  EXPECT_THAT(matches(matcher, post_with("")), IsEmpty());
}

TEST(Matcher, SharesOneRuleSetWithOthers) {
  const auto rules = rules_with({"a"});
  Matcher one(rules);
  Matcher other(rules);
  EXPECT_THAT(matches(one, post_with("a")), ElementsAre("0: a@0-1<a>"));
  EXPECT_THAT(matches(other, post_with("x a")), ElementsAre("0: a@2-3<a>"));
}

std::vector<std::string> brand_phrases(size_t count) {
  std::vector<std::string> queries;
  for (size_t i = 0; i < count; ++i) queries.push_back("\"brand" + std::to_string(i) + " phone\"");
  return queries;
}

TEST(Matcher, TakesTheIndexForManyPhrases) {
  EXPECT_EQ(Matcher(rules_with(brand_phrases(kTrialPhrasesMax + 1))).finder(), PhraseFinder::kIndex);
}

TEST(Matcher, TriesBothWaysOnTheFirstPostsAndThenKeepsToOneWithTheSameMatches) {
  Matcher matcher(rules_with(brand_phrases(100)));
  EXPECT_EQ(matcher.finder(), PhraseFinder::kAuto);
  for (uint32_t post = 0; post < kTrialTexts + 100; ++post) {
    EXPECT_EQ(matcher.finder() == PhraseFinder::kAuto, post < kTrialTexts);
    const auto matches = matcher.match(post_with("My Brand7 phone, not brand8; brand99-phone!"));
    ASSERT_EQ(matches.size(), 2U);
    EXPECT_EQ(matches[0].listener, 7U);
    EXPECT_EQ(matches[1].listener, 99U);
    ASSERT_EQ(matches[1].clauses.size(), 1U);
  }
}

TEST(Matcher, HandsOnTheNormalisedText) {
  Matcher matcher(rules_with({"a"}));
  matcher.match(post_with("Hello, World"));
  EXPECT_EQ(matcher.normalised().text(), " hello world ");
  EXPECT_EQ(matcher.normalised().word_count(), 2U);
}

}  // namespace
}  // namespace earshot::match
