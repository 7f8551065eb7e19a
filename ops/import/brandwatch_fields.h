// Fields of Brandwatch's queries, and what they are in ours.
#pragma once

#include <string_view>

#include "ops/import/translation.h"

namespace earshot::import {

// `name` in small letters, without the colon; `value` without quotes or brackets.
Clause write_brandwatch_field(TermWriter& writer, size_t begin, std::string_view name, std::string_view value);

}  // namespace earshot::import
