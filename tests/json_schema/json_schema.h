// JsonSchema: what an outsider's validator says of a document.
#pragma once

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

namespace earshot {

class JsonSchema {
 public:
  // "$ref"s to other files are looked up in `folder`. Throws std::exception when it is no schema.
  explicit JsonSchema(nlohmann::json schema, const std::filesystem::path& folder = {});
  ~JsonSchema();
  JsonSchema(const JsonSchema&) = delete;
  JsonSchema& operator=(const JsonSchema&) = delete;

  // What is wrong with the document, a line each; empty when it is valid.
  [[nodiscard]] std::string faults(const nlohmann::json& document) const;
  [[nodiscard]] bool accepts(const nlohmann::json& document) const { return faults(document).empty(); }

 private:
  struct Compiled;
  std::unique_ptr<Compiled> compiled_;
};

// The JSON of a file; throws nlohmann::json::parse_error, which names the place.
nlohmann::json read_json(const std::filesystem::path& path);

// JsonSchema::faults() of a schema file.
std::string schema_faults(const nlohmann::json& document, const std::filesystem::path& schema_file);

}  // namespace earshot
