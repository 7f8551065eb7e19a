#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/time/timestamp.h"
#include "tests/operators/parse/parsed.h"

namespace earshot::parse {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;

std::string status_with(const std::string& members) {
  return R"({"id":10,"id_str":"10","created_at":"Sun Mar 01 12:00:00 +0000 2026")" + members + "}";
}

constexpr const char* kUser =
    R"(,"user":{"id":1,"id_str":"1","screen_name":"anna","name":"Anna","followers_count":"7"})";

TEST(TwitterV1, ReadsAStatus) {
  const Parsed parsed(status_with(
      std::string(
          R"(,"text":"a &amp;&lt;b&gt; &quot; & #x","favorite_count":3,"retweet_count":2,"reply_count":1,"lang":"iw",)") +
      R"("in_reply_to_status_id":5,"in_reply_to_status_id_str":"5",)"
      R"("entities":{"hashtags":[{"text":"x"},{"text":"x"}],"urls":[{"url":"https://t.co/a","expanded_url":null},null]})" +
      kUser));
  const Post& post = parsed.post();
  EXPECT_EQ(post.id, "10");
  EXPECT_EQ(post.text, "a &<b> &quot; & #x");
  EXPECT_EQ(format_rfc3339(post.created_at_ms), "2026-03-01T12:00:00.000Z");
  EXPECT_EQ(post.lang, "he");
  EXPECT_EQ(post.author_id, "1");
  EXPECT_EQ(post.author_handle, "anna");
  EXPECT_EQ(post.followers, 7);
  EXPECT_EQ(post.likes, 3);
  EXPECT_EQ(post.reposts, 2);
  EXPECT_EQ(post.replies, 1);
  EXPECT_EQ(post.kind, PostKind::kReply);
  EXPECT_EQ(post.in_reply_to, "5");
  EXPECT_EQ(post.url, "https://x.com/anna/status/10");
  EXPECT_THAT(strings_of(post.hashtags), ElementsAre("x"));
  EXPECT_THAT(strings_of(post.urls), ElementsAre("https://t.co/a"));
}

TEST(TwitterV1, PrefersTheLongestFormOfTheText) {
  const std::string extended =
      R"(,"extended_tweet":{"full_text":"whole #b","entities":{"hashtags":[{"text":"b"}]}},"entities":{"hashtags":[{"text":"a"}]})";
  const Parsed streamed(status_with(R"(,"text":"cut…","truncated":true)" + extended));
  EXPECT_EQ(streamed.post().text, "whole #b");
  EXPECT_THAT(strings_of(streamed.post().hashtags), ElementsAre("b"));
  EXPECT_EQ(Parsed(status_with(R"(,"full_text":"full")")).post().text, "full");
}

TEST(TwitterV1, TakesTheOriginalsWholeTextForARetweet) {
  const Parsed parsed(status_with(
      std::string(
          R"(,"text":"RT @bob: cut…","retweeted_status":{"id_str":"9","text":"cut…","lang":"en","extended_tweet":{"full_text":"whole"}})") +
      kUser));
  EXPECT_EQ(parsed.post().kind, PostKind::kRepost);
  EXPECT_EQ(parsed.post().repost_of, "9");
  EXPECT_EQ(parsed.post().text, "whole");
  EXPECT_EQ(parsed.post().lang, "en");
  EXPECT_EQ(parsed.post().author_handle, "anna");
}

TEST(TwitterV1, TellsAQuote) {
  const Parsed quote(status_with(R"(,"text":"look","is_quote_status":true,"quoted_status":{"id":8})"));
  EXPECT_EQ(quote.post().kind, PostKind::kQuote);
  EXPECT_EQ(quote.post().quote_of, "8");
}

TEST(TwitterV1, TakesTheMillisecondsWhenTheStreamGivesThem) {
  EXPECT_EQ(Parsed(status_with(R"(,"text":"t","timestamp_ms":"1772366400123")")).post().created_at_ms, 1772366400123);
}

TEST(TwitterV1, LivesWithoutUserAndEntities) {
  const Parsed parsed(status_with(
      R"(,"text":"t","user":null,"entities":null,"retweeted_status":null,"lang":null,"retweet_count":null)"));
  EXPECT_EQ(parsed.post().author_id, "");
  EXPECT_EQ(parsed.post().url, "https://x.com/i/status/10");
}

TEST(TwitterV1, GivesEveryStatusOfASearchPage) {
  const std::string one = status_with(R"(,"text":"t")");
  EXPECT_EQ(Parsed(R"({"statuses":[)" + one + "," + one + R"(],"search_metadata":{}})").result.posts.size(), 2U);
  EXPECT_TRUE(Parsed(R"({"statuses":[]})").is_not_a_post());
  EXPECT_THAT(Parsed(R"({"statuses":[)" + one + ",[]]}").refusal(),
              StartsWith("statuses[1] is an array, not a status"));
}

TEST(TwitterV1, CountsNoticesAsNotPosts) {
  for (const char* record :
       {R"({"limit":{"track":5,"timestamp_ms":"1772366400123"}})", R"({"scrub_geo":{"user_id":1}})",
        R"({"status_withheld":{"id":1,"withheld_in_countries":["DE"]}})", R"({"disconnect":{"code":4}})",
        R"({"warning":{"code":"FALLING_BEHIND"}})", R"({"friends":[1,2]})"}) {
    EXPECT_TRUE(Parsed(record).is_not_a_post()) << record;
    EXPECT_TRUE(Parsed(record, Format::kTwitterV1).is_not_a_post()) << record;
  }
}

TEST(TwitterV1, GivesADeletedPostForADeletionAndOneWithheldEverywhere) {
  const Parsed deleted(R"({"delete":{"status":{"id":1,"id_str":"1","user_id":2},"timestamp_ms":"1772366400123"}})");
  EXPECT_EQ(deleted.post().change, PostChange::kDeleted);
  EXPECT_EQ(deleted.post().id, "1");
  EXPECT_EQ(deleted.post().author_id, "2");
  EXPECT_EQ(deleted.post().created_at_ms, 1772366400123);
  const Parsed withheld(
      R"({"status_withheld":{"id":1,"user_id":2,"withheld_in_countries":["XX"],"timestamp_ms":"1772366400123"}})");
  EXPECT_EQ(withheld.post().change, PostChange::kDeleted);
}

TEST(TwitterV1, TakesTheTimeOfADeletionFromTheTweetsIdWhenNothingElseTells) {
  EXPECT_EQ(format_rfc3339(Parsed(R"({"delete":{"status":{"id_str":"1576994746135764992"}}})").post().created_at_ms),
            "2022-10-03T17:57:01.000Z");
  EXPECT_THAT(Parsed(R"({"delete":{"status":{"id_str":"1"}}})").refusal(),
              StartsWith("delete.status.id tells no time of the deletion, and its record neither"));
}

TEST(TwitterV1, TellsOfAuthorPlaceMediaAndTheOthersHandles) {
  const Parsed parsed(status_with(
      R"(,"text":"t","possibly_sensitive":true,"in_reply_to_status_id_str":"5","in_reply_to_screen_name":"bob",)"
      R"("place":{"full_name":"Kiel, Germany","country_code":"DE"},"extended_entities":{"media":[{"type":"video"}]},)"
      R"("entities":{"media":[{"type":"photo"}],"urls":[{"expanded_url":"https://s.example/","unwound":{"url":"https://a.example/","title":"A"}}]},)"
      R"("user":{"id_str":"1","screen_name":"anna","description":"tea","verified":true,"created_at":"Wed Aug 27 13:08:45 +0000 2008"})"));
  const Post& post = parsed.post();
  EXPECT_EQ(post.in_reply_to_handle, "bob");
  EXPECT_EQ(post.place, "Kiel, Germany");
  EXPECT_EQ(post.country, "DE");
  EXPECT_TRUE(post.has_geo && post.is_sensitive && post.is_verified);
  EXPECT_TRUE(post.media.has_video && !post.media.has_images);
  EXPECT_THAT(strings_of(post.urls), ElementsAre("https://a.example/"));
  EXPECT_THAT(strings_of(post.url_titles), ElementsAre("A"));
  EXPECT_EQ(post.author_bio, "tea");
  EXPECT_EQ(format_rfc3339(post.author_created_at_ms), "2008-08-27T13:08:45.000Z");
  EXPECT_EQ(
      Parsed(status_with(
                 R"(,"text":"RT @bob: t","retweeted_status":{"id_str":"9","text":"t","user":{"screen_name":"Bob"}})"))
          .post()
          .repost_of_handle,
      "Bob");
}

TEST(TwitterV1, SaysWhatAStatusLacks) {
  EXPECT_THAT(Parsed(R"({"id_str":"1","created_at":"Sun Mar 01 12:00:00 +0000 2026"})").refusal(),
              StartsWith("text is missing"));
  EXPECT_THAT(Parsed(R"({"full_text":"t","created_at":"Sun Mar 01 12:00:00 +0000 2026"})").refusal(),
              StartsWith("id is missing"));
  EXPECT_THAT(Parsed(R"({"id_str":"1","text":"t"})").refusal(), StartsWith("created_at is missing"));
  EXPECT_THAT(Parsed(R"({"id_str":"1","text":"t","created_at":"2026-03-01"})").refusal(),
              StartsWith(R"(created_at "2026-03-01" is not a time as Twitter v1.1 writes it)"));
}

}  // namespace
}  // namespace earshot::parse
