#include "schemas/post.h"

#include "engine/time/timestamp.h"

namespace earshot {
namespace {

template <size_t N>
void write_strings(JsonCursor& json, const char (&name)[N], std::span<const std::string_view> values) {
  if (values.empty()) return;
  json.key(name).begin_array();
  for (const std::string_view value : values) json.string(value);
  json.end_array();
}

size_t bytes_max(std::span<const std::string_view> values) {
  size_t bytes = 0;
  for (const std::string_view value : values) bytes += JsonCursor::string_bytes_max(value) + 1;
  return bytes;
}

}  // namespace

std::string_view to_string(PostKind kind) {
  switch (kind) {
    case PostKind::kOriginal:
      return "original";
    case PostKind::kReply:
      return "reply";
    case PostKind::kRepost:
      return "repost";
    case PostKind::kQuote:
      return "quote";
  }
  return "original";
}

std::string_view to_string(PostChange change) {
  switch (change) {
    case PostChange::kCreated:
      return "created";
    case PostChange::kEdited:
      return "edited";
    case PostChange::kDeleted:
      return "deleted";
  }
  return "created";
}

namespace {

template <size_t N>
void write_time_if(JsonCursor& json, const char (&name)[N], int64_t time_ms) {
  if (time_ms != 0) json.key(name).raw_string([&](char* text) { return write_rfc3339(text, time_ms); });
}

template <size_t N>
void write_flag(JsonCursor& json, const char (&name)[N], bool value) {
  if (value) json.key(name).boolean(true);
}

}  // namespace

size_t post_json_bytes_max(const Post& post) {
  constexpr size_t kNames = 1024;  // of all members, with punctuation, times and numbers
  size_t bytes = kNames + bytes_max(post.hashtags) + bytes_max(post.urls) + bytes_max(post.url_titles);
  for (const std::string_view text :
       {post.id, post.platform, post.lang, post.text, post.url, post.author_id, post.author_handle, post.author_name,
        post.author_bio, post.conversation_id, post.in_reply_to, post.repost_of, post.quote_of, post.in_reply_to_handle,
        post.repost_of_handle, post.subreddit, post.place, post.country}) {
    bytes += JsonCursor::string_bytes_max(text);
  }
  return bytes;
}

namespace {

void write_author(JsonCursor& json, const Post& post) {
  json.key("author").begin_object().member("id", post.author_id).member_if("handle", post.author_handle);
  json.member_if("name", post.author_name).member_if("bio", post.author_bio).member("followers", post.followers);
  write_time_if(json, "created_at", post.author_created_at_ms);
  write_flag(json, "verified", post.is_verified);
  json.end_object();
}

void write_metrics(JsonCursor& json, const Post& post) {
  json.key("metrics").begin_object().member("likes", post.likes).member("reposts", post.reposts);
  json.member("replies", post.replies);
  if (post.views != 0) json.member("views", post.views);
  json.end_object();
}

void write_media(JsonCursor& json, const PostMedia& media) {
  if (!media.has_images && !media.has_video) return;
  json.key("media").begin_array();
  if (media.has_images) json.string("image");
  if (media.has_video) json.string("video");
  json.end_array();
}

}  // namespace

char* write_post_json(char* at, const Post& post) {
  JsonCursor json(at);
  json.begin_object().member("id", post.id).member("platform", post.platform);
  json.key("created_at").raw_string([&](char* text) { return write_rfc3339(text, post.created_at_ms); });
  if (post.change != PostChange::kCreated) json.member("change", to_string(post.change));
  write_time_if(json, "edited_at", post.edited_at_ms);
  json.member_if("lang", post.lang).member("text", post.text);
  json.member("kind", to_string(post.kind)).member_if("url", post.url);
  write_author(json, post);
  write_metrics(json, post);
  write_strings(json, "hashtags", post.hashtags);
  write_strings(json, "urls", post.urls);
  write_strings(json, "url_titles", post.url_titles);
  write_media(json, post.media);
  json.member_if("conversation_id", post.conversation_id).member_if("in_reply_to", post.in_reply_to);
  json.member_if("repost_of", post.repost_of).member_if("quote_of", post.quote_of);
  json.member_if("in_reply_to_handle", post.in_reply_to_handle).member_if("repost_of_handle", post.repost_of_handle);
  json.member_if("subreddit", post.subreddit).member_if("place", post.place).member_if("country", post.country);
  write_flag(json, "geo", post.has_geo);
  write_flag(json, "sensitive", post.is_sensitive);
  json.end_object();
  return json.at();
}

void append_post_json(std::string& out, const Post& post) {
  append_bounded(out, post_json_bytes_max(post), [&](char* at) { return write_post_json(at, post); });
}

}  // namespace earshot
