// Says in words what an option takes; error messages and the reference page use the same words.
#pragma once

#include <string>

#include "engine/config/declaration.h"

namespace earshot {

// "a whole number from 1 to 64", "one of file, kafka, local", "a list of durations (such as …)".
[[nodiscard]] std::string expectation_of(const ConfigOption& option);

// The same for one element of a list; for any other option it is expectation_of().
[[nodiscard]] std::string element_expectation_of(const ConfigOption& option);

// The value bound now, which before reading is the default, as YAML: `[1m, 15m]`, `"a: b"`. Secrets show as "(secret)"
// and an empty text, path, list or map as nothing.
[[nodiscard]] std::string bound_value_of(const ConfigOption& option);

// Characters that a text (or each text of a list) may have.
[[nodiscard]] size_t text_characters_max(const ConfigOption& option);

}  // namespace earshot
