// What rules ask beyond the folded words of the text: how it is written, other fields, sentiment, tags.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "operators/match/hashtag_text.h"
#include "operators/match/regex.h"
#include "tests/operators/match/rules_under_test.h"

namespace earshot::match {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct Reading {
  bool fold_diacritics = false;
  bool split_hashtags = false;
};

// What matched, as "listener: clause@original text, …".
std::vector<std::string> matches(const std::vector<std::string>& queries, const Post& post, Reading reading = {}) {
  ListenerSet set = *listeners_with(queries);
  for (Listener& listener : set.listeners) {
    listener.fold_diacritics = reading.fold_diacritics;
    listener.split_hashtags = reading.split_hashtags;
  }
  Matcher matcher(compiled(std::move(set)));
  std::vector<std::string> shown;
  for (const ListenerMatch& match : matcher.match(post)) {
    std::string& line = shown.emplace_back(fmt::format("{}:", match.listener));
    for (const ClauseMatch& clause : match.clauses) {
      line += fmt::format(" {}<{}>", clause.text, post.text.substr(clause.start, clause.end - clause.start));
    }
  }
  return shown;
}

TEST(Regexes, AreReportedAtTheirLeftmostLongestMatch) {
  EXPECT_THAT(matches({"/ab+/"}, post_with("x ABBB abb")), ElementsAre("0: ab+<ABBB>"));
  EXPECT_THAT(matches({"brand /[a-z]+ing/ -/xx/"}, post_with("a failing brand")),
              ElementsAre("0: [a-z]+ing<failing> brand<brand>"));
}

TEST(Regexes, ReadTheTextAsWritten) {
  EXPECT_THAT(matches({"/https?:\\/\\/[^ ]+\\.zip/"}, post_with("get http://x.example/a.zip now")),
              ElementsAre("0: https?:\\/\\/[^ ]+\\.zip<http://x.example/a.zip>"));
  EXPECT_THAT(matches({"/stra.e/", "/STRA\u1E9EE|\u00c9T\u00c9/"}, post_with("Stra\u00dfe \u00e9t\u00e9")),
              ElementsAre("0: stra.e<Stra\u00dfe>", "1: STRA\u1E9EE|\u00c9T\u00c9<Stra\u00dfe>"));
}

TEST(Regexes, FoundLateAreClausesToo) {
  // The query holds by its first alternative; the regex is looked for all the same.
  EXPECT_THAT(matches({"brand (fails OR /out(age|ed)/)"}, post_with("brand fails: outage")),
              ElementsAre("0: brand<brand> fails<fails> out(age|ed)<outage>"));
}

TEST(Regexes, TooLargeToKeepTheirBeginStillMatch) {
  const std::string query = "/(brand|firm).{0,50}fails?/";
  const auto found = matches({query}, post_with("So the brand, of all things, fails again"));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_THAT(found[0], HasSubstr("the brand, of all things, fail"));
}

TEST(Regexes, AreBoundedInSize) {
  EXPECT_EQ(*estimate_size("abc"), 3U);
  EXPECT_EQ(*estimate_size("(ab|c){3,10}"), 30U);
  EXPECT_EQ(*estimate_size("a.[^b]\\W[a-z]"), 1U + 9 + 9 + 9 + 1);
  EXPECT_EQ(*estimate_size("\\p{L}x{2}"), 252U);
  EXPECT_EQ(*estimate_size("[]a{2}][[:alpha:]{9}]{2}"), 3U);
  EXPECT_FALSE(estimate_size(".{50}.{50}"));
  EXPECT_FALSE(estimate_size("((((a{10}){10}){10}))"));
  EXPECT_FALSE(estimate_size("(?x)a"));
  EXPECT_TRUE(estimate_size("(?i)a(?-i:b)(?s)"));
  EXPECT_FALSE(estimate_size(std::string(40, '(') + "a" + std::string(40, ')')));
}

TEST(CasedPhrases, StandLetterByLetter) {
  EXPECT_THAT(matches({"{Apple}"}, post_with("apple, APPLE and Apple")), ElementsAre("0: Apple<Apple>"));
  EXPECT_THAT(matches({"{\"New York\"} NEAR/1 pizza"}, post_with("pizza in New  York")),
              ElementsAre("0: pizza<pizza> New York<New  York>"));
  EXPECT_THAT(matches({"{\"New York\"} NEAR/1 pizza"}, post_with("pizza in New york")), IsEmpty());
  EXPECT_THAT(matches({"apple -{Apple}"}, post_with("an apple")), ElementsAre("0: apple<apple>"));
}

TEST(Hashtags, AreWholeAndOfAnyCase) {
  const std::vector<std::string> queries{"#bankfail", "#bank", "#\u6771\u4eac", "#a_b"};
  EXPECT_THAT(matches(queries, post_with("#BankFail")), ElementsAre("0: #bankfail<BankFail>"));
  EXPECT_THAT(matches(queries, post_with("a#bank &#bank; #bank_x #bankx bank")), IsEmpty());
  EXPECT_THAT(matches(queries, post_with("\u4eca\u65e5\uff03bank!")), ElementsAre("1: #bank<bank>"));
  EXPECT_THAT(matches(queries, post_with("#\u6771\u4eac\u90fd #\u6771\u4eac ")),
              ElementsAre("2: #\u6771\u4eac<\u6771\u4eac>"));
  EXPECT_THAT(matches(queries, post_with("#a_b_ #a b")), ElementsAre("3: #a_b<a_b>"));
}

TEST(Hashtags, OfThePlatformHoldWithoutAPlace) {
  const std::vector<std::string_view> hashtags{"BankFail"};
  Post post = post_with("look");
  post.hashtags = hashtags;
  EXPECT_THAT(matches({"#bankfail look", "#bank"}, post), ElementsAre("0: look<look>"));
}

TEST(Mentions, AreWholeNames) {
  const std::vector<std::string> queries{"@brand", "@brand.bsky.social", "@_b"};
  EXPECT_THAT(matches(queries, post_with("hi @Brand.bsky.social")),
              ElementsAre("0: @brand<Brand>", "1: @brand.bsky.social<Brand.bsky.social>"));
  EXPECT_THAT(matches(queries, post_with("me@brand.example @brandx @brand_x brand @@brand")), IsEmpty());
  EXPECT_THAT(matches(queries, post_with("(@_b)")), ElementsAre("2: @_b<b>"));
}

TEST(EmojiSequences, AreJoinedAsWritten) {
  EXPECT_THAT(matches({"\U0001F469\u200D\U0001F4BB"}, post_with("\U0001F469\u200D\U0001F4BB!")),
              ElementsAre("0: \U0001F469\u200D\U0001F4BB<\U0001F469\u200D\U0001F4BB>"));
  EXPECT_THAT(matches({"\U0001F469\u200D\U0001F4BB"}, post_with("\U0001F469\U0001F4BB")), IsEmpty());
  // The style of an emoji is left out by many keyboards.
  EXPECT_THAT(matches({"\u2764\ufe0f\u200d\U0001F525"}, post_with("\u2764\u200d\U0001F525")),
              ElementsAre("0: \u2764\ufe0f\u200d\U0001F525<\u2764\u200d\U0001F525>"));
}

TEST(Substrings, AreReportedInWholeCharacters) {
  EXPECT_THAT(matches({"contains:ras"}, post_with("Stra\u00dfe")), ElementsAre("0: ras<ra\u00df>"));
  EXPECT_THAT(matches({"contains:\"k f\""}, post_with("bank fail")), ElementsAre("0: k f<k f>"));
}

TEST(Diacritics, CountForNothingWhereTheListenerSaysSo) {
  const Reading folds{.fold_diacritics = true};
  EXPECT_THAT(matches({"cafe"}, post_with("Cafe\u0301 ole"), folds), ElementsAre("0: cafe<Cafe\u0301>"));
  EXPECT_THAT(matches({"S\u00d8REN"}, post_with("soren"), folds), ElementsAre("0: S\u00d8REN<soren>"));
  EXPECT_THAT(matches({"\u304b"}, post_with("\u304c"), folds), IsEmpty());  // another syllable, not an accent
  EXPECT_THAT(matches({"na*ve NEAR/0 ete"}, post_with("na\u00efve \u00e9t\u00e9"), folds),
              ElementsAre("0: na*ve<na\u00efve> ete<\u00e9t\u00e9>"));
  Post post = post_with("x");
  post.author_bio = "Fan de caf\u00e9";
  EXPECT_THAT(matches({"bio:cafe"}, post, folds), ElementsAre("0:"));
  EXPECT_THAT(matches({"bio:cafe"}, post), IsEmpty());
}

TEST(SplitHashtags, AreReadAtTheirPlace) {
  const Reading splits{.split_hashtags = true};
  EXPECT_THAT(matches({"fail NEAR/1 refund", "bank", "#bank", "bankfail"}, post_with("a #BankFail: refund"), splits),
              ElementsAre("0: fail<Fail> refund<refund>", "1: bank<Bank>", "3: bankfail<BankFail>"));
  EXPECT_THAT(matches({"bank"}, post_with("BankFail #bankfail a#BankFail"), splits), IsEmpty());
}

TEST(HashtagText, PartsAtCapitals) {
  HashtagText split;
  ASSERT_TRUE(split.read("x #BBCNewsAt10 #iPhone \uff03B\u00e9b\u00c9t\u00e9"));
  EXPECT_EQ(split.text(), "x #BBC News At10 #i Phone \uff03B\u00e9b \u00c9t\u00e9");
  EXPECT_EQ(split.original({7, 11}), (ByteRange{6, 10}));
  EXPECT_FALSE(split.read("#bank no #FAIL BankFail"));
}

TEST(FieldPhrases, AreLookedForInTheirFieldAlone) {
  Post post = post_with("press officer");
  post.author_bio = "Press-Officer at Brand";
  post.place = "New York, USA";
  const std::vector<std::string_view> titles{"Annual report", "Home"};
  post.url_titles = titles;
  EXPECT_THAT(matches({"bio:\"press officer\"", "name:press", "press place:york", "bio:brand -place:paris",
                       "url_title:home OR nothing", "press (bio:press OR place:york)"},
                      post),
              ElementsAre("0:", "2: press<press>", "3:", "4:", "5: press<press>"));
}

TEST(Tags, AreThoseOfThePartsThatHold) {
  const std::string query =
      "brand (outage[tag:outage weight:5] OR (slow OR lag)[tag:speed tag:service weight:2] OR refund[tag:money])";
  Matcher matcher(rules_with({query, "brand[tag:outage weight:-1]", "brand"}));
  const auto found = matcher.match(post_with("brand outage, so much lag"));
  ASSERT_EQ(found.size(), 3U);
  EXPECT_THAT(found[0].tags, ElementsAre("outage", "speed", "service"));
  EXPECT_EQ(found[0].weight, 7);
  EXPECT_THAT(found[1].tags, ElementsAre("outage"));
  EXPECT_EQ(found[1].weight, -1);
  EXPECT_THAT(found[2].tags, IsEmpty());
  EXPECT_EQ(found[2].weight, 0);
}

TEST(SentimentConditions, AreAskedOnlyWhenTheRestHolds) {
  Matcher matcher(rules_with({"sentiment:negative brand", "firm -sentiment:negative"}));
  ToldSentiment negative(SentimentLabel::kNegative);
  EXPECT_TRUE(matcher.match(post_with("nothing"), &negative).empty());
  EXPECT_EQ(negative.asked(), 0);
  const auto found = matcher.match(post_with("brand firm"), &negative);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].listener, 0U);
  EXPECT_EQ(negative.asked(), 1);
  ToldSentiment neutral(SentimentLabel::kNeutral);
  EXPECT_EQ(matcher.match(post_with("brand firm"), &neutral)[0].listener, 1U);
}

TEST(Conditions, ByValueAreFoundByLookUp) {
  std::vector<std::string> queries;
  for (int i = 0; i < 300; ++i) queries.push_back(fmt::format("to:user{}", i));
  const auto rules = rules_with(queries);
  EXPECT_THAT(rules->triggering_conditions(), IsEmpty());
  Matcher matcher(rules);
  Post post = post_with("x");
  post.in_reply_to_handle = "User42";
  const auto found = matcher.match(post);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].listener, 42U);
  EXPECT_TRUE(matcher.match(post_with("x")).empty());
}

}  // namespace
}  // namespace earshot::match
