// The canonical post. This is the hot path of most installations: the members are walked once, in whatever order they
// come, and the post is filled in its place.
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <span>
#include <string>

#include "engine/time/timestamp.h"
#include "operators/parse/canonical_members.h"
#include "operators/parse/formats.h"

namespace earshot::parse {
namespace {

namespace dom = simdjson::dom;

constexpr uint64_t bit_of(Member member) {
  return uint64_t{1} << index_of(member);
}
constexpr bool is_from_to(Member member, Member first, Member behind) {
  return member >= first && member < behind;
}
template <class Targets>
auto target_of(const Targets& targets, Member member, Member first) {
  return targets[index_of(member) - index_of(first)];
}

constexpr std::array kKinds{PostKind::kOriginal, PostKind::kReply, PostKind::kRepost, PostKind::kQuote};
constexpr std::array kChanges{PostChange::kCreated, PostChange::kEdited, PostChange::kDeleted};

class CanonicalReader {
 public:
  // `first` is the first string of the record in the JSON parser's buffer.
  CanonicalReader(const char* first, PostWriter& out)
      : out_(out), texts_(out.keep_block(first)), post_(out.begin_post()) {}

  Verdict read(JsonObject record) {
    const bool is_wanted = read_members<member_of_post>(record) && has_required_members();
    if (is_wanted) {
      texts_.finish();
      tidy(post_);
    }
    out_.end_post(is_wanted);
    return is_wanted ? Verdict::kPosts : Verdict::kRefused;
  }

 private:
  template <Member (*member_of)(std::string_view)>
  bool read_members(JsonObject object) {
    for (const dom::key_value_pair field : object) {
      const Member member = member_of(field.key);
      if (member < Member::kFollowers && field.value.is_string()) {
        post_.*kTextTargets[index_of(member)] = texts_.keep(field.value.get_string().value_unsafe());
        seen_ |= bit_of(member);
      } else if (member != Member::kUnread && !read_member(member, field.value)) {
        return false;
      }
    }
    return true;
  }

  bool read_member(Member member, JsonElement value) {
    if (is_from_to(member, Member::kFollowers, Member::kCreatedAt)) return read_count(member, value);
    if (value.is_null()) return forget(member);
    if (member < Member::kFollowers) return read_numeric_id(member, value);
    if (member < Member::kVerified) return read_time(member, value);
    if (member < Member::kHashtags) return read_flag(member, value);
    switch (member) {
      case Member::kKind:
        return read_word(member, value, post_.kind, kKinds);
      case Member::kChange:
        return read_word(member, value, post_.change, kChanges);
      case Member::kMedia:
        return read_media(value);
      case Member::kAuthor:
        return read_object<member_of_author>(member, value);
      case Member::kMetrics:
        return read_object<member_of_metrics>(member, value);
      default:
        return read_list(member, value);
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
    if (member < Member::kFollowers) {
      post_.*kTextTargets[index_of(member)] = {};
    } else if (is_from_to(member, Member::kCreatedAt, Member::kVerified)) {
      post_.*target_of(kTimeTargets, member, Member::kCreatedAt) = 0;
    } else if (is_from_to(member, Member::kVerified, Member::kHashtags)) {
      post_.*target_of(kFlagTargets, member, Member::kVerified) = false;
    } else if (is_from_to(member, Member::kHashtags, Member::kMedia)) {
      post_.*target_of(kListTargets, member, Member::kHashtags) = {};
    } else if (member == Member::kMedia) {
      post_.media = {};
    } else if (member == Member::kKind) {
      post_.kind = PostKind::kOriginal;
    } else if (member == Member::kChange) {
      post_.change = PostChange::kCreated;
    }
    return true;
  }

  bool read_numeric_id(Member member, JsonElement value) {
    if (member < Member::kId) return refuse_type(member, value, "a string");
    const std::string_view digits = out_.keep_id(value);
    if (digits.empty()) return refuse_type(member, value, "a string");
    post_.*kTextTargets[index_of(member)] = digits;
    seen_ |= bit_of(member);
    return true;
  }

  bool read_time(Member member, JsonElement value) {
    std::string_view text;
    if (value.get(text) != simdjson::SUCCESS) return refuse_type(member, value, "an RFC 3339 time in a string");
    auto time_ms = parse_rfc3339_ms(text);
    const bool is_absurd = time_ms && !absurdity_of(*time_ms).empty();
    // Some collectors write 1970 for an account whose age they do not know.
    if (member == Member::kAuthorCreatedAt && is_absurd)
      time_ms = 0;
    else if (!time_ms || is_absurd)
      return refuse_time(member, text, time_ms);
    post_.*target_of(kTimeTargets, member, Member::kCreatedAt) = *time_ms;
    seen_ |= bit_of(member);
    return true;
  }

  bool read_flag(Member member, JsonElement value) {
    if (!value.is_bool()) return refuse_type(member, value, "true or false");
    post_.*target_of(kFlagTargets, member, Member::kVerified) = value.get_bool().value_unsafe();
    return true;
  }

  template <class Word, size_t N>
  bool read_word(Member member, JsonElement value, Word& target, const std::array<Word, N>& words) {
    std::string_view text;
    if (value.get(text) != simdjson::SUCCESS) return refuse_type(member, value, "a string");
    std::string known;
    for (const Word word : words) {
      if (text == to_string(word)) {
        target = word;
        return true;
      }
      known += (known.empty() ? "" : ", ") + std::string(to_string(word));
    }
    return refuse(fmt::format("{} {} is none of {}", kMemberNames[index_of(member)], quoted(text), known));
  }

  bool read_count(Member member, JsonElement value) {
    int64_t& count = post_.*target_of(kCountTargets, member, Member::kFollowers);
    if (!value.is_int64()) return read_odd_count(member, value, count);
    count = value.get_int64().value_unsafe();
    return count >= 0 || member >= Member::kLikes || refuse_negative(member);
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
      return count >= 0 || member >= Member::kLikes || refuse_negative(member);
    }
    return refuse(fmt::format("{} is not a whole number of 64 bits", kMemberNames[index_of(member)]));
  }

  bool read_list(Member member, JsonElement value) {
    std::span<const std::string_view>& list = post_.*target_of(kListTargets, member, Member::kHashtags);
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

  bool read_media(JsonElement value) {
    post_.media = {};
    JsonArray array;
    if (value.get(array) != simdjson::SUCCESS) return refuse_type(Member::kMedia, value, "an array of strings");
    size_t index = 0;
    for (const JsonElement element : array) {
      std::string_view item;
      if (element.get(item) != simdjson::SUCCESS) return refuse_item(Member::kMedia, index, element);
      post_.media.has_images |= item == "image";
      post_.media.has_video |= item == "video";
      ++index;
    }
    return true;
  }

  bool has_required_members() {
    constexpr uint64_t kRequired = bit_of(Member::kId) | bit_of(Member::kPlatform) | bit_of(Member::kCreatedAt);
    const bool has_all = (seen_ & kRequired) == kRequired && !post_.id.empty() && !post_.platform.empty();
    const bool has_text = (seen_ & bit_of(Member::kText)) != 0 || post_.change == PostChange::kDeleted;
    return (has_all && has_text) || refuse_incomplete();
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
  [[gnu::cold]] bool refuse_negative(Member member) {
    return refuse(fmt::format("{} is below zero", kMemberNames[index_of(member)]));
  }
  [[gnu::cold]] bool refuse_time(Member member, std::string_view text, std::optional<int64_t> time_ms) {
    return refuse(fmt::format("{} {} {}", kMemberNames[index_of(member)], quoted(text),
                              time_ms ? absurdity_of(*time_ms) : std::string_view("is not an RFC 3339 time")));
  }
  [[gnu::cold]] bool refuse_type(Member member, JsonElement value, std::string_view wanted) {
    return refuse(fmt::format("{} is {}, not {}", kMemberNames[index_of(member)], type_name(value), wanted));
  }
  [[gnu::cold]] bool refuse_item(Member member, size_t index, JsonElement item) {
    return refuse(fmt::format("{}[{}] is {}, not a string", kMemberNames[index_of(member)], index, type_name(item)));
  }

  PostWriter& out_;
  TextBlock texts_;
  Post& post_;
  uint64_t seen_ = 0;  // bits of the members that have a value
};

}  // namespace

Verdict read_canonical(JsonObject record, PostWriter& out) {
  if (record.begin() == record.end()) return out.refuse("id is missing");
  return CanonicalReader(record.begin().key().data(), out).read(record);
}

}  // namespace earshot::parse
