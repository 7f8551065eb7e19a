#include "tests/json_schema/json_schema.h"

#include <fstream>
#include <stdexcept>
#include <utility>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

namespace earshot {

using valijson::adapters::NlohmannJsonAdapter;

struct JsonSchema::Compiled {
  valijson::Schema schema;
};

namespace {

// valijson 1.0 checks the format of null as well, where a member may be a string or null.
void drop_formats_of_nullables(nlohmann::json& schema) {
  if (schema.is_object() && schema.contains("type") && schema["type"].is_array()) schema.erase("format");
  if (schema.is_structured()) {
    for (nlohmann::json& member : schema) drop_formats_of_nullables(member);
  }
}

}  // namespace

nlohmann::json read_json(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path.string());
  return nlohmann::json::parse(file);
}

JsonSchema::JsonSchema(nlohmann::json schema, const std::filesystem::path& folder)
    : compiled_(std::make_unique<Compiled>()) {
  // valijson takes ownership by a plain pointer and gives it back to `release`.
  const auto fetch = [&](const std::string& uri) {
    auto fetched =
        std::make_unique<nlohmann::json>(read_json(folder / (uri.substr(uri.rfind(':') + 1) + ".schema.json")));
    drop_formats_of_nullables(*fetched);
    return fetched.release();
  };
  const auto release = [](const nlohmann::json* fetched) { delete fetched; };
  drop_formats_of_nullables(schema);
  valijson::SchemaParser(valijson::SchemaParser::kDraft7)
      .populateSchema(NlohmannJsonAdapter(schema), compiled_->schema, fetch, release);
}

JsonSchema::~JsonSchema() = default;

std::string JsonSchema::faults(const nlohmann::json& document) const {
  valijson::Validator validator(valijson::Validator::kStrongTypes);
  valijson::ValidationResults results;
  if (validator.validate(compiled_->schema, NlohmannJsonAdapter(document), &results)) return {};
  std::string faults;
  for (valijson::ValidationResults::Error error; results.popError(error);) {
    for (const std::string& step : error.context) faults += step;
    faults.append(": ").append(error.description).append("\n");
  }
  return faults.empty() ? "invalid" : faults;
}

std::string schema_faults(const nlohmann::json& document, const std::filesystem::path& schema_file) {
  return JsonSchema(read_json(schema_file), schema_file.parent_path()).faults(document);
}

}  // namespace earshot
