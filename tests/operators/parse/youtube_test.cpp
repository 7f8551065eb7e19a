#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/time/timestamp.h"
#include "tests/operators/parse/parsed.h"

namespace earshot::parse {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;

std::string comment(const std::string& id, const std::string& members = {}) {
  return R"({"kind":"youtube#comment","id":")" + id +
         R"(","snippet":{"authorDisplayName":"@anna","authorChannelId":{"value":"UC1"},)"
         R"("textDisplay":"see <a href=\"https://a.example/\">a.example</a><br>&amp; more","textOriginal":"see a.example\n& more","likeCount":3,)"
         R"("publishedAt":"2026-03-01T12:00:00Z","updatedAt":"2026-03-01T12:00:00Z")" +
         members + "}}";
}

std::string thread(const std::string& top, const std::string& replies = {}) {
  return R"({"kind":"youtube#commentThread","id":"t","snippet":{"videoId":"v1","topLevelComment":)" + top +
         R"(,"totalReplyCount":2})" + (replies.empty() ? "" : R"(,"replies":{"comments":[)" + replies + "]}") + "}";
}

TEST(YouTube, ReadsACommentOfAThread) {
  const Parsed parsed(thread(comment("c1")));
  const Post& post = parsed.post();
  EXPECT_EQ(post.id, "c1");
  EXPECT_EQ(post.platform, "youtube");
  EXPECT_EQ(post.text, "see a.example\n& more");
  EXPECT_EQ(format_rfc3339(post.created_at_ms), "2026-03-01T12:00:00.000Z");
  EXPECT_EQ(post.author_id, "UC1");
  EXPECT_EQ(post.author_handle, "anna");
  EXPECT_EQ(post.author_name, "@anna");
  EXPECT_EQ(post.likes, 3);
  EXPECT_EQ(post.replies, 2);
  EXPECT_EQ(post.kind, PostKind::kOriginal);
  EXPECT_EQ(post.change, PostChange::kCreated);
  EXPECT_EQ(post.conversation_id, "c1");
  EXPECT_EQ(post.url, "https://www.youtube.com/watch?v=v1&lc=c1");
  EXPECT_THAT(strings_of(post.urls), ElementsAre("https://a.example/"));
}

TEST(YouTube, GivesEveryCommentOfAPageAndItsReplies) {
  const std::string reply = comment("c1.r1", R"(,"parentId":"c1")");
  const Parsed parsed(R"({"kind":"youtube#commentThreadListResponse","pageInfo":{"totalResults":2},"items":[)" +
                      thread(comment("c1"), reply) + "," + thread(comment("c2")) + "]}");
  ASSERT_EQ(parsed.result.posts.size(), 3U);
  EXPECT_EQ(parsed.result.posts[1].id, "c1.r1");
  EXPECT_EQ(parsed.result.posts[1].kind, PostKind::kReply);
  EXPECT_EQ(parsed.result.posts[1].in_reply_to, "c1");
  EXPECT_EQ(parsed.result.posts[1].conversation_id, "c1");
  EXPECT_EQ(parsed.result.posts[2].id, "c2");
  EXPECT_EQ(Parsed(R"({"kind":"youtube#commentListResponse","items":[)" + reply + "]}").post().id, "c1.r1");
}

TEST(YouTube, TakesTheShownTextWhereTheOriginalIsKeptFromTheCaller) {
  const Parsed parsed(
      R"({"kind":"youtube#comment","id":"c","snippet":{"textDisplay":"a &lt;3 <b>b</b>","publishedAt":"2026-03-01T12:00:00Z"}})");
  EXPECT_EQ(parsed.post().text, "a <3 b");
}

TEST(YouTube, KnowsAnEdit) {
  const Parsed parsed(
      R"({"kind":"youtube#comment","id":"c","snippet":{"textOriginal":"t","publishedAt":"2026-03-01T12:00:00Z","updatedAt":"2026-03-01T13:00:00Z"}})");
  EXPECT_EQ(parsed.post().change, PostChange::kEdited);
  EXPECT_EQ(format_rfc3339(parsed.post().edited_at_ms), "2026-03-01T13:00:00.000Z");
}

TEST(YouTube, CountsEmptyPagesAndOtherResourcesAsNotPosts) {
  EXPECT_TRUE(Parsed(R"({"kind":"youtube#commentListResponse","items":[]})").is_not_a_post());
  EXPECT_TRUE(
      Parsed(R"({"kind":"youtube#videoListResponse","items":[{"kind":"youtube#video","id":"v"}]})").is_not_a_post());
  EXPECT_TRUE(Parsed(R"({"kind":"youtube#channel","id":"UC1"})").is_not_a_post());
}

TEST(YouTube, NamesThePlaceOfWhatIsMissing) {
  EXPECT_THAT(Parsed(R"({"kind":"youtube#commentListResponse","items":[)" + comment("c") +
                     R"(,{"kind":"youtube#comment","id":"d","snippet":{"textOriginal":"t"}}]})")
                  .refusal(),
              StartsWith("items[1].snippet.publishedAt is missing or not a string"));
  EXPECT_THAT(Parsed(R"({"kind":"youtube#commentThread","snippet":{}})").refusal(),
              StartsWith("snippet.topLevelComment is missing or not an object"));
  EXPECT_THAT(Parsed(R"({"kind":"youtube#comment","id":"d"})").refusal(), StartsWith("snippet is missing"));
  EXPECT_EQ(Parsed(R"({"kind":"t1"})", Format::kYouTube).refusal(), "kind is missing or not one of YouTube's");
}

}  // namespace
}  // namespace earshot::parse
