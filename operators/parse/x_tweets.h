// What the APIs of X have in common: v2, v1.1 and Gnip's.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "operators/parse/json_members.h"
#include "operators/parse/post_writer.h"

namespace earshot::parse {

// https://x.com/<handle>/status/<id>; without a handle the form that finds the tweet by its id alone.
std::string_view keep_tweet_url(std::string_view handle, std::string_view id, PostWriter& out);

// X's language code as BCP 47: retired codes as the current ones, "und" and the codes of tweets without words ("qme"
// for media alone, "zxx" and so on) as unknown (empty).
std::string_view tweet_language(std::string_view code);

// When the tweet was made, to the second, by its id (a "snowflake"); nullopt for those before November 2010.
std::optional<int64_t> tweet_time_ms(std::string_view id);

// The handle in "RT @handle: …"; empty for another text.
std::string_view handle_of_old_retweet(std::string_view text);

// X gives every version of an edited tweet an id of its own. All of them are one post: the post takes the id and the
// time of the first, and its own time as that of the edit. `ids` are the versions, the first one first.
void apply_edit_history(std::optional<JsonArray> ids, Post& post, PostWriter& out);

// What "photo", "video" and "animated_gif" are.
void note_tweet_media(std::string_view type, PostMedia& media);

}  // namespace earshot::parse
