#include <fmt/format.h>

#include "engine/time/timestamp.h"
#include "operators/parse/country_code.h"
#include "operators/parse/formats.h"
#include "operators/parse/x_tweets.h"

namespace earshot::parse {
namespace {

// Where a status keeps its whole text: in extended_tweet when it came by the stream and is long, otherwise in itself.
JsonObject text_holder(JsonObject status) {
  const auto extended = object_at(status, "extended_tweet");
  return extended && text_at(*extended, "full_text") ? *extended : status;
}

std::optional<std::string_view> text_of(JsonObject status) {
  const JsonObject holder = text_holder(status);
  const auto full_text = text_at(holder, "full_text");
  return full_text ? full_text : text_at(status, "text");
}

// The id as text, from the member that has it so: numbers above 2^53 suffer in many programs on the way here.
std::string_view keep_status_id(JsonObject status, std::string_view text_key, std::string_view number_key,
                                PostWriter& out) {
  const std::string_view text = text_or_empty(status, text_key);
  if (!text.empty()) return out.keep(text);
  const auto number = member(status, number_key);
  return number ? out.keep_id(*number) : std::string_view();
}

std::optional<int64_t> time_of(JsonObject status) {
  if (const auto time_ms = number_at(status, "timestamp_ms")) return time_ms;
  return parse_twitter_time_ms(text_or_empty(status, "created_at"));
}

void read_links(JsonObject entities, Post& post, PostWriter& out) {
  for_each_object(array_at(entities, "urls"), [&out](JsonObject url) {
    const auto unwound = object_at(url, "unwound");
    std::string_view target = unwound ? text_or_empty(*unwound, "url") : std::string_view();
    if (target.empty()) target = text_or_empty(url, "expanded_url");
    out.add_item(out.keep(target.empty() ? text_or_empty(url, "url") : target));
  });
  post.urls = out.take_items();
  for_each_object(array_at(entities, "urls"), [&out](JsonObject url) {
    const auto unwound = object_at(url, "unwound");
    if (unwound) out.add_item(out.keep_unescaped(text_or_empty(*unwound, "title")));
  });
  post.url_titles = out.take_items();
}

void read_entities(JsonObject status, Post& post, PostWriter& out) {
  const JsonObject holder = text_holder(status);
  // extended_entities tell videos from photos; entities call all of them photos.
  for (const std::string_view key : {"extended_entities", "entities"}) {
    auto list = object_at(holder, key);
    if (!list) list = object_at(status, key);
    const auto media = list ? array_at(*list, "media") : std::nullopt;
    for_each_object(media, [&post](JsonObject item) { note_tweet_media(text_or_empty(item, "type"), post.media); });
    if (media) break;
  }
  const auto own = object_at(holder, "entities");
  const auto entities = own ? own : object_at(status, "entities");
  if (!entities) return;
  for_each_object(array_at(*entities, "hashtags"),
                  [&out](JsonObject hashtag) { out.add_item(out.keep(text_or_empty(hashtag, "text"))); });
  post.hashtags = out.take_items();
  read_links(*entities, post, out);
}

void read_author(JsonObject status, Post& post, PostWriter& out) {
  const auto user = object_at(status, "user");
  if (!user) return;
  post.author_id = keep_status_id(*user, "id_str", "id", out);
  post.author_handle = out.keep(text_or_empty(*user, "screen_name"));
  post.author_name = out.keep(text_or_empty(*user, "name"));
  post.author_bio = out.keep_unescaped(text_or_empty(*user, "description"));
  post.author_created_at_ms = parse_twitter_time_ms(text_or_empty(*user, "created_at")).value_or(0);
  post.is_verified = is_true(*user, "verified") || is_true(*user, "is_blue_verified");
  post.followers = count_at(*user, "followers_count");
}

void read_place(JsonObject status, Post& post, PostWriter& out) {
  const auto place = object_at(status, "place");
  post.has_geo = place || has(status, "coordinates") || has(status, "geo");
  if (!place) return;
  const std::string_view name = text_or_empty(*place, "full_name");
  post.place = out.keep(name.empty() ? text_or_empty(*place, "name") : name);
  post.country = country_code(text_or_empty(*place, "country_code"));
}

void read_relations(JsonObject status, const std::optional<JsonObject>& original, Post& post, PostWriter& out) {
  post.in_reply_to = keep_status_id(status, "in_reply_to_status_id_str", "in_reply_to_status_id", out);
  post.in_reply_to_handle = out.keep(text_or_empty(status, "in_reply_to_screen_name"));
  post.quote_of = keep_status_id(status, "quoted_status_id_str", "quoted_status_id", out);
  if (post.quote_of.empty()) {
    if (const auto quoted_status = object_at(status, "quoted_status")) {
      post.quote_of = keep_status_id(*quoted_status, "id_str", "id", out);
    }
  }
  if (original) {
    post.kind = PostKind::kRepost;
    post.repost_of = keep_status_id(*original, "id_str", "id", out);
    const auto user = object_at(*original, "user");
    post.repost_of_handle = out.keep(user ? text_or_empty(*user, "screen_name") : std::string_view());
    if (post.repost_of_handle.empty()) {
      post.repost_of_handle = out.keep(handle_of_old_retweet(text_or_empty(status, "text")));
    }
  } else if (!post.in_reply_to.empty()) {
    post.kind = PostKind::kReply;
  } else if (!post.quote_of.empty()) {
    post.kind = PostKind::kQuote;
  }
}

Verdict read_status(JsonObject status, std::string_view where, PostWriter& out) {
  Post post;
  post.platform = "x";
  post.id = keep_status_id(status, "id_str", "id", out);
  const auto own_text = text_of(status);
  if (!own_text) return out.refuse(fmt::format("{}text is missing or not a string", where));
  const auto time_ms = time_of(status);
  if (!time_ms) {
    const auto created_at = text_at(status, "created_at");
    return out.refuse(
        created_at ? fmt::format("{}created_at {} is not a time as Twitter v1.1 writes it", where, quoted(*created_at))
                   : fmt::format("{}created_at is missing or not a string", where));
  }
  post.created_at_ms = *time_ms;
  const auto original = object_at(status, "retweeted_status");
  // A retweet's own text is cut ("RT @name: …"), the original's is whole.
  const auto original_text = original ? text_of(*original) : std::nullopt;
  post.text = out.keep_unescaped(original_text ? *original_text : *own_text);
  read_entities(original_text ? *original : status, post, out);
  const std::string_view lang = text_or_empty(status, "lang");
  post.lang = out.keep(tweet_language(lang.empty() && original ? text_or_empty(*original, "lang") : lang));
  read_author(status, post, out);
  read_relations(status, original, post, out);
  read_place(status, post, out);
  post.is_sensitive = is_true(status, "possibly_sensitive");
  post.likes = count_at(status, "favorite_count");
  post.reposts = count_at(status, "retweet_count");
  post.replies = count_at(status, "reply_count");
  post.url = keep_tweet_url(post.author_handle, post.id, out);
  const auto history = object_at(status, "edit_history");
  if (history) apply_edit_history(array_at(*history, "edit_tweet_ids"), post, out);
  return out.add(post, where);
}

// A notice that a status is gone for everybody; nullopt when the record is another notice.
std::optional<Verdict> read_deletion(JsonObject record, PostWriter& out) {
  const auto deletion = object_at(record, "delete");
  const auto withheld = object_at(record, "status_withheld");
  auto status = deletion ? object_at(*deletion, "status") : std::nullopt;
  if (!status && withheld) {
    bool is_everywhere = false;
    if (const auto countries = array_at(*withheld, "withheld_in_countries")) {
      for (const JsonElement country : *countries) {
        std::string_view code;
        // The codes of the API for all countries, and for all by the claim of a copyright.
        is_everywhere |= country.get(code) == simdjson::SUCCESS && (code == "XX" || code == "XY");
      }
    }
    if (is_everywhere) status = withheld;
  }
  if (!status) return std::nullopt;
  Post post;
  post.platform = "x";
  post.id = keep_status_id(*status, "id_str", "id", out);
  post.author_id = keep_status_id(*status, "user_id_str", "user_id", out);
  return out.add_deletion(post, {number_at(deletion ? *deletion : *withheld, "timestamp_ms"), tweet_time_ms(post.id)},
                          deletion ? "delete.status." : "status_withheld.");
}

bool is_notice(JsonObject record) {
  for (const std::string_view key : {"delete", "limit", "scrub_geo", "status_withheld", "user_withheld", "disconnect",
                                     "warning", "friends", "friends_str", "errors"}) {
    if (has(record, key)) return true;
  }
  return false;
}

}  // namespace

Verdict read_twitter_v1(JsonObject record, PostWriter& out) {
  const auto statuses = array_at(record, "statuses");
  if (!statuses) {
    if (!has(record, "text") && !has(record, "full_text") && is_notice(record)) {
      return read_deletion(record, out).value_or(Verdict::kNotAPost);
    }
    return read_status(record, "", out);
  }
  size_t index = 0;
  for (const JsonElement item : *statuses) {
    const std::string where = fmt::format("statuses[{}]", index++);
    JsonObject status;
    if (item.get(status) != simdjson::SUCCESS) {
      return out.refuse(fmt::format("{} is {}, not a status", where, type_name(item)));
    }
    if (read_status(status, where + ".", out) == Verdict::kRefused) return Verdict::kRefused;
  }
  return index == 0 ? Verdict::kNotAPost : Verdict::kPosts;
}

}  // namespace earshot::parse
