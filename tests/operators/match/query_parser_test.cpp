#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "operators/match/query.h"
#include "tests/operators/match/rules_under_test.h"

namespace earshot::match {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

// The tree as prefix notation, so that precedence is seen.
std::string show(const QueryNode& node) {
  constexpr std::string_view kSigns = " !#@$=";  // by form
  if (node.kind == QueryNode::Kind::kPhrase) {
    const std::string words = node.value.substr(1, node.value.size() - 2);
    return node.form == QueryNode::Form::kFolded ? fmt::format("[{}]", words)
                                                 : fmt::format("[{}{}]", kSigns[static_cast<size_t>(node.form)], words);
  }
  if (node.kind == QueryNode::Kind::kFrom) return fmt::format("from:{}", node.value);
  if (node.kind == QueryNode::Kind::kLang) return fmt::format("lang:{}", node.value);
  std::string text = node.kind == QueryNode::Kind::kAnd ? "(and" : node.kind == QueryNode::Kind::kOr ? "(or" : "(not";
  for (const QueryNode& child : node.children) text += fmt::format(" {}", show(child));
  return fmt::format("{})", text);
}

std::string parsed(std::string_view query) {
  const TextNormaliser normaliser;
  const auto tree = parse_query(query, {"f", 1, 1, true}, normaliser);
  return tree ? show(*tree) : tree.error().to_string();
}

TEST(RuleParser, BindsAndTighterThanOrAndNotToItsTerm) {
  EXPECT_EQ(parsed("a OR b c"), "(or [a] (and [b] [c]))");
  EXPECT_EQ(parsed("a b OR c AND d"), "(or (and [a] [b]) (and [c] [d]))");
  EXPECT_EQ(parsed("a -b OR c"), "(or (and [a] (not [b])) [c])");
  EXPECT_EQ(parsed("a AND NOT b c"), "(and [a] (not [b]) [c])");
}

TEST(RuleParser, LetsParenthesesDecide) {
  EXPECT_EQ(parsed("(a OR b) c"), "(and (or [a] [b]) [c])");
  EXPECT_EQ(parsed("a -(b OR c)"), "(and [a] (not (or [b] [c])))");
  EXPECT_EQ(parsed("((a))"), "[a]");
}

TEST(RuleParser, ReadsPhrasesByTheirWords) {
  EXPECT_EQ(parsed("\"New York, City!\""), "[new york city]");
  EXPECT_EQ(parsed("don't e-mail"), "(and [don t] [e mail])");
  EXPECT_EQ(parsed("or and not"), "(and [or] [and] [not])");
}

TEST(RuleParser, ReadsFieldsWithoutRegardToCase) {
  EXPECT_EQ(parsed("from:@Some_Body"), "from:some_body");
  EXPECT_EQ(parsed("from:\"Some Body\""), "from:some body");
  EXPECT_EQ(parsed("lang:pt-BR a"), "(and lang:pt-br [a])");
}

TEST(RuleParser, ReadsWhatAsksForTheTextAsWritten) {
  EXPECT_EQ(parsed("#Tag @na_me $CASH mention:@x.y"), "(and [#tag] [@na me] [$cash] [@x y])");
  EXPECT_EQ(parsed("{Apple} {\"Big Apple\"}"), "(and [!apple] [!big apple])");
  EXPECT_EQ(parsed("\U0001F44D \U0001F44D\U0001F3FD \U0001F1E9\U0001F1EA"),
            "(and [\U0001F44D] [=\U0001F44D \U0001F3FD] [=\U0001F1E9 \U0001F1EA])");
  EXPECT_EQ(parsed("\"#tag\""), "[tag]");
}

std::string marks_of(std::string_view query) {
  const TextNormaliser normaliser;
  const auto tree = parse_query(query, {"f", 1, 1, true}, normaliser);
  return tree ? fmt::format("{} {}", fmt::join(tree->tags, "+"), tree->weight) : tree.error().to_string();
}

TEST(RuleParser, GivesTagsAndWeightToThePartBefore) {
  EXPECT_EQ(marks_of("(a OR b)[tag:outage tag:\"is down\" weight:-5]"), "outage+is down -5");
  EXPECT_EQ(marks_of("a [weight:2][weight:3]"), " 5");
  EXPECT_EQ(marks_of("a b[tag:x]"), " 0");
}

TEST(RuleParser, TellsTimesFromFields) {
  EXPECT_EQ(parsed("10:30"), "[10 30]");
}

struct Fault {
  std::string_view query;
  std::string_view message;
};

class RuleFault : public testing::TestWithParam<Fault> {};

TEST_P(RuleFault, NamesPlaceAndRemedy) {
  EXPECT_EQ(error_of(std::string(GetParam().query)), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Syntax, RuleFault,
    testing::Values(
        Fault{"", "rules.yaml:1:1: the query is empty; write at least one word or phrase"},
        Fault{"a \"b c",
              "rules.yaml:1:3: the phrase that begins here has no closing quote; add '\"' after its last word"},
        Fault{"\u00e9\u00e9 (b", "rules.yaml:1:4: this '(' is never closed; add ')'"},
        Fault{"a\nb) c", "rules.yaml:2:2: this ')' closes nothing; remove it or add a '('"},
        Fault{"a OR", "rules.yaml:1:5: expected a word, a phrase or '(' after OR, found the end of the query"},
        Fault{"a AND OR b", "rules.yaml:1:7: expected a word, a phrase or '(' after AND, found 'OR'"},
        Fault{"OR a", "rules.yaml:1:1: expected a word, a phrase or '(' at the start, found 'OR'"},
        Fault{"a ()", "rules.yaml:1:4: expected a word, a phrase or '(' after '(', found ')'"},
        Fault{"a NOT", "rules.yaml:1:6: expected a word, a phrase or '(' after NOT, found the end of the query"},
        Fault{"a - b", "rules.yaml:1:3: expected a word, a phrase or '(' right after '-', without a space between"},
        Fault{"a \"...\"",
              "rules.yaml:1:3: '...' has no letter or digit, so that nothing would match it; posts are searched by "
              "words, "
              "without punctuation"},
        Fault{"form:x",
              "rules.yaml:1:1: unknown field 'form:'; did you mean 'from:'? (to search for it as text, put it in "
              "quotes)"},
        Fault{
            "https://example.org",
            "rules.yaml:1:1: unknown field 'https:'; the fields are from:, lang:, platform:, conversation:, "
            "in_reply_to:, repost_of:, quote_of:, to:, retweets_of:, subreddit:, country:, url:, domain:, followers:, "
            "likes:, reposts:, replies:, views:, account_age_days:, has:, is:, sample:, sentiment:, bio:, name:, "
            "place:, url_title:, contains:, mention:, macro:, in: (to search for it as text, put it in quotes)"},
        Fault{"a lang:english!",
              "rules.yaml:1:3: expected a language tag such as lang:en or lang:pt-BR, found 'lang:english!'"},
        Fault{"a lang:english",
              "rules.yaml:1:3: expected a language tag such as lang:en or lang:pt-BR, found 'lang:english'"},
        Fault{
            "a lang:en,de",
            "rules.yaml:1:3: expected a language tag such as lang:en or lang:pt-BR, found 'lang:en,de'; write several "
            "as (lang:en OR lang:de)"},
        Fault{
            "domain:https://a.example",
            "rules.yaml:1:1: expected a name such as domain:example.com, found 'domain:https://a.example'; url: finds "
            "any part of a link"},
        Fault{"domain:a.example/b",
              "rules.yaml:1:1: expected a name such as domain:example.com, found 'domain:a.example/b'; url: finds any "
              "part of a link"},
        Fault{"from:(a OR b)",
              "rules.yaml:1:1: the value of 'from:' ends before '('; put all of it in quotes, and write several as "
              "(from:a OR from:b)"},
        Fault{"c url:a.example/x?y=(2)",
              "rules.yaml:1:3: the value of 'url:' ends before '('; put all of it in quotes, and write several as "
              "(url:a OR url:b)"},
        Fault{"a NEAR b",
              "rules.yaml:1:3: expected how many words may stand between, as in NEAR/5 (to search for it as text, put "
              "it in quotes)"},
        Fault{"from: x", "rules.yaml:1:1: expected an author's handle or id right after 'from:'"},
        Fault{"a && b", "rules.yaml:1:3: '&&' has no meaning in a query; write AND, or a space"},
        Fault{"a || b", "rules.yaml:1:3: '||' has no meaning in a query; write OR"},
        Fault{"a !b", "rules.yaml:1:3: '!' has no meaning in a query; write '-' or NOT to exclude"},
        Fault{"c*",
              "rules.yaml:1:1: 'c*' has fewer than 2 letters beside its wildcards: nearly every post would match"},
        Fault{"don't*",
              "rules.yaml:1:1: 'don't' in 'don't*' is no part of one word; beside wildcards a word has letters and "
              "digits only"},
        Fault{"a?b*c?d*e?f*g?h*i?j", "rules.yaml:1:1: 'a?b*c?d*e?f*g?h*i?j' has 9 wildcards; the most is 8"},
        Fault{"a NEAR/x b",
              "rules.yaml:1:3: expected how many words may stand between, from 0 to 1000, as in NEAR/5 or "
              "\"a b\"~5"},
        Fault{"\"a b\"~",
              "rules.yaml:1:6: expected how many words may stand between, from 0 to 1000, as in NEAR/5 or "
              "\"a b\"~5"},
        Fault{"\"a\"~3", "rules.yaml:1:1: \"…\"~3 asks for 2 to 16 words near each other; this has 1"},
        Fault{"a NEAR/3 -b",
              "rules.yaml:1:3: NEAR/3 stands between two words or phrases, or alternatives in parentheses "
              "such as (a OR b) NEAR/3 c"},
        Fault{"a NEAR/3", "rules.yaml:1:9: expected a word, a phrase or '(' after NEAR/3, found the end of the query"},
        Fault{"a followers:many",
              "rules.yaml:1:3: expected a number or a range such as followers:1000 or "
              "followers:1000..50000, found 'followers:many'"},
        Fault{"a likes:9..3", "rules.yaml:1:3: 'likes:9..3' holds for no number; write the smaller one first"},
        Fault{"a is:quotes", "rules.yaml:1:3: unknown value in 'is:quotes'; did you mean 'is:quote'?"},
        Fault{"a sample:0", "rules.yaml:1:3: expected a percentage from 1 to 100 such as sample:10, found 'sample:0'"},
        Fault{"a domain:", "rules.yaml:1:3: expected a value right after 'domain:'"},
        Fault{
            "a -is:reply OR -has:links",
            "rules.yaml:1:16: this part of the query only excludes, so that nearly every post would match; add a word, "
            "phrase or field that must be there, or move the exclusion out of the OR"},
        Fault{"\u201ca b\u201d", "rules.yaml:1:1: a phrase begins and ends with '\"', not with '\u201c'"},
        Fault{"a \u2013b",
              "rules.yaml:1:3: to exclude a word write '-' (the minus of the keyboard) instead of '\u2013'"},
        Fault{"a \xff", "rules.yaml:1:3: this byte is not UTF-8; save the file as UTF-8"}));

INSTANTIATE_TEST_SUITE_P(
    AsWritten, RuleFault,
    testing::Values(
        Fault{"a {b", "rules.yaml:1:3: this '{' is never closed; add '}' after the word whose case counts"},
        Fault{"{a}b", "rules.yaml:1:4: expected a space after '}': the braces hold whole words"},
        Fault{"{a*}",
              "rules.yaml:1:1: expected a word or a phrase between '{' and '}', as in {Apple} or {\"Big Apple\"}"},
        Fault{"a #", "rules.yaml:1:3: expected a letter or digit right after '#'"},
        Fault{"#a-b", "rules.yaml:1:1: '-' in '#a-b' is no part of such a name; a space parts it from the next word"},
        Fault{"#lau*", "rules.yaml:1:1: '*' in '#lau*' is no part of such a name; a space parts it from the next word"},
        Fault{"contains:x",
              "rules.yaml:1:1: expected at least 2 letters right after 'contains:': nearly every post would match"},
        Fault{"a bio:", "rules.yaml:1:3: expected a value right after 'bio:'"},
        Fault{"bio:\"a b\"~3", "rules.yaml:1:1: '~' has no meaning after a field; write the value alone"},
        Fault{"a country:Britain",
              "rules.yaml:1:3: expected a country's two letters such as country:GB, found 'country:Britain'"}));

INSTANTIATE_TEST_SUITE_P(
    Marks, RuleFault,
    testing::Values(
        Fault{"a[b]", "rules.yaml:1:2: expected tags and a weight such as [tag:outage weight:5], found 'b'"},
        Fault{"a[]", "rules.yaml:1:2: expected tags and a weight such as [tag:outage weight:5] between '[' and ']'"},
        Fault{"a[tag:x",
              "rules.yaml:1:2: this '[' is never closed; expected tags and a weight such as [tag:outage "
              "weight:5]"},
        Fault{
            "a[weight:much]",
            "rules.yaml:1:2: expected a whole number from 1 to 1000000 or from -1000000 to -1 such as weight:5, found "
            "'much'"},
        Fault{"a -b[tag:x]",
              "rules.yaml:1:5: what is excluded never holds, so that its tags would never be given; put them after the "
              "part that must hold"},
        Fault{"a[tag:x] NEAR/3 b",
              "rules.yaml:1:10: tags beside NEAR/3 belong to both sides; put them after parentheses around both, as in "
              "(a NEAR/3 b)[tag:x]"}));

INSTANTIATE_TEST_SUITE_P(
    Regexes, RuleFault,
    testing::Values(
        Fault{"a /b",
              "rules.yaml:1:3: the regex that begins here has no closing '/'; add it, or put the text in quotes"},
        Fault{"//", "rules.yaml:1:1: expected a regex between '/' and '/', as in /out(age|ed)/"},
        Fault{"a /b*/",
              "rules.yaml:1:3: the regex can match nothing at all, and so every post; ask for at least one "
              "character"},
        Fault{"/usr/bin",
              "rules.yaml:1:1: 'b' after a regex is not known: the flags are i, c, s and m; text with '/' in "
              "it belongs in quotes"},
        Fault{"/a{51}/",
              "rules.yaml:1:1: '{51}' repeats more than 50 times, which is slow to search for; write a smaller "
              "bound, or '*' and '+' for any number"},
        Fault{"/(a{50}){50}/",
              "rules.yaml:1:1: the regex would take too long to compile: its repeats, dots and classes multiply; use "
              "fewer or shorter repeats, or split it into several"},
        Fault{"/(*UCP)a/", "rules.yaml:1:1: '(*' has no meaning in a query's regex; write the flags after its '/'"},
        Fault{"/(?x)a/", "rules.yaml:1:1: '(?x' is not known; of flags there are i, m and s"},
        Fault{"/(?=a)b/",
              "rules.yaml:1:1: Hyperscan, which searches for regexes, refuses this one: Zero-width "
              "assertions are not supported."},
        Fault{"/(a/",
              "rules.yaml:1:1: Hyperscan, which searches for regexes, refuses this one: Missing close "
              "parenthesis for group started at index 0."}));

INSTANTIATE_TEST_SUITE_P(
    OnlyNegative, RuleFault,
    testing::Values(
        Fault{
            "-a",
            "rules.yaml:1:1: this part of the query only excludes, so that nearly every post would match; add a word, "
            "phrase or field that must be there, or move the exclusion out of the OR"},
        Fault{"b OR -a",
              "rules.yaml:1:6: this part of the query only excludes, so that nearly every post would match; add a "
              "word, phrase or field that must be there, or move the exclusion out of the OR"},
        Fault{"a OR sentiment:negative",
              "rules.yaml:1:6: sentiment is known only of posts that the rest of the query selects; add a word, phrase "
              "or field that must be there too"}));

TEST(RuleParser, KnowsOnlyTheStartOfAQueryThatYamlFolded) {
  auto listeners = std::make_shared<ListenerSet>();
  Listener& listener = listeners->listeners.emplace_back();
  listener.query = "one OR two)";
  listener.origin = {"rules.yaml", 7, 12, false};
  const auto rules = RuleSet::compile(listeners);
  ASSERT_FALSE(rules);
  EXPECT_THAT(rules.error().to_string(), testing::StartsWith("rules.yaml:7:12: this ')' closes nothing"));
  EXPECT_THAT(rules.error().to_string(), EndsWith("(at character 11 of the query)"));
}

TEST(RuleParser, BoundsLengthTermsAndNesting) {
  EXPECT_THAT(error_of(std::string(kQueryBytesMax + 1, 'a')),
              HasSubstr("the query has 65537 bytes; the most is 65536"));
  EXPECT_THAT(error_of(std::string(kTermBytesMax, 'a')), HasSubstr("this term has 1026 bytes; the most is 1024"));
  std::string terms;
  for (size_t i = 0; i <= kTermsMax; ++i) terms += "a ";
  EXPECT_THAT(error_of(terms), HasSubstr("more than 4096 terms"));
  terms.resize(terms.size() - 2);
  EXPECT_EQ(error_of(terms), "");
  const std::string deepest = fmt::format("{:(>{}}a{:)>{}}", "", kNestingMax, "", kNestingMax);
  EXPECT_EQ(error_of(deepest), "");
  EXPECT_THAT(error_of(fmt::format("({})", deepest)),
              HasSubstr("rules.yaml:1:65: parentheses and negations nest deeper"));
  EXPECT_THAT(error_of(std::string(60'000, '-') + "a"), HasSubstr("nest deeper than 64"));
}

TEST(RuleSet, ReportsEveryQueryAtFault) {
  const auto rules = RuleSet::compile(listeners_with({"(a", "b", "-c"}));
  ASSERT_FALSE(rules);
  EXPECT_THAT(rules.error().message, HasSubstr("rules.yaml:1:1: this '('"));
  EXPECT_THAT(rules.error().message, HasSubstr("\nrules.yaml:3:1: this part"));
}

TEST(RuleSet, BoundsItsPhrases) {
  RuleOptions options;
  options.phrases_max = 2;
  EXPECT_TRUE(RuleSet::compile(listeners_with({"a b", "a", "b"}), options));
  const auto rules = RuleSet::compile(listeners_with({"a b", "c"}), options);
  ASSERT_FALSE(rules);
  EXPECT_THAT(rules.error().to_string(), HasSubstr("3 distinct phrases"));
}

}  // namespace
}  // namespace earshot::match
