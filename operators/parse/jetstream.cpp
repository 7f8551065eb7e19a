#include <fmt/format.h>

#include <algorithm>

#include "engine/time/timestamp.h"
#include "operators/parse/formats.h"

namespace earshot::parse {
namespace {

constexpr std::string_view kPostCollection = "app.bsky.feed.post";

std::optional<int64_t> seen_ms(JsonObject event) {
  constexpr int64_t kMicrosecondsPerMillisecond = 1000;
  const auto time_us = number_at(event, "time_us");
  return time_us ? std::optional(*time_us / kMicrosecondsPerMillisecond) : std::nullopt;
}

// The author may write any createdAt: Bluesky sorts by the earlier of it and the time the network saw the post.
std::optional<int64_t> time_of(JsonObject event, JsonObject record) {
  const auto network_ms = seen_ms(event);
  const auto created_ms = parse_rfc3339_ms(text_or_empty(record, "createdAt"));
  if (!created_ms || !network_ms) return created_ms ? created_ms : network_ms;
  return *created_ms < kEarliestPostMs ? *network_ms : std::min(*created_ms, *network_ms);
}

// Adds what the facets of one type say: the tags or the links of the text, whole even where the text shows them cut.
void add_facets(JsonObject record, std::string_view type, std::string_view key, PostWriter& out) {
  for_each_object(array_at(record, "facets"), [&](JsonObject facet) {
    for_each_object(array_at(facet, "features"), [&](JsonObject feature) {
      if (text_or_empty(feature, "$type") == type) out.add_item(out.keep(text_or_empty(feature, key)));
    });
  });
}

void read_tags(JsonObject record, Post& post, PostWriter& out) {
  add_facets(record, "app.bsky.richtext.facet#tag", "tag", out);
  if (const auto tags = array_at(record, "tags")) {
    for (const JsonElement tag : *tags) {
      std::string_view text;
      if (tag.get(text) == simdjson::SUCCESS) out.add_item(out.keep(text));
    }
  }
  post.hashtags = out.take_items();
}

void read_links(JsonObject record, const std::optional<JsonObject>& embed, Post& post, PostWriter& out) {
  add_facets(record, "app.bsky.richtext.facet#link", "uri", out);
  const auto media = embed ? object_at(*embed, "media") : std::nullopt;
  for (const auto& holder : {embed, media}) {
    const auto external = holder ? object_at(*holder, "external") : std::nullopt;
    if (external) out.add_item(out.keep(text_or_empty(*external, "uri")));
  }
  post.urls = out.take_items();
  for (const auto& holder : {embed, media}) {
    const auto external = holder ? object_at(*holder, "external") : std::nullopt;
    if (external) out.add_item(out.keep(text_or_empty(*external, "title")));
  }
  post.url_titles = out.take_items();
}

// An embedded record is a quoted post, but also a list, a feed or a starter pack. With media it lies one level deeper.
std::string_view quoted_uri(const std::optional<JsonObject>& embed) {
  auto record = embed ? object_at(*embed, "record") : std::nullopt;
  if (record && !text_at(*record, "uri")) record = object_at(*record, "record");
  const std::string_view uri = record ? text_or_empty(*record, "uri") : std::string_view();
  return uri.find("/app.bsky.feed.post/") == std::string_view::npos ? std::string_view() : uri;
}

std::string_view uri_at(const std::optional<JsonObject>& reply, std::string_view key) {
  const auto reference = reply ? object_at(*reply, key) : std::nullopt;
  return reference ? text_or_empty(*reference, "uri") : std::string_view();
}

void read_media(const std::optional<JsonObject>& embed, Post& post) {
  for (const auto& holder : {embed, embed ? object_at(*embed, "media") : std::nullopt}) {
    if (!holder) continue;
    post.media.has_images |= array_at(*holder, "images").has_value();
    post.media.has_video |= object_at(*holder, "video").has_value();
  }
}

// What authors say of their own posts, as "porn" or "graphic-media".
bool has_warning_label(JsonObject record) {
  const auto labels = object_at(record, "labels");
  bool is_warned = false;
  for_each_object(labels ? array_at(*labels, "values") : std::nullopt, [&is_warned](JsonObject label) {
    for (const std::string_view value : {"porn", "sexual", "nudity", "graphic-media", "gore", "!warn", "!hide"}) {
      is_warned |= text_or_empty(label, "val") == value;
    }
  });
  return is_warned;
}

// at://<authority>/…: the DID, or seldom the handle, of whoever wrote it.
std::string_view authority_of(std::string_view uri) {
  constexpr std::string_view kScheme = "at://";
  if (!uri.starts_with(kScheme)) return {};
  uri.remove_prefix(kScheme.size());
  return uri.substr(0, uri.find('/'));
}

Verdict read_deletion(JsonObject event, JsonObject commit, PostWriter& out) {
  const std::string_view did = text_or_empty(event, "did");
  const std::string_view rkey = text_or_empty(commit, "rkey");
  if (did.empty()) return out.refuse("did is missing");
  if (rkey.empty()) return out.refuse("commit.rkey is missing");
  Post post;
  post.platform = "bluesky";
  post.id = out.keep_joined({"at://", did, "/", kPostCollection, "/", rkey});
  post.author_id = out.keep(did);
  return out.add_deletion(post, {seen_ms(event)}, "");
}

Verdict read_post(JsonObject event, JsonObject commit, PostWriter& out) {
  const std::string_view did = text_or_empty(event, "did");
  const std::string_view rkey = text_or_empty(commit, "rkey");
  const auto record = object_at(commit, "record");
  if (did.empty()) return out.refuse("did is missing");
  if (rkey.empty()) return out.refuse("commit.rkey is missing");
  if (!record) return out.refuse("commit.record is missing or not an object");
  const auto text = text_at(*record, "text");
  if (!text) return out.refuse("commit.record.text is missing or not a string");
  const auto time_ms = time_of(event, *record);
  if (!time_ms) return out.refuse("neither commit.record.createdAt nor time_us has a time");

  Post post;
  post.platform = "bluesky";
  post.id = out.keep_joined({"at://", did, "/", kPostCollection, "/", rkey});
  post.url = out.keep_joined({"https://bsky.app/profile/", did, "/post/", rkey});
  post.author_id = out.keep(did);
  post.created_at_ms = *time_ms;
  post.text = out.keep(*text);
  if (const auto langs = array_at(*record, "langs")) {
    std::string_view lang;
    if (langs->at(0).get(lang) == simdjson::SUCCESS) post.lang = out.keep(lang);
  }
  const auto embed = object_at(*record, "embed");
  const auto reply = object_at(*record, "reply");
  post.in_reply_to = out.keep(uri_at(reply, "parent"));
  // Jetstream has no handles; rules can name the DID.
  post.in_reply_to_handle = authority_of(post.in_reply_to);
  const std::string_view root = uri_at(reply, "root");
  post.conversation_id = root.empty() ? post.id : out.keep(root);
  post.quote_of = out.keep(quoted_uri(embed));
  if (!post.in_reply_to.empty()) {
    post.kind = PostKind::kReply;
  } else if (!post.quote_of.empty()) {
    post.kind = PostKind::kQuote;
  }
  read_tags(*record, post, out);
  read_links(*record, embed, post, out);
  read_media(embed, post);
  post.is_sensitive = has_warning_label(*record);
  if (text_or_empty(commit, "operation") == "update") {
    post.change = PostChange::kEdited;
    post.edited_at_ms = seen_ms(event).value_or(0);
  }
  return out.add(post, "");
}

}  // namespace

Verdict read_jetstream(JsonObject record, PostWriter& out) {
  const auto kind = text_at(record, "kind");
  if (!kind) return out.refuse("kind is missing or not a string");
  if (*kind != "commit") return Verdict::kNotAPost;
  const auto commit = object_at(record, "commit");
  if (!commit) return out.refuse("commit is missing or not an object");
  const auto collection = text_at(*commit, "collection");
  const auto operation = text_at(*commit, "operation");
  if (!collection) return out.refuse("commit.collection is missing or not a string");
  if (!operation) return out.refuse("commit.operation is missing or not a string");
  if (*collection != kPostCollection) return Verdict::kNotAPost;
  if (*operation == "delete") return read_deletion(record, *commit, out);
  if (*operation != "create" && *operation != "update") return Verdict::kNotAPost;
  return read_post(record, *commit, out);
}

}  // namespace earshot::parse
