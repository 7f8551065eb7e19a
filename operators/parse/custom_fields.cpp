#include "operators/parse/custom_fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace earshot::parse {
namespace {

constexpr std::array kRequired{Member::kId, Member::kCreatedAt, Member::kText};

std::optional<Member> member_from_name(std::string_view name) {
  for (size_t i = 0; i < kMembers; ++i) {
    const auto member = static_cast<Member>(i);
    if (kMemberNames[i] == name && member != Member::kAuthor && member != Member::kMetrics) return member;
  }
  return std::nullopt;
}

std::string known_names() {
  std::string names;
  for (const std::string_view name : kMemberNames) {
    if (member_from_name(name)) names += (names.empty() ? "" : ", ") + std::string(name);
  }
  return names;
}

// RFC 6901: empty or beginning with '/', and each '~' before 0 or 1.
bool is_json_pointer(std::string_view pointer) {
  if (!pointer.starts_with('/')) return false;
  for (size_t i = pointer.find('~'); i != std::string_view::npos; i = pointer.find('~', i + 1)) {
    if (i + 1 == pointer.size() || (pointer[i + 1] != '0' && pointer[i + 1] != '1')) return false;
  }
  return true;
}

}  // namespace

std::string CustomFields::fault_of(std::string_view member, std::string_view pointer) {
  const auto known = member_from_name(member);
  if (!known) return "is no member of a post; expected one of " + known_names();
  const bool is_name = *known == Member::kPlatform && !pointer.empty() && pointer.find('/') == std::string_view::npos;
  if (is_name || is_json_pointer(pointer)) return {};
  const std::string_view or_name = *known == Member::kPlatform ? ", or the platform's name" : "";
  return fmt::format("expected a JSON pointer such as /data/0/text{}; in it ~1 stands for / and ~0 for ~", or_name);
}

Result<CustomFields> CustomFields::from(const std::map<std::string, std::string>& pointers) {
  CustomFields fields;
  for (const auto& [name, pointer] : pointers) {
    const std::string fault = fault_of(name, pointer);
    if (!fault.empty()) return invalid(fault, name);
    const Member member = *member_from_name(name);
    if (member == Member::kPlatform && !pointer.starts_with('/')) {
      fields.platform_ = pointer;
    } else {
      fields.fields_.push_back({member, pointer});
    }
  }
  for (const Member required : kRequired) {
    const bool is_there = std::any_of(fields.fields_.begin(), fields.fields_.end(),
                                      [required](const Field& field) { return field.member == required; });
    if (!is_there) return invalid(fmt::format("needs a pointer for {}", kMemberNames[index_of(required)]));
  }
  return fields;
}

}  // namespace earshot::parse
