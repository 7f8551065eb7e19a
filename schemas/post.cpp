#include "schemas/post.h"

#include "engine/base/json_writer.h"
#include "engine/time/timestamp.h"

namespace earshot {
namespace {

void write_strings(JsonWriter& json, std::string_view name, std::span<const std::string_view> values) {
  if (values.empty()) return;
  json.key(name).begin_array();
  for (const std::string_view value : values) json.string(value);
  json.end_array();
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

void append_post_json(std::string& out, const Post& post) {
  JsonWriter json(out);
  json.begin_object().member("id", post.id).member("platform", post.platform);
  json.key("created_at").begin_raw_string();
  append_rfc3339(out, post.created_at_ms);
  json.end_raw_string();
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
}

}  // namespace earshot
