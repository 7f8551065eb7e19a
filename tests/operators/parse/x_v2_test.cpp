#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/time/timestamp.h"
#include "tests/operators/parse/parsed.h"

namespace earshot::parse {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string tweet_with(const std::string& members) {
  return R"({"id":"10","text":"hi","created_at":"2026-03-01T12:00:00.000Z","author_id":"1")" + members + "}";
}
std::string event_with(const std::string& members, const std::string& includes = "{}") {
  return R"({"data":)" + tweet_with(members) + R"(,"includes":)" + includes +
         R"(,"matching_rules":[{"id":1,"tag":null}]})";
}

constexpr const char* kIncludes =
    R"({"users":[null,{"id":"2","username":"bob"},{"id":"1","username":"anna","name":"Anna","public_metrics":{"followers_count":7}}],)"
    R"("tweets":[{"id":"9","text":"the original, whole &amp; unabridged","lang":"in","entities":{"hashtags":[{"tag":"kopi"}],)"
    R"("urls":[{"url":"https://t.co/a","expanded_url":"https://a.example/"}]}}]})";

TEST(XV2, JoinsTheAuthorAndTheMetrics) {
  const Parsed parsed(event_with(
      R"(,"lang":"de","conversation_id":"8","public_metrics":{"like_count":3,"retweet_count":2,"reply_count":1,"quote_count":9})",
      kIncludes));
  const Post& post = parsed.post();
  EXPECT_EQ(post.id, "10");
  EXPECT_EQ(post.platform, "x");
  EXPECT_EQ(post.author_id, "1");
  EXPECT_EQ(post.author_handle, "anna");
  EXPECT_EQ(post.author_name, "Anna");
  EXPECT_EQ(post.followers, 7);
  EXPECT_EQ(post.likes, 3);
  EXPECT_EQ(post.reposts, 2);
  EXPECT_EQ(post.replies, 1);
  EXPECT_EQ(post.lang, "de");
  EXPECT_EQ(post.conversation_id, "8");
  EXPECT_EQ(post.url, "https://x.com/anna/status/10");
  EXPECT_EQ(format_rfc3339(post.created_at_ms), "2026-03-01T12:00:00.000Z");
  EXPECT_EQ(post.kind, PostKind::kOriginal);
}

TEST(XV2, TakesTheOriginalsTextForARetweet) {
  const Parsed parsed(event_with(R"(,"referenced_tweets":[{"type":"retweeted","id":"9"}])", kIncludes));
  EXPECT_EQ(parsed.post().kind, PostKind::kRepost);
  EXPECT_EQ(parsed.post().repost_of, "9");
  EXPECT_EQ(parsed.post().text, "the original, whole & unabridged");
  EXPECT_EQ(parsed.post().lang, "id");
  EXPECT_THAT(strings_of(parsed.post().hashtags), ElementsAre("kopi"));
  EXPECT_THAT(strings_of(parsed.post().urls), ElementsAre("https://a.example/"));
}

TEST(XV2, KeepsARetweetsOwnTextWhenTheOriginalIsNotIncluded) {
  const Parsed parsed(event_with(R"(,"referenced_tweets":[{"type":"retweeted","id":"404"}])", kIncludes));
  EXPECT_EQ(parsed.post().kind, PostKind::kRepost);
  EXPECT_EQ(parsed.post().text, "hi");
}

TEST(XV2, TellsRepliesAndQuotes) {
  const Parsed reply(event_with(R"(,"referenced_tweets":[{"type":"quoted","id":"9"},{"type":"replied_to","id":"5"}])"));
  EXPECT_EQ(reply.post().kind, PostKind::kReply);
  EXPECT_EQ(reply.post().in_reply_to, "5");
  EXPECT_EQ(reply.post().quote_of, "9");
  const Parsed quote(event_with(R"(,"referenced_tweets":[{"type":"quoted","id":"9"}])"));
  EXPECT_EQ(quote.post().kind, PostKind::kQuote);
}

TEST(XV2, PrefersTheWholeTextOfALongTweet) {
  const Parsed parsed(event_with(
      R"(,"note_tweet":{"text":"long &lt;text&gt; #b","entities":{"hashtags":[{"tag":"b"}]}},"entities":{"hashtags":[{"tag":"a"}]})"));
  EXPECT_EQ(parsed.post().text, "long <text> #b");
  EXPECT_THAT(strings_of(parsed.post().hashtags), ElementsAre("b"));
}

TEST(XV2, TakesAbsentAndNullPartsForUnknown) {
  const Parsed parsed(
      R"({"data":{"id":10,"text":"hi","created_at":"2026-03-01T12:00:00Z","author_id":null,"entities":null,"public_metrics":null,)"
      R"("referenced_tweets":null,"lang":"und","note_tweet":null,"conversation_id":null},"includes":null,"errors":[{}]})");
  EXPECT_EQ(parsed.post().id, "10");
  EXPECT_EQ(parsed.post().lang, "");
  EXPECT_EQ(parsed.post().url, "https://x.com/i/status/10");
}

TEST(XV2, GivesEveryTweetOfAPage) {
  const Parsed parsed(R"({"data":[)" + tweet_with("") + "," + tweet_with(R"(,"lang":"en")") +
                      R"(],"meta":{"result_count":2}})");
  ASSERT_EQ(parsed.result.posts.size(), 2U);
  EXPECT_EQ(parsed.result.posts[1].lang, "en");
  EXPECT_EQ(parsed.result.posts[1].record, 0U);
}

TEST(XV2, RefusesAPageWholeAndNamesTheBadTweet) {
  const Parsed parsed(R"({"data":[)" + tweet_with("") + R"(,{"id":"11","text":"hi"}]})", Format::kXV2);
  EXPECT_EQ(parsed.refusal(), "data[1].created_at is missing; ask X for it with tweet.fields=created_at");
}

TEST(XV2, TakesABareTweet) {
  EXPECT_EQ(Parsed(tweet_with(R"(,"edit_history_tweet_ids":["10"])")).post().author_id, "1");
}

TEST(XV2, CountsPagesWithoutResultsAndOtherEventsAsNotPosts) {
  for (const char* record :
       {R"({"data":[],"meta":{"result_count":0}})", R"({"meta":{"result_count":0}})",
        R"({"data":{"scrub_geo":{"user":{"id":"2"},"up_to_tweet_id":"1","event_at":"2026-03-01T12:00:00Z"}}})"}) {
    EXPECT_TRUE(Parsed(record).is_not_a_post()) << record;
    EXPECT_TRUE(Parsed(record, Format::kXV2).is_not_a_post()) << record;
  }
}

TEST(XV2, RefusesAProblemThatStandsInsteadOfATweetWithItsWords) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"errors":[{"title":"operational-disconnect","disconnect_type":"UpstreamOperationalDisconnect","detail":"This stream has been disconnected"}]})",
       "X reports a problem instead of a tweet: operational-disconnect: This stream has been disconnected"},
      {R"({"title":"ConnectionException","detail":"This stream is at its limit","connection_issue":"TooManyConnections","type":"about:blank"})",
       "X reports a problem instead of a tweet: ConnectionException: This stream is at its limit: TooManyConnections"},
      {R"({"data":null,"errors":[{"detail":"Could not find tweet"}]})",
       "X reports a problem instead of a tweet: Could not find tweet"},
      {R"({"errors":[{"message":"Rate limit exceeded","code":88}]})",
       "X reports a problem instead of a tweet: Rate limit exceeded"},
      {R"({"errors":[]})", "X reports a problem instead of a tweet: no details"}};
  for (const auto& [record, reason] : cases) EXPECT_EQ(Parsed(record, Format::kXV2).refusal(), reason);
}

TEST(XV2, TakesTheTweetThatComesWithAProblem) {
  const Parsed parsed(
      R"({"data":)" + tweet_with("") +
      R"(,"errors":[{"title":"Not Found Error","detail":"Could not find user"}],"matching_rules":[{"id":"7"}]})");
  EXPECT_EQ(parsed.post().id, "10");
}

TEST(XV2, GivesADeletedPostForADeletion) {
  const Parsed parsed(R"({"data":{"delete":{"tweet":{"id":"1","author_id":"2"},"event_at":"2026-03-01T12:00:00Z"}}})");
  EXPECT_EQ(parsed.post().change, PostChange::kDeleted);
  EXPECT_EQ(parsed.post().platform, "x");
  EXPECT_EQ(parsed.post().id, "1");
  EXPECT_EQ(parsed.post().author_id, "2");
  EXPECT_EQ(format_rfc3339(parsed.post().created_at_ms), "2026-03-01T12:00:00.000Z");
}

TEST(XV2, TakesTheVersionsOfAnEditedTweetForOnePost) {
  const Parsed parsed(R"({"data":{"id":"1576994789110992896","text":"b","created_at":"2022-10-03T17:57:11.000Z",)"
                      R"("edit_history_tweet_ids":["1576994746135764992","1576994789110992896"]}})");
  EXPECT_EQ(parsed.post().change, PostChange::kEdited);
  EXPECT_EQ(parsed.post().id, "1576994746135764992");
  EXPECT_EQ(parsed.post().url, "https://x.com/i/status/1576994789110992896");
  EXPECT_EQ(format_rfc3339(parsed.post().created_at_ms), "2022-10-03T17:57:01.000Z");
  EXPECT_EQ(format_rfc3339(parsed.post().edited_at_ms), "2022-10-03T17:57:11.000Z");
}

TEST(XV2, JoinsMediaPlaceAndTheOthersHandles) {
  const Parsed parsed(event_with(
      R"(,"in_reply_to_user_id":"2","referenced_tweets":[{"type":"replied_to","id":"5"}],"possibly_sensitive":true,)"
      R"("attachments":{"media_keys":["3_1","7_2"]},"geo":{"place_id":"p"},"public_metrics":{"impression_count":40},)"
      R"("entities":{"urls":[{"expanded_url":"https://s.example/1","unwound_url":"https://a.example/","title":"A &amp; B"}]})",
      R"({"users":[{"id":"2","username":"bob"},{"id":"1","username":"anna","description":"tea &amp; rain","verified":false,)"
      R"("verified_type":"blue","created_at":"2015-12-25T18:50:44.000Z"}],"media":[{"media_key":"3_1","type":"photo"},)"
      R"({"media_key":"7_2","type":"video"}],"places":[{"id":"p","full_name":"Kiel, Germany","country_code":"DE"}]})"));
  const Post& post = parsed.post();
  EXPECT_EQ(post.in_reply_to_handle, "bob");
  EXPECT_EQ(post.author_bio, "tea & rain");
  EXPECT_TRUE(post.is_verified);
  EXPECT_EQ(format_rfc3339(post.author_created_at_ms), "2015-12-25T18:50:44.000Z");
  EXPECT_TRUE(post.media.has_images && post.media.has_video);
  EXPECT_EQ(post.place, "Kiel, Germany");
  EXPECT_EQ(post.country, "DE");
  EXPECT_TRUE(post.has_geo && post.is_sensitive);
  EXPECT_EQ(post.views, 40);
  EXPECT_THAT(strings_of(post.urls), ElementsAre("https://a.example/"));
  EXPECT_THAT(strings_of(post.url_titles), ElementsAre("A & B"));
}

TEST(XV2, NamesWhomARetweetRepeats) {
  const std::string reference = R"(,"referenced_tweets":[{"type":"retweeted","id":"9"}])";
  EXPECT_EQ(
      Parsed(event_with(reference,
                        R"({"users":[{"id":"2","username":"bob"}],"tweets":[{"id":"9","text":"t","author_id":"2"}]})"))
          .post()
          .repost_of_handle,
      "bob");
  const Parsed cut(R"({"data":{"id":"10","text":"RT @cleo: t…","created_at":"2026-03-01T12:00:00Z")" + reference +
                   "}}");
  EXPECT_EQ(cut.post().repost_of_handle, "cleo");
}

TEST(XV2, TakesCodesForTweetsWithoutWordsAsUnknownLanguages) {
  for (const char* code : {"qme", "zxx", "und", "qht"}) {
    EXPECT_EQ(Parsed(tweet_with(R"(,"lang":")" + std::string(code) + "\"")).post().lang, "") << code;
  }
}

TEST(XV2, SaysWhatATweetLacks) {
  EXPECT_THAT(Parsed(R"({"data":{"id":"1","created_at":"2026-03-01T12:00:00Z"}})").refusal(),
              StartsWith("data.text is missing or not a string"));
  EXPECT_THAT(Parsed(R"({"data":{"text":"hi","created_at":"2026-03-01T12:00:00Z"}})").refusal(),
              StartsWith("data.id is missing"));
  EXPECT_THAT(Parsed(R"({"data":{"id":"1","text":"hi","created_at":"soon"}})").refusal(),
              HasSubstr(R"("soon" is not an RFC 3339 time)"));
  EXPECT_THAT(Parsed(R"({"data":"x","includes":{}})").refusal(), StartsWith("data is a string, not a tweet"));
  EXPECT_THAT(Parsed(R"({"data":[7]})").refusal(), StartsWith("data[0] is a number, not a tweet"));
  EXPECT_THAT(Parsed(R"({"data":{"id":"1","text":"hi","created_at":"1999-12-31T23:59:59Z"}})").refusal(),
              StartsWith("data.created_at is before 2000"));
}

}  // namespace
}  // namespace earshot::parse
