// PostFeed: the posts of an input that has been, one after the other.
#pragma once

#include <functional>
#include <string>

#include "engine/base/result.h"
#include "ops/settings/settings.h"
#include "schemas/post.h"

namespace earshot {

struct FeedCount {
  uint64_t records = 0;
  uint64_t posts = 0;
  uint64_t refused = 0;  // records that the parser does not take
};

// Calls `visit` for each post of the settings' input, each partition in order; the post is good during the call. Posts
// that are deletions are left out. Stops when `visit` answers false. Errors: those of the source.
Result<FeedCount> visit_posts(const Settings& settings, const std::function<bool(const Post&)>& visit);

// Settings of a file, a folder or "-" as input.
Result<Settings> settings_of_input(const std::string& path, const std::string& format);

}  // namespace earshot
