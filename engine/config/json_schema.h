// Writes the JSON Schema (draft-07) of a declaration, for editors and for whoever makes configurations by program. It
// agrees with read_config() once variables are filled, except for what JSON Schema cannot say: bounds of durations and
// of sizes with a unit, and rules over several options.
#pragma once

#include <string>

#include "engine/config/declaration.h"

namespace earshot {

struct ConfigSchemaHead {
  std::string id;  // "$id", a URI
  std::string title;
};

// Pretty-printed, with a newline at the end.
[[nodiscard]] std::string write_json_schema(const ConfigSection& declaration, const ConfigSchemaHead& head);

}  // namespace earshot
