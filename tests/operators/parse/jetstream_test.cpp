#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/time/timestamp.h"
#include "tests/operators/parse/parsed.h"

namespace earshot::parse {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;

// 2026-03-01T12:00:00.5Z
constexpr const char* kSeen = "1772366400500000";

std::string commit_with(const std::string& record, const std::string& operation = "create",
                        const std::string& collection = "app.bsky.feed.post") {
  return R"({"did":"did:plc:abc","time_us":)" + std::string(kSeen) +
         R"(,"kind":"commit","commit":{"rev":"r","operation":")" + operation + R"(","collection":")" + collection +
         R"(","rkey":"3k","record":{)" + record + R"(},"cid":"c"}})";
}

TEST(Jetstream, ReadsAPost) {
  const Parsed parsed(commit_with(
      R"("$type":"app.bsky.feed.post","createdAt":"2026-03-01T12:00:00.100Z","langs":["pt-BR","en"],"text":"see example.org #a",)"
      R"("facets":[{"index":{"byteStart":4,"byteEnd":15},"features":[{"$type":"app.bsky.richtext.facet#link","uri":"https://example.org/x"}]},)"
      R"({"features":[{"$type":"app.bsky.richtext.facet#tag","tag":"a"}]},{"features":[{"$type":"app.bsky.richtext.facet#mention","did":"d"}]}],)"
      R"("tags":["b"],"embed":{"$type":"app.bsky.embed.external","external":{"uri":"https://example.com/"}})"));
  const Post& post = parsed.post();
  EXPECT_EQ(post.id, "at://did:plc:abc/app.bsky.feed.post/3k");
  EXPECT_EQ(post.platform, "bluesky");
  EXPECT_EQ(post.author_id, "did:plc:abc");
  EXPECT_EQ(post.author_handle, "");
  EXPECT_EQ(post.url, "https://bsky.app/profile/did:plc:abc/post/3k");
  EXPECT_EQ(post.lang, "pt-BR");
  EXPECT_EQ(post.text, "see example.org #a");
  EXPECT_EQ(format_rfc3339(post.created_at_ms), "2026-03-01T12:00:00.100Z");
  EXPECT_EQ(post.conversation_id, post.id);
  EXPECT_THAT(strings_of(post.hashtags), ElementsAre("a", "b"));
  EXPECT_THAT(strings_of(post.urls), ElementsAre("https://example.org/x", "https://example.com/"));
}

TEST(Jetstream, KnowsAReplyAndItsThread) {
  const Parsed parsed(commit_with(
      R"("createdAt":"2026-03-01T12:00:00Z","text":"","reply":{"parent":{"uri":"at://p"},"root":{"uri":"at://r"}})"));
  EXPECT_EQ(parsed.post().kind, PostKind::kReply);
  EXPECT_EQ(parsed.post().in_reply_to, "at://p");
  EXPECT_EQ(parsed.post().conversation_id, "at://r");
}

TEST(Jetstream, KnowsAQuoteWithAndWithoutMedia) {
  const std::string uri = "at://did:plc:x/app.bsky.feed.post/1";
  const Parsed bare(
      commit_with(R"("createdAt":"2026-03-01T12:00:00Z","text":"","embed":{"record":{"uri":")" + uri + R"("}})"));
  EXPECT_EQ(bare.post().kind, PostKind::kQuote);
  EXPECT_EQ(bare.post().quote_of, uri);
  const Parsed with_media(commit_with(
      R"("createdAt":"2026-03-01T12:00:00Z","text":"","embed":{"media":{"external":{"uri":"https://m.example/"}},"record":{"record":{"uri":")" +
      uri + R"("}}})"));
  EXPECT_EQ(with_media.post().quote_of, uri);
  EXPECT_THAT(strings_of(with_media.post().urls), ElementsAre("https://m.example/"));
  const Parsed feed(commit_with(
      R"("createdAt":"2026-03-01T12:00:00Z","text":"","embed":{"record":{"uri":"at://did:plc:x/app.bsky.feed.generator/1"}})"));
  EXPECT_EQ(feed.post().kind, PostKind::kOriginal);
}

TEST(Jetstream, BoundsTheAuthorsTimeByTheNetworks) {
  const auto time_of = [](const std::string& created_at) {
    const Parsed parsed(commit_with(R"("text":"t","createdAt":)" + created_at));
    return format_rfc3339(parsed.post().created_at_ms);
  };
  EXPECT_EQ(time_of(R"("2026-02-28T00:00:00Z")"), "2026-02-28T00:00:00.000Z");
  for (const char* absurd : {R"("2031-01-01T00:00:00Z")", R"("0000-01-01T00:00:00Z")", R"("1970-01-01T00:00:00Z")",
                             R"("yesterday")", "null", "5"}) {
    EXPECT_EQ(time_of(absurd), "2026-03-01T12:00:00.500Z") << absurd;
  }
}

TEST(Jetstream, CountsAllOtherEventsAsNotPosts) {
  EXPECT_TRUE(Parsed(commit_with(R"("subject":{})", "create", "app.bsky.feed.like")).is_not_a_post());
  EXPECT_TRUE(Parsed(commit_with(R"("subject":"did:plc:x")", "create", "app.bsky.graph.follow")).is_not_a_post());
  EXPECT_TRUE(
      Parsed(
          R"({"did":"d","time_us":1,"kind":"commit","commit":{"rev":"r","operation":"delete","collection":"app.bsky.feed.like","rkey":"k"}})")
          .is_not_a_post());
  EXPECT_TRUE(Parsed(R"({"did":"d","time_us":1,"kind":"identity","identity":{"did":"d"}})").is_not_a_post());
  EXPECT_TRUE(Parsed(R"({"did":"d","time_us":1,"kind":"account","account":{"active":true}})").is_not_a_post());
}

TEST(Jetstream, GivesAnEditedPostForAnUpdate) {
  const Parsed parsed(commit_with(R"("text":"edited","createdAt":"2026-03-01T11:00:00Z")", "update"));
  EXPECT_EQ(parsed.post().change, PostChange::kEdited);
  EXPECT_EQ(parsed.post().text, "edited");
  EXPECT_EQ(format_rfc3339(parsed.post().created_at_ms), "2026-03-01T11:00:00.000Z");
  EXPECT_EQ(format_rfc3339(parsed.post().edited_at_ms), "2026-03-01T12:00:00.500Z");
}

TEST(Jetstream, GivesADeletedPostWithTheSameIdForADeletion) {
  const Parsed parsed(
      R"({"did":"did:plc:abc","time_us":1772366400500000,"kind":"commit","commit":{"rev":"r","operation":"delete","collection":"app.bsky.feed.post","rkey":"3k"}})");
  EXPECT_EQ(parsed.post().change, PostChange::kDeleted);
  EXPECT_EQ(parsed.post().id, Parsed(commit_with(R"("text":"t")")).post().id);
  EXPECT_EQ(parsed.post().author_id, "did:plc:abc");
  EXPECT_EQ(format_rfc3339(parsed.post().created_at_ms), "2026-03-01T12:00:00.500Z");
}

TEST(Jetstream, TellsOfMediaLabelsAndWhomItAnswers) {
  const Parsed parsed(commit_with(
      R"("text":"t","labels":{"values":[{"val":"graphic-media"}]},"reply":{"parent":{"uri":"at://did:plc:bob/app.bsky.feed.post/1"}},)"
      R"("embed":{"media":{"$type":"app.bsky.embed.images","images":[{}]},"record":{}})"));
  EXPECT_TRUE(parsed.post().is_sensitive);
  EXPECT_TRUE(parsed.post().media.has_images);
  EXPECT_EQ(parsed.post().in_reply_to_handle, "did:plc:bob");
  const Parsed card(commit_with(
      R"("text":"t","embed":{"$type":"app.bsky.embed.external","external":{"uri":"https://a.example/","title":"A"}})"));
  EXPECT_THAT(strings_of(card.post().url_titles), ElementsAre("A"));
  EXPECT_FALSE(card.post().is_sensitive || card.post().media.has_images);
  EXPECT_TRUE(
      Parsed(commit_with(R"("text":"t","embed":{"$type":"app.bsky.embed.video","video":{}})")).post().media.has_video);
}

// Byte offsets of facets count the bytes of UTF-8, and the whole link is in the facet.
TEST(Jetstream, TakesLinksAndTagsFromFacetsBehindWideCharacters) {
  const Parsed parsed(commit_with(
      R"("text":"日本語 example.org/a… #tea","facets":[{"index":{"byteStart":10,"byteEnd":26},"features":[{"$type":"app.bsky.richtext.facet#link","uri":"https://example.org/a/very/long/one"}]},)"
      R"({"index":{"byteStart":27,"byteEnd":31},"features":[{"$type":"app.bsky.richtext.facet#tag","tag":"tea"}]}])"));
  EXPECT_EQ(parsed.post().text, "日本語 example.org/a… #tea");
  EXPECT_THAT(strings_of(parsed.post().urls), ElementsAre("https://example.org/a/very/long/one"));
  EXPECT_THAT(strings_of(parsed.post().hashtags), ElementsAre("tea"));
}

TEST(Jetstream, SaysWhatAnEventLacks) {
  EXPECT_THAT(Parsed(commit_with(R"("createdAt":"2026-03-01T12:00:00Z")")).refusal(),
              StartsWith("commit.record.text is missing or not a string"));
  EXPECT_THAT(Parsed(R"({"did":"d","time_us":1,"kind":"commit"})").refusal(),
              StartsWith("commit is missing or not an object"));
  EXPECT_THAT(Parsed(R"({"did":"d","time_us":1})").refusal(), StartsWith("kind is missing"));
  EXPECT_EQ(
      Parsed(
          R"({"did":"d","kind":"commit","commit":{"operation":"create","collection":"app.bsky.feed.post","rkey":"k","record":{"text":"t"}}})",
          Format::kJetstream)
          .refusal(),
      "neither commit.record.createdAt nor time_us has a time");
}

}  // namespace
}  // namespace earshot::parse
