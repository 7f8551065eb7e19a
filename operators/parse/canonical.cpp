// The canonical post. This is the hot path of most installations: the members are walked once, in whatever order they
// come, and the post is filled in its place.
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstring>
#include <span>

#include "engine/time/timestamp.h"
#include "operators/parse/formats.h"

namespace earshot::parse {
namespace {

namespace dom = simdjson::dom;

// The members that are read, those of one type side by side.
enum class Member : uint8_t {
  kPlatform,
  kLang,
  kText,
  kUrl,
  kHandle,
  kName,
  kId,  // from here on numbers are taken too
  kAuthorId,
  kConversationId,
  kInReplyTo,
  kRepostOf,
  kQuoteOf,
  kFollowers,  // from here on counts
  kLikes,
  kReposts,
  kReplies,
  kCreatedAt,  // from here on each of its own type
  kKind,
  kAuthor,
  kMetrics,
  kHashtags,
  kUrls,
  kUnread
};

constexpr size_t index_of(Member member) {
  return static_cast<size_t>(member);
}
constexpr uint32_t bit_of(Member member) {
  return 1U << index_of(member);
}

constexpr std::array<std::string_view, index_of(Member::kUnread)> kNames{"platform",
                                                                         "lang",
                                                                         "text",
                                                                         "url",
                                                                         "author.handle",
                                                                         "author.name",
                                                                         "id",
                                                                         "author.id",
                                                                         "conversation_id",
                                                                         "in_reply_to",
                                                                         "repost_of",
                                                                         "quote_of",
                                                                         "author.followers",
                                                                         "metrics.likes",
                                                                         "metrics.reposts",
                                                                         "metrics.replies",
                                                                         "created_at",
                                                                         "kind",
                                                                         "author",
                                                                         "metrics",
                                                                         "hashtags",
                                                                         "urls"};

constexpr std::array<std::string_view Post::*, index_of(Member::kFollowers)> kTexts{
    &Post::platform,        &Post::lang,        &Post::text,      &Post::url,
    &Post::author_handle,   &Post::author_name, &Post::id,        &Post::author_id,
    &Post::conversation_id, &Post::in_reply_to, &Post::repost_of, &Post::quote_of};

constexpr std::array<int64_t Post::*, 4> kCounts{&Post::followers, &Post::likes, &Post::reposts, &Post::replies};

// Compares with a literal of the same length, which the compiler turns into a few machine words.
template <size_t N>
Member member_if(std::string_view key, const char (&literal)[N], Member member) {
  return std::memcmp(key.data(), literal, N - 1) == 0 ? member : Member::kUnread;
}

Member member_of_post(std::string_view key) {
  switch (key.size()) {
    case 2:
      return member_if(key, "id", Member::kId);
    case 3:
      return member_if(key, "url", Member::kUrl);
    case 4:
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
    case 6:
      return member_if(key, "author", Member::kAuthor);
    case 7:
      return member_if(key, "metrics", Member::kMetrics);
    case 8:
      switch (key[0]) {
        case 'p':
          return member_if(key, "platform", Member::kPlatform);
        case 'h':
          return member_if(key, "hashtags", Member::kHashtags);
        default:
          return member_if(key, "quote_of", Member::kQuoteOf);
      }
    case 9:
      return member_if(key, "repost_of", Member::kRepostOf);
    case 10:
      return member_if(key, "created_at", Member::kCreatedAt);
    case 11:
      return member_if(key, "in_reply_to", Member::kInReplyTo);
    case 15:
      return member_if(key, "conversation_id", Member::kConversationId);
    default:
      return Member::kUnread;
  }
}

Member member_of_author(std::string_view key) {
  switch (key.size()) {
    case 2:
      return member_if(key, "id", Member::kAuthorId);
    case 4:
      return member_if(key, "name", Member::kName);
    case 6:
      return member_if(key, "handle", Member::kHandle);
    case 9:
      return member_if(key, "followers", Member::kFollowers);
    default:
      return Member::kUnread;
  }
}

Member member_of_metrics(std::string_view key) {
  switch (key.size()) {
    case 5:
      return member_if(key, "likes", Member::kLikes);
    case 7:
      return key[2] == 'p' && key[3] == 'o' ? member_if(key, "reposts", Member::kReposts)
                                            : member_if(key, "replies", Member::kReplies);
    default:
      return Member::kUnread;
  }
}

class CanonicalReader {
 public:
  // `first` is the first string of the record in the JSON parser's buffer.
  CanonicalReader(const char* first, PostWriter& out)
      : out_(out), texts_(out.keep_block(first)), post_(out.begin_post()) {}

  Verdict read(JsonObject record) {
    const bool is_wanted = read_members<member_of_post>(record) && has_required_members();
    if (is_wanted) texts_.finish();
    out_.end_post(is_wanted);
    return is_wanted ? Verdict::kPosts : Verdict::kRefused;
  }

 private:
  template <Member (*member_of)(std::string_view)>
  bool read_members(JsonObject object) {
    for (const dom::key_value_pair field : object) {
      const Member member = member_of(field.key);
      if (member < Member::kFollowers && field.value.is_string()) {
        post_.*kTexts[index_of(member)] = texts_.keep(field.value.get_string().value_unsafe());
        seen_ |= bit_of(member);
      } else if (member != Member::kUnread && !read_member(member, field.value)) {
        return false;
      }
    }
    return true;
  }

  bool read_member(Member member, JsonElement value) {
    if (member >= Member::kFollowers && member <= Member::kReplies) return read_count(member, value);
    if (value.is_null()) return forget(member);
    switch (member) {
      case Member::kCreatedAt:
        return read_time(value);
      case Member::kKind:
        return read_kind(value);
      case Member::kAuthor:
        return read_object<member_of_author>(member, value);
      case Member::kMetrics:
        return read_object<member_of_metrics>(member, value);
      case Member::kHashtags:
        return read_list(member, value, post_.hashtags);
      case Member::kUrls:
        return read_list(member, value, post_.urls);
      default:
        return read_numeric_id(member, value);
    }
  }

  template <Member (*member_of)(std::string_view)>
  bool read_object(Member member, JsonElement value) {
    JsonObject object;
    return value.get(object) == simdjson::SUCCESS ? read_members<member_of>(object)
                                                  : refuse_type(member, value, "an object");
  }

  // A member that comes twice counts as its last, so a null takes back what was there.
  bool forget(Member member) {
    seen_ &= ~bit_of(member);
    if (member < Member::kFollowers) post_.*kTexts[index_of(member)] = {};
    if (member == Member::kHashtags) post_.hashtags = {};
    if (member == Member::kUrls) post_.urls = {};
    return true;
  }

  bool read_numeric_id(Member member, JsonElement value) {
    if (member < Member::kId) return refuse_type(member, value, "a string");
    const std::string_view digits = out_.keep_id(value);
    if (digits.empty()) return refuse_type(member, value, "a string");
    post_.*kTexts[index_of(member)] = digits;
    seen_ |= bit_of(member);
    return true;
  }

  bool read_time(JsonElement value) {
    std::string_view text;
    if (value.get(text) != simdjson::SUCCESS) {
      return refuse_type(Member::kCreatedAt, value, "an RFC 3339 time in a string");
    }
    const auto time_ms = parse_rfc3339_ms(text);
    if (!time_ms || !absurdity_of(*time_ms).empty()) return refuse_time(text, time_ms);
    post_.created_at_ms = *time_ms;
    seen_ |= bit_of(Member::kCreatedAt);
    return true;
  }

  bool read_kind(JsonElement value) {
    std::string_view text;
    if (value.get(text) != simdjson::SUCCESS) return refuse_type(Member::kKind, value, "a string");
    for (const PostKind kind : {PostKind::kOriginal, PostKind::kReply, PostKind::kRepost, PostKind::kQuote}) {
      if (text != to_string(kind)) continue;
      post_.kind = kind;
      return true;
    }
    return refuse("kind " + quoted(text) + " is none of original, reply, repost, quote");
  }

  bool read_count(Member member, JsonElement value) {
    int64_t& count = post_.*kCounts[index_of(member) - index_of(Member::kFollowers)];
    if (!value.is_int64()) return read_odd_count(member, value, count);
    count = value.get_int64().value_unsafe();
    return count >= 0 || member != Member::kFollowers || refuse("author.followers is below zero");
  }

  // 12.0 and 1.2e1 are whole numbers too.
  bool read_odd_count(Member member, JsonElement value, int64_t& count) {
    count = 0;
    if (value.is_null()) return true;
    double real = 0;
    constexpr double kExactLimit = 9007199254740992.0;
    if (!value.is_number()) return refuse_type(member, value, "a whole number");
    if (value.is_double() && value.get(real) == simdjson::SUCCESS && real == std::trunc(real) &&
        std::abs(real) <= kExactLimit) {
      count = static_cast<int64_t>(real);
      return count >= 0 || member != Member::kFollowers || refuse("author.followers is below zero");
    }
    return refuse(fmt::format("{} is not a whole number of 64 bits", kNames[index_of(member)]));
  }

  bool read_list(Member member, JsonElement value, std::span<const std::string_view>& list) {
    list = {};
    JsonArray array;
    if (value.get(array) != simdjson::SUCCESS) return refuse_type(member, value, "an array of strings");
    if (array.begin() == array.end()) return true;
    const std::span<std::string_view> items = out_.allocate_list(array.size());
    size_t index = 0;
    for (const JsonElement element : array) {
      std::string_view item;
      if (element.get(item) != simdjson::SUCCESS) return refuse_item(member, index, element);
      // Tags are kept without their sign, which some collectors leave on.
      if (member == Member::kHashtags && item.starts_with('#')) item.remove_prefix(1);
      items[index++] = texts_.keep(item);
    }
    list = items;
    return true;
  }

  bool has_required_members() {
    constexpr uint32_t kRequired =
        bit_of(Member::kId) | bit_of(Member::kPlatform) | bit_of(Member::kCreatedAt) | bit_of(Member::kText);
    const bool has_all = (seen_ & kRequired) == kRequired && !post_.id.empty() && !post_.platform.empty();
    return has_all || refuse_incomplete();
  }

  [[gnu::cold]] bool refuse_incomplete() {
    if (post_.id.empty()) return refuse("id is missing");
    if (post_.platform.empty()) return refuse("platform is missing");
    return refuse((seen_ & bit_of(Member::kCreatedAt)) == 0 ? "created_at is missing" : "text is missing");
  }
  [[gnu::cold]] bool refuse(std::string reason) {
    out_.refuse(std::move(reason));
    return false;
  }
  [[gnu::cold]] bool refuse_time(std::string_view text, std::optional<int64_t> time_ms) {
    return refuse(fmt::format("created_at {} {}", quoted(text),
                              time_ms ? absurdity_of(*time_ms) : std::string_view("is not an RFC 3339 time")));
  }
  [[gnu::cold]] bool refuse_type(Member member, JsonElement value, std::string_view wanted) {
    return refuse(fmt::format("{} is {}, not {}", kNames[index_of(member)], type_name(value), wanted));
  }
  [[gnu::cold]] bool refuse_item(Member member, size_t index, JsonElement item) {
    return refuse(fmt::format("{}[{}] is {}, not a string", kNames[index_of(member)], index, type_name(item)));
  }

  PostWriter& out_;
  TextBlock texts_;
  Post& post_;
  uint32_t seen_ = 0;  // bits of the members that have a value
};

}  // namespace

Verdict read_canonical(JsonObject record, PostWriter& out) {
  if (record.begin() == record.end()) return out.refuse("id is missing");
  return CanonicalReader(record.begin().key().data(), out).read(record);
}

}  // namespace earshot::parse
