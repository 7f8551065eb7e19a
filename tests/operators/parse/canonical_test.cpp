#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/time/timestamp.h"
#include "tests/operators/parse/parsed.h"

namespace earshot::parse {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

constexpr std::string_view kWhole =
    R"({"id":"p1","platform":"forum","created_at":"2026-03-01T14:00:00.250+02:00","lang":"de","text":"Grüße \u00e9\n","url":"https://f.example/p1",)"
    R"("kind":"reply","author":{"id":"a1","handle":"@anna","name":"Anna A.","bio":"Tee","followers":12,"verified":true,"created_at":"2019-05-06T00:00:00Z"},)"
    R"("metrics":{"likes":-3,"reposts":4,"replies":5,"views":6},"hashtags":["eins","#zwei"],"urls":["https://a.example/","https://b.example/"],)"
    R"("url_titles":["A"],"media":["image","audio","video"],"conversation_id":"c1","in_reply_to":"p0","repost_of":"r1","quote_of":"q1",)"
    R"("in_reply_to_handle":"@ben","repost_of_handle":"cleo","subreddit":"r/tea","place":"Kiel","country":"de","sensitive":true,)"
    R"("change":"edited","edited_at":"2026-03-01T12:30:00Z"})";

// A correct post with one member replaced or added.
std::string post_with(const std::string& member) {
  return R"({"id":"p1","platform":"x","created_at":"2026-03-01T12:00:00Z","text":"hi",)" + member + "}";
}

TEST(CanonicalPost, IsReadWhole) {
  const Parsed parsed(kWhole);
  const Post& post = parsed.post();
  EXPECT_EQ(post.id, "p1");
  EXPECT_EQ(post.platform, "forum");
  EXPECT_EQ(format_rfc3339(post.created_at_ms), "2026-03-01T12:00:00.250Z");
  EXPECT_EQ(post.lang, "de");
  EXPECT_EQ(post.text, "Grüße é\n");
  EXPECT_EQ(post.url, "https://f.example/p1");
  EXPECT_EQ(post.kind, PostKind::kReply);
  EXPECT_EQ(post.author_id, "a1");
  EXPECT_EQ(post.author_handle, "anna");
  EXPECT_EQ(post.author_name, "Anna A.");
  EXPECT_EQ(post.followers, 12);
  EXPECT_EQ(post.likes, -3);
  EXPECT_EQ(post.reposts, 4);
  EXPECT_EQ(post.replies, 5);
  EXPECT_THAT(strings_of(post.hashtags), ElementsAre("eins", "zwei"));
  EXPECT_THAT(strings_of(post.urls), ElementsAre("https://a.example/", "https://b.example/"));
  EXPECT_EQ(post.conversation_id, "c1");
  EXPECT_EQ(post.in_reply_to, "p0");
  EXPECT_EQ(post.repost_of, "r1");
  EXPECT_EQ(post.quote_of, "q1");
}

TEST(CanonicalPost, TellsOfItsAuthorPlaceLinksAndEdit) {
  const Parsed parsed(kWhole);
  const Post& post = parsed.post();
  EXPECT_EQ(post.author_bio, "Tee");
  EXPECT_TRUE(post.is_verified);
  EXPECT_EQ(format_rfc3339(post.author_created_at_ms), "2019-05-06T00:00:00.000Z");
  EXPECT_EQ(post.views, 6);
  EXPECT_THAT(strings_of(post.url_titles), ElementsAre("A"));
  EXPECT_TRUE(post.media.has_images && post.media.has_video);
  EXPECT_EQ(post.in_reply_to_handle, "ben");
  EXPECT_EQ(post.repost_of_handle, "cleo");
  EXPECT_EQ(post.subreddit, "tea");
  EXPECT_EQ(post.place, "Kiel");
  EXPECT_EQ(post.country, "DE");
  EXPECT_TRUE(post.has_geo) << "it has a place";
  EXPECT_TRUE(post.is_sensitive);
  EXPECT_EQ(post.change, PostChange::kEdited);
  EXPECT_EQ(format_rfc3339(post.edited_at_ms), "2026-03-01T12:30:00.000Z");
}

TEST(CanonicalPost, NeedsNoTextWhenItIsDeleted) {
  const Parsed parsed(R"({"id":"p1","platform":"x","change":"deleted","created_at":"2026-03-01T12:00:00Z"})");
  EXPECT_EQ(parsed.post().change, PostChange::kDeleted);
  EXPECT_EQ(parsed.post().text, "");
  EXPECT_EQ(Parsed(R"({"id":"p1","platform":"x","change":"edited","created_at":"2026-03-01T12:00:00Z"})").refusal(),
            "text is missing (read as canonical)");
}

TEST(CanonicalPost, TakesTheLastOfAMemberThatComesTwice) {
  const Parsed parsed(post_with(
      R"("change":"deleted","change":null,"kind":"reply","kind":null,"media":["video"],"media":null,"geo":true,"geo":false)"));
  EXPECT_EQ(parsed.post().change, PostChange::kCreated);
  EXPECT_EQ(parsed.post().kind, PostKind::kOriginal);
  EXPECT_FALSE(parsed.post().media.has_video || parsed.post().has_geo);
}

TEST(CanonicalPost, TakesWhatIsNoCountryOrAgeForUnknown) {
  const Parsed parsed(post_with(R"("country":"Germany","author":{"created_at":"1970-01-01T00:00:00Z"})"));
  EXPECT_EQ(parsed.post().country, "");
  EXPECT_EQ(parsed.post().author_created_at_ms, 0);
}

TEST(CanonicalPost, NeedsOnlyIdPlatformTimeAndTextInAnyOrder) {
  const Parsed parsed(R"({"text":"","created_at":"2026-03-01T12:00:00Z","platform":"x","id":7})", Format::kCanonical);
  EXPECT_EQ(parsed.post().id, "7");
  EXPECT_EQ(parsed.post().text, "");
  EXPECT_EQ(parsed.post().kind, PostKind::kOriginal);
  EXPECT_THAT(parsed.post().hashtags, IsEmpty());
}

TEST(CanonicalPost, TakesNullForUnknownAndIgnoresMembersItDoesNotKnow) {
  const Parsed parsed(post_with(
      R"("lang":null,"url":null,"kind":null,"author":{"id":null,"followers":null,"x":1},"metrics":null,"hashtags":null,"urls":[],)"
      R"("in_reply_to":null,"data":{"id":"other"},"event":"update","payload":"{}")"));
  EXPECT_EQ(parsed.post().id, "p1");
  EXPECT_EQ(parsed.post().lang, "");
}

TEST(CanonicalPost, TakesNumbersAsIds) {
  const Parsed parsed(post_with(R"("author":{"id":18446744073709551615},"in_reply_to":-5)"));
  EXPECT_EQ(parsed.post().author_id, "18446744073709551615");
  EXPECT_EQ(parsed.post().in_reply_to, "-5");
}

TEST(CanonicalPost, TakesAWholeNumberInAnyNotation) {
  EXPECT_EQ(Parsed(post_with(R"("author":{"followers":1.2e3})")).post().followers, 1200);
}

TEST(CanonicalPost, KeepsItsStringsWhenAGiantUnreadMemberLiesBetweenThem) {
  const std::string giant(100'000, 'g');
  const Parsed parsed(
      post_with(R"("extra":")" + giant + R"(","urls":["https://a.example/"],"lang":"en","author":{"id":9})"));
  EXPECT_EQ(parsed.post().text, "hi");
  EXPECT_EQ(parsed.post().lang, "en");
  EXPECT_EQ(parsed.post().author_id, "9");
  EXPECT_THAT(strings_of(parsed.post().urls), ElementsAre("https://a.example/"));
}

TEST(CanonicalPost, NamesTheMemberThatIsMissing) {
  EXPECT_EQ(Parsed(R"({"platform":"x","created_at":"2026-03-01T12:00:00Z","text":"hi"})", Format::kCanonical).refusal(),
            "id is missing");
  EXPECT_EQ(Parsed(R"({"id":"1","created_at":"2026-03-01T12:00:00Z","text":"hi"})", Format::kCanonical).refusal(),
            "platform is missing");
  EXPECT_EQ(Parsed(R"({"id":"1","platform":"x","text":"hi"})", Format::kCanonical).refusal(), "created_at is missing");
  EXPECT_EQ(Parsed(R"({"id":"1","platform":"x","created_at":"2026-03-01T12:00:00Z","text":null})", Format::kCanonical)
                .refusal(),
            "text is missing");
  EXPECT_EQ(
      Parsed(R"({"id":"","platform":"x","created_at":"2026-03-01T12:00:00Z","text":""})", Format::kCanonical).refusal(),
      "id is missing");
}

TEST(CanonicalPost, NamesTheMemberThatHasTheWrongType) {
  const std::pair<const char*, const char*> cases[] = {
      {R"("text":5)", "text is a number, not a string"},
      {R"("id":{})", "id is an object, not a string"},
      {R"("id":1.5)", "id is a number, not a string"},
      {R"("lang":["en"])", "lang is an array, not a string"},
      {R"("author":"anna")", "author is a string, not an object"},
      {R"("author":{"name":true})", "author.name is a boolean, not a string"},
      {R"("author":{"followers":"12"})", "author.followers is a string, not a whole number"},
      {R"("author":{"followers":1.5})", "author.followers is not a whole number of 64 bits"},
      {R"("author":{"followers":-1})", "author.followers is below zero"},
      {R"("metrics":{"likes":18446744073709551615})", "metrics.likes is not a whole number of 64 bits"},
      {R"("metrics":[])", "metrics is an array, not an object"},
      {R"("hashtags":"a")", "hashtags is a string, not an array of strings"},
      {R"("urls":["a",null])", "urls[1] is null, not a string"},
      {R"("metrics":{"views":-1})", "metrics.views is below zero"},
      {R"("media":["image",1])", "media[1] is a number, not a string"},
      {R"("geo":"yes")", "geo is a string, not true or false"},
      {R"("author":{"verified":1})", "author.verified is a number, not true or false"},
      {R"("author":{"created_at":"once"})", R"(author.created_at "once" is not an RFC 3339 time)"},
      {R"("edited_at":"2100-01-01T00:00:00Z")", R"(edited_at "2100-01-01T00:00:00Z" is after 2099)"},
      {R"("change":"gone")", R"(change "gone" is none of created, edited, deleted)"},
      {R"("kind":"toot")", R"(kind "toot" is none of original, reply, repost, quote)"},
      {R"("created_at":1772366400)", "created_at is a number, not an RFC 3339 time in a string"},
      {R"("created_at":"yesterday")", R"(created_at "yesterday" is not an RFC 3339 time)"},
      {R"("created_at":"1969-07-20T20:17:40Z")", R"(created_at "1969-07-20T20:17:40Z" is before 2000)"},
      {R"("created_at":"2100-01-01T00:00:00Z")", R"(created_at "2100-01-01T00:00:00Z" is after 2099)"},
  };
  for (const auto& [member, reason] : cases) EXPECT_EQ(Parsed(post_with(member), Format::kCanonical).refusal(), reason);
}

TEST(Parser, CountsEachRecordOnceAndNamesItsPlace) {
  const Parsed parsed({std::string(kWhole), "[]", R"({"limit":{"track":1}})", std::string(kWhole), "{", ""});
  ASSERT_EQ(parsed.result.posts.size(), 2U);
  EXPECT_EQ(parsed.result.posts[0].record, 0U);
  EXPECT_EQ(parsed.result.posts[1].record, 3U);
  EXPECT_EQ(parsed.result.not_posts, 1U);
  ASSERT_EQ(parsed.result.refusals.size(), 3U);
  EXPECT_EQ(parsed.result.refusals[0].record, 1U);
  EXPECT_EQ(parsed.result.refusals[0].reason, "the record is an array, not an object");
  EXPECT_EQ(parsed.result.refusals[1].record, 4U);
  EXPECT_THAT(parsed.result.refusals[1].reason, StartsWith("invalid JSON: "));
  EXPECT_EQ(parsed.result.refusals[2].reason, "the record is empty");
}

TEST(Parser, ForgetsARefusedRecordsStringsButNotItsNeighbours) {
  const std::string bad =
      R"({"id":"bad","platform":"x","created_at":"2026-03-01T12:00:00Z","text":"bad","urls":["u",1]})";
  const Parsed parsed({std::string(kWhole), bad, std::string(kWhole)});
  ASSERT_EQ(parsed.result.posts.size(), 2U);
  EXPECT_EQ(parsed.result.posts[0].text, parsed.result.posts[1].text);
  EXPECT_THAT(parsed.result.refusals[0].reason, StartsWith("urls[1] is a number, not a string"));
}

TEST(Parser, KeepsPostsValidWhenTheBatchMovesAndGrows) {
  RecordBatch records({"posts", 0}, 1024);
  records.append({}, kWhole, 0, kNoTimestamp);
  Parser parser({});
  PostBatch first;
  parser.parse(records, first);
  for (int i = 0; i < 20'000; ++i) parser.parse(records, first);
  const PostBatch moved = std::move(first);
  EXPECT_EQ(moved.posts.front().text, "Grüße é\n");
  EXPECT_EQ(moved.posts.front().urls[1], "https://b.example/");
  EXPECT_EQ(moved.posts.back().hashtags[1], "zwei");
}

TEST(Parser, UsesTheMemoryOfAClearedBatchAgain) {
  RecordBatch records({"posts", 0}, 1024);
  for (int i = 0; i < 100; ++i) records.append({}, kWhole, i, kNoTimestamp);
  Parser parser({.format = Format::kCanonical});
  PostBatch posts;
  parser.parse(records, posts);
  const char* const first = posts.posts[0].id.data();
  posts.clear();
  EXPECT_TRUE(posts.posts.empty() && posts.refusals.empty() && posts.not_posts == 0);
  parser.parse(records, posts);
  EXPECT_EQ(posts.posts[0].id.data(), first);
  EXPECT_EQ(posts.posts[99].text, "Grüße é\n");
}

TEST(Parser, KnowsItsFormatsByName) {
  for (const char* name : {"auto", "canonical", "x-v2", "twitter-v1", "gnip", "jetstream", "mastodon", "reddit",
                           "youtube", "feed", "gdelt", "custom"}) {
    ASSERT_TRUE(format_from_name(name)) << name;
    EXPECT_EQ(to_string(*format_from_name(name)), name);
  }
  EXPECT_EQ(format_from_name("custom"), Format::kCustom);
  EXPECT_FALSE(format_from_name("myspace"));
}

TEST(Parser, ShowsTheMembersOfAnObjectItDoesNotKnow) {
  EXPECT_EQ(Parsed(R"({"foo":1,"bar\u0000":2})").refusal(),
            R"(the object is a post of no known format; its members are "foo", "bar ")");
  EXPECT_THAT(Parsed("{}").refusal(), HasSubstr("no known format"));
}

}  // namespace
}  // namespace earshot::parse
