// Records with bytes changed, cut out and doubled: nothing crashes, every record is accounted for once, and what comes
// out is sound.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <random>
#include <set>

#include "operators/parse/post_writer.h"
#include "tests/operators/parse/parsed.h"

namespace earshot::parse {
namespace {

const std::vector<std::string> kRecords = {
    R"({"id":"p1","platform":"x","created_at":"2026-03-01T14:00:00.250+02:00","lang":"de","text":"Gr\u00fc\ud83d\ude00","kind":"reply",)"
    R"("author":{"id":"a1","handle":"anna","followers":12},"metrics":{"likes":-3},"hashtags":["eins"],"urls":["https://a.example/"],"in_reply_to":5})",
    R"({"data":[{"id":"10","text":"hi &amp; ho","created_at":"2026-03-01T12:00:00Z","author_id":"1","referenced_tweets":[{"type":"retweeted","id":"9"}]}],)"
    R"("includes":{"users":[{"id":"1","username":"anna"}],"tweets":[{"id":"9","text":"whole","entities":{"urls":[{"expanded_url":"u"}]}}]}})",
    R"({"id_str":"10","created_at":"Sun Mar 01 12:00:00 +0000 2026","text":"a","extended_tweet":{"full_text":"b"},"user":{"id":1,"screen_name":"s"}})",
    R"({"did":"d","time_us":1772366400500000,"kind":"commit","commit":{"operation":"create","collection":"app.bsky.feed.post","rkey":"3k",)"
    R"("record":{"text":"t","createdAt":"2026-03-01T12:00:00Z","facets":[{"features":[{"$type":"app.bsky.richtext.facet#tag","tag":"a"}]}]}}})",
    R"({"event":"update","payload":"{\"id\":1,\"created_at\":\"2026-03-01T12:00:00Z\",\"content\":\"<p>a<br>&lt;<\/p>\",\"account\":{}}"})",
    R"({"id":"tag:search.twitter.com,2005:10","verb":"share","postedTime":"2026-03-01T12:00:00Z","body":"RT","actor":{"id":"id:twitter.com:1"},)"
    R"("object":{"id":"tag:search.twitter.com,2005:9","body":"b","long_object":{"body":"w"}},"gnip":{"urls":[{"expanded_url":"u"}]}})",
    R"({"kind":"youtube#commentListResponse","items":[{"kind":"youtube#comment","id":"c","snippet":{"textDisplay":"a<br>b","publishedAt":"2026-03-01T12:00:00Z"}}]})",
    R"({"articles":[{"url":"https://n.example/a","title":"t","seendate":"20260301T120000Z","language":"English"}]})",
    R"({"delete":{"status":{"id_str":"1576994746135764992"},"timestamp_ms":"1772366400123"}})",
    R"(<rss><channel><title>F</title><item><guid>g:1</guid><title>T</title><description>&lt;p&gt;a</description><pubDate>Sun, 01 Mar 2026 12:00:00 GMT</pubDate></item></channel></rss>)",
    R"({"kind":"Listing","data":{"children":[{"kind":"t1","data":{"id":"c","body":"b","link_id":"t3_s","created_utc":1772366400.0}}]}})",
};

std::string mutated(std::string record, std::mt19937& random) {
  static constexpr std::string_view kPieces[] = {"null", "{}", "[]", "\"",    "\\",   "}",    "]",    ",",
                                                 ":",    "0",  "-1", "1e999", "\xFF", "true", "\"x\""};
  for (size_t changes = 1 + random() % 3; changes > 0; --changes) {
    const size_t at = random() % (record.size() + 1);
    const size_t length = random() % 12;
    switch (random() % 4) {
      case 0:
        record.erase(at, length);
        break;
      case 1:
        record.insert(at, kPieces[random() % std::size(kPieces)]);
        break;
      case 2:
        record.replace(at, length, kPieces[random() % std::size(kPieces)]);
        break;
      default:
        record.insert(at, record.substr(at, length));
        break;
    }
  }
  return record;
}

// Replaces one JSON value by another, so that the record stays JSON and only its types go wrong.
std::string with_one_value_replaced(const std::string& record, std::mt19937& random) {
  static constexpr std::string_view kValues[] = {"null", "{}",   "[]",    "[null,1]", "\"\"",       "\"7\"",
                                                 "7",    "-7.5", "1e300", "true",     "{\"id\":{}}"};
  std::vector<size_t> values;
  for (size_t i = 0; i + 1 < record.size(); ++i) {
    if (record[i] == ':' && (record[i + 1] == '"' || record[i + 1] == '{' || record[i + 1] == '['))
      values.push_back(i + 1);
  }
  if (values.empty()) return record;
  const size_t start = values[random() % values.size()];
  const char open = record[start];
  const char close = open == '{' ? '}' : open == '[' ? ']' : '"';
  size_t end = start + 1;
  for (int depth = 1; end < record.size(); ++end) {
    if (open != '"' && record[end] == open) ++depth;
    if (record[end] == close && record[end - 1] != '\\' && --depth == 0) break;
  }
  return record.substr(0, start) + std::string(kValues[random() % std::size(kValues)]) +
         record.substr(std::min(end + 1, record.size()));
}

void expect_sound(const PostBatch& batch, size_t records) {
  std::set<uint32_t> with_posts;
  for (const Post& post : batch.posts) {
    EXPECT_TRUE(with_posts.empty() || post.record >= *with_posts.rbegin());
    with_posts.insert(post.record);
    EXPECT_FALSE(post.id.empty() || post.platform.empty());
    EXPECT_TRUE(post.created_at_ms >= kEarliestPostMs && post.created_at_ms < kLatestPostMs);
    for (const std::string_view text : {post.id, post.text, post.lang, post.url, post.author_handle}) {
      EXPECT_TRUE(simdjson::validate_utf8(text));
    }
  }
  for (const Refusal& refusal : batch.refusals) {
    EXPECT_FALSE(with_posts.contains(refusal.record));
    EXPECT_FALSE(refusal.reason.empty());
    EXPECT_TRUE(simdjson::validate_utf8(refusal.reason));
  }
  EXPECT_EQ(with_posts.size() + batch.refusals.size() + batch.not_posts, records);
}

TEST(MutatedRecords, AreEachAccountedForOnce) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    std::vector<std::string> records;
    for (int i = 0; i < 60; ++i) records.push_back(mutated(kRecords[random() % kRecords.size()], random));
    expect_sound(Parsed(records).result, records.size());
  }
}

TEST(MutatedRecords, WithValuesOfOtherTypesAreRefusedOrRead) {
  std::mt19937 random(8);
  for (int round = 0; round < 200; ++round) {
    std::vector<std::string> records;
    for (int i = 0; i < 60; ++i)
      records.push_back(with_one_value_replaced(kRecords[random() % kRecords.size()], random));
    for (const Format format : {Format::kAuto, Format::kXV2, Format::kTwitterV1, Format::kJetstream, Format::kMastodon,
                                Format::kReddit, Format::kGnip, Format::kYouTube, Format::kFeed, Format::kGdelt}) {
      expect_sound(Parsed(records, format).result, records.size());
    }
  }
}

TEST(MutatedRecords, GiveTheirPostsUnmutated) {
  const Parsed parsed(kRecords);
  EXPECT_EQ(parsed.result.posts.size(), kRecords.size());
  expect_sound(parsed.result, kRecords.size());
}

}  // namespace
}  // namespace earshot::parse
