// Which platform a record comes from, by members that only this platform writes. The rules go from the surest to the
// least sure, and none looks at more than the top of the record.
#include "operators/parse/formats.h"

namespace earshot::parse {
namespace {

bool is_jetstream(JsonObject record) {
  return has(record, "did") && (has(record, "time_us") || has(record, "kind") || has(record, "commit"));
}

bool is_canonical(JsonObject record) {
  return has(record, "platform") && (has(record, "text") || has(record, "created_at") || has(record, "id"));
}

bool is_mastodon(JsonObject record) {
  if (text_at(record, "event") && (has(record, "payload") || has(record, "stream") || has(record, "data"))) return true;
  if (has(record, "content")) {
    return has(record, "account") || has(record, "spoiler_text") || has(record, "sensitive") ||
           has(record, "visibility") || has(record, "in_reply_to_id");
  }
  return has(record, "account") && (has(record, "status") || has(record, "uri") || has(record, "type"));
}

bool is_gnip(JsonObject record) {
  return text_at(record, "verb") && (has(record, "actor") || has(record, "object") || has(record, "postedTime"));
}

bool is_youtube(JsonObject record) {
  return text_or_empty(record, "kind").starts_with("youtube#");
}

bool is_gdelt(JsonObject record) {
  if (array_at(record, "articles")) return true;
  return has(record, "url") && has(record, "title") && (has(record, "seendate") || has(record, "domain"));
}

bool is_reddit(JsonObject record) {
  if (text_at(record, "kind") && object_at(record, "data")) return true;
  if (has(record, "created_utc")) return true;
  return has(record, "subreddit") || (has(record, "body") && (has(record, "link_id") || has(record, "parent_id"))) ||
         (has(record, "selftext") && has(record, "title"));
}

bool is_twitter_v1(JsonObject record) {
  for (const std::string_view key : {"id_str", "full_text", "retweeted_status", "extended_tweet"}) {
    if (has(record, key)) return true;
  }
  return (object_at(record, "user") && has(record, "text")) || array_at(record, "statuses");
}

// Notices have one member, which says what happened.
bool is_twitter_v1_notice(JsonObject record) {
  for (const std::string_view key : {"delete", "limit", "scrub_geo", "status_withheld", "user_withheld", "disconnect",
                                     "warning", "friends", "friends_str"}) {
    if (has(record, key)) return true;
  }
  return false;
}

bool is_x_v2(JsonObject record) {
  for (const std::string_view key : {"data", "includes", "matching_rules", "errors", "edit_history_tweet_ids",
                                     "public_metrics", "author_id", "referenced_tweets", "connection_issue"}) {
    if (has(record, key)) return true;
  }
  // A problem of the connection, or the end of a search without results.
  return (has(record, "title") && has(record, "detail")) || object_at(record, "meta");
}

}  // namespace

Format detect_format(JsonObject record) {
  if (is_jetstream(record)) return Format::kJetstream;
  if (is_canonical(record)) return Format::kCanonical;
  if (is_youtube(record)) return Format::kYouTube;
  if (is_gnip(record)) return Format::kGnip;
  if (is_mastodon(record)) return Format::kMastodon;
  if (is_reddit(record)) return Format::kReddit;
  if (is_gdelt(record)) return Format::kGdelt;
  if (is_twitter_v1(record)) return Format::kTwitterV1;
  if (is_x_v2(record)) return Format::kXV2;
  if (is_twitter_v1_notice(record)) return Format::kTwitterV1;
  return has(record, "text") || has(record, "id") ? Format::kCanonical : Format::kAuto;
}

}  // namespace earshot::parse
