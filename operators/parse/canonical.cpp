// The canonical post, read from a parsed document. Records of ordinary size take the shorter way of canonical_walk.cpp;
// this one takes the rest, and says what is wrong with those that are refused.
#include <fmt/format.h>

#include <cmath>
#include <string>

#include "engine/time/timestamp.h"
#include "operators/parse/canonical_post.h"
#include "operators/parse/formats.h"

namespace earshot::parse {
namespace {

namespace dom = simdjson::dom;

class CanonicalReader {
 public:
  // `first` is the first string of the record in the JSON parser's buffer.
  CanonicalReader(const char* first, PostWriter& out)
      : out_(out), texts_(out.keep_block(first)), post_(out.begin_post()), members_(post_) {}

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
        members_.set_text(member, texts_.keep(field.value.get_string().value_unsafe()));
      } else if (member != Member::kUnread && !read_member(member, field.value)) {
        return false;
      }
    }
    return true;
  }

  bool read_member(Member member, JsonElement value) {
    if (value.is_null()) {
      members_.forget(member);
      return true;
    }
    if (member < Member::kFollowers) return read_numeric_id(member, value);
    if (member < Member::kCreatedAt) return read_count(member, value);
    if (member < Member::kVerified) return read_time(member, value);
    if (member < Member::kHashtags) return read_flag(member, value);
    switch (member) {
      case Member::kKind:
        return read_word(member, value, kPostKinds);
      case Member::kChange:
        return read_word(member, value, kPostChanges);
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

  bool read_numeric_id(Member member, JsonElement value) {
    if (member < Member::kId) return refuse_type(member, value, "a string");
    const std::string_view digits = out_.keep_id(value);
    if (digits.empty()) return refuse_type(member, value, "a string");
    members_.set_text(member, digits);
    return true;
  }

  bool read_time(Member member, JsonElement value) {
    std::string_view text;
    if (value.get(text) != simdjson::SUCCESS) return refuse_type(member, value, "an RFC 3339 time in a string");
    const auto time_ms = parse_rfc3339_ms(text);
    return (time_ms && members_.set_time(member, *time_ms)) || refuse_time(member, text, time_ms);
  }

  bool read_flag(Member member, JsonElement value) {
    if (!value.is_bool()) return refuse_type(member, value, "true or false");
    members_.set_flag(member, value.get_bool().value_unsafe());
    return true;
  }

  template <class Word, size_t N>
  bool read_word(Member member, JsonElement value, const std::array<Word, N>& words) {
    std::string_view text;
    if (value.get(text) != simdjson::SUCCESS) return refuse_type(member, value, "a string");
    if (members_.set_word(member, text)) return true;
    std::string known;
    for (const Word word : words) known += (known.empty() ? "" : ", ") + std::string(to_string(word));
    return refuse(fmt::format("{} {} is none of {}", kMemberNames[index_of(member)], quoted(text), known));
  }

  bool read_count(Member member, JsonElement value) {
    if (!value.is_int64()) return read_odd_count(member, value);
    return members_.set_count(member, value.get_int64().value_unsafe()) || refuse_negative(member);
  }

  // 12.0 and 1.2e1 are whole numbers too.
  bool read_odd_count(Member member, JsonElement value) {
    double real = 0;
    constexpr double kExactLimit = 9007199254740992.0;
    if (!value.is_number()) return refuse_type(member, value, "a whole number");
    if (value.is_double() && value.get(real) == simdjson::SUCCESS && real == std::trunc(real) &&
        std::abs(real) <= kExactLimit) {
      return members_.set_count(member, static_cast<int64_t>(real)) || refuse_negative(member);
    }
    return refuse(fmt::format("{} is not a whole number of 64 bits", kMemberNames[index_of(member)]));
  }

  bool read_list(Member member, JsonElement value) {
    members_.set_list(member, {});
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
    members_.set_list(member, items);
    return true;
  }

  bool read_media(JsonElement value) {
    members_.clear_media();
    JsonArray array;
    if (value.get(array) != simdjson::SUCCESS) return refuse_type(Member::kMedia, value, "an array of strings");
    size_t index = 0;
    for (const JsonElement element : array) {
      std::string_view item;
      if (element.get(item) != simdjson::SUCCESS) return refuse_item(Member::kMedia, index, element);
      members_.add_medium(item);
      ++index;
    }
    return true;
  }

  bool has_required_members() { return members_.is_complete() || refuse(std::string(members_.what_is_missing())); }

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
  CanonicalPost members_;
};

}  // namespace

Verdict read_canonical(JsonObject record, PostWriter& out) {
  if (record.begin() == record.end()) return out.refuse("id is missing");
  return CanonicalReader(record.begin().key().data(), out).read(record);
}

}  // namespace earshot::parse
