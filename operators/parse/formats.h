// The readers of the formats: each turns one JSON object into posts, a refusal or the finding that it is no post.
#pragma once

#include <string>

#include "operators/parse/json_members.h"
#include "operators/parse/post_writer.h"

namespace earshot::parse {

// The format of a record by its members; kAuto when it is none that is known.
Format detect_format(JsonObject record);

// The canonical post of schemas/post.schema.json.
Verdict read_canonical(JsonObject record, PostWriter& out);

// X API v2: an event of the filtered or sampled stream, a look-up or search page (`data` is an array), or a bare tweet.
// An event about a tweet or of the connection is not a post.
Verdict read_x_v2(JsonObject record, PostWriter& out);

// Twitter API v1.1: a status in compatibility, extended or full form, or a search page (`statuses`). Stream notices
// (delete, limit and so on) are not posts.
Verdict read_twitter_v1(JsonObject record, PostWriter& out);

// Bluesky Jetstream: a commit that creates an app.bsky.feed.post. All other events are not posts.
// The post's time is the earlier of the author's createdAt and the event's time_us, as Bluesky itself sorts posts, and
// time_us alone when createdAt is missing, unreadable or before 2000.
Verdict read_jetstream(JsonObject record, PostWriter& out);

// What read_mastodon needs beside the record.
struct MastodonScratch {
  simdjson::dom::parser payload_parser;
  std::string text;
  std::vector<std::string> links;
};

// Mastodon: a status, or an event of the streaming API with a status as string or object. Events other than "update"
// are not posts, notifications neither. The id is the one of the instance that served the status.
Verdict read_mastodon(JsonObject record, MastodonScratch& scratch, PostWriter& out);

// Reddit: a comment (t1) or a submission (t3), bare or as {kind, data}, or a Listing of them. Those whose body is
// "[deleted]" or "[removed]" are not posts.
Verdict read_reddit(JsonObject record, PostWriter& out);

}  // namespace earshot::parse
