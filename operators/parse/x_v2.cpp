#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "engine/time/timestamp.h"
#include "operators/parse/formats.h"
#include "operators/parse/x_tweets.h"

namespace earshot::parse {
namespace {

// The objects of `includes.users` or `includes.tweets` by id. Sorted, because a page may hold thousands of both.
class IncludedById {
 public:
  explicit IncludedById(std::optional<JsonArray> objects) {
    for_each_object(objects, [this](JsonObject object) {
      const std::string_view id = text_or_empty(object, "id");
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
  XV2Reader(std::optional<JsonObject> includes, PostWriter& out)
      : users_(includes ? array_at(*includes, "users") : std::nullopt),
        tweets_(includes ? array_at(*includes, "tweets") : std::nullopt),
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
    post.url = keep_tweet_url(post.author_handle, post.id, out_);
    return out_.add(post, where);
  }

 private:
  void read_author(JsonObject tweet, Post& post) {
    if (const auto id = member(tweet, "author_id")) post.author_id = out_.keep_id(*id);
    const auto user = users_.find(post.author_id);
    if (!user) return;
    post.author_handle = out_.keep(text_or_empty(*user, "username"));
    post.author_name = out_.keep(text_or_empty(*user, "name"));
    if (const auto metrics = object_at(*user, "public_metrics")) post.followers = count_at(*metrics, "followers_count");
  }

  void read_relations(JsonObject tweet, Post& post) {
    const References references = references_of(tweet);
    post.kind = kind_of(references);
    post.in_reply_to = out_.keep(references.replied_to);
    post.repost_of = out_.keep(references.retweeted);
    post.quote_of = out_.keep(references.quoted);
    if (const auto id = member(tweet, "conversation_id")) post.conversation_id = out_.keep_id(*id);
    // A retweet's own text is cut ("RT @name: …"), the original's is whole.
    const JsonObject source = tweets_.find(references.retweeted).value_or(tweet);
    const std::string_view lang = text_or_empty(tweet, "lang");
    post.lang = out_.keep(tweet_language(lang.empty() ? text_or_empty(source, "lang") : lang));
    read_text(text_at(source, "text") ? source : tweet, post);
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
      const std::string_view expanded = text_or_empty(url, "expanded_url");
      out_.add_item(out_.keep(expanded.empty() ? text_or_empty(url, "url") : expanded));
    });
    post.urls = out_.take_items();
  }

  static void read_metrics(JsonObject tweet, Post& post) {
    const auto metrics = object_at(tweet, "public_metrics");
    if (!metrics) return;
    post.likes = count_at(*metrics, "like_count");
    post.reposts = count_at(*metrics, "retweet_count");
    post.replies = count_at(*metrics, "reply_count");
  }

  IncludedById users_;
  IncludedById tweets_;
  PostWriter& out_;
};

// Events of the compliance streams stand where the tweet stands.
bool is_compliance_event(JsonObject data) {
  for (const std::string_view key : {"delete", "drop", "undrop", "withheld", "scrub_geo", "tweet_edit"}) {
    if (object_at(data, key)) return true;
  }
  return false;
}

// Problems, notices and pages without results have members of their own and no tweet.
bool is_message_without_tweet(JsonObject record) {
  for (const std::string_view key : {"errors", "connection_issue", "disconnect_type", "meta", "detail"}) {
    if (has(record, key)) return true;
  }
  return false;
}

}  // namespace

Verdict read_x_v2(JsonObject record, PostWriter& out) {
  XV2Reader reader(object_at(record, "includes"), out);
  JsonArray page;
  JsonObject tweet;
  const auto data = member(record, "data");
  if (!data) {
    if (has(record, "text") || has(record, "id")) return reader.read(record, "");
    return is_message_without_tweet(record) ? Verdict::kNotAPost : out.refuse("data is missing");
  }
  if (data->get(tweet) == simdjson::SUCCESS) {
    if (is_compliance_event(tweet) && !has(tweet, "text")) return Verdict::kNotAPost;
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
  return index == 0 ? Verdict::kNotAPost : Verdict::kPosts;
}

}  // namespace earshot::parse
