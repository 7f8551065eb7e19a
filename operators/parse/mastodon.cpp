#include <fmt/format.h>

#include "engine/time/timestamp.h"
#include "operators/parse/formats.h"
#include "operators/parse/html_text.h"

namespace earshot::parse {
namespace {

class StatusReader {
 public:
  StatusReader(MastodonScratch& scratch, PostWriter& out) : scratch_(scratch), out_(out) {}

  Verdict read(JsonObject status, std::string_view where) {
    Post post;
    post.platform = "mastodon";
    if (const auto id = member(status, "id")) post.id = out_.keep_id(*id);
    const auto created_at = text_at(status, "created_at");
    if (!created_at) return out_.refuse(fmt::format("{}created_at is missing or not a string", where));
    const auto time_ms = parse_rfc3339_ms(*created_at);
    if (!time_ms)
      return out_.refuse(fmt::format("{}created_at {} is not an RFC 3339 time", where, quoted(*created_at)));
    post.created_at_ms = *time_ms;

    const auto reblog = object_at(status, "reblog");
    const JsonObject source = reblog.value_or(status);
    const auto content = text_at(source, "content");
    if (!content) return out_.refuse(fmt::format("{}content is missing or not a string", where));
    read_text(source, *content, post);
    const std::string_view lang = text_or_empty(status, "language");
    post.lang = out_.keep(lang.empty() ? text_or_empty(source, "language") : lang);
    read_author(status, post);
    read_relations(status, reblog, post);
    post.likes = count_at(status, "favourites_count");
    post.reposts = count_at(status, "reblogs_count");
    post.replies = count_at(status, "replies_count");
    const std::string_view url = text_or_empty(status, "url");
    post.url = out_.keep(url.empty() ? text_or_empty(status, "uri") : url);
    return out_.add(post, where);
  }

 private:
  void read_text(JsonObject source, std::string_view content, Post& post) {
    std::string& text = scratch_.text;
    text.assign(text_or_empty(source, "spoiler_text"));
    if (!text.empty()) text += "\n\n";
    scratch_.links.clear();
    append_html_text(content, text, scratch_.links);
    post.text = out_.keep(text);
    for (const std::string& link : scratch_.links) out_.add_item(out_.keep(link));
    post.urls = out_.take_items();
    for_each_object(array_at(source, "tags"),
                    [this](JsonObject tag) { out_.add_item(out_.keep(text_or_empty(tag, "name"))); });
    post.hashtags = out_.take_items();
  }

  void read_author(JsonObject status, Post& post) {
    const auto account = object_at(status, "account");
    if (!account) return;
    if (const auto id = member(*account, "id")) post.author_id = out_.keep_id(*id);
    post.author_handle = out_.keep(text_or_empty(*account, "acct"));
    post.author_name = out_.keep(text_or_empty(*account, "display_name"));
    post.followers = count_at(*account, "followers_count");
  }

  void read_relations(JsonObject status, const std::optional<JsonObject>& reblog, Post& post) {
    if (const auto id = member(status, "in_reply_to_id")) post.in_reply_to = out_.keep_id(*id);
    const auto quote = object_at(status, "quote");
    const auto quoted_status = quote ? object_at(*quote, "quoted_status") : std::nullopt;
    if (quoted_status) {
      if (const auto id = member(*quoted_status, "id")) post.quote_of = out_.keep_id(*id);
    } else if (quote) {
      if (const auto id = member(*quote, "quoted_status_id")) post.quote_of = out_.keep_id(*id);
    }
    if (reblog) {
      if (const auto id = member(*reblog, "id")) post.repost_of = out_.keep_id(*id);
      post.kind = PostKind::kRepost;
    } else if (!post.in_reply_to.empty()) {
      post.kind = PostKind::kReply;
    } else if (!post.quote_of.empty()) {
      post.kind = PostKind::kQuote;
    }
  }

  MastodonScratch& scratch_;
  PostWriter& out_;
};

Verdict read_event(JsonObject record, std::string_view event, MastodonScratch& scratch, PostWriter& out) {
  if (event != "update") return Verdict::kNotAPost;
  const std::string_view key = has(record, "payload") ? "payload" : "data";
  const auto payload = member(record, key);
  if (!payload) return out.refuse("payload is missing");
  JsonObject status;
  std::string_view text;
  if (payload->get(status) == simdjson::SUCCESS)
    return StatusReader(scratch, out).read(status, fmt::format("{}.", key));
  if (payload->get(text) != simdjson::SUCCESS) {
    return out.refuse(fmt::format("{} is {}, not a status", key, type_name(*payload)));
  }
  JsonElement root;
  if (const auto error = scratch.payload_parser.parse(text.data(), text.size()).get(root)) {
    return out.refuse(fmt::format("{} holds invalid JSON: {}", key, simdjson::error_message(error)));
  }
  if (root.get(status) != simdjson::SUCCESS)
    return out.refuse(fmt::format("{} holds {}, not a status", key, type_name(root)));
  return StatusReader(scratch, out).read(status, fmt::format("{}.", key));
}

}  // namespace

Verdict read_mastodon(JsonObject record, MastodonScratch& scratch, PostWriter& out) {
  if (const auto event = text_at(record, "event")) return read_event(record, *event, scratch, out);
  const bool is_notification = has(record, "type") && has(record, "account") && !has(record, "content");
  if (is_notification) return Verdict::kNotAPost;
  return StatusReader(scratch, out).read(record, "");
}

}  // namespace earshot::parse
