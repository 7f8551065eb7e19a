#include "operators/parse/canonical_members.h"

#include <cstring>

#include "operators/parse/country_code.h"

namespace earshot::parse {

const std::array<std::string_view, kMembers> kMemberNames{"platform",
                                                          "lang",
                                                          "text",
                                                          "url",
                                                          "author.handle",
                                                          "author.name",
                                                          "author.bio",
                                                          "in_reply_to_handle",
                                                          "repost_of_handle",
                                                          "subreddit",
                                                          "place",
                                                          "country",
                                                          "id",
                                                          "author.id",
                                                          "conversation_id",
                                                          "in_reply_to",
                                                          "repost_of",
                                                          "quote_of",
                                                          "author.followers",
                                                          "metrics.views",
                                                          "metrics.likes",
                                                          "metrics.reposts",
                                                          "metrics.replies",
                                                          "created_at",
                                                          "edited_at",
                                                          "author.created_at",
                                                          "author.verified",
                                                          "geo",
                                                          "sensitive",
                                                          "hashtags",
                                                          "urls",
                                                          "url_titles",
                                                          "media",
                                                          "kind",
                                                          "change",
                                                          "author",
                                                          "metrics"};

namespace {

// Compares with a literal of the same length, which the compiler turns into a few machine words.
template <size_t N>
Member member_if(std::string_view key, const char (&literal)[N], Member member) {
  return std::memcmp(key.data(), literal, N - 1) == 0 ? member : Member::kUnread;
}

Member member_of_four_letters(std::string_view key) {
  switch (key[0]) {
    case 't':
      return member_if(key, "text", Member::kText);
    case 'l':
      return member_if(key, "lang", Member::kLang);
    case 'u':
      return member_if(key, "urls", Member::kUrls);
    default:
      return member_if(key, "kind", Member::kKind);
  }
}

Member member_of_nine_letters(std::string_view key) {
  switch (key[0]) {
    case 'r':
      return member_if(key, "repost_of", Member::kRepostOf);
    case 'e':
      return member_if(key, "edited_at", Member::kEditedAt);
    case 's':
      return key[1] == 'e' ? member_if(key, "sensitive", Member::kSensitive)
                           : member_if(key, "subreddit", Member::kSubreddit);
    default:
      return Member::kUnread;
  }
}

}  // namespace

Member member_of_post(std::string_view key) {
  switch (key.size()) {
    case 2:
      return member_if(key, "id", Member::kId);
    case 3:
      return key[0] == 'u' ? member_if(key, "url", Member::kUrl) : member_if(key, "geo", Member::kGeo);
    case 4:
      return member_of_four_letters(key);
    case 5:
      return key[0] == 'm' ? member_if(key, "media", Member::kMedia) : member_if(key, "place", Member::kPlace);
    case 6:
      return key[0] == 'a' ? member_if(key, "author", Member::kAuthor) : member_if(key, "change", Member::kChange);
    case 7:
      return key[0] == 'm' ? member_if(key, "metrics", Member::kMetrics) : member_if(key, "country", Member::kCountry);
    case 8:
      return key[0] == 'p'   ? member_if(key, "platform", Member::kPlatform)
             : key[0] == 'h' ? member_if(key, "hashtags", Member::kHashtags)
                             : member_if(key, "quote_of", Member::kQuoteOf);
    case 9:
      return member_of_nine_letters(key);
    case 10:
      return key[0] == 'c' ? member_if(key, "created_at", Member::kCreatedAt)
                           : member_if(key, "url_titles", Member::kUrlTitles);
    case 11:
      return member_if(key, "in_reply_to", Member::kInReplyTo);
    case 15:
      return member_if(key, "conversation_id", Member::kConversationId);
    case 16:
      return member_if(key, "repost_of_handle", Member::kRepostOfHandle);
    case 18:
      return member_if(key, "in_reply_to_handle", Member::kInReplyToHandle);
    default:
      return Member::kUnread;
  }
}

Member member_of_author(std::string_view key) {
  switch (key.size()) {
    case 2:
      return member_if(key, "id", Member::kAuthorId);
    case 3:
      return member_if(key, "bio", Member::kBio);
    case 4:
      return member_if(key, "name", Member::kName);
    case 6:
      return member_if(key, "handle", Member::kHandle);
    case 8:
      return member_if(key, "verified", Member::kVerified);
    case 9:
      return member_if(key, "followers", Member::kFollowers);
    case 10:
      return member_if(key, "created_at", Member::kAuthorCreatedAt);
    default:
      return Member::kUnread;
  }
}

Member member_of_metrics(std::string_view key) {
  switch (key.size()) {
    case 5:
      return key[0] == 'l' ? member_if(key, "likes", Member::kLikes) : member_if(key, "views", Member::kViews);
    case 7:
      return key[2] == 'p' && key[3] == 'o' ? member_if(key, "reposts", Member::kReposts)
                                            : member_if(key, "replies", Member::kReplies);
    default:
      return Member::kUnread;
  }
}

void tidy(Post& post) {
  for (const auto handle : {&Post::author_handle, &Post::in_reply_to_handle, &Post::repost_of_handle}) {
    if ((post.*handle).starts_with('@')) (post.*handle).remove_prefix(1);
  }
  if (post.subreddit.starts_with("r/")) post.subreddit.remove_prefix(2);
  if (!post.country.empty()) post.country = country_code(post.country);
  if (!post.place.empty()) post.has_geo = true;
}

}  // namespace earshot::parse
