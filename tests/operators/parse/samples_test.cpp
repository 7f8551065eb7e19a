// Real records of the platforms: each is a correct post, refused for a true reason, or counted as not a post.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/operators/parse/parsed.h"

namespace earshot::parse {
namespace {

namespace fs = std::filesystem;

const fs::path kSamples = fs::path(EARSHOT_SOURCE_DIR) / "../shared/data/samples";

std::string bytes_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> lines_of(const fs::path& path) {
  std::vector<std::string> lines;
  std::istringstream in(bytes_of(path));
  for (std::string line; std::getline(in, line);) {
    if (!line.empty()) lines.push_back(line);
  }
  return lines;
}

// A pretty-printed document is one record, and each element of an array is one.
std::vector<std::string> documents_of(const fs::path& path) {
  if (path.extension() == ".rss" || path.extension() == ".atom") return {bytes_of(path)};
  const auto document = nlohmann::json::parse(bytes_of(path), nullptr, false);
  if (document.is_discarded()) return lines_of(path);
  if (!document.is_array()) return {document.dump()};
  std::vector<std::string> records;
  for (const auto& element : document) records.push_back(element.dump());
  return records;
}

struct Expected {
  const char* file;
  Format format;
  size_t posts;
  size_t refused;
  size_t not_posts;
};

// `posts` counts posts, the other two count records.
constexpr Expected kExpected[] = {
    {"jetstream/expected_v1.jsonl", Format::kJetstream, 18, 0, 134},
    {"jetstream/greptimedb_jsonbench-head-10.ndjson", Format::kJetstream, 3, 0, 7},
    {"x_v2/filtered_stream.ndjson", Format::kXV2, 7, 0, 0},
    {"x_v2/streaming_output_with_error.jsonl", Format::kXV2, 7, 1, 0},  // the last line is cut
    {"x_v2/cashtags.jsonl", Format::kXV2, 1, 0, 0},
    {"x_v2/edited.jsonl", Format::kXV2, 1, 0, 0},
    {"x_v2/geo_tweets.jsonl", Format::kXV2, 2, 0, 0},
    {"x_v2/many_urls.jsonl", Format::kXV2, 1, 0, 0},
    {"x_v2/mentions_tweet.jsonl", Format::kXV2, 1, 0, 0},
    {"x_v2/noflat.jsonl", Format::kXV2, 100, 0, 0},
    {"x_v2/quoted_edit.jsonl", Format::kXV2, 1, 0, 0},
    {"x_v2/two_tweets.jsonl", Format::kXV2, 1, 0, 0},
    {"x_v2/python-twitter_tweet.json", Format::kXV2, 1, 0, 0},
    {"x_v2/python-twitter_tweet_quote_tweets_resp.json", Format::kXV2, 15, 0, 0},
    {"x_v2/python-twitter_tweets_resp.json", Format::kXV2, 2, 0, 0},
    {"twitter_v1/simdjson_twitter.ndjson", Format::kTwitterV1, 100, 0, 0},
    {"twitter_v1/simdjson_twitter.json", Format::kTwitterV1, 100, 0, 0},
    {"twitter_v1/simdjson_twitter_api_compact_response.json", Format::kTwitterV1, 2, 0, 0},
    {"twitter_v1/simdjson_twitter_api_response.json", Format::kTwitterV1, 2, 0, 0},
    {"twitter_v1/simdjson_twitter_timeline.json", Format::kTwitterV1, 20, 0, 0},
    {"twitter_v1/extended_examples.ndjson", Format::kTwitterV1, 8, 0, 0},
    {"twitter_v1/tweet_parser_original_format_examples.ndjson", Format::kTwitterV1, 25, 0, 0},
    {"twitter_v1/tweet_parser_public_api_sample.ndjson", Format::kTwitterV1, 20, 0, 0},
    {"twitter_v1/tweet-updates_compatibilityplus_classic_hidden_13797.json", Format::kTwitterV1, 1, 0, 0},
    {"twitter_v1/tweet-updates_extended_extended_14001.json", Format::kTwitterV1, 1, 0, 0},
    {"mastodon/mastodon4j_public_timeline.json", Format::kMastodon, 20, 0, 0},
    {"mastodon/mastodon4j_tag.json", Format::kMastodon, 20, 0, 0},
    {"mastodon/mastodon4j_status.json", Format::kMastodon, 1, 0, 0},
    {"mastodon/mastodon4j_notifications.json", Format::kMastodon, 0, 0, 1},
    {"mastodon/bigbone_public_timeline.json", Format::kMastodon, 20, 0, 0},
    {"mastodon/bigbone_status.json", Format::kMastodon, 1, 0, 0},
    {"mastodon/bigbone_status_edit_history.json", Format::kMastodon, 0, 5, 0},  // versions of a status have no id
    {"mastodon/bigbone_status_with_previewcard.json", Format::kMastodon, 1, 0, 0},
    {"mastodon/bigbone_trends_view_trending_statuses_success.json", Format::kMastodon, 1, 0, 0},
    {"mastodon/docs_Status_entity.json", Format::kMastodon, 1, 0, 0},
    {"gnip_activity/activity_streams_examples.ndjson", Format::kGnip, 25, 0, 0},
    {"youtube/comment_thread_single.json", Format::kYouTube, 1, 0, 0},
    {"youtube/comment_threads_by_video_paged_1.json", Format::kYouTube, 5, 0, 0},
    {"youtube/comments_by_parent_paged_1.json", Format::kYouTube, 2, 0, 0},
    {"youtube/comments_multi.json", Format::kYouTube, 2, 0, 0},
    {"youtube/comments_single.json", Format::kYouTube, 1, 0, 0},
    {"gdelt_rss/rss-parser_guardian.rss", Format::kFeed, 55, 0, 0},
    {"gdelt_rss/rss-parser_heise.atom", Format::kFeed, 15, 0, 0},
    {"gdelt_rss/rss-parser_reddit.rss", Format::kFeed, 24, 0, 0},
    {"gdelt_rss/rss-parser_encoding.rss", Format::kFeed, 40, 0, 0},     // Latin-1, as it says
    {"gdelt_rss/rss-parser_uolNoticias.rss", Format::kFeed, 15, 0, 0},  // Latin-1 without saying so
    {"gdelt_rss/rss-parser_instant-article.rss", Format::kFeed, 1, 0, 0},
    {"reddit/comments_praw.ndjson", Format::kReddit, 600, 0, 0},
    {"reddit/submissions_praw.ndjson", Format::kReddit, 105, 0, 0},
};

TEST(Samples, GiveThePostsThatAPersonCounts) {
  if (!fs::exists(kSamples)) GTEST_SKIP() << "../shared/data is not here";
  for (const Expected& expected : kExpected) {
    for (const Format format : {Format::kAuto, expected.format}) {
      const Parsed parsed(documents_of(kSamples / expected.file), format);
      const std::string name = std::string(expected.file) + " as " + std::string(to_string(format));
      EXPECT_EQ(parsed.result.posts.size(), expected.posts) << name;
      EXPECT_EQ(parsed.result.refusals.size(), expected.refused) << name;
      EXPECT_EQ(parsed.result.not_posts, expected.not_posts) << name;
    }
  }
}

// What holds for a post of any platform.
TEST(Samples, GiveCompletePosts) {
  if (!fs::exists(kSamples)) GTEST_SKIP() << "../shared/data is not here";
  for (const Expected& expected : kExpected) {
    const Parsed parsed(documents_of(kSamples / expected.file));
    for (const Post& post : parsed.result.posts) {
      EXPECT_FALSE(post.id.empty()) << expected.file;
      EXPECT_TRUE(post.platform == "x" || post.platform == "bluesky" || post.platform == "mastodon" ||
                  post.platform == "reddit" || post.platform == "youtube" || post.platform == "rss");
      EXPECT_TRUE(post.url.empty() || post.url.starts_with("http")) << post.url;
      EXPECT_EQ(post.text.find("&amp;"), std::string_view::npos) << post.text;
      EXPECT_EQ(post.text.find("<br"), std::string_view::npos) << post.text;
      EXPECT_FALSE(post.kind == PostKind::kRepost && post.repost_of.empty()) << post.id;
      EXPECT_FALSE(post.kind == PostKind::kRepost && post.text.starts_with("RT @")) << post.text;
      EXPECT_FALSE(post.kind == PostKind::kReply && post.in_reply_to.empty()) << post.id;
      EXPECT_FALSE(post.kind == PostKind::kQuote && post.quote_of.empty()) << post.id;
    }
  }
}

}  // namespace
}  // namespace earshot::parse
