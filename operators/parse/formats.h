// The readers of the formats: each turns one JSON object into posts, a refusal or the finding that it is no post.
#pragma once

#include <string>
#include <vector>

#include "operators/parse/custom_fields.h"
#include "operators/parse/json_members.h"
#include "operators/parse/post_writer.h"

namespace earshot::parse {

// The format of a record by its members; kAuto when it is none that is known.
Format detect_format(JsonObject record);

// The canonical post of schemas/post.schema.json.
Verdict read_canonical(JsonObject record, PostWriter& out);

// X API v2: an event of the filtered or sampled stream, a look-up or search page (`data` is an array), or a bare tweet.
// A compliance event that a tweet was deleted is a deleted post; one of the other events and a page without results are
// not posts. A problem that X reports instead of a tweet is refused with its words.
Verdict read_x_v2(JsonObject record, PostWriter& out);

// Twitter API v1.1: a status in compatibility, extended or full form, or a search page (`statuses`). The notices that a
// status was deleted, or is withheld everywhere, are deleted posts; all others are not posts.
Verdict read_twitter_v1(JsonObject record, PostWriter& out);

// Gnip's Activity Streams of X: a post, a share (a retweet), or a deletion.
Verdict read_gnip(JsonObject record, PostWriter& out);

// Bluesky Jetstream: a commit that creates, updates or deletes an app.bsky.feed.post. All other events are not posts.
// The post's time is the earlier of the author's createdAt and the event's time_us, as Bluesky itself sorts posts, and
// time_us alone when createdAt is missing, unreadable or before 2000.
Verdict read_jetstream(JsonObject record, PostWriter& out);

// What readers of HTML and of JSON within JSON need beside the record.
struct HtmlScratch {
  std::string text;
  std::vector<std::string> links;
};
struct MastodonScratch {
  simdjson::dom::parser payload_parser;
  HtmlScratch html;
};

// Mastodon: a status, or an event of the streaming API with a status as string or object: "update", "status.update" and
// "delete". Other events are not posts, notifications neither. The id is the one of the instance that served it.
Verdict read_mastodon(JsonObject record, MastodonScratch& scratch, PostWriter& out);

// Reddit: a comment (t1) or a submission (t3), bare or as {kind, data}, or a Listing of them. Those whose body is
// "[deleted]" or "[removed]" are deleted posts.
Verdict read_reddit(JsonObject record, PostWriter& out);

// YouTube Data API: a comment, a comment thread with the replies that it brings, or a page of either. Other resources
// are not posts.
Verdict read_youtube(JsonObject record, HtmlScratch& scratch, PostWriter& out);

// GDELT: an article of the DOC API, a page of them (`articles`), or a line of the Global Article List.
Verdict read_gdelt(JsonObject record, PostWriter& out);

// RSS 0.9x, 1.0 and 2.0 and Atom: a whole feed, each item of it a post, or one item alone. `xml` may be in any encoding
// that it declares or that can be told.
Verdict read_feed(std::string_view xml, HtmlScratch& scratch, PostWriter& out);

// JSON of any shape, by the pointers of the configuration.
Verdict read_custom(JsonObject record, const CustomFields& fields, PostWriter& out);

}  // namespace earshot::parse
