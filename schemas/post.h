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

// What the record says of the post: that it is there, that it reads otherwise now, or that it is gone. A deleted post
// has an id and a platform, and perhaps an author; created_at_ms is the time of its deletion.
enum class PostChange : uint8_t { kCreated, kEdited, kDeleted };

struct PostMedia {
  bool has_images = false;
  bool has_video = false;
};

struct Post {
  std::string_view id;        // unique within the platform
  std::string_view platform;  // "x", "bluesky", "mastodon", "reddit", or what a canonical record says
  std::string_view lang;      // BCP 47
  std::string_view text;      // valid UTF-8, as the author wrote it
  std::string_view url;
  std::string_view author_id;
  std::string_view author_handle;
  std::string_view author_name;
  std::string_view author_bio;
  std::string_view conversation_id;
  std::string_view in_reply_to;  // id of the post that this one answers
  std::string_view repost_of;    // id of the post that this one repeats
  std::string_view quote_of;
  std::string_view in_reply_to_handle;  // of the author of that post, without '@'
  std::string_view repost_of_handle;
  std::string_view subreddit;                  // without "r/"
  std::string_view place;                      // as the platform names it
  std::string_view country;                    // ISO 3166-1, two capitals
  std::span<const std::string_view> hashtags;  // without '#'
  std::span<const std::string_view> urls;
  std::span<const std::string_view> url_titles;  // of the linked pages, as far as the platform tells
  int64_t created_at_ms = 0;
  int64_t edited_at_ms = 0;          // of the last edit; 0 when there was none
  int64_t author_created_at_ms = 0;  // of the account; 0 when unknown
  int64_t followers = 0;
  int64_t likes = 0;
  int64_t reposts = 0;
  int64_t replies = 0;
  int64_t views = 0;
  PostKind kind = PostKind::kOriginal;
  PostChange change = PostChange::kCreated;
  PostMedia media;
  bool is_verified = false;   // its author, by the platform
  bool is_sensitive = false;  // marked so by the author or the platform
  bool has_geo = false;       // a place or coordinates
  uint32_t record = 0;        // index of its record in the batch
};

std::string_view to_string(PostKind kind);
std::string_view to_string(PostChange change);

// Appends the post as canonical JSON (schemas/post.schema.json) without a newline; unknown members are left out.
void append_post_json(std::string& out, const Post& post);

// The same in memory of at least post_json_bytes_max(); answers its end.
size_t post_json_bytes_max(const Post& post);
char* write_post_json(char* at, const Post& post);

}  // namespace earshot
