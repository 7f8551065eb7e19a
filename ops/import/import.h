// Import: a file of another platform's rules as a file of listeners, and a report of what could not be taken over.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "ops/import/foreign_rule.h"
#include "ops/import/translation.h"

namespace earshot::import {

// "powertrack", "brandwatch" or "csdl"; the error names them.
Result<Language> language_from_name(std::string_view name);

struct ImportOptions {
  std::string spoke;  // of every listener
  std::string owner;
};

struct PlacedFinding {
  std::string where;  // file:line:column
  std::string rule;   // its listener's name
  Finding finding;
};

struct Imported {
  std::string yaml;  // the listeners; rules that are refused stand in it as comments
  std::vector<PlacedFinding> findings;
  size_t rules = 0;
  size_t refused = 0;
};

// `file` is for messages. Errors: those of read_foreign_rules().
Result<Imported> import_rules(Language language, const std::string& file, std::string_view content,
                              const ImportOptions& options);

}  // namespace earshot::import
