// Writes the reference of a declaration as Markdown: a heading for each section, a table of its options below.
#pragma once

#include <string>

#include "engine/config/declaration.h"

namespace earshot {

// `introduction` is Markdown that stands before the first table, title included.
[[nodiscard]] std::string write_reference_page(const ConfigSection& declaration, const std::string& introduction);

}  // namespace earshot
