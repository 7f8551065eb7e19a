// Environment variables in configuration values: ${NAME}, ${NAME:-default}, and $$ for a dollar sign.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/result.h"

namespace earshot {

// Answers a variable's value; nullopt when it is not set.
using Environment = std::function<std::optional<std::string>(std::string_view name)>;

// The variables of this process.
Environment process_environment();

struct ExpandedText {
  std::string text;
  bool has_variables = false;
};

// Fills the variables of one scalar. A default counts when the variable is unset or empty (as in a shell), ends at the
// first
// '}' and is literal. What a variable holds is never read again: neither as a variable nor as YAML. A dollar sign
// before anything else stays. Errors name the variable, never the text around it, which may be secret.
Result<ExpandedText> expand_variables(std::string_view text, const Environment& environment);

}  // namespace earshot
