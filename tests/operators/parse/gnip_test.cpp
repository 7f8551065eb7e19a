#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/time/timestamp.h"
#include "tests/operators/parse/parsed.h"

namespace earshot::parse {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;

std::string activity_with(const std::string& members) {
  return R"({"id":"tag:search.twitter.com,2005:10","objectType":"activity","postedTime":"2026-03-01T12:00:00.000Z",)"
         R"("actor":{"id":"id:twitter.com:1","preferredUsername":"anna","displayName":"Anna","summary":"tea &amp; rain","verified":true,)"
         R"("followersCount":7,"postedTime":"2016-12-31T19:30:52.362Z"})" +
         members + "}";
}

TEST(Gnip, ReadsAPost) {
  const Parsed parsed(activity_with(
      R"(,"verb":"post","body":"a &lt; b #x https://t.co/a","twitter_lang":"en","favoritesCount":3,"retweetCount":2,)"
      R"("twitter_entities":{"hashtags":[{"text":"x"}],"urls":[{"url":"https://t.co/a","expanded_url":"https://s.example/1"}],"media":[{"type":"photo"}]},)"
      R"("gnip":{"urls":[{"url":"https://t.co/a","expanded_url":"https://a.example/","expanded_url_title":"A"}]},)"
      R"("location":{"displayName":"Kiel, Germany","twitter_country_code":"DE"})"));
  const Post& post = parsed.post();
  EXPECT_EQ(post.id, "10");
  EXPECT_EQ(post.platform, "x");
  EXPECT_EQ(post.text, "a < b #x https://t.co/a");
  EXPECT_EQ(format_rfc3339(post.created_at_ms), "2026-03-01T12:00:00.000Z");
  EXPECT_EQ(post.lang, "en");
  EXPECT_EQ(post.author_id, "1");
  EXPECT_EQ(post.author_handle, "anna");
  EXPECT_EQ(post.author_name, "Anna");
  EXPECT_EQ(post.author_bio, "tea & rain");
  EXPECT_EQ(post.followers, 7);
  EXPECT_TRUE(post.is_verified && post.has_geo && post.media.has_images);
  EXPECT_EQ(format_rfc3339(post.author_created_at_ms), "2016-12-31T19:30:52.362Z");
  EXPECT_EQ(post.likes, 3);
  EXPECT_EQ(post.reposts, 2);
  EXPECT_EQ(post.place, "Kiel, Germany");
  EXPECT_EQ(post.country, "DE");
  EXPECT_EQ(post.url, "https://x.com/anna/status/10");
  EXPECT_THAT(strings_of(post.hashtags), ElementsAre("x"));
  EXPECT_THAT(strings_of(post.urls), ElementsAre("https://a.example/", "https://s.example/1"));
  EXPECT_THAT(strings_of(post.url_titles), ElementsAre("A"));
}

TEST(Gnip, TakesTheWholeTextOfALongTweet) {
  const Parsed parsed(activity_with(
      R"(,"verb":"post","body":"cut…","long_object":{"body":"whole #b","twitter_entities":{"hashtags":[{"text":"b"}]}},"twitter_entities":{"hashtags":[{"text":"a"}]})"));
  EXPECT_EQ(parsed.post().text, "whole #b");
  EXPECT_THAT(strings_of(parsed.post().hashtags), ElementsAre("b"));
}

TEST(Gnip, TakesTheOriginalsWholeTextForAShare) {
  const Parsed parsed(activity_with(
      R"(,"verb":"share","body":"RT @bob: cut…","object":{"id":"tag:search.twitter.com,2005:9","verb":"post","body":"cut…",)"
      R"("long_object":{"body":"whole"},"actor":{"preferredUsername":"bob"},"inReplyTo":{"link":"http://twitter.com/c/statuses/8"}})"));
  EXPECT_EQ(parsed.post().kind, PostKind::kRepost);
  EXPECT_EQ(parsed.post().repost_of, "9");
  EXPECT_EQ(parsed.post().repost_of_handle, "bob");
  EXPECT_EQ(parsed.post().text, "whole");
  EXPECT_EQ(parsed.post().author_handle, "anna");
}

TEST(Gnip, KnowsRepliesAndQuotes) {
  const Parsed reply(activity_with(
      R"(,"verb":"post","body":"t","inReplyTo":{"link":"http://twitter.com/bob/statuses/8"},"twitter_quoted_status":{"id":"tag:search.twitter.com,2005:7"})"));
  EXPECT_EQ(reply.post().kind, PostKind::kReply);
  EXPECT_EQ(reply.post().in_reply_to, "8");
  EXPECT_EQ(reply.post().in_reply_to_handle, "bob");
  EXPECT_EQ(reply.post().quote_of, "7");
  const Parsed quote(
      activity_with(R"(,"verb":"post","body":"t","twitter_quoted_status":{"id":"tag:search.twitter.com,2005:7"})"));
  EXPECT_EQ(quote.post().kind, PostKind::kQuote);
}

TEST(Gnip, GivesADeletedPostForADeletion) {
  const Parsed parsed(
      R"({"id":"tag:search.twitter.com,2005:10","verb":"delete","objectType":"activity","object":{"id":"object:search.twitter.com,2005:10","objectType":"note"},)"
      R"("actor":{"id":"id:twitter.com:1"},"timestampMs":"1772366400123"})");
  EXPECT_EQ(parsed.post().change, PostChange::kDeleted);
  EXPECT_EQ(parsed.post().id, "10");
  EXPECT_EQ(parsed.post().author_id, "1");
  EXPECT_EQ(parsed.post().created_at_ms, 1772366400123);
}

TEST(Gnip, CountsOtherVerbsAsNotPosts) {
  EXPECT_TRUE(Parsed(activity_with(R"(,"verb":"scrub_geo")")).is_not_a_post());
  EXPECT_TRUE(Parsed(R"({"info":{"message":"Replay Request Completed"}})", Format::kGnip).is_not_a_post());
}

TEST(Gnip, SaysWhatAnActivityLacks) {
  EXPECT_THAT(Parsed(activity_with(R"(,"verb":"post")")).refusal(), StartsWith("body is missing or not a string"));
  EXPECT_THAT(Parsed(R"({"verb":"post","body":"t","postedTime":"soon"})").refusal(),
              StartsWith(R"(postedTime "soon" is not an RFC 3339 time)"));
  EXPECT_THAT(Parsed(R"({"verb":"post","body":"t","postedTime":"2026-03-01T12:00:00Z"})").refusal(),
              StartsWith("id is missing"));
  EXPECT_EQ(Parsed("{}", Format::kGnip).refusal(), "verb is missing or not a string");
}

}  // namespace
}  // namespace earshot::parse
