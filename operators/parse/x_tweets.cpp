#include "operators/parse/x_tweets.h"

#include <algorithm>
#include <charconv>

namespace earshot::parse {

std::string_view keep_tweet_url(std::string_view handle, std::string_view id, PostWriter& out) {
  return out.keep_joined({"https://x.com/", handle.empty() ? "i" : handle, "/status/", id});
}

std::string_view tweet_language(std::string_view code) {
  if (code == "und" || code == "zxx" || (code.size() == 3 && code[0] == 'q')) return {};
  if (code == "in") return "id";
  if (code == "iw") return "he";
  if (code == "ji") return "yi";
  return code;
}

std::optional<int64_t> tweet_time_ms(std::string_view id) {
  constexpr uint64_t kFirstSnowflake = 29'700'000'000;
  constexpr int64_t kEpochMs = 1'288'834'974'657;
  constexpr int kSequenceBits = 22;
  constexpr int64_t kMillisecondsPerSecond = 1000;
  uint64_t number = 0;
  const auto read = std::from_chars(id.data(), id.data() + id.size(), number);
  if (read.ec != std::errc() || read.ptr != id.data() + id.size() || number < kFirstSnowflake) return std::nullopt;
  const int64_t time_ms = static_cast<int64_t>(number >> kSequenceBits) + kEpochMs;
  return time_ms - time_ms % kMillisecondsPerSecond;
}

std::string_view handle_of_old_retweet(std::string_view text) {
  constexpr std::string_view kStart = "RT @";
  if (!text.starts_with(kStart)) return {};
  text.remove_prefix(kStart.size());
  const size_t end = text.find(':');
  constexpr size_t kLongestHandle = 20;
  return end == std::string_view::npos || end > kLongestHandle ? std::string_view() : text.substr(0, end);
}

void apply_edit_history(std::optional<JsonArray> ids, Post& post, PostWriter& out) {
  JsonElement first;
  if (!ids || ids->at(0).get(first) != simdjson::SUCCESS) return;
  const std::string_view first_id = out.keep_id(first);
  if (first_id.empty() || first_id == post.id) return;
  post.change = PostChange::kEdited;
  post.edited_at_ms = post.created_at_ms;
  post.created_at_ms = std::min(tweet_time_ms(first_id).value_or(post.created_at_ms), post.created_at_ms);
  post.id = first_id;
}

void note_tweet_media(std::string_view type, PostMedia& media) {
  media.has_images |= type == "photo";
  media.has_video |= type == "video" || type == "animated_gif";
}

}  // namespace earshot::parse
