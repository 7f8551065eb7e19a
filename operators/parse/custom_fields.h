// CustomFields: where the members of a post lie in JSON of a shape of its own. Immutable, shared by all threads.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "operators/parse/canonical_members.h"

namespace earshot::parse {

class CustomFields {
 public:
  struct Field {
    Member member;
    std::string pointer;  // RFC 6901
  };

  // `pointers` has members as canonical posts name them ("text", "author.handle") and RFC 6901 pointers to their
  // values. "platform" may be a plain name instead, which all posts then have. Needs id, created_at and text.
  static Result<CustomFields> from(const std::map<std::string, std::string>& pointers);

  // What is wrong with one entry of those, in words for whoever wrote it; empty when nothing is.
  static std::string fault_of(std::string_view member, std::string_view pointer);

  [[nodiscard]] const std::vector<Field>& fields() const { return fields_; }
  [[nodiscard]] const std::string& platform() const { return platform_; }

 private:
  std::vector<Field> fields_;
  std::string platform_ = "custom";
};

}  // namespace earshot::parse
