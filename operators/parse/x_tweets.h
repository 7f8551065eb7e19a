// What the two APIs of X have in common.
#pragma once

#include <string_view>

#include "operators/parse/post_writer.h"

namespace earshot::parse {

// https://x.com/<handle>/status/<id>; without a handle the form that finds the tweet by its id alone.
std::string_view keep_tweet_url(std::string_view handle, std::string_view id, PostWriter& out);

// X's language code as BCP 47: retired codes as the current ones, "und" as unknown (empty).
std::string_view tweet_language(std::string_view code);

}  // namespace earshot::parse
