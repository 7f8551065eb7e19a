// JsonSchema: a schema of the schemas folder, and whether a document keeps to it.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

namespace earshot {

// Faults of `document` against the schema file, a line each; empty when it is valid. A "$ref" to another file is looked
// up beside the schema.
std::string schema_faults(const nlohmann::json& document, const std::filesystem::path& schema_file);

// The JSON of a file; throws nlohmann::json::parse_error, which names the place.
nlohmann::json read_json(const std::filesystem::path& path);

}  // namespace earshot
