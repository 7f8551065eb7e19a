#include "ops/generator/native_formats.h"

#include "engine/base/json_writer.h"
#include "engine/time/timestamp.h"

namespace earshot::generator {
namespace {

void write_time(JsonWriter& json, std::string& out, const JsonKey& key, int64_t time_ms) {
  json.key(key).begin_raw_string();
  append_rfc3339(out, time_ms);
  json.end_raw_string();
}

void append_x_v2(std::string& out, const Draft& draft) {
  JsonWriter json(out);
  json.begin_object().key("data").begin_object();
  json.member("id", draft.id).member("author_id", draft.author.id);
  write_time(json, out, "created_at", draft.created_at_ms);
  json.member("lang", draft.language_code).member("text", draft.text).member("conversation_id", draft.conversation_id);
  if (!draft.earlier_id.empty()) {
    const std::string_view type = draft.kind == PostKind::kRepost  ? "retweeted"
                                  : draft.kind == PostKind::kQuote ? "quoted"
                                                                   : "replied_to";
    json.key("referenced_tweets").begin_array().begin_object();
    json.member("type", type).member("id", draft.earlier_id).end_object().end_array();
  }
  if (!draft.hashtag.empty()) {
    json.key("entities").begin_object().key("hashtags").begin_array().begin_object();
    json.member("tag", draft.hashtag).end_object().end_array().end_object();
  }
  json.key("public_metrics").begin_object().member("retweet_count", draft.reposts);
  json.member("reply_count", draft.replies).member("like_count", draft.likes).member("quote_count", int64_t{0});
  json.end_object().end_object();
  json.key("includes").begin_object().key("users").begin_array().begin_object();
  json.member("id", draft.author.id).member("username", draft.author.handle).member("name", draft.author.name);
  json.key("public_metrics").begin_object().member("followers_count", draft.author.followers).end_object();
  json.end_object().end_array().end_object();
  json.key("matching_rules").begin_array().end_array().end_object();
}

// The author of the earlier post is not kept, so that the reply is addressed to the writer's own repository.
void write_jetstream_link(JsonWriter& json, const JsonKey& key, const Draft& draft, std::string_view id) {
  const std::string uri = "at://" + draft.author.id + "/app.bsky.feed.post/" + std::string(id);
  json.key(key).begin_object().member("cid", "bafyreigenerated").member("uri", uri).end_object();
}

void append_jetstream(std::string& out, const Draft& draft) {
  JsonWriter json(out);
  json.begin_object().member("did", draft.author.id).member("time_us", draft.created_at_ms * 1000);
  json.member("kind", "commit").key("commit").begin_object();
  json.member("rev", draft.id).member("operation", "create").member("collection", "app.bsky.feed.post");
  json.member("rkey", draft.id).key("record").begin_object().member("$type", "app.bsky.feed.post");
  write_time(json, out, "createdAt", draft.created_at_ms);
  json.key("langs").begin_array().string(draft.language_code).end_array();
  if (draft.kind == PostKind::kReply) {
    json.key("reply").begin_object();
    write_jetstream_link(json, "parent", draft, draft.earlier_id);
    write_jetstream_link(json, "root", draft, draft.conversation_id);
    json.end_object();
  }
  if (draft.kind == PostKind::kQuote) {
    json.key("embed").begin_object().member("$type", "app.bsky.embed.record");
    write_jetstream_link(json, "record", draft, draft.earlier_id);
    json.end_object();
  }
  if (!draft.hashtag.empty()) json.key("tags").begin_array().string(draft.hashtag).end_array();
  json.member("text", draft.text).end_object().member("cid", "bafyreigenerated").end_object().end_object();
}

// A status holds HTML.
std::string as_html(std::string_view text) {
  std::string html = "<p>";
  for (const char letter : text) {
    switch (letter) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      default:
        html += letter;
    }
  }
  return html + "</p>";
}

void write_mastodon_status(JsonWriter& json, std::string& out, const Draft& draft, std::string_view id) {
  json.begin_object().member("id", id).member("uri", draft.url).member("url", draft.url);
  write_time(json, out, "created_at", draft.created_at_ms);
  json.member("language", draft.language_code).member("visibility", "public").member("content", as_html(draft.text));
  json.key("in_reply_to_id");
  draft.kind == PostKind::kReply ? json.string(draft.earlier_id) : json.null();
  json.key("account").begin_object().member("id", draft.author.id).member("username", draft.author.handle);
  json.member("acct", draft.author.handle).member("display_name", draft.author.name);
  json.member("followers_count", draft.author.followers).end_object();
  json.member("replies_count", draft.replies).member("reblogs_count", draft.reposts);
  json.member("favourites_count", draft.likes).key("tags").begin_array();
  if (!draft.hashtag.empty()) json.begin_object().member("name", draft.hashtag).end_object();
  json.end_array().key("reblog");
}

void append_mastodon(std::string& out, const Draft& draft) {
  JsonWriter json(out);
  write_mastodon_status(json, out, draft, draft.id);
  if (draft.kind == PostKind::kRepost) {
    write_mastodon_status(json, out, draft, draft.earlier_id);
    json.null().end_object();
  } else {
    json.null();
  }
  json.end_object();
}

void append_reddit(std::string& out, const Draft& draft) {
  JsonWriter json(out);
  const bool is_reply = draft.kind == PostKind::kReply;
  json.begin_object().member("id", draft.id).member("name", "t1_" + draft.id).member("body", draft.text);
  json.member("author", draft.author.handle).member("author_fullname", draft.author.id);
  json.member("subreddit", "consumers").member("link_id", "t3_" + draft.conversation_id);
  json.member("parent_id", is_reply ? "t1_" + draft.earlier_id : "t3_" + draft.conversation_id);
  json.member("score", draft.likes).member("created_utc", draft.created_at_ms / 1000);
  json.member("permalink", "/r/consumers/comments/" + draft.conversation_id + "/-/" + draft.id + "/").end_object();
}

}  // namespace

void append_native_json(std::string& out, Draft& draft) {
  switch (draft.platform) {
    case Platform::kX:
      return append_x_v2(out, draft);
    case Platform::kBluesky:
      if (draft.kind != PostKind::kRepost) return append_jetstream(out, draft);
      break;
    case Platform::kMastodon:
      return append_mastodon(out, draft);
    case Platform::kReddit:
      return append_reddit(out, draft);
    case Platform::kForum:
    case Platform::kNews:
      break;
  }
  append_post_json(out, draft.view());
}

}  // namespace earshot::generator
