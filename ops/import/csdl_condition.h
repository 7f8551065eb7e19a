// A condition of CSDL ("target operator argument") in our language.
#pragma once

#include <cstddef>
#include <string>

#include "ops/import/translation.h"

namespace earshot::import {

struct CsdlCondition {
  size_t begin = 0;
  std::string target;     // in small letters, such as "twitter.user.screen_name"
  std::string operation;  // in small letters, such as "contains_any"
  bool is_case_sensitive = false;
  std::string argument;  // without quotes, its escapes of quote and backslash undone; empty of `exists`
};

Clause write_csdl_condition(TermWriter& writer, const CsdlCondition& condition);

}  // namespace earshot::import
