// Macros and lists: what they stand for, and what is refused.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/operators/match/rules_under_test.h"

namespace earshot::match {
namespace {

using testing::HasSubstr;

QueryMacro macro(const std::string& query) {
  return {query, {"macros.yaml", 3, 7, true}};
}

std::string error_of(const std::string& query, const QueryLibrary& library) {
  ListenerSet set = *listeners_with({query});
  set.library = library;
  const auto rules = RuleSet::compile(std::make_shared<ListenerSet>(std::move(set)));
  return rules ? std::string() : rules.error().to_string();
}

bool matches(const std::string& query, const QueryLibrary& library, const Post& post) {
  ListenerSet set = *listeners_with({query});
  set.library = library;
  Matcher matcher(compiled(std::move(set)));
  return !matcher.match(post).empty();
}

TEST(Macros, StandForTheirQueryInParentheses) {
  const QueryLibrary library{{{"jobs", macro("hiring OR vacancy")}, {"noise", macro("@jobs OR coupon")}}, {}};
  EXPECT_TRUE(matches("brand @jobs", library, post_with("brand vacancy")));
  EXPECT_FALSE(matches("brand @jobs", library, post_with("vacancy")));
  EXPECT_TRUE(matches("brand -@noise", library, post_with("brand @noise")));
  EXPECT_FALSE(matches("brand -@noise", library, post_with("brand is hiring")));
}

TEST(Macros, LeaveMentionsOfOtherNamesAlone) {
  const QueryLibrary library{{{"jobs", macro("hiring")}}, {}};
  EXPECT_TRUE(matches("@job", library, post_with("ask @job")));
  EXPECT_TRUE(matches("mention:jobs", library, post_with("ask @jobs")));
  EXPECT_FALSE(matches("mention:jobs", library, post_with("hiring")));
  EXPECT_TRUE(matches("macro:jobs", library, post_with("hiring")));
}

TEST(Macros, AreRefusedWhenUnknownOrPartOfThemselves) {
  const QueryLibrary library{{{"jobs", macro("hiring")}}, {}};
  EXPECT_EQ(error_of("macro:job", library), "rules.yaml:1:1: there is no macro 'job'; did you mean 'jobs'?");
  const QueryLibrary cycle{{{"a", macro("x OR @b")}, {"b", macro("y @a")}}, {}};
  EXPECT_THAT(error_of("z", cycle), HasSubstr("macros.yaml:3:9: the macro 'a' is part of itself: a > b > a"));
}

TEST(Macros, TellTheirFaultsOnceAtTheirOwnPlace) {
  const QueryLibrary library{{{"bad", macro("hiring OR (")}}, {}};
  EXPECT_EQ(error_of("z @bad", library),
            "macros.yaml:3:18: expected a word, a phrase or '(' after '(', found the end of the query");
}

// Ten levels of ten each would be ten thousand million terms.
TEST(Macros, CannotGrowWithoutBound) {
  QueryLibrary library{{{"m0", macro("lol")}}, {}};
  for (int level = 1; level <= 10; ++level) {
    std::string query;
    for (int i = 0; i < 10; ++i) query += fmt::format("@m{} ", level - 1);
    library.macros[fmt::format("m{}", level)] = macro(query);
  }
  EXPECT_THAT(error_of("@m10", library), HasSubstr("more than 65536 terms once its macros and lists stand for"));
  QueryLibrary chain{{{"c0", macro("x")}}, {}};
  for (int level = 1; level <= 100; ++level) {
    chain.macros[fmt::format("c{}", level)] = macro(fmt::format("@c{}", level - 1));
  }
  EXPECT_THAT(error_of("@c100", chain), HasSubstr("macros and parentheses nest deeper than 64"));
}

TEST(Macros, CountForTheBoundOfTheWholeSet) {
  ListenerSet set = *listeners_with({"a @m", "b @m"});
  set.library.macros["m"] = macro("x OR y OR z");
  const auto shared = std::make_shared<ListenerSet>(std::move(set));
  EXPECT_TRUE(RuleSet::compile(shared, {.terms_max = 8}));
  const auto refused = RuleSet::compile(shared, {.terms_max = 7});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().to_string(), HasSubstr("more than 7 terms"));
}

TEST(Lists, AreAnyOfTheirEntries) {
  const QueryLibrary library = example_library();
  EXPECT_TRUE(matches("in:list/competitors lawsuit", library, post_with("Lawsuit against big-corp")));
  EXPECT_TRUE(matches("in:list/competitors lawsuit", library, post_with("#BigCorp lawsuit")));
  EXPECT_FALSE(matches("in:list/competitors lawsuit", library, post_with("big lawsuit")));
  EXPECT_TRUE(matches("lawsuit -from:list/competitors", library, post_with("lawsuit", "other")));
  EXPECT_FALSE(matches("lawsuit -from:list/competitors", library, post_with("lawsuit", "ACME")));
  EXPECT_TRUE(matches("in:list/competitors NEAR/1 lawsuit", library, post_with("the acme lawsuit")));
}

TEST(Lists, ReportTheEntryThatMatched) {
  ListenerSet set = *listeners_with({"in:list/competitors"});
  set.library = example_library();
  Matcher matcher(compiled(std::move(set)));
  const auto found = matcher.match(post_with("to Big Corp"));
  ASSERT_EQ(found.size(), 1U);
  ASSERT_EQ(found[0].clauses.size(), 1U);
  EXPECT_EQ(found[0].clauses[0].text, "Big Corp");
  EXPECT_EQ(found[0].clauses[0].start, 3U);
}

TEST(Lists, AreRefusedWhenUnknownOrAtFault) {
  EXPECT_EQ(error_of("a in:list/competitor", example_library()),
            "rules.yaml:1:3: there is no list 'competitor' (it would be the file lists/competitor.txt beside the "
            "listeners); did you mean 'competitors'?");
  EXPECT_EQ(error_of("in:acme", example_library()),
            "rules.yaml:1:1: expected a list such as in:list/competitors, found 'in:acme'");
  EXPECT_THAT(error_of("country:list/competitors", example_library()),
              HasSubstr("found 'country:Acme' (an entry of lists/competitors.txt)"));
}

// So long an OR is tested as one; the result is the same.
TEST(Lists, MayBeLong) {
  QueryLibrary library;
  QueryList& list = library.lists["handles"];
  for (int i = 0; i < 20'000; ++i) list.entries.push_back(fmt::format("\"user{}\"", i));
  EXPECT_FALSE(matches("a -from:list/handles", library, post_with("a", "user19999")));
  EXPECT_TRUE(matches("a -from:list/handles", library, post_with("a", "user20000")));
  EXPECT_TRUE(matches("a in:list/handles", library, post_with("a user7")));
  EXPECT_FALSE(matches("a in:list/handles", library, post_with("a user20000")));
}

}  // namespace
}  // namespace earshot::match
