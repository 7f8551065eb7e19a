// The members of a canonical post (schemas/post.schema.json): which there are, what they are called, and where in a
// Post their values go.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "schemas/post.h"

namespace earshot::parse {

// The members that are read, those of one type side by side.
enum class Member : uint8_t {
  kPlatform,
  kLang,
  kText,
  kUrl,
  kHandle,
  kName,
  kBio,
  kInReplyToHandle,
  kRepostOfHandle,
  kSubreddit,
  kPlace,
  kCountry,
  kId,  // from here on numbers are taken too
  kAuthorId,
  kConversationId,
  kInReplyTo,
  kRepostOf,
  kQuoteOf,
  kFollowers,  // from here on counts
  kViews,
  kLikes,  // from here on they may be below zero
  kReposts,
  kReplies,
  kCreatedAt,  // from here on times
  kEditedAt,
  kAuthorCreatedAt,
  kVerified,  // from here on flags
  kGeo,
  kSensitive,
  kHashtags,  // from here on lists
  kUrls,
  kUrlTitles,
  kMedia,  // from here on each of its own type
  kKind,
  kChange,
  kAuthor,
  kMetrics,
  kUnread
};

constexpr size_t index_of(Member member) {
  return static_cast<size_t>(member);
}
constexpr size_t kMembers = index_of(Member::kUnread);

// "author.handle" and so on, by member.
extern const std::array<std::string_view, kMembers> kMemberNames;

// Where values go, counted from the first member of the type.
inline constexpr std::array<std::string_view Post::*, index_of(Member::kFollowers)> kTextTargets{
    &Post::platform,
    &Post::lang,
    &Post::text,
    &Post::url,
    &Post::author_handle,
    &Post::author_name,
    &Post::author_bio,
    &Post::in_reply_to_handle,
    &Post::repost_of_handle,
    &Post::subreddit,
    &Post::place,
    &Post::country,
    &Post::id,
    &Post::author_id,
    &Post::conversation_id,
    &Post::in_reply_to,
    &Post::repost_of,
    &Post::quote_of};
inline constexpr std::array<int64_t Post::*, 5> kCountTargets{&Post::followers, &Post::views, &Post::likes,
                                                              &Post::reposts, &Post::replies};
inline constexpr std::array<int64_t Post::*, 3> kTimeTargets{&Post::created_at_ms, &Post::edited_at_ms,
                                                             &Post::author_created_at_ms};
inline constexpr std::array<bool Post::*, 3> kFlagTargets{&Post::is_verified, &Post::has_geo, &Post::is_sensitive};
inline constexpr std::array<std::span<const std::string_view> Post::*, 3> kListTargets{&Post::hashtags, &Post::urls,
                                                                                       &Post::url_titles};

// The member of this name of a post, of its author and of its metrics; kUnread when none is read.
Member member_of_post(std::string_view key);
Member member_of_author(std::string_view key);
Member member_of_metrics(std::string_view key);

// Brings into the form that a Post promises what senders write in several: handles without '@', the subreddit without
// "r/", the country in capitals or unknown; a place is one to be found at.
void tidy(Post& post);

}  // namespace earshot::parse
