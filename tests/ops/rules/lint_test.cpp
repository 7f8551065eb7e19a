// What `earshot rules lint` remarks on, and what it leaves alone.
#include "ops/rules/lint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace earshot::rules {
namespace {

std::vector<std::string> remarks_on(const std::vector<std::string>& queries) {
  ListenerSet set;
  for (const std::string& query : queries) {
    const std::string name = "l" + std::to_string(set.listeners.size());
    set.listeners.push_back({.name = name, .spoke = "s", .owner = "o", .query = query});
    set.listeners.back().origin = {"r.yaml", static_cast<int>(set.listeners.size()), 1, true};
  }
  std::vector<std::string> remarks;
  for (const Remark& remark : lint(set)) remarks.push_back(remark.where + " " + remark.message);
  return remarks;
}

TEST(Lint, HasNothingToSayOfWhatIsMeant) {
  EXPECT_THAT(remarks_on({"payvanta (outage OR \"is down\") -joke", "payvanta lang:en followers:1000..", "refund*",
                          "outage lang:en OR outage lang:de"}),
              testing::IsEmpty());
}

TEST(Lint, NamesWhatNeverHoldsTogether) {
  for (const std::string query : {"payvanta outage -payvanta", "payvanta lang:en lang:de",
                                  "payvanta is:reply is:repost", "payvanta followers:..10 followers:20..",
                                  "payvanta (outage OR (a1b2c3 -\"A1B2C3\"))", "payvanta platform:x platform:reddit"}) {
    const auto remarks = remarks_on({query});
    ASSERT_EQ(remarks.size(), 1u) << query;
    EXPECT_THAT(remarks[0], testing::HasSubstr("never hold together")) << query;
  }
  EXPECT_THAT(remarks_on({"payvanta lang:pt lang:pt-BR"}), testing::IsEmpty());
}

TEST(Lint, NamesAQueryThatSaysTheSameAsAnother) {
  EXPECT_THAT(remarks_on({"payvanta (outage OR refund)", "(refund OR \"Outage\") PayVanta"}),
              testing::ElementsAre("r.yaml:2:1 says the same as 'l0'; one of them is enough"));
  EXPECT_THAT(remarks_on({"payvanta ONEAR/3 refund", "refund ONEAR/3 payvanta"}), testing::IsEmpty());
}

TEST(Lint, NamesPartsThatAddNothing) {
  const auto only = [](const std::string& query) {
    const auto remarks = remarks_on({query});
    return remarks.size() == 1 ? remarks[0] : std::to_string(remarks.size()) + " remarks";
  };
  EXPECT_EQ(only("payvanta OR \"payvanta bank\""), "r.yaml:1:13 '\"payvanta bank\"' adds nothing beside 'payvanta'");
  EXPECT_EQ(only("payvanta \"payvanta bank\" refund"), "r.yaml:1:1 'payvanta' adds nothing beside '\"payvanta bank\"'");
  EXPECT_EQ(only("payvanta (refund OR outage OR Refund)"), "r.yaml:1:31 'Refund' adds nothing beside 'refund'");
  EXPECT_THAT(remarks_on({"payvanta OR \"payvantas bank\"", "payvanta -\"payvanta bank\""}), testing::IsEmpty());
}

TEST(Lint, NamesWhatHoldsForALargeShareOfPosts) {
  for (const std::string query : {"the", "is:original", "lang:en", "payvanta OR my"}) {
    const auto remarks = remarks_on({query});
    ASSERT_EQ(remarks.size(), 1u) << query;
    EXPECT_THAT(remarks[0], testing::HasSubstr("large share")) << query;
  }
}

TEST(Lint, NamesWhatIsCostly) {
  EXPECT_THAT(
      remarks_on({"payvanta *gate"}),
      testing::ElementsAre("r.yaml:1:10 '*gate' begins with '*': every word of every post is looked through for it"));
}

TEST(Lint, AsksWhetherAMentionIsMeantForAMacro) {
  ListenerSet set;
  set.listeners.push_back({.name = "l", .spoke = "s", .owner = "o", .query = "brand -@job_add @brandcare @job_ads"});
  set.library.macros["job_ads"] = {"hiring", {}};
  const auto remarks = lint(set);
  ASSERT_EQ(remarks.size(), 1U);
  EXPECT_EQ(remarks[0].message,
            "'@job_add' is a mention of that name; is the macro '@job_ads' meant? If not, write mention:job_add");
}

TEST(Lint, TellsTermsAsWrittenFromFoldedOnes) {
  EXPECT_THAT(remarks_on({"{Payvanta}", "payvanta", "#payvanta", "bio:payvanta", "/payvanta/"}), testing::IsEmpty());
  EXPECT_EQ(remarks_on({"#Payvanta", "#payvanta"}).size(), 1U);
}

// What teams bring along from other query languages.
TEST(Lint, NamesWhatIsAnOperatorElsewhereAndAWordHere) {
  EXPECT_THAT(
      remarks_on({"payvanta or outage", "payvanta not outage", "payvanta near/5 outage"}),
      testing::ElementsAre(testing::HasSubstr("'or' is looked for as a word; if the operator is meant, write OR"),
                           testing::HasSubstr("write NOT"), testing::HasSubstr("write NEAR/N")));
  EXPECT_THAT(remarks_on({"payvanta \"or\" outage", "payvanta \"not down\"", "payvanta oracle"}), testing::IsEmpty());
}

TEST(Lint, NamesWildcardsInQuotes) {
  EXPECT_THAT(remarks_on({"payvanta \"cancel* contract\"", "payvanta \"organi?e now\"", "\"payv* down\"~3"}),
              testing::Each(testing::HasSubstr("in quotes they are no wildcards")));
  EXPECT_THAT(remarks_on({"payvanta \"really? down\"", "payvanta \"5 * 3\"", "payvanta cancel*"}), testing::IsEmpty());
}

TEST(Lint, NamesSeveralNamesInOne) {
  EXPECT_THAT(remarks_on({"from:acme,brand", "subreddit:bank,money payvanta"}),
              testing::Each(testing::HasSubstr("is one name with a comma")));
  EXPECT_THAT(remarks_on({"url:a,b payvanta", "from:acme OR from:brand"}), testing::IsEmpty());
}

}  // namespace
}  // namespace earshot::rules
