// Native formats: a generated post as its platform's own API would send it.
#pragma once

#include <string>

#include "ops/generator/composer.h"

namespace earshot::generator {

// Appends the post as one line without newline: X v2 filtered stream, Jetstream, Mastodon status or Reddit comment. A
// repost on Bluesky, which Jetstream sends without its text, and other platforms' posts are written as canonical posts.
void append_native_json(std::string& out, Draft& draft);

}  // namespace earshot::generator
