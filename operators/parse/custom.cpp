// Posts in JSON of any shape, by the pointers of the configuration. What a sender may write in several ways (numbers in
// strings, epochs, one value instead of a list) is read in all of them.
#include <fmt/format.h>

#include <string>

#include "operators/parse/formats.h"
#include "operators/parse/time_forms.h"

namespace earshot::parse {
namespace {

// The index of a member among those of its type.
size_t place_of(Member member, Member first) {
  return index_of(member) - index_of(first);
}

class CustomReader {
 public:
  explicit CustomReader(PostWriter& out) : out_(out) {}

  Verdict read(JsonObject record, const CustomFields& fields) {
    post_.platform = fields.platform();
    for (const CustomFields::Field& field : fields.fields()) {
      JsonElement value;
      if (record.at_pointer(field.pointer).get(value) != simdjson::SUCCESS || value.is_null()) continue;
      if (!read_member(field, value)) return Verdict::kRefused;
    }
    const bool is_deleted = post_.change == PostChange::kDeleted;
    for (const CustomFields::Field& field : fields.fields()) {
      if (field.member == Member::kText && !has_text_ && !is_deleted) return refuse(field, "is missing");
      if (field.member == Member::kId && post_.id.empty()) return refuse(field, "is missing");
      if (field.member == Member::kCreatedAt && !has_time_) return refuse(field, "is missing");
    }
    // The platform must outlive the configuration that names it.
    post_.platform = out_.keep(post_.platform);
    tidy(post_);
    return out_.add(post_, "");
  }

 private:
  bool read_member(const CustomFields::Field& field, JsonElement value) {
    const Member member = field.member;
    if (member < Member::kFollowers) return read_text(field, value);
    if (member < Member::kCreatedAt) return read_count(field, value);
    if (member < Member::kVerified) return read_time(field, value);
    if (member < Member::kHashtags) return read_flag(field, value);
    if (member < Member::kMedia) return read_list(field, value);
    if (member == Member::kMedia) return read_media(value);
    return member == Member::kKind ? read_kind(field, value) : read_change(field, value);
  }

  bool read_text(const CustomFields::Field& field, JsonElement value) {
    std::string_view text;
    const std::string_view digits = value.is_string() ? std::string_view() : out_.keep_id(value);
    if (value.get(text) == simdjson::SUCCESS) {
      text = out_.keep(text);
    } else if (!digits.empty()) {
      text = digits;
    } else {
      return is_refused(field, fmt::format("is {}, not a text", type_name(value)));
    }
    post_.*kTextTargets[index_of(field.member)] = text;
    has_text_ |= field.member == Member::kText;
    return true;
  }

  bool read_count(const CustomFields::Field& field, JsonElement value) {
    const auto number = whole_number(value);
    if (!number) return is_refused(field, fmt::format("is {} and no whole number", type_name(value)));
    const bool may_be_negative = field.member >= Member::kLikes;
    post_.*kCountTargets[place_of(field.member, Member::kFollowers)] =
        may_be_negative ? *number : std::max<int64_t>(*number, 0);
    return true;
  }

  bool read_time(const CustomFields::Field& field, JsonElement value) {
    std::string_view text;
    std::optional<int64_t> time_ms;
    if (value.get(text) == simdjson::SUCCESS) time_ms = parse_any_time_ms(text);
    if (const auto number = whole_number(value); !time_ms && number) time_ms = epoch_to_ms(*number);
    if (!time_ms) {
      return is_refused(field, value.is_string() ? quoted(text) + " is no time" : "is neither a text nor a number");
    }
    const std::string_view absurdity = absurdity_of(*time_ms);
    if (field.member == Member::kAuthorCreatedAt && !absurdity.empty()) return true;
    if (!absurdity.empty()) return is_refused(field, std::string(absurdity));
    post_.*kTimeTargets[place_of(field.member, Member::kCreatedAt)] = *time_ms;
    has_time_ |= field.member == Member::kCreatedAt;
    return true;
  }

  bool read_flag(const CustomFields::Field& field, JsonElement value) {
    std::string_view text;
    bool& flag = post_.*kFlagTargets[place_of(field.member, Member::kVerified)];
    if (value.is_bool()) {
      flag = value.get_bool().value_unsafe();
    } else if (const auto number = whole_number(value)) {
      flag = *number != 0;
    } else if (value.get(text) == simdjson::SUCCESS) {
      flag = text == "true" || text == "yes";
    } else {
      flag = true;  // coordinates, for instance
    }
    return true;
  }

  // Calls `use` with each text of a list, or with the text that stands instead of one.
  template <class Use>
  static bool for_each_text(JsonElement value, Use use) {
    std::string_view text;
    JsonArray array;
    if (value.get(text) == simdjson::SUCCESS) {
      use(text);
      return true;
    }
    if (value.get(array) != simdjson::SUCCESS) return false;
    for (const JsonElement item : array) {
      if (item.get(text) == simdjson::SUCCESS) use(text);
    }
    return true;
  }

  bool read_list(const CustomFields::Field& field, JsonElement value) {
    const bool is_tags = field.member == Member::kHashtags;
    const bool is_read = for_each_text(value, [&](std::string_view text) {
      out_.add_item(out_.keep(is_tags && text.starts_with('#') ? text.substr(1) : text));
    });
    if (!is_read) return is_refused(field, fmt::format("is {}, not a list of texts", type_name(value)));
    post_.*kListTargets[place_of(field.member, Member::kHashtags)] = out_.take_items();
    return true;
  }

  bool read_media(JsonElement value) {
    for_each_text(value, [this](std::string_view text) {
      post_.media.has_images |= text.starts_with("image") || text == "photo";
      post_.media.has_video |= text.starts_with("video");
    });
    return true;
  }

  bool read_kind(const CustomFields::Field& field, JsonElement value) {
    std::string_view text;
    if (value.get(text) != simdjson::SUCCESS) return is_refused(field, "is not a text");
    for (const PostKind kind : {PostKind::kOriginal, PostKind::kReply, PostKind::kRepost, PostKind::kQuote}) {
      if (text == to_string(kind)) post_.kind = kind;
    }
    return true;
  }

  bool read_change(const CustomFields::Field& field, JsonElement value) {
    std::string_view text;
    if (value.get(text) != simdjson::SUCCESS) return is_refused(field, "is not a text");
    if (text.starts_with("delete")) post_.change = PostChange::kDeleted;
    if (text.starts_with("edit") || text.starts_with("update")) post_.change = PostChange::kEdited;
    return true;
  }

  bool is_refused(const CustomFields::Field& field, std::string_view what) {
    refuse(field, what);
    return false;
  }
  Verdict refuse(const CustomFields::Field& field, std::string_view what) {
    return out_.refuse(fmt::format("{} (at {}) {}", kMemberNames[index_of(field.member)], field.pointer, what));
  }

  PostWriter& out_;
  Post post_;
  bool has_text_ = false;
  bool has_time_ = false;
};

}  // namespace

Verdict read_custom(JsonObject record, const CustomFields& fields, PostWriter& out) {
  return CustomReader(out).read(record, fields);
}

}  // namespace earshot::parse
