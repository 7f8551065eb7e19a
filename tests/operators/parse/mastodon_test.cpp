#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "engine/time/timestamp.h"
#include "tests/operators/parse/parsed.h"

namespace earshot::parse {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;

nlohmann::json status() {
  return nlohmann::json::parse(
      R"({"id":"11","created_at":"2026-03-01T12:00:00.100Z","in_reply_to_id":null,"sensitive":false,"spoiler_text":"","visibility":"public",)"
      R"("language":"en","uri":"https://m.example/users/anna/statuses/11","url":"https://m.example/@anna/11","replies_count":1,"reblogs_count":2,)"
      R"("favourites_count":3,"content":"<p>Hello <a href=\"https://m.example/tags/x\" class=\"mention hashtag\">#<span>x</span></a></p>",)"
      R"("reblog":null,"account":{"id":"1","acct":"anna@m.example","display_name":"Anna","followers_count":-1},"tags":[{"name":"x"}]})");
}

TEST(Mastodon, ReadsAStatus) {
  const Parsed parsed(status().dump());
  const Post& post = parsed.post();
  EXPECT_EQ(post.id, "11");
  EXPECT_EQ(post.platform, "mastodon");
  EXPECT_EQ(post.text, "Hello #x");
  EXPECT_EQ(post.lang, "en");
  EXPECT_EQ(post.url, "https://m.example/@anna/11");
  EXPECT_EQ(post.author_id, "1");
  EXPECT_EQ(post.author_handle, "anna@m.example");
  EXPECT_EQ(post.author_name, "Anna");
  EXPECT_EQ(post.followers, 0) << "the instance hides it as -1";
  EXPECT_EQ(post.likes, 3);
  EXPECT_EQ(post.reposts, 2);
  EXPECT_EQ(post.replies, 1);
  EXPECT_EQ(format_rfc3339(post.created_at_ms), "2026-03-01T12:00:00.100Z");
  EXPECT_THAT(strings_of(post.hashtags), ElementsAre("x"));
  EXPECT_TRUE(post.urls.empty());
}

TEST(Mastodon, PutsTheContentWarningFirst) {
  auto warned = status();
  warned["spoiler_text"] = "Food & drink";
  EXPECT_EQ(Parsed(warned.dump()).post().text, "Food & drink\n\nHello #x");
}

TEST(Mastodon, TakesTheOriginalForAReblog) {
  auto reblog = status();
  reblog["id"] = 12;
  reblog["content"] = "";
  reblog["tags"] = nullptr;
  reblog["language"] = nullptr;
  reblog["url"] = nullptr;
  reblog["reblog"] = status();
  const Parsed parsed(reblog.dump());
  EXPECT_EQ(parsed.post().id, "12");
  EXPECT_EQ(parsed.post().kind, PostKind::kRepost);
  EXPECT_EQ(parsed.post().repost_of, "11");
  EXPECT_EQ(parsed.post().text, "Hello #x");
  EXPECT_EQ(parsed.post().lang, "en");
  EXPECT_EQ(parsed.post().url, "https://m.example/users/anna/statuses/11");
  EXPECT_THAT(strings_of(parsed.post().hashtags), ElementsAre("x"));
}

TEST(Mastodon, KnowsRepliesAndQuotes) {
  auto reply = status();
  reply["in_reply_to_id"] = "10";
  EXPECT_EQ(Parsed(reply.dump()).post().kind, PostKind::kReply);
  auto quote = status();
  quote["quote"] = {{"state", "accepted"}, {"quoted_status", {{"id", "9"}}}};
  EXPECT_EQ(Parsed(quote.dump()).post().kind, PostKind::kQuote);
  EXPECT_EQ(Parsed(quote.dump()).post().quote_of, "9");
}

TEST(Mastodon, ReadsTheStatusOfAStreamEventAsTextOrObject) {
  for (const Format format : {Format::kAuto, Format::kMastodon}) {
    const nlohmann::json as_text = {{"stream", {"public"}}, {"event", "update"}, {"payload", status().dump()}};
    EXPECT_EQ(Parsed(as_text.dump(), format).post().text, "Hello #x");
    const nlohmann::json as_object = {{"event", "update"}, {"payload", status()}};
    EXPECT_EQ(Parsed(as_object.dump(), format).post().text, "Hello #x");
    const nlohmann::json as_data = {{"event", "update"}, {"data", status()}};
    EXPECT_EQ(Parsed(as_data.dump(), format).post().text, "Hello #x");
  }
}

TEST(Mastodon, CountsOtherEventsAndNotificationsAsNotPosts) {
  for (const char* event : {"notification", "filters_changed", "announcement", "conversation"}) {
    const nlohmann::json record = {{"stream", {"public"}}, {"event", event}, {"payload", "1"}};
    EXPECT_TRUE(Parsed(record.dump()).is_not_a_post()) << event;
  }
  EXPECT_TRUE(
      Parsed(R"({"id":1,"type":"favourite","created_at":"2026-03-01T12:00:00Z","account":{"id":1},"status":{}})")
          .is_not_a_post());
}

TEST(Mastodon, GivesAnEditedPostForAnEdit) {
  auto edited = status();
  edited["edited_at"] = "2026-03-01T13:00:00Z";
  const nlohmann::json event = {{"stream", {"public"}}, {"event", "status.update"}, {"payload", edited.dump()}};
  for (const std::string& record : {event.dump(), edited.dump()}) {
    const Parsed parsed(record);
    EXPECT_EQ(parsed.post().change, PostChange::kEdited);
    EXPECT_EQ(parsed.post().id, "11");
    EXPECT_EQ(format_rfc3339(parsed.post().created_at_ms), "2026-03-01T12:00:00.100Z");
    EXPECT_EQ(format_rfc3339(parsed.post().edited_at_ms), "2026-03-01T13:00:00.000Z");
  }
}

TEST(Mastodon, GivesADeletedPostForADeletionWithTheTimeThatItsIdHolds) {
  for (const char* payload : {R"("103270115826048975")", "103270115826048975"}) {
    const Parsed parsed(R"({"stream":["public"],"event":"delete","payload":)" + std::string(payload) + "}");
    EXPECT_EQ(parsed.post().change, PostChange::kDeleted);
    EXPECT_EQ(parsed.post().platform, "mastodon");
    EXPECT_EQ(parsed.post().id, "103270115826048975");
    EXPECT_EQ(format_rfc3339(parsed.post().created_at_ms), "2019-12-08T03:48:33.849Z");
  }
  EXPECT_THAT(Parsed(R"({"event":"delete","payload":{}})").refusal(), StartsWith("payload is an object, not an id"));
}

TEST(Mastodon, TellsOfAuthorMediaCardAndTheOthersHandles) {
  auto rich = status();
  rich["sensitive"] = true;
  rich["account"]["note"] = "<p>Tea &amp; rain</p>";
  rich["account"]["created_at"] = "2016-03-16T00:00:00.000Z";
  rich["media_attachments"] = {{{"type", "image"}}, {{"type", "gifv"}}};
  rich["card"] = {{"url", "https://a.example/"}, {"title", "A"}};
  rich["in_reply_to_id"] = "10";
  rich["in_reply_to_account_id"] = "2";
  rich["mentions"] = {{{"id", "3"}, {"acct", "cleo"}}, {{"id", "2"}, {"acct", "ben@n.example"}}};
  const Parsed parsed(rich.dump());
  EXPECT_TRUE(parsed.post().is_sensitive);
  EXPECT_EQ(parsed.post().author_bio, "Tea & rain");
  EXPECT_EQ(format_rfc3339(parsed.post().author_created_at_ms), "2016-03-16T00:00:00.000Z");
  EXPECT_TRUE(parsed.post().media.has_images && parsed.post().media.has_video);
  EXPECT_THAT(strings_of(parsed.post().url_titles), ElementsAre("A"));
  EXPECT_EQ(parsed.post().in_reply_to_handle, "ben@n.example");
  auto reblog = status();
  reblog["reblog"] = rich;
  EXPECT_EQ(Parsed(reblog.dump()).post().repost_of_handle, "anna@m.example");
}

TEST(Mastodon, SaysWhatAStatusLacks) {
  auto without = status();
  without.erase("id");
  EXPECT_THAT(Parsed(without.dump()).refusal(), StartsWith("id is missing"));
  without = status();
  without.erase("created_at");
  EXPECT_THAT(Parsed(without.dump()).refusal(), StartsWith("created_at is missing"));
  without = status();
  without["content"] = nullptr;
  EXPECT_THAT(Parsed(without.dump()).refusal(), StartsWith("content is missing or not a string"));
  EXPECT_THAT(Parsed(R"({"event":"update","payload":"{"})").refusal(), StartsWith("payload holds invalid JSON: "));
  EXPECT_THAT(Parsed(R"({"event":"update","payload":"[]"})").refusal(),
              StartsWith("payload holds an array, not a status"));
  EXPECT_THAT(Parsed(R"({"event":"update","payload":7})").refusal(), StartsWith("payload is a number, not a status"));
  EXPECT_THAT(Parsed(R"({"event":"update","stream":[]})").refusal(), StartsWith("payload is missing"));
}

}  // namespace
}  // namespace earshot::parse
