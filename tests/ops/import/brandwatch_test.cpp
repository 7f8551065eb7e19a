#include <gtest/gtest.h>

#include "tests/ops/import/translated.h"

namespace earshot::import {
namespace {

std::string translated(std::string_view query) {
  return shown(translate_brandwatch(query));
}

TEST(Brandwatch, JoinsByAndOrAndNot) {
  EXPECT_EQ(translated("apple AND juice"), "apple juice");
  EXPECT_EQ(translated("apple OR \"orange juice\""), "apple OR \"orange juice\"");
  EXPECT_EQ(translated("(apple OR orange) NOT (pear OR plum)"), "(apple OR orange) -(pear OR plum)");
  EXPECT_EQ(translated("apple AND NOT pear"), "apple -pear");
  EXPECT_EQ(translated("apple -pear"), "apple -pear");
}

TEST(Brandwatch, RefusesAndBesideOrAsBrandwatchDoes) {
  EXPECT_EQ(translated("apple AND juice OR pear"), "refused OR@16");
  EXPECT_EQ(translated("apple OR juice NOT pear"), "refused AND@15");
}

TEST(Brandwatch, KeepsNearnessAndItsOrder) {
  EXPECT_EQ(translated("(apple OR orange) NEAR/5 (phone OR \"smart phone\")"),
            "(apple OR orange) NEAR/5 (phone OR \"smart phone\")");
  EXPECT_EQ(translated("logitech NEAR/2f keyboard"), "logitech ONEAR/2 keyboard");
  EXPECT_EQ(translated("\"apple juice\"~5"), "\"apple juice\"~5");
  EXPECT_EQ(translated("((cake OR cookie) AND birthday)~5"), "(cake OR cookie) NEAR/5 birthday");
  EXPECT_EQ(translated("(apple AND pie) NEAR/5 juice"), "refused NEAR@16");
}

TEST(Brandwatch, WritesWildcardsWithinAPhraseAsWordsSideBySide) {
  EXPECT_EQ(translated("complain*"), "complain*");
  EXPECT_EQ(translated("\"customer complain*\""), "customer ONEAR/0 complain*");
  EXPECT_EQ(translated("\"a customer complain*\""), "refused *@0");
}

TEST(Brandwatch, TakesItsFieldsOver) {
  EXPECT_EQ(translated("outage AND author:brand AND language:en"), "outage from:brand lang:en");
  EXPECT_EQ(translated("outage AND site:twitter.com"), "outage platform:x");
  EXPECT_EQ(translated("outage AND links:brand.example/a"), "outage url:brand.example/a");
  EXPECT_EQ(translated("outage AND engagementType:RETWEET"), "outage is:repost");
  EXPECT_EQ(translated("outage AND authorFollowers:[1000 TO *]"), "outage followers:1000..");
  EXPECT_EQ(translated("outage AND author:(one OR two)"), "outage (from:one OR from:two)");
}

TEST(Brandwatch, KeepsSignsCaseAndCountries) {
  EXPECT_EQ(translated("#fail OR @brand OR at_mentions:other"), "#fail OR mention:brand OR mention:other");
  EXPECT_EQ(translated("{BT} AND outage"), "{BT} outage");
  EXPECT_EQ(translated("raw:Google+"), "/\\bGoogle\\+/c");
  EXPECT_EQ(translated("raw:BT"), "{BT}");
  EXPECT_EQ(translated("outage AND country:gbr"), "outage country:GB");
  EXPECT_EQ(translated("outage AND authorVerified:false"), "outage -is:verified");
}

TEST(Brandwatch, NamesEachFieldThatHasNoCounterpart) {
  EXPECT_EQ(translated("outage AND city:berlin AND rating:[1 TO 3] AND raw:Google+"),
            "refused city:@11, refused rating:@27");
  EXPECT_EQ(translated("outage AND site:example.org"), "refused site:@11");
  EXPECT_EQ(translated("outage AND country:xxx"), "refused country:@11");
}

TEST(Brandwatch, PassesOverComments) {
  EXPECT_EQ(translated("apple <<<the fruit (not the phone>>> AND juice"), "apple juice");
}

TEST(Brandwatch, RefusesWhatCannotBeRead) {
  EXPECT_EQ(translated("(apple"), "refused (@0");
  EXPECT_EQ(translated("apple OR"), "refused query@8");
  EXPECT_EQ(translated("apple NEAR/x pie"), "refused NEAR@6");
  EXPECT_EQ(translated(std::string(200, '(')), "refused (@50");
}

TEST(Brandwatch, TakesNearnessOfTwoSidesOnly) {
  EXPECT_EQ(translated("apple NEAR/2 (pear OR plum)"), "apple NEAR/2 (pear OR plum)");
  EXPECT_EQ(translated("apple NEAR/2 pear NEAR/2 plum"), "refused NEAR@18");
}

TEST(Brandwatch, KeepsQuotedValuesOfAFieldWhole) {
  EXPECT_EQ(translated("author:(\"john smith\" OR jane)"), "from:\"john smith\" OR from:jane");
}

TEST(Brandwatch, AsksForSentimentByOurModelAndSaysSo) {
  EXPECT_EQ(translated("sentiment:negative AND apple"), "sentiment:negative apple");
  EXPECT_EQ(differences(translate_brandwatch("sentiment:negative AND apple")), "sentiment:");
  EXPECT_EQ(translated("sentiment:furious AND apple"), "refused sentiment:@0");
}

TEST(Brandwatch, SaysOfAnOperatorInSmallLettersThatItIsAWord) {
  EXPECT_EQ(translated("apple and pear"), "apple and pear");
  EXPECT_EQ(differences(translate_brandwatch("apple and pear")), "and");
}

}  // namespace
}  // namespace earshot::import
