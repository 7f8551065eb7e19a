// Compares what two configurations of one declaration say, and says what each edit does.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/config/declaration.h"

namespace earshot {

// One option with the value bound now, lists element by element. A map of properties is one for each of its keys.
struct ConfigValue {
  std::string path;  // "windows.sizes"
  std::vector<std::string> elements;
  const ConfigOption* option = nullptr;
  std::string shown;  // "(secret)" for secrets, of which `elements` holds a hash only
};

// In the order of the declaration. The section outlives the answer.
[[nodiscard]] std::vector<ConfigValue> config_values(const ConfigSection& section);

struct ConfigEdit {
  std::string path;
  std::string before;  // as YAML; empty: not set
  std::string after;
  EditEffect effect = EditEffect::kUndeclared;
  std::string reason;
};

// What changing `option` from the one list of elements to the other does.
[[nodiscard]] ConfigOption::EditRule rule_of_edit(const ConfigOption& option, const std::vector<std::string>& before,
                                                  const std::vector<std::string>& after);

struct ConfigSide {
  const ConfigSection& section;
  std::filesystem::path base_folder;  // paths that are equal seen from here are equal
};

// The options whose values differ, in the order of the declaration.
[[nodiscard]] std::vector<ConfigEdit> compare_configs(const ConfigSide& before, const ConfigSide& after);

}  // namespace earshot
