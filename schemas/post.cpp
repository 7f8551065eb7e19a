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

size_t post_json_bytes_max(const Post& post) {
  constexpr size_t kNames = 512;  // of all members, with punctuation, times and numbers
  size_t bytes = kNames + bytes_max(post.hashtags) + bytes_max(post.urls);
  for (const std::string_view text :
       {post.id, post.platform, post.lang, post.text, post.url, post.author_id, post.author_handle, post.author_name,
        post.conversation_id, post.in_reply_to, post.repost_of, post.quote_of}) {
    bytes += JsonCursor::string_bytes_max(text);
  }
  return bytes;
}

char* write_post_json(char* at, const Post& post) {
  JsonCursor json(at);
  json.begin_object().member("id", post.id).member("platform", post.platform);
  json.key("created_at").raw_string([&](char* text) { return write_rfc3339(text, post.created_at_ms); });
  json.member_if("lang", post.lang).member("text", post.text);
  json.member("kind", to_string(post.kind)).member_if("url", post.url);
  json.key("author").begin_object().member("id", post.author_id).member_if("handle", post.author_handle);
  json.member_if("name", post.author_name).member("followers", post.followers).end_object();
  json.key("metrics").begin_object().member("likes", post.likes).member("reposts", post.reposts);
  json.member("replies", post.replies).end_object();
  write_strings(json, "hashtags", post.hashtags);
  write_strings(json, "urls", post.urls);
  json.member_if("conversation_id", post.conversation_id).member_if("in_reply_to", post.in_reply_to);
  json.member_if("repost_of", post.repost_of).member_if("quote_of", post.quote_of);
  json.end_object();
  return json.at();
}

void append_post_json(std::string& out, const Post& post) {
  append_bounded(out, post_json_bytes_max(post), [&](char* at) { return write_post_json(at, post); });
}

}  // namespace earshot
