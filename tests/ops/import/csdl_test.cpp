#include <gtest/gtest.h>

#include "tests/ops/import/translated.h"

namespace earshot::import {
namespace {

std::string translated(std::string_view definition) {
  return shown(translate_csdl(definition));
}

TEST(Csdl, LooksForWordsInTheText) {
  EXPECT_EQ(translated(R"(interaction.content contains "outage")"), "outage");
  EXPECT_EQ(translated(R"(interaction.content CONTAINS_ANY "outage, is down,fail")"), "outage OR \"is down\" OR fail");
  EXPECT_EQ(translated(R"(interaction.content all "brand, outage")"), "brand outage");
  EXPECT_EQ(translated(R"(interaction.content contains_any "a\,b, c1")"), "\"a,b\" OR c1");
  EXPECT_EQ(translated(R"(interaction.content contains_near "refund, bank:4")"), "refund NEAR/4 bank");
  EXPECT_EQ(translated(R"(interaction.content contains_near "a1, b1, c1:4")"), "\"a1 b1 c1\"~4");
  EXPECT_EQ(translated(R"(interaction.content wildcard "cancel*, organi?e")"), "cancel* OR organi?e");
}

TEST(Csdl, JoinsByAndOrAndNotWithItsPrecedence) {
  EXPECT_EQ(translated("interaction.content contains \"a1\" AND NOT interaction.content contains \"b1\"\n"
                       "OR interaction.content contains \"c1\""),
            "a1 -b1 OR c1");
  EXPECT_EQ(translated(R"((interaction.content contains "a1" or interaction.content contains "b1")
                          and not (language.tag == "de"))"),
            "(a1 OR b1) -lang:de");
}

TEST(Csdl, HoldsTwittersOwnTargetsForPostsOfX) {
  EXPECT_EQ(translated(R"(twitter.text contains "outage")"), "platform:x outage");
  EXPECT_EQ(translated(R"(interaction.content contains "outage" AND twitter.user.screen_name in "one,two")"),
            "outage platform:x (from:one OR from:two)");
}

TEST(Csdl, HoldsTheTextOfARetweetForRepostsAlone) {
  EXPECT_EQ(translated(R"(twitter.retweet.text contains_any "outage, down")"), "platform:x is:repost (outage OR down)");
  EXPECT_EQ(translated(R"(twitter.retweet.id exists AND interaction.content contains "outage")"),
            "platform:x is:repost outage");
}

TEST(Csdl, SuggestsTheTargetThatWasMeant) {
  const Translation translation = translate_csdl(R"(interaction.contnt contains "outage")");
  ASSERT_EQ(translation.findings.size(), 1u);
  EXPECT_NE(translation.findings[0].message.find("is 'interaction.content' meant?"), std::string::npos);
}

TEST(Csdl, SaysTheSameOfTheSamePlaceOnce) {
  EXPECT_EQ(translate_csdl(R"(interaction.content contains_any "a \"b, c\" d")").findings.size(), 1u);
}

TEST(Csdl, ComparesNumbers) {
  const std::string outage = R"(interaction.content contains "outage" AND twitter.user.followers_count )";
  EXPECT_EQ(translated(outage + ">= 1000"), "outage platform:x followers:1000..");
  EXPECT_EQ(translated(outage + "> 1000"), "outage platform:x followers:1001..");
  EXPECT_EQ(translated(outage + "< 1000"), "outage platform:x followers:0..999");
  EXPECT_EQ(translated(outage + "== 1000"), "outage platform:x followers:1000..1000");
  EXPECT_EQ(translated(outage + "== many"), "refused many@74");
}

TEST(Csdl, TakesTagsAlongAndSaysWhichAreLeftOut) {
  const Translation translation = translate_csdl(R"(
    tag "angry" { interaction.content contains "hate" }   // adds a tag
    tag.product "card" { interaction.content contains_any "card, visa" }
    tag.score -5 { language.tag == "de" }
    tag.score 5 { klout.score > 3 }
    return { interaction.content contains "brand" /* the name */ })");
  EXPECT_EQ(shown(translation),
            "brand (brand OR (hate)[tag:\"angry\"] OR (card OR visa)[tag:\"product.card\"] OR (lang:de)[weight:-5])");
  EXPECT_EQ(differences(translation), "tag");
}

TEST(Csdl, LooksForExpressionsLettersAndNames) {
  EXPECT_EQ(translated(R"(interaction.content regex_partial "refun[dt]s?/day")"), "/refun[dt]s?\\/day/c");
  EXPECT_EQ(translated(R"(interaction.content regex_exact "(?i)refunds?")"), "/^(?:refunds?)$/");
  EXPECT_EQ(translated(R"(interaction.content cs contains "Apple")"), "{Apple}");
  EXPECT_EQ(translated(R"(interaction.content substr "gate")"), "contains:gate");
  EXPECT_EQ(translated(R"(twitter.mentions in "@one, two" AND interaction.hashtags == "fail")"),
            "platform:x (mention:one OR mention:two) #fail");
  EXPECT_EQ(translated(R"(interaction.content contains "a1" AND twitter.user.description contains "press officer")"),
            "a1 platform:x bio:\"press officer\"");
}

TEST(Csdl, NamesEachTargetAndOperatorThatHasNoCounterpart) {
  EXPECT_EQ(translated(R"(interaction.content contains "a1" AND klout.score > 40)"), "refused klout.score@38");
  EXPECT_EQ(translated(R"(interaction.geo geo_radius "51.5,-0.1:10")"), "refused interaction.geo geo_radius@0");
  EXPECT_EQ(translated(R"(interaction.content == "outage")"), "refused interaction.content ==@0");
  EXPECT_EQ(translated(R"(stream "42" AND interaction.content contains "a1")"), "refused stream@0");
}

TEST(Csdl, RefusesWhatCannotBeRead) {
  EXPECT_EQ(translated(R"(interaction.content contains "outage)"), "refused \"@29");
  EXPECT_EQ(translated(R"((interaction.content contains "outage")"), "refused the end@38");
  EXPECT_EQ(translated("interaction.content contains"), "refused the end@28");
  EXPECT_EQ(translated(std::string(200, '(')), "refused (@50");
}

}  // namespace
}  // namespace earshot::import
