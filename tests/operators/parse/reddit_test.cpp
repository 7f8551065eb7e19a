#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/time/timestamp.h"
#include "tests/operators/parse/parsed.h"

namespace earshot::parse {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;

std::string comment_with(const std::string& members) {
  return R"({"id":"c1","link_id":"t3_s1","parent_id":"t1_c0","author":"anna","body":"a &gt; b","score":-4,"edited":false,"subreddit":"coffee")" +
         members + "}";
}
std::string submission_with(const std::string& members) {
  return R"({"name":"t3_s1","id":"s1","title":"Title &amp; more","author":"anna","author_fullname":"t2_a","created_utc":1772366400,"num_comments":6,"score":5)" +
         members + "}";
}

TEST(Reddit, ReadsAComment) {
  const Parsed parsed(comment_with(R"(,"created_utc":"1772366400","edited":1772366500.0,"num_comments":99)"));
  const Post& post = parsed.post();
  EXPECT_EQ(post.id, "t1_c1");
  EXPECT_EQ(post.platform, "reddit");
  EXPECT_EQ(post.text, "a > b");
  EXPECT_EQ(post.kind, PostKind::kReply);
  EXPECT_EQ(post.in_reply_to, "t1_c0");
  EXPECT_EQ(post.conversation_id, "t3_s1");
  EXPECT_EQ(post.author_handle, "anna");
  EXPECT_EQ(post.author_id, "anna");
  EXPECT_EQ(post.likes, -4);
  EXPECT_EQ(post.replies, 0);
  EXPECT_EQ(post.url, "https://www.reddit.com/comments/s1/_/c1");
  EXPECT_EQ(format_rfc3339(post.created_at_ms), "2026-03-01T12:00:00.000Z");
}

TEST(Reddit, ReadsASubmission) {
  const Parsed parsed(submission_with(
      R"(,"selftext":"body","is_self":false,"url":"https://a.example/?a=1&amp;b=2","permalink":"/r/coffee/comments/s1/title/")"));
  const Post& post = parsed.post();
  EXPECT_EQ(post.id, "t3_s1");
  EXPECT_EQ(post.text, "Title & more\n\nbody");
  EXPECT_EQ(post.author_id, "t2_a");
  EXPECT_EQ(post.replies, 6);
  EXPECT_EQ(post.likes, 5);
  EXPECT_EQ(post.kind, PostKind::kOriginal);
  EXPECT_EQ(post.url, "https://www.reddit.com/r/coffee/comments/s1/title/");
  EXPECT_THAT(strings_of(post.urls), ElementsAre("https://a.example/?a=1&b=2"));
}

TEST(Reddit, ReadsTimesInAllTheirForms) {
  for (const char* time : {"1772366400", "1772366400.0", R"("1772366400")", R"("1772366400.0")"}) {
    EXPECT_EQ(Parsed(comment_with(R"(,"created_utc":)" + std::string(time))).post().created_at_ms, 1772366400000)
        << time;
  }
}

TEST(Reddit, UnwrapsThingsAndListings) {
  const std::string comment = R"({"kind":"t1","data":)" + comment_with(R"(,"created_utc":1772366400)") + "}";
  const std::string submission = R"({"kind":"t3","data":)" + submission_with("") + "}";
  EXPECT_EQ(Parsed(comment).post().id, "t1_c1");
  EXPECT_EQ(Parsed(submission).post().id, "t3_s1");
  const Parsed listing(R"({"kind":"Listing","data":{"children":[)" + submission + "," + comment +
                       R"(,{"kind":"more","data":{"id":"x"}}]}})");
  ASSERT_EQ(listing.result.posts.size(), 2U);
  EXPECT_EQ(listing.result.posts[0].id, "t3_s1");
  EXPECT_TRUE(Parsed(R"({"kind":"Listing","data":{"children":[]}})").is_not_a_post());
  EXPECT_TRUE(Parsed(R"({"kind":"t2","data":{"name":"anna","id":"a"}})").is_not_a_post());
}

TEST(Reddit, GivesADeletedPostForWhatWasDeletedOrRemoved) {
  for (const std::string gone : {"[deleted]", "[removed]", "[ Removed by Reddit ]"}) {
    const Parsed comment(R"({"id":"c","link_id":"t3_s","body":")" + gone + R"(","created_utc":1772366400})");
    EXPECT_EQ(comment.post().change, PostChange::kDeleted);
    EXPECT_EQ(comment.post().id, "t1_c");
    EXPECT_EQ(comment.post().text, "");
    const Parsed submission(submission_with(R"(,"selftext":")" + gone + "\""));
    EXPECT_EQ(submission.post().change, PostChange::kDeleted);
    EXPECT_EQ(submission.post().id, "t3_s1");
  }
  EXPECT_EQ(Parsed(submission_with(R"(,"removed_by_category":"moderator")")).post().change, PostChange::kDeleted);
  EXPECT_EQ(Parsed(submission_with(R"(,"removed_by_category":null)")).post().change, PostChange::kCreated);
}

TEST(Reddit, KnowsAnEditInAllItsForms) {
  const Parsed timed(R"({"id":"c","link_id":"t3_s","body":"b","created_utc":1772366400,"edited":1772366500.0})");
  EXPECT_EQ(timed.post().change, PostChange::kEdited);
  EXPECT_EQ(timed.post().edited_at_ms, 1772366500000);
  const Parsed untimed(R"({"id":"c","link_id":"t3_s","body":"b","created_utc":1772366400,"edited":true})");
  EXPECT_EQ(untimed.post().change, PostChange::kEdited);
  EXPECT_EQ(untimed.post().edited_at_ms, 0);
  const Parsed unedited(R"({"id":"c","link_id":"t3_s","body":"b","created_utc":1772366400,"edited":false})");
  EXPECT_EQ(unedited.post().change, PostChange::kCreated);
}

TEST(Reddit, TellsOfTheSubredditMediaAndWhomItAnswers) {
  const Parsed video(
      submission_with(R"(,"subreddit":"coffee","over_18":true,"is_video":true,"author_created_utc":1500000000)"));
  EXPECT_EQ(video.post().subreddit, "coffee");
  EXPECT_TRUE(video.post().is_sensitive && video.post().media.has_video);
  EXPECT_EQ(video.post().author_created_at_ms, 1500000000000);
  EXPECT_TRUE(Parsed(submission_with(R"(,"post_hint":"image")")).post().media.has_images);
  const Parsed comment(
      R"({"id":"c","link_id":"t3_s","parent_id":"t3_s","link_author":"ben","body":"b","created_utc":1772366400})");
  EXPECT_EQ(comment.post().in_reply_to_handle, "ben");
}

TEST(Reddit, KeepsACommentOfADeletedAuthor) {
  const Parsed parsed(
      R"({"id":"c","link_id":"t3_s","body":"still here","author":"[deleted]","created_utc":1772366400})");
  EXPECT_EQ(parsed.post().author_handle, "");
}

TEST(Reddit, TellsACrosspost) {
  const Parsed parsed(submission_with(R"(,"crosspost_parent":"t3_s0")"));
  EXPECT_EQ(parsed.post().kind, PostKind::kQuote);
  EXPECT_EQ(parsed.post().quote_of, "t3_s0");
}

TEST(Reddit, SaysWhatIsMissing) {
  EXPECT_THAT(Parsed(comment_with("")).refusal(), StartsWith("created_utc is missing"));
  EXPECT_THAT(Parsed(comment_with(R"(,"created_utc":"noon")")).refusal(),
              StartsWith("created_utc is not a number of seconds"));
  EXPECT_THAT(Parsed(comment_with(R"(,"created_utc":1e300)")).refusal(),
              StartsWith("created_utc is not a number of seconds"));
  EXPECT_THAT(Parsed(comment_with(R"(,"created_utc":99999999999999)")).refusal(),
              StartsWith("created_at is after 2099"));
  EXPECT_THAT(Parsed(R"({"body":"b","link_id":"t3_s","created_utc":1772366400})").refusal(),
              StartsWith("id is missing"));
  EXPECT_THAT(Parsed(R"({"id":"c","created_utc":1772366400})").refusal(), StartsWith("body or title is missing"));
  EXPECT_THAT(Parsed(R"({"kind":"t1","data":{"id":"c","created_utc":1772366400}})").refusal(),
              StartsWith("data.body is missing or not a string"));
}

}  // namespace
}  // namespace earshot::parse
