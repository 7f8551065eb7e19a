// Checks that bytes are text before a YAML parser sees them: some bytes would end the document without a word.
#pragma once

#include <optional>
#include <string_view>

#include "engine/config/document.h"

namespace earshot {

// The first byte that is not UTF-8, or is a control character that YAML does not allow; nullopt when all is well.
std::optional<ConfigError> find_non_text(std::string_view bytes);

}  // namespace earshot
