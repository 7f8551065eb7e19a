// The canonical post. This is the hot path of most installations: the members are walked once, in whatever order they
// come, and the strings that are kept move to the batch's memory in one copy.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <span>

#include "engine/time/timestamp.h"
#include "operators/parse/formats.h"

namespace earshot::parse {
namespace {

namespace dom = simdjson::dom;

enum class Key : uint8_t {
  kUnknown,
  kId,
  kPlatform,
  kCreatedAt,
  kLang,
  kText,
  kUrl,
  kKind,
  kAuthor,
  kMetrics,
  kHashtags,
  kUrls,
  kConversationId,
  kInReplyTo,
  kRepostOf,
  kQuoteOf
};

// Compares with a literal of the same length, which the compiler turns into a few machine words.
template <size_t N>
bool same(std::string_view key, const char (&literal)[N]) {
  return std::memcmp(key.data(), literal, N - 1) == 0;
}

Key key_of(std::string_view key) {
  switch (key.size()) {
    case 2:
      return same(key, "id") ? Key::kId : Key::kUnknown;
    case 3:
      return same(key, "url") ? Key::kUrl : Key::kUnknown;
    case 4:
      if (same(key, "text")) return Key::kText;
      if (same(key, "lang")) return Key::kLang;
      if (same(key, "urls")) return Key::kUrls;
      return same(key, "kind") ? Key::kKind : Key::kUnknown;
    case 6:
      return same(key, "author") ? Key::kAuthor : Key::kUnknown;
    case 7:
      return same(key, "metrics") ? Key::kMetrics : Key::kUnknown;
    case 8:
      if (same(key, "platform")) return Key::kPlatform;
      if (same(key, "hashtags")) return Key::kHashtags;
      return same(key, "quote_of") ? Key::kQuoteOf : Key::kUnknown;
    case 9:
      return same(key, "repost_of") ? Key::kRepostOf : Key::kUnknown;
    case 10:
      return same(key, "created_at") ? Key::kCreatedAt : Key::kUnknown;
    case 11:
      return same(key, "in_reply_to") ? Key::kInReplyTo : Key::kUnknown;
    case 15:
      return same(key, "conversation_id") ? Key::kConversationId : Key::kUnknown;
    default:
      return Key::kUnknown;
  }
}

constexpr std::string_view Post::*kTextMembers[] = {&Post::id,
                                                    &Post::platform,
                                                    &Post::lang,
                                                    &Post::text,
                                                    &Post::url,
                                                    &Post::author_id,
                                                    &Post::author_handle,
                                                    &Post::author_name,
                                                    &Post::conversation_id,
                                                    &Post::in_reply_to,
                                                    &Post::repost_of,
                                                    &Post::quote_of};

class CanonicalReader {
 public:
  explicit CanonicalReader(PostWriter& out) : out_(out) {}

  Verdict read(JsonObject record) {
    for (const dom::key_value_pair field : record) {
      if (!read_member(key_of(field.key), field.value)) return Verdict::kRefused;
    }
    if (!has_required_members()) return Verdict::kRefused;
    keep_texts();
    post_.hashtags = hashtags_;
    post_.urls = urls_;
    out_.add_checked(post_);
    return Verdict::kPosts;
  }

 private:
  bool read_member(Key key, JsonElement value) {
    switch (key) {
      case Key::kUnknown:
        return true;
      case Key::kId:
        return read_id(value, "id", post_.id);
      case Key::kPlatform:
        return read_text(value, "platform", post_.platform);
      case Key::kCreatedAt:
        return read_time(value);
      case Key::kLang:
        return read_text(value, "lang", post_.lang);
      case Key::kText:
        has_text_ = !value.is_null();
        return read_text(value, "text", post_.text);
      case Key::kUrl:
        return read_text(value, "url", post_.url);
      case Key::kKind:
        return read_kind(value);
      case Key::kAuthor:
        return read_author(value);
      case Key::kMetrics:
        return read_metrics(value);
      case Key::kHashtags:
        return read_list(value, "hashtags", hashtags_) && strip_hashes();
      case Key::kUrls:
        return read_list(value, "urls", urls_);
      case Key::kConversationId:
        return read_id(value, "conversation_id", post_.conversation_id);
      case Key::kInReplyTo:
        return read_id(value, "in_reply_to", post_.in_reply_to);
      case Key::kRepostOf:
        return read_id(value, "repost_of", post_.repost_of);
      case Key::kQuoteOf:
        return read_id(value, "quote_of", post_.quote_of);
    }
    return true;
  }

  bool refuse(std::string reason) {
    out_.refuse(std::move(reason));
    return false;
  }
  bool refuse_type(JsonElement value, std::string_view name, std::string_view wanted) {
    return refuse(fmt::format("{} is {}, not {}", name, type_name(value), wanted));
  }

  bool read_text(JsonElement value, std::string_view name, std::string_view& field) {
    if (value.get(field) == simdjson::SUCCESS) {
      note(field);
      return true;
    }
    field = {};
    return value.is_null() || refuse_type(value, name, "a string");
  }

  bool read_id(JsonElement value, std::string_view name, std::string_view& field) {
    if (value.get(field) == simdjson::SUCCESS) {
      note(field);
      return true;
    }
    field = out_.keep_id(value);
    return !field.empty() || value.is_null() || refuse_type(value, name, "a string");
  }

  bool read_time(JsonElement value) {
    std::string_view text;
    if (value.get(text) != simdjson::SUCCESS) {
      return value.is_null() || refuse_type(value, "created_at", "an RFC 3339 time in a string");
    }
    const auto time_ms = parse_rfc3339_ms(text);
    if (!time_ms) return refuse("created_at " + quoted(text) + " is not an RFC 3339 time");
    const std::string_view absurdity = absurdity_of(*time_ms);
    if (!absurdity.empty()) return refuse(fmt::format("created_at {} {}", quoted(text), absurdity));
    post_.created_at_ms = *time_ms;
    has_time_ = true;
    return true;
  }

  bool read_kind(JsonElement value) {
    std::string_view text;
    if (value.is_null()) return true;
    if (value.get(text) != simdjson::SUCCESS) return refuse_type(value, "kind", "a string");
    for (const PostKind kind : {PostKind::kOriginal, PostKind::kReply, PostKind::kRepost, PostKind::kQuote}) {
      if (text != to_string(kind)) continue;
      post_.kind = kind;
      return true;
    }
    return refuse("kind " + quoted(text) + " is none of original, reply, repost, quote");
  }

  bool read_count(JsonElement value, std::string_view name, int64_t& field) {
    if (value.get(field) == simdjson::SUCCESS) return true;
    double real = 0;
    constexpr double kExactLimit = 9007199254740992.0;
    if (value.is_double() && value.get(real) == simdjson::SUCCESS && real == std::trunc(real) &&
        std::abs(real) <= kExactLimit) {
      field = static_cast<int64_t>(real);
      return true;
    }
    field = 0;
    if (value.is_null()) return true;
    return value.is_number() ? refuse(fmt::format("{} is not a whole number of 64 bits", name))
                             : refuse_type(value, name, "a whole number");
  }

  bool read_author(JsonElement value) {
    JsonObject author;
    if (value.get(author) != simdjson::SUCCESS) return value.is_null() || refuse_type(value, "author", "an object");
    for (const dom::key_value_pair field : author) {
      bool ok = true;
      if (field.key == "id") {
        ok = read_id(field.value, "author.id", post_.author_id);
      } else if (field.key == "handle") {
        ok = read_text(field.value, "author.handle", post_.author_handle);
      } else if (field.key == "name") {
        ok = read_text(field.value, "author.name", post_.author_name);
      } else if (field.key == "followers") {
        ok = read_count(field.value, "author.followers", post_.followers);
        if (ok && post_.followers < 0) return refuse("author.followers is below zero");
      }
      if (!ok) return false;
    }
    return true;
  }

  bool read_metrics(JsonElement value) {
    JsonObject metrics;
    if (value.get(metrics) != simdjson::SUCCESS) return value.is_null() || refuse_type(value, "metrics", "an object");
    for (const dom::key_value_pair field : metrics) {
      bool ok = true;
      if (field.key == "likes") {
        ok = read_count(field.value, "metrics.likes", post_.likes);
      } else if (field.key == "reposts") {
        ok = read_count(field.value, "metrics.reposts", post_.reposts);
      } else if (field.key == "replies") {
        ok = read_count(field.value, "metrics.replies", post_.replies);
      }
      if (!ok) return false;
    }
    return true;
  }

  bool read_list(JsonElement value, std::string_view name, std::span<std::string_view>& list) {
    list = {};
    JsonArray array;
    if (value.get(array) != simdjson::SUCCESS) {
      return value.is_null() || refuse_type(value, name, "an array of strings");
    }
    size_t count = 0;
    for ([[maybe_unused]] const JsonElement item : array) ++count;
    if (count == 0) return true;
    std::string_view* at = out_.allocate_list(count);
    list = {at, count};
    for (const JsonElement item : array) {
      if (item.get(*at) != simdjson::SUCCESS) {
        return refuse_type(item, fmt::format("{}[{}]", name, at - list.data()), "a string");
      }
      note(*at++);
    }
    return true;
  }

  bool strip_hashes() {
    for (std::string_view& tag : hashtags_) {
      if (tag.starts_with('#')) tag.remove_prefix(1);
    }
    return true;
  }

  bool has_required_members() {
    if (post_.id.empty()) return refuse("id is missing");
    if (post_.platform.empty()) return refuse("platform is missing");
    if (!has_time_) return refuse("created_at is missing");
    return has_text_ || refuse("text is missing");
  }

  // Remembers how far the kept strings reach in the JSON parser's buffer.
  void note(std::string_view& text) {
    if (text.empty()) {
      text = {};
      return;
    }
    first_ = first_ == nullptr ? text.data() : std::min(first_, text.data(), std::less<>());
    last_ = std::max(last_, text.data() + text.size(), std::less<>());
    noted_bytes_ += text.size();
  }

  // The JSON parser lays strings out in the order of the record, so the kept ones lie close together unless a large
  // member that no one reads is between them: one copy takes them all along with the keys between.
  void keep_texts() {
    const size_t reach = noted_bytes_ == 0 ? 0 : static_cast<size_t>(last_ - first_);
    constexpr size_t kSlackBytes = 512;
    if (reach > 2 * noted_bytes_ + kSlackBytes) {
      for_each_text([this](std::string_view& text) {
        if (is_noted(text)) text = out_.keep(text);
      });
      return;
    }
    char* const copy = out_.allocate_text(reach);
    if (reach > 0) std::memcpy(copy, first_, reach);
    for_each_text([this, copy](std::string_view& text) {
      if (is_noted(text)) text = {copy + (text.data() - first_), text.size()};
    });
  }
  // False for the digits of an id that was a number, which are kept already.
  [[nodiscard]] bool is_noted(std::string_view text) const {
    return !text.empty() && !std::less<>()(text.data(), first_) && std::less<>()(text.data(), last_);
  }
  template <class Use>
  void for_each_text(Use use) {
    for (const auto text_member : kTextMembers) use(post_.*text_member);
    for (std::string_view& tag : hashtags_) use(tag);
    for (std::string_view& url : urls_) use(url);
  }

  PostWriter& out_;
  Post post_;
  std::span<std::string_view> hashtags_;
  std::span<std::string_view> urls_;
  bool has_time_ = false;
  bool has_text_ = false;
  const char* first_ = nullptr;
  const char* last_ = nullptr;
  size_t noted_bytes_ = 0;
};

}  // namespace

Verdict read_canonical(JsonObject record, PostWriter& out) {
  return CanonicalReader(out).read(record);
}

}  // namespace earshot::parse
