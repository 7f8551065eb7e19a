#include <fmt/format.h>

#include <charconv>

#include "engine/time/timestamp.h"
#include "operators/parse/formats.h"
#include "operators/parse/html_text.h"

namespace earshot::parse {
namespace {

class StatusReader {
 public:
  StatusReader(MastodonScratch& scratch, PostWriter& out) : scratch_(scratch), out_(out) {}

  Verdict read(JsonObject status, std::string_view where, std::string_view event) {
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
    read_attachments(source, post);
    post.is_sensitive = is_true(source, "sensitive");
    const auto edited_ms = parse_rfc3339_ms(text_or_empty(status, "edited_at"));
    if (edited_ms || event == "status.update") post.change = PostChange::kEdited;
    post.edited_at_ms = edited_ms.value_or(0);
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
    std::string& text = scratch_.html.text;
    text.assign(text_or_empty(source, "spoiler_text"));
    if (!text.empty()) text += "\n\n";
    scratch_.html.links.clear();
    append_html_text(content, text, scratch_.html.links);
    post.text = out_.keep(text);
    for (const std::string& link : scratch_.html.links) out_.add_item(out_.keep(link));
    post.urls = out_.take_items();
    for_each_object(array_at(source, "tags"),
                    [this](JsonObject tag) { out_.add_item(out_.keep(text_or_empty(tag, "name"))); });
    post.hashtags = out_.take_items();
  }

  // The card is the preview of a page that the text links to.
  void read_attachments(JsonObject source, Post& post) {
    if (const auto card = object_at(source, "card")) out_.add_item(out_.keep(text_or_empty(*card, "title")));
    post.url_titles = out_.take_items();
    for_each_object(array_at(source, "media_attachments"), [&post](JsonObject attachment) {
      const std::string_view type = text_or_empty(attachment, "type");
      post.media.has_images |= type == "image";
      post.media.has_video |= type == "video" || type == "gifv";
    });
  }

  void read_author(JsonObject status, Post& post) {
    const auto account = object_at(status, "account");
    if (!account) return;
    if (const auto id = member(*account, "id")) post.author_id = out_.keep_id(*id);
    post.author_handle = out_.keep(text_or_empty(*account, "acct"));
    post.author_name = out_.keep(text_or_empty(*account, "display_name"));
    post.author_created_at_ms = parse_rfc3339_ms(text_or_empty(*account, "created_at")).value_or(0);
    post.followers = count_at(*account, "followers_count");
    scratch_.html.text.clear();
    append_html_text(text_or_empty(*account, "note"), scratch_.html.text, scratch_.html.links);
    post.author_bio = out_.keep(scratch_.html.text);
  }

  // The account that is answered is one of those that the status mentions, or its author's own.
  std::string_view keep_answered_handle(JsonObject status, const Post& post) {
    const auto answered = member(status, "in_reply_to_account_id");
    if (!answered) return {};
    const std::string_view id = out_.keep_id(*answered);
    if (id == post.author_id) return post.author_handle;
    std::string_view handle;
    for_each_object(array_at(status, "mentions"), [&](JsonObject mention) {
      const auto mentioned = member(mention, "id");
      if (handle.empty() && mentioned && out_.keep_id(*mentioned) == id) {
        handle = out_.keep(text_or_empty(mention, "acct"));
      }
    });
    return handle;
  }

  void read_relations(JsonObject status, const std::optional<JsonObject>& reblog, Post& post) {
    if (const auto id = member(status, "in_reply_to_id")) post.in_reply_to = out_.keep_id(*id);
    post.in_reply_to_handle = keep_answered_handle(status, post);
    const auto quote = object_at(status, "quote");
    const auto quoted_status = quote ? object_at(*quote, "quoted_status") : std::nullopt;
    if (quoted_status) {
      if (const auto id = member(*quoted_status, "id")) post.quote_of = out_.keep_id(*id);
    } else if (quote) {
      if (const auto id = member(*quote, "quoted_status_id")) post.quote_of = out_.keep_id(*id);
    }
    if (reblog) {
      if (const auto id = member(*reblog, "id")) post.repost_of = out_.keep_id(*id);
      const auto account = object_at(*reblog, "account");
      if (account) post.repost_of_handle = out_.keep(text_or_empty(*account, "acct"));
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

// When a status was made, by its id: its upper bits are milliseconds since 1970. nullopt for the ids of other servers.
std::optional<int64_t> status_time_ms(std::string_view id) {
  constexpr int kSequenceBits = 16;
  uint64_t number = 0;
  const auto read = std::from_chars(id.data(), id.data() + id.size(), number);
  if (read.ec != std::errc() || read.ptr != id.data() + id.size()) return std::nullopt;
  return static_cast<int64_t>(number >> kSequenceBits);
}

// The payload of "delete" is the id alone.
Verdict read_deletion(JsonElement payload, std::string_view key, PostWriter& out) {
  Post post;
  post.platform = "mastodon";
  post.id = out.keep_id(payload);
  if (post.id.empty()) return out.refuse(fmt::format("{} is {}, not an id", key, type_name(payload)));
  return out.add_deletion(post, {out.record_time_ms(), status_time_ms(post.id)}, "");
}

Verdict read_event(JsonObject record, std::string_view event, MastodonScratch& scratch, PostWriter& out) {
  if (event != "update" && event != "status.update" && event != "delete") return Verdict::kNotAPost;
  const std::string_view key = has(record, "payload") ? "payload" : "data";
  const auto payload = member(record, key);
  if (!payload) return out.refuse("payload is missing");
  if (event == "delete") return read_deletion(*payload, key, out);
  JsonObject status;
  std::string_view text;
  const std::string where = fmt::format("{}.", key);
  StatusReader reader(scratch, out);
  if (payload->get(status) == simdjson::SUCCESS) return reader.read(status, where, event);
  if (payload->get(text) != simdjson::SUCCESS) {
    return out.refuse(fmt::format("{} is {}, not a status", key, type_name(*payload)));
  }
  JsonElement root;
  if (const auto error = scratch.payload_parser.parse(text.data(), text.size()).get(root)) {
    return out.refuse(fmt::format("{} holds invalid JSON: {}", key, simdjson::error_message(error)));
  }
  if (root.get(status) != simdjson::SUCCESS)
    return out.refuse(fmt::format("{} holds {}, not a status", key, type_name(root)));
  return reader.read(status, where, event);
}

}  // namespace

Verdict read_mastodon(JsonObject record, MastodonScratch& scratch, PostWriter& out) {
  if (const auto event = text_at(record, "event")) return read_event(record, *event, scratch, out);
  const bool is_notification = has(record, "type") && has(record, "account") && !has(record, "content");
  if (is_notification) return Verdict::kNotAPost;
  return StatusReader(scratch, out).read(record, "", "");
}

}  // namespace earshot::parse
