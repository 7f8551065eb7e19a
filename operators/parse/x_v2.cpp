#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/utf8_prefix.h"
#include "engine/time/timestamp.h"
#include "operators/parse/country_code.h"
#include "operators/parse/formats.h"
#include "operators/parse/x_tweets.h"

namespace earshot::parse {
namespace {

// The objects of one list of `includes` by id. Sorted, because a page may hold thousands of them.
class IncludedById {
 public:
  IncludedById(const std::optional<JsonObject>& includes, std::string_view list, std::string_view id_key) {
    for_each_object(includes ? array_at(*includes, list) : std::nullopt, [&](JsonObject object) {
      const std::string_view id = text_or_empty(object, id_key);
      if (!id.empty()) by_id_.emplace_back(id, object);
    });
    std::stable_sort(by_id_.begin(), by_id_.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  }
  [[nodiscard]] std::optional<JsonObject> find(std::string_view id) const {
    const auto at = std::lower_bound(by_id_.begin(), by_id_.end(), id,
                                     [](const auto& entry, std::string_view wanted) { return entry.first < wanted; });
    return at == by_id_.end() || at->first != id ? std::nullopt : std::optional(at->second);
  }

 private:
  std::vector<std::pair<std::string_view, JsonObject>> by_id_;
};

struct References {
  std::string_view replied_to;
  std::string_view retweeted;
  std::string_view quoted;
};

References references_of(JsonObject tweet) {
  References found;
  for_each_object(array_at(tweet, "referenced_tweets"), [&found](JsonObject reference) {
    const std::string_view type = text_or_empty(reference, "type");
    const std::string_view id = text_or_empty(reference, "id");
    if (type == "replied_to") found.replied_to = id;
    if (type == "retweeted") found.retweeted = id;
    if (type == "quoted") found.quoted = id;
  });
  return found;
}

PostKind kind_of(const References& references) {
  if (!references.retweeted.empty()) return PostKind::kRepost;
  if (!references.replied_to.empty()) return PostKind::kReply;
  return references.quoted.empty() ? PostKind::kOriginal : PostKind::kQuote;
}

class XV2Reader {
 public:
  XV2Reader(const std::optional<JsonObject>& includes, PostWriter& out)
      : users_(includes, "users", "id"),
        tweets_(includes, "tweets", "id"),
        media_(includes, "media", "media_key"),
        places_(includes, "places", "id"),
        out_(out) {}

  Verdict read(JsonObject tweet, std::string_view where) {
    Post post;
    post.platform = "x";
    if (const auto id = member(tweet, "id")) post.id = out_.keep_id(*id);
    if (!text_at(tweet, "text") && !object_at(tweet, "note_tweet")) {
      return out_.refuse(fmt::format("{}text is missing or not a string", where));
    }
    const auto created_at = text_at(tweet, "created_at");
    if (!created_at) {
      return out_.refuse(fmt::format("{}created_at is missing; ask X for it with tweet.fields=created_at", where));
    }
    const auto time_ms = parse_rfc3339_ms(*created_at);
    if (!time_ms)
      return out_.refuse(fmt::format("{}created_at {} is not an RFC 3339 time", where, quoted(*created_at)));
    post.created_at_ms = *time_ms;
    read_author(tweet, post);
    read_relations(tweet, post);
    read_metrics(tweet, post);
    read_place(tweet, post);
    post.is_sensitive = is_true(tweet, "possibly_sensitive");
    post.url = keep_tweet_url(post.author_handle, post.id, out_);
    apply_edit_history(array_at(tweet, "edit_history_tweet_ids"), post, out_);
    return out_.add(post, where);
  }

 private:
  void read_author(JsonObject tweet, Post& post) {
    if (const auto id = member(tweet, "author_id")) post.author_id = out_.keep_id(*id);
    const auto user = users_.find(post.author_id);
    if (!user) return;
    post.author_handle = out_.keep(text_or_empty(*user, "username"));
    post.author_name = out_.keep(text_or_empty(*user, "name"));
    post.author_bio = out_.keep_unescaped(text_or_empty(*user, "description"));
    post.author_created_at_ms = parse_rfc3339_ms(text_or_empty(*user, "created_at")).value_or(0);
    const std::string_view verified_as = text_or_empty(*user, "verified_type");
    post.is_verified = is_true(*user, "verified") || (!verified_as.empty() && verified_as != "none");
    if (const auto metrics = object_at(*user, "public_metrics")) post.followers = count_at(*metrics, "followers_count");
  }

  // The handle of a user of `includes`; empty when the user is not there.
  std::string_view keep_handle_of(std::string_view user_id) {
    const auto user = users_.find(user_id);
    return user ? out_.keep(text_or_empty(*user, "username")) : std::string_view();
  }

  void read_relations(JsonObject tweet, Post& post) {
    const References references = references_of(tweet);
    post.kind = kind_of(references);
    post.in_reply_to = out_.keep(references.replied_to);
    post.repost_of = out_.keep(references.retweeted);
    post.quote_of = out_.keep(references.quoted);
    post.in_reply_to_handle = keep_handle_of(text_or_empty(tweet, "in_reply_to_user_id"));
    if (const auto id = member(tweet, "conversation_id")) post.conversation_id = out_.keep_id(*id);
    // A retweet's own text is cut ("RT @name: …"), the original's is whole.
    const auto original = tweets_.find(references.retweeted);
    const JsonObject source = original.value_or(tweet);
    if (!references.retweeted.empty()) {
      if (original) post.repost_of_handle = keep_handle_of(text_or_empty(source, "author_id"));
      if (post.repost_of_handle.empty()) {
        post.repost_of_handle = out_.keep(handle_of_old_retweet(text_or_empty(tweet, "text")));
      }
    }
    const std::string_view lang = text_or_empty(tweet, "lang");
    post.lang = out_.keep(tweet_language(lang.empty() ? text_or_empty(source, "lang") : lang));
    read_text(text_at(source, "text") ? source : tweet, post);
    read_media(source, post);
  }

  // Long tweets have their whole text and its entities in note_tweet.
  void read_text(JsonObject tweet, Post& post) {
    const auto note = object_at(tweet, "note_tweet");
    const auto note_text = note ? text_at(*note, "text") : std::nullopt;
    post.text = out_.keep_unescaped(note_text ? *note_text : text_or_empty(tweet, "text"));
    const auto note_entities = note_text ? object_at(*note, "entities") : std::nullopt;
    const auto entities = note_entities ? note_entities : object_at(tweet, "entities");
    if (!entities) return;
    for_each_object(array_at(*entities, "hashtags"),
                    [this](JsonObject hashtag) { out_.add_item(out_.keep(text_or_empty(hashtag, "tag"))); });
    post.hashtags = out_.take_items();
    for_each_object(array_at(*entities, "urls"), [this](JsonObject url) {
      std::string_view target = text_or_empty(url, "unwound_url");
      if (target.empty()) target = text_or_empty(url, "expanded_url");
      out_.add_item(out_.keep(target.empty() ? text_or_empty(url, "url") : target));
    });
    post.urls = out_.take_items();
    for_each_object(array_at(*entities, "urls"),
                    [this](JsonObject url) { out_.add_item(out_.keep_unescaped(text_or_empty(url, "title"))); });
    post.url_titles = out_.take_items();
  }

  void read_media(JsonObject tweet, Post& post) {
    const auto attachments = object_at(tweet, "attachments");
    const auto keys = attachments ? array_at(*attachments, "media_keys") : std::nullopt;
    if (!keys) return;
    for (const JsonElement key : *keys) {
      std::string_view text;
      if (key.get(text) != simdjson::SUCCESS) continue;
      if (const auto medium = media_.find(text)) note_tweet_media(text_or_empty(*medium, "type"), post.media);
    }
  }

  void read_place(JsonObject tweet, Post& post) {
    const auto geo = object_at(tweet, "geo");
    if (!geo) return;
    const auto place = places_.find(text_or_empty(*geo, "place_id"));
    post.has_geo = has(*geo, "place_id") || has(*geo, "coordinates");
    if (!place) return;
    const std::string_view name = text_or_empty(*place, "full_name");
    post.place = out_.keep(name.empty() ? text_or_empty(*place, "name") : name);
    post.country = country_code(text_or_empty(*place, "country_code"));
  }

  static void read_metrics(JsonObject tweet, Post& post) {
    const auto metrics = object_at(tweet, "public_metrics");
    if (!metrics) return;
    post.likes = count_at(*metrics, "like_count");
    post.reposts = count_at(*metrics, "retweet_count");
    post.replies = count_at(*metrics, "reply_count");
    post.views = count_at(*metrics, "impression_count");
  }

  IncludedById users_;
  IncludedById tweets_;
  IncludedById media_;
  IncludedById places_;
  PostWriter& out_;
};

// Events of the compliance streams stand where the tweet stands. One says that a tweet is gone; the others change
// nothing that a post has.
std::optional<Verdict> read_compliance_event(JsonObject data, PostWriter& out) {
  if (has(data, "text")) return std::nullopt;
  for (const std::string_view kind : {"delete", "drop"}) {
    const auto event = object_at(data, kind);
    const auto tweet = event ? object_at(*event, "tweet") : std::nullopt;
    const auto id = tweet ? member(*tweet, "id") : std::nullopt;
    if (!id) continue;
    Post post;
    post.platform = "x";
    post.id = out.keep_id(*id);
    if (const auto author = member(*tweet, "author_id")) post.author_id = out.keep_id(*author);
    const auto event_ms = parse_rfc3339_ms(text_or_empty(*event, "event_at"));
    return out.add_deletion(post, {event_ms, tweet_time_ms(post.id)}, fmt::format("data.{}.tweet.", kind));
  }
  for (const std::string_view kind : {"delete", "drop", "undrop", "withheld", "scrub_geo", "tweet_edit"}) {
    if (object_at(data, kind)) return Verdict::kNotAPost;
  }
  return std::nullopt;
}

// "title: detail" of a problem as X reports it, in the stream or on a page.
std::string problem_in_words(JsonObject problem) {
  std::string words;
  for (const std::string_view key : {"title", "detail", "message", "reason", "connection_issue"}) {
    const std::string_view text = text_or_empty(problem, key);
    if (text.empty() || words.find(text) != std::string::npos) continue;
    words += (words.empty() ? "" : ": ") + std::string(text);
  }
  const std::string_view type = text_or_empty(problem, "type");
  return words.empty() ? std::string(type.empty() ? "a problem without a description" : type) : words;
}

// A record without a tweet: the problem that X reports instead of one, or a page without results.
Verdict read_without_data(JsonObject record, PostWriter& out) {
  constexpr size_t kShownBytes = 400;
  if (const auto errors = array_at(record, "errors")) {
    std::string words;
    for_each_object(errors, [&words](JsonObject problem) {
      if (words.size() < kShownBytes) words += (words.empty() ? "" : "; ") + problem_in_words(problem);
    });
    return out.refuse("X reports a problem instead of a tweet: " +
                      (words.empty() ? "no details" : std::string(utf8_prefix(words, kShownBytes))));
  }
  if (has(record, "detail") || has(record, "connection_issue") || has(record, "disconnect_type")) {
    return out.refuse("X reports a problem instead of a tweet: " +
                      std::string(utf8_prefix(problem_in_words(record), kShownBytes)));
  }
  return has(record, "meta") ? Verdict::kNotAPost : out.refuse("data is missing");
}

}  // namespace

Verdict read_x_v2(JsonObject record, PostWriter& out) {
  const auto includes = object_at(record, "includes");
  XV2Reader reader(includes, out);
  JsonArray page;
  JsonObject tweet;
  const auto data = member(record, "data");
  if (!data) {
    if (has(record, "text") || has(record, "id")) return reader.read(record, "");
    return read_without_data(record, out);
  }
  if (data->get(tweet) == simdjson::SUCCESS) {
    if (const auto event = read_compliance_event(tweet, out)) return *event;
    return reader.read(tweet, "data.");
  }
  if (data->get(page) != simdjson::SUCCESS) return out.refuse(fmt::format("data is {}, not a tweet", type_name(*data)));
  size_t index = 0;
  for (const JsonElement item : page) {
    const std::string where = fmt::format("data[{}]", index++);
    if (item.get(tweet) != simdjson::SUCCESS)
      return out.refuse(fmt::format("{} is {}, not a tweet", where, type_name(item)));
    if (reader.read(tweet, where + ".") == Verdict::kRefused) return Verdict::kRefused;
  }
  if (index > 0) return Verdict::kPosts;
  return has(record, "errors") ? read_without_data(record, out) : Verdict::kNotAPost;
}

}  // namespace earshot::parse
