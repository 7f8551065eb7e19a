// Post: one canonical post, whatever the platform it came from. Views point into the batch's memory; empty means
// unknown.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/json_cursor.h"

namespace earshot {

enum class PostKind : uint8_t { kOriginal, kReply, kRepost, kQuote };

struct Post {
  std::string_view id;        // unique within the platform
  std::string_view platform;  // "x", "bluesky", "mastodon", "reddit", or what a canonical record says
  std::string_view lang;      // BCP 47
  std::string_view text;      // valid UTF-8, as the author wrote it
  std::string_view url;
  std::string_view author_id;
  std::string_view author_handle;
  std::string_view author_name;
  std::string_view conversation_id;
  std::string_view in_reply_to;  // id of the post that this one answers
  std::string_view repost_of;    // id of the post that this one repeats
  std::string_view quote_of;
  std::span<const std::string_view> hashtags;  // without '#'
  std::span<const std::string_view> urls;
  int64_t created_at_ms = 0;
  int64_t followers = 0;
  int64_t likes = 0;
  int64_t reposts = 0;
  int64_t replies = 0;
  PostKind kind = PostKind::kOriginal;
  uint32_t record = 0;  // index of its record in the batch
};

std::string_view to_string(PostKind kind);

// Appends the post as canonical JSON (schemas/post.schema.json) without a newline; unknown members are left out.
void append_post_json(std::string& out, const Post& post);

// The same in memory of at least post_json_bytes_max(); answers its end.
size_t post_json_bytes_max(const Post& post);
char* write_post_json(char* at, const Post& post);

}  // namespace earshot
