#include "tests/schemas/examples/json_schema.h"

#include <fstream>
#include <stdexcept>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

namespace earshot {

namespace {

// valijson 1.0 checks the format of null as well, where a member may be a string or null.
void drop_formats_of_nullables(nlohmann::json& schema) {
  if (schema.is_object() && schema.contains("type") && schema["type"].is_array()) schema.erase("format");
  if (schema.is_structured()) {
    for (nlohmann::json& member : schema) drop_formats_of_nullables(member);
  }
}

nlohmann::json read_schema(const std::filesystem::path& path) {
  nlohmann::json schema = read_json(path);
  drop_formats_of_nullables(schema);
  return schema;
}

}  // namespace

nlohmann::json read_json(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path.string());
  return nlohmann::json::parse(file);
}

std::string schema_faults(const nlohmann::json& document, const std::filesystem::path& schema_file) {
  using valijson::adapters::NlohmannJsonAdapter;
  const nlohmann::json source = read_schema(schema_file);
  // valijson takes ownership by a plain pointer and gives it back to `release`.
  const auto fetch = [&](const std::string& uri) {
    const std::string record = uri.substr(uri.rfind(':') + 1);
    return new nlohmann::json(read_schema(schema_file.parent_path() / (record + ".schema.json")));
  };
  const auto release = [](const nlohmann::json* fetched) { delete fetched; };
  valijson::Schema schema;
  valijson::SchemaParser parser;
  parser.populateSchema(NlohmannJsonAdapter(source), schema, fetch, release);
  valijson::Validator validator(valijson::Validator::kStrongTypes);
  valijson::ValidationResults results;
  if (validator.validate(schema, NlohmannJsonAdapter(document), &results)) return {};
  std::string faults;
  for (valijson::ValidationResults::Error error; results.popError(error);) {
    for (const std::string& step : error.context) faults += step;
    faults.append(": ").append(error.description).append("\n");
  }
  return faults.empty() ? "invalid" : faults;
}

}  // namespace earshot
