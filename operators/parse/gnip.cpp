// Gnip's Activity Streams: tweets as PowerTrack delivered them before X's own formats.
#include <fmt/format.h>

#include "engine/time/timestamp.h"
#include "operators/parse/country_code.h"
#include "operators/parse/formats.h"
#include "operators/parse/x_tweets.h"

namespace earshot::parse {
namespace {

// The number at the end of "tag:search.twitter.com,2005:887453193294282752" or of an address of a tweet.
std::string_view bare_id(std::string_view id) {
  return id.substr(id.find_last_of(":/") + 1);
}

std::string_view keep_id_at(JsonObject object, PostWriter& out) {
  const auto id = member(object, "id");
  std::string_view text;
  if (!id) return {};
  return id->get(text) == simdjson::SUCCESS ? out.keep(bare_id(text)) : out.keep_id(*id);
}

// The second last part of http://twitter.com/<handle>/statuses/<id>.
std::string_view handle_in_link(std::string_view link) {
  const size_t statuses = link.find("/status");
  if (statuses == std::string_view::npos) return {};
  link = link.substr(0, statuses);
  return link.substr(link.rfind('/') + 1);
}

// A tweet of more than 140 characters has its whole text and its entities in long_object.
JsonObject text_holder(JsonObject activity) {
  const auto whole = object_at(activity, "long_object");
  return whole && text_at(*whole, "body") ? *whole : activity;
}

class ActivityReader {
 public:
  explicit ActivityReader(PostWriter& out) : out_(out) {}

  Verdict read(JsonObject activity) {
    const bool is_share = text_or_empty(activity, "verb") == "share";
    const auto shared = is_share ? object_at(activity, "object") : std::nullopt;
    // A retweet's own text is cut ("RT @name: …"), the original's is whole.
    const JsonObject source = shared && text_at(*shared, "body") ? *shared : activity;
    const auto text = text_at(text_holder(source), "body");
    if (!text) return out_.refuse("body is missing or not a string");
    const auto posted_time = text_at(activity, "postedTime");
    if (!posted_time) return out_.refuse("postedTime is missing or not a string");
    const auto time_ms = parse_rfc3339_ms(*posted_time);
    if (!time_ms) return out_.refuse(fmt::format("postedTime {} is not an RFC 3339 time", quoted(*posted_time)));
    post_.platform = "x";
    post_.id = keep_id_at(activity, out_);
    post_.created_at_ms = *time_ms;
    post_.text = out_.keep_unescaped(*text);
    read_language(activity);
    read_author(activity);
    read_relations(activity, shared);
    read_entities(source);
    read_links(activity, source);
    read_place(activity);
    post_.likes = count_at(activity, "favoritesCount");
    post_.reposts = count_at(activity, "retweetCount");
    post_.is_sensitive = is_true(activity, "twitter_possibly_sensitive") || is_true(activity, "possibly_sensitive");
    post_.url = keep_tweet_url(post_.author_handle, post_.id, out_);
    const auto history = object_at(activity, "edit_history");
    if (history) apply_edit_history(array_at(*history, "edit_tweet_ids"), post_, out_);
    return out_.add(post_, "");
  }

 private:
  void read_language(JsonObject activity) {
    std::string_view code = text_or_empty(activity, "twitter_lang");
    const auto gnip = object_at(activity, "gnip");
    const auto language = gnip ? object_at(*gnip, "language") : std::nullopt;
    if (code.empty() && language) code = text_or_empty(*language, "value");
    post_.lang = out_.keep(tweet_language(code));
  }

  void read_author(JsonObject activity) {
    const auto actor = object_at(activity, "actor");
    if (!actor) return;
    post_.author_id = keep_id_at(*actor, out_);
    post_.author_handle = out_.keep(text_or_empty(*actor, "preferredUsername"));
    post_.author_name = out_.keep(text_or_empty(*actor, "displayName"));
    post_.author_bio = out_.keep_unescaped(text_or_empty(*actor, "summary"));
    post_.author_created_at_ms = parse_rfc3339_ms(text_or_empty(*actor, "postedTime")).value_or(0);
    post_.is_verified = is_true(*actor, "verified");
    post_.followers = count_at(*actor, "followersCount");
  }

  void read_relations(JsonObject activity, const std::optional<JsonObject>& shared) {
    if (const auto answered = object_at(activity, "inReplyTo")) {
      const std::string_view link = text_or_empty(*answered, "link");
      post_.in_reply_to = out_.keep(bare_id(link));
      post_.in_reply_to_handle = out_.keep(handle_in_link(link));
    }
    if (const auto quoted_tweet = object_at(activity, "twitter_quoted_status")) {
      post_.quote_of = keep_id_at(*quoted_tweet, out_);
    }
    if (shared) {
      post_.kind = PostKind::kRepost;
      post_.repost_of = keep_id_at(*shared, out_);
      const auto actor = object_at(*shared, "actor");
      post_.repost_of_handle = out_.keep(actor ? text_or_empty(*actor, "preferredUsername")
                                               : handle_of_old_retweet(text_or_empty(activity, "body")));
    } else if (!post_.in_reply_to.empty()) {
      post_.kind = PostKind::kReply;
    } else if (!post_.quote_of.empty()) {
      post_.kind = PostKind::kQuote;
    }
  }

  void read_entities(JsonObject source) {
    const JsonObject holder = text_holder(source);
    for (const std::string_view key : {"twitter_extended_entities", "twitter_entities"}) {
      auto entities = object_at(holder, key);
      if (!entities) entities = object_at(source, key);
      const auto media = entities ? array_at(*entities, "media") : std::nullopt;
      for_each_object(media, [this](JsonObject item) { note_tweet_media(text_or_empty(item, "type"), post_.media); });
      if (media) break;
    }
    const auto entities = object_at(holder, "twitter_entities");
    for_each_object(entities ? array_at(*entities, "hashtags") : std::nullopt,
                    [this](JsonObject hashtag) { out_.add_item(out_.keep(text_or_empty(hashtag, "text"))); });
    post_.hashtags = out_.take_items();
  }

  // Gnip follows the links to their end and reads the titles there; entities have what was written.
  void read_links(JsonObject activity, JsonObject source) {
    const auto gnip = object_at(activity, "gnip");
    const auto followed = gnip ? array_at(*gnip, "urls") : std::nullopt;
    const auto entities = object_at(text_holder(source), "twitter_entities");
    for_each_object(followed, [this](JsonObject url) { out_.add_item(out_.keep(text_or_empty(url, "expanded_url"))); });
    for_each_object(entities ? array_at(*entities, "urls") : std::nullopt, [this](JsonObject url) {
      const std::string_view target = text_or_empty(url, "expanded_url");
      out_.add_item(out_.keep(target.empty() ? text_or_empty(url, "url") : target));
    });
    post_.urls = out_.take_items();
    for_each_object(followed, [this](JsonObject url) {
      out_.add_item(out_.keep_unescaped(text_or_empty(url, "expanded_url_title")));
    });
    post_.url_titles = out_.take_items();
  }

  void read_place(JsonObject activity) {
    const auto place = object_at(activity, "location");
    post_.has_geo = place || has(activity, "geo");
    if (!place) return;
    post_.place = out_.keep(text_or_empty(*place, "displayName"));
    post_.country = country_code(text_or_empty(*place, "twitter_country_code"));
  }

  PostWriter& out_;
  Post post_;
};

Verdict read_deletion(JsonObject activity, PostWriter& out) {
  Post post;
  post.platform = "x";
  const auto object = object_at(activity, "object");
  post.id = object ? keep_id_at(*object, out) : keep_id_at(activity, out);
  if (const auto actor = object_at(activity, "actor")) post.author_id = keep_id_at(*actor, out);
  const auto posted_ms = parse_rfc3339_ms(text_or_empty(activity, "postedTime"));
  return out.add_deletion(post, {posted_ms, number_at(activity, "timestampMs"), tweet_time_ms(post.id)}, "");
}

}  // namespace

Verdict read_gnip(JsonObject record, PostWriter& out) {
  const std::string_view verb = text_or_empty(record, "verb");
  if (verb.empty() && has(record, "info")) return Verdict::kNotAPost;  // about the connection
  if (verb == "post" || verb == "share") return ActivityReader(out).read(record);
  if (verb == "delete") return read_deletion(record, out);
  return verb.empty() ? out.refuse("verb is missing or not a string") : Verdict::kNotAPost;
}

}  // namespace earshot::parse
