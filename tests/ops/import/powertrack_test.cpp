#include <gtest/gtest.h>

#include "tests/ops/import/translated.h"

namespace earshot::import {
namespace {

std::string translated(std::string_view rule) {
  return shown(translate_powertrack(rule));
}

TEST(Powertrack, KeepsWhatBothLanguagesWriteAlike) {
  for (const std::string rule : {"outage", "\"is down\"", "brand outage OR refund", "brand (outage OR refund)",
                                 "brand -joke", "brand -(joke OR meme)", "from:brand outage", "outage lang:pt", "😡"}) {
    EXPECT_EQ(translated(rule), rule);
  }
}

TEST(Powertrack, KeepsItsPrecedenceAndWritesNoParenthesesInVain) {
  EXPECT_EQ(translated("a1 b1 OR c1 d1"), "a1 b1 OR c1 d1");
  EXPECT_EQ(translated("((a1 OR b1)) (c1)"), "(a1 OR b1) c1");
  EXPECT_EQ(translated("brand -(-joke)"), "brand joke");
}

TEST(Powertrack, NamesFieldsAsOursAreNamed) {
  EXPECT_EQ(translated("outage followers_count:1000..5000"), "outage followers:1000..5000");
  EXPECT_EQ(translated("outage twitter_lang:de"), "outage lang:de");
  EXPECT_EQ(translated("retweets_of_status_id:17"), "repost_of:17");
  EXPECT_EQ(translated("in_reply_to_status_id:17"), "in_reply_to:17");
  EXPECT_EQ(translated("outage -is:retweet has:links"), "outage -is:repost has:links");
  EXPECT_EQ(translated("outage conversation_id:17"), "outage conversation:17");
}

TEST(Powertrack, KeepsSignsNamesAndFieldsOfAuthors) {
  EXPECT_EQ(translated("#launch OR $BRND OR @brand"), "#launch OR $BRND OR mention:brand");
  EXPECT_EQ(translated("outage bio:\"press officer\" has:videos is:verified"),
            "outage bio:\"press officer\" has:video is:verified");
  EXPECT_EQ(translated("outage contains:gate to:brand"), "outage contains:gate to:brand");
  EXPECT_EQ(translated("outage place_country:gb bio_name:bot"), "outage country:gb name:bot");
  EXPECT_EQ(translated("retweets_of:brand url_title:\"annual report\""),
            "retweets_of:brand url_title:\"annual report\"");
}

TEST(Powertrack, NamesEachOperatorThatHasNoCounterpartWithItsPlace) {
  EXPECT_EQ(translated("pizza point_radius:[-105.27 40.01 10.0mi] klout_score:40"),
            "refused point_radius:@6, refused klout_score:@42");
  EXPECT_EQ(translated("pizza (bio_location:boulder OR burger)"), "refused bio_location:@7");
  EXPECT_EQ(translated("pizza -has:profile_geo"), "refused has:profile_geo@7");
  EXPECT_EQ(translated("pizza lang:und"), "refused lang:und@6");
  EXPECT_EQ(translated("pizza AND burger"), "refused AND@6");
}

TEST(Powertrack, TurnsPartsOfAWordOfAFieldIntoWildcards) {
  EXPECT_EQ(translated("outage bio_contains:report"), "outage bio:*report*");
  EXPECT_EQ(translated("outage place_contains:york"), "outage place:*york*");
  EXPECT_EQ(translated("outage bio_contains:\"press off\""), "refused bio_contains:@7");
  EXPECT_EQ(translated("outage url_contains:/a/b"), "outage url:/a/b");
}

TEST(Powertrack, SaysOfWhatLooksLikeAnOperatorThatItIsNone) {
  EXPECT_EQ(translated("NOT pizza burger"), "refused NOT@0");
  EXPECT_EQ(translated("pizza or burger"), "pizza or burger");
  EXPECT_EQ(differences(translate_powertrack("pizza or burger")), "or");
  EXPECT_EQ(translated("cancel* OR burger"), "\"cancel*\" OR burger");
  EXPECT_EQ(differences(translate_powertrack("cancel* OR \"pizz* pie\"")), "*, *");
}

TEST(Powertrack, SuggestsTheOperatorThatWasMeant) {
  const Translation translation = translate_powertrack("pizza folowers_count:10");
  ASSERT_EQ(translation.findings.size(), 1u);
  EXPECT_NE(translation.findings[0].message.find("did you mean 'followers_count:'"), std::string::npos);
}

TEST(Powertrack, RefusesWhatCannotBeRead) {
  EXPECT_EQ(translated("(pizza"), "refused (@0");
  EXPECT_EQ(translated("pizza)"), "refused )@5");
  EXPECT_EQ(translated("\"pizza"), "refused \"@0");
  EXPECT_EQ(translated("pizza OR"), "refused OR@8");
  EXPECT_EQ(translated(std::string(200, '(')), "refused (@50");
}

TEST(Powertrack, RefusesARuleThatOnlyExcludes) {
  EXPECT_EQ(translated("-pizza"), "refused rule@0");
}

TEST(Powertrack, SaysWhereTheMeaningDiffers) {
  EXPECT_EQ(differences(translate_powertrack("\"coca-cola\"")), "\"…\"");
  EXPECT_EQ(differences(translate_powertrack("\"social media\"~5")), "~");
  EXPECT_EQ(differences(translate_powertrack("outage sample:10")), "sample:");
  EXPECT_EQ(differences(translate_powertrack("\"coca cola\" outage")), "");
}

}  // namespace
}  // namespace earshot::import
