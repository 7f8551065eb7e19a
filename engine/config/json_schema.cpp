#include "engine/config/json_schema.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "engine/config/expectation.h"

namespace earshot {
namespace {

using Json = nlohmann::ordered_json;
using std::chrono::milliseconds;

Json number_json(double number) {
  const auto integer = static_cast<int64_t>(number);
  return static_cast<double>(integer) == number ? Json(integer) : Json(number);
}

// The schema of a value, and its default as JSON (null: none worth showing).
struct ValueSchema {
  const ConfigOption& option;

  Json operator()(const std::string*) const {
    Json schema{{"type", "string"}, {"maxLength", text_characters_max(option)}};
    if (option.pattern()) schema["pattern"] = option.pattern()->expression;
    return schema;
  }
  Json operator()(const std::filesystem::path*) const {
    return {{"type", "string"}, {"minLength", 1}, {"maxLength", text_characters_max(option)}};
  }
  Json operator()(const Secret*) const {
    return {{"type", "string"}, {"maxLength", text_characters_max(option)}, {"writeOnly", true}};
  }
  Json operator()(const bool*) const { return {{"type", "boolean"}}; }
  Json operator()(const int64_t*) const { return bounded({{"type", "integer"}}); }
  Json operator()(const double*) const { return bounded({{"type", "number"}}); }
  Json operator()(const milliseconds*) const {
    Json schema{{"type", "string"}, {"pattern", kDurationPattern}};
    if (!option.word()) return schema;
    return {{"anyOf", Json::array({schema, Json{{"const", option.word()->text}}})}};
  }
  Json operator()(const ByteSize*) const {
    return {{"anyOf",
             Json::array({bounded({{"type", "integer"}}), Json{{"type", "string"}, {"pattern", kByteSizePattern}}})}};
  }
  Json operator()(const ChoiceBinding& choice) const { return {{"enum", choice.names}}; }
  template <class T>
  Json operator()(const std::vector<T>*) const {
    const auto [low, high] = option.element_bounds();
    return {
        {"type", "array"}, {"minItems", low}, {"maxItems", high}, {"items", (*this)(static_cast<const T*>(nullptr))}};
  }
  Json operator()(const ConfigProperties*) const {
    const Json value{{"type", {"string", "number", "boolean"}}, {"maxLength", kConfigTextCharactersMax}};
    return {{"type", {"object", "null"}}, {"maxProperties", kConfigPropertiesMax}, {"additionalProperties", value}};
  }

  Json bounded(Json schema) const {
    if (option.range()) {
      schema["minimum"] = number_json(option.range()->low);
      schema["maximum"] = number_json(option.range()->high);
    }
    return schema;
  }
};

struct DefaultJson {
  const ConfigOption& option;

  Json operator()(const bool* value) const { return *value; }
  Json operator()(const int64_t* value) const { return *value; }
  Json operator()(const double* value) const { return number_json(*value); }
  Json operator()(const Secret*) const { return nullptr; }
  Json operator()(const ConfigProperties*) const { return nullptr; }
  Json operator()(const std::string* value) const { return *value; }
  Json operator()(const std::filesystem::path* value) const { return value->empty() ? Json() : Json(value->string()); }
  template <class T>
  Json operator()(const std::vector<T>* values) const {
    Json list = Json::array();
    for (const T& value : *values) list.push_back((*this)(&value));
    return list.empty() ? Json() : list;
  }
  Json operator()(const milliseconds* value) const {
    return option.word() && *value == option.word()->value ? option.word()->text : format_duration(*value);
  }
  Json operator()(const ByteSize*) const { return bound_value_of(option); }
  Json operator()(const ChoiceBinding&) const { return bound_value_of(option); }
};

std::string description_of(const ConfigOption& option) {
  std::string text = option.doc();
  if (!option.shown_default().empty()) text += fmt::format(" Default: {}.", option.shown_default());
  return text + fmt::format(" Takes {}.", expectation_of(option));
}

Json option_schema(const ConfigOption& option) {
  Json schema{{"description", description_of(option)}};
  schema.update(std::visit(ValueSchema{option}, option.binding()));
  if (Json value = std::visit(DefaultJson{option}, option.binding()); !value.is_null() && !option.is_required()) {
    schema["default"] = std::move(value);
  }
  if (option.edit_rule().effect != EditEffect::kUndeclared) schema["x-edit"] = to_string(option.edit_rule().effect);
  return schema;
}

Json section_schema(const ConfigSection& section) {
  Json properties = Json::object();
  Json required = Json::array();
  for (const auto& member : section.members()) {
    if (const auto* inner = std::get_if<ConfigSection>(member.get())) {
      properties[inner->name()] = section_schema(*inner);
      continue;
    }
    const auto& option = std::get<ConfigOption>(*member);
    properties[option.name()] = option_schema(option);
    if (option.is_required()) required.push_back(option.name());
  }
  Json schema{{"description", section.doc()}, {"type", "object"}};
  // A section whose keys are all commented out is null in YAML, and means its defaults.
  if (required.empty()) schema["type"] = {"object", "null"};
  if (!required.empty()) schema["required"] = std::move(required);
  schema["additionalProperties"] = false;
  schema["properties"] = std::move(properties);
  return schema;
}

}  // namespace

std::string write_json_schema(const ConfigSection& declaration, const ConfigSchemaHead& head) {
  Json schema{{"$schema", "http://json-schema.org/draft-07/schema#"}, {"$id", head.id}, {"title", head.title}};
  schema.update(section_schema(declaration));
  return schema.dump(2) + "\n";
}

}  // namespace earshot
