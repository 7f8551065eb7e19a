// The parser and the JSON Schema come from one declaration; here they are held to it: whatever a configuration says,
// both take it or both refuse it.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <nlohmann/json.hpp>

#include "engine/config/plain_scalar.h"
#include "engine/config/variables.h"
#include "ops/settings/settings.h"
#include "tests/json_schema/json_schema.h"

namespace earshot {
namespace {

using nlohmann::json;

std::optional<std::string> variable(std::string_view name) {
  if (name == "NUMBER") return "7";
  if (name == "DURATION") return "30s";
  if (name == "TEXT") return "some-text";
  if (name == "STRUCTURE") return "[a, b]: {c: d}";
  return std::nullopt;
}

bool takes_text(const ConfigOption* option) {
  return option != nullptr && (std::holds_alternative<std::string*>(option->binding()) ||
                               std::holds_alternative<std::filesystem::path*>(option->binding()) ||
                               std::holds_alternative<std::vector<std::string>*>(option->binding()) ||
                               std::holds_alternative<std::vector<std::filesystem::path>*>(option->binding()));
}

json scalar_json(const ConfigNode& node, const ConfigOption* option) {
  const auto expanded = expand_variables(node.text, variable);
  const bool is_text = expanded->has_variables ? takes_text(option) : node.is_quoted;
  if (is_text) return expanded->text;
  return std::visit(
      [&](auto value) -> json {
        if constexpr (std::is_same_v<decltype(value), PlainText>) {
          return expanded->text;
        } else {
          return value;
        }
      },
      resolve_plain_scalar(expanded->text));
}

// The document as an editor sees it once variables are filled: those fill text where the option takes text.
json to_json(const ConfigNode& node, const ConfigSection* section, const ConfigOption* option) {
  switch (node.kind) {
    case ConfigNode::Kind::kNull:
      return nullptr;
    case ConfigNode::Kind::kScalar:
      return scalar_json(node, option);
    case ConfigNode::Kind::kSequence: {
      json list = json::array();
      for (const ConfigNode& item : node.items) list.push_back(to_json(item, nullptr, option));
      return list;
    }
    case ConfigNode::Kind::kMap:
      break;
  }
  json map = json::object();
  for (const ConfigEntry& entry : node.entries) {
    const ConfigSection::Member* member = section == nullptr ? nullptr : section->find(entry.key);
    const auto* inner = member == nullptr ? nullptr : std::get_if<ConfigSection>(member);
    const auto* own = member == nullptr ? nullptr : std::get_if<ConfigOption>(member);
    map[entry.key] = to_json(entry.value, inner, own);
  }
  return map;
}

const std::vector<std::string> kScalars{"0",
                                        "1",
                                        "-1",
                                        "3",
                                        "500",
                                        "1.5",
                                        "1e3",
                                        "4.0",
                                        "0x10",
                                        "010",
                                        "12345678901234567890",
                                        "1e999",
                                        "true",
                                        "False",
                                        "yes",
                                        "~",
                                        "10s",
                                        "1m",
                                        "15m",
                                        "1h",
                                        "10",
                                        "'10'",
                                        "10 s",
                                        "5x",
                                        "99d",
                                        "64KiB",
                                        "2kB",
                                        "1GiB",
                                        "-5MB",
                                        "text",
                                        "\"text\"",
                                        "'123'",
                                        "''",
                                        "file",
                                        "kafka",
                                        "local",
                                        "unicode",
                                        "vader",
                                        "info",
                                        "json",
                                        "earliest",
                                        "forever",
                                        "auto",
                                        "UPPER",
                                        "a.b-c_d",
                                        "\"sp ace\"",
                                        "ünïcode",
                                        "127.0.0.1:9644",
                                        "'host:1'",
                                        "\"${NUMBER}\"",
                                        "'${DURATION}'",
                                        "\"${TEXT}\"",
                                        "'${STRUCTURE}'",
                                        "\"${NONE:-12}\"",
                                        "'$$5'",
                                        fmt::format("'{:x<300}'", ""),
                                        std::string(5000, 'y'),
                                        "[]",
                                        "[a]",
                                        "[a, 2]",
                                        "['a', 'B c']",
                                        "[1m, 15m, 1h]",
                                        "[1m, 5]",
                                        "[[a]]",
                                        "[{a: 1}]",
                                        "{}",
                                        "{a: b}",
                                        "{a.b: 1, c: true, d: text}",
                                        "{a: [1]}",
                                        "{a: ~}"};

rc::Gen<std::string> any_value() {
  return rc::gen::elementOf(kScalars);
}

// One line of flow YAML for a section: some of its options, now and then something unknown, mostly values near the
// mark.
std::string random_section(const ConfigSection& section) {
  std::string out = "{";
  const auto append = [&](const std::string& name, const std::string& value) {
    out += fmt::format("{}{}: {}", out == "{" ? "" : ", ", name, value);
  };
  for (const auto& member : section.members()) {
    const auto* option = std::get_if<ConfigOption>(member.get());
    const bool is_required = option != nullptr && option->is_required();
    if (*rc::gen::inRange(0, 20) < (is_required ? 1 : 14)) continue;
    const bool is_section = option == nullptr && *rc::gen::inRange(0, 10) < 9;
    append(name_of(*member), is_section ? random_section(std::get<ConfigSection>(*member)) : *any_value());
  }
  if (*rc::gen::inRange(0, 30) == 0) append("unknown", "1");
  return out + "}";
}

const ConfigNode* find_scalar(const ConfigNode& node, ConfigPosition position) {
  if (node.kind == ConfigNode::Kind::kScalar && node.position == position) return &node;
  for (const ConfigNode& item : node.items) {
    if (const ConfigNode* found = find_scalar(item, position)) return found;
  }
  for (const ConfigEntry& entry : node.entries) {
    if (const ConfigNode* found = find_scalar(entry.value, position)) return found;
  }
  return nullptr;
}

// True for an error that JSON Schema cannot express: the bounds of a duration or of a size with a unit.
bool is_beyond_schema(const ConfigError& error, const ConfigDocument& document) {
  const ConfigNode* node = find_scalar(document.root, error.position);
  if (node == nullptr) return false;
  const auto expanded = expand_variables(node->text, variable);
  return (error.message.starts_with("expected a duration from") && parse_duration(expanded->text)) ||
         (error.message.starts_with("expected a size") && parse_byte_size(expanded->text));
}

struct Verdicts {
  bool parser;
  bool schema;
};

Verdicts judge(const std::string& yaml, const JsonSchema& schema) {
  Settings settings;
  const ConfigSection declaration = declare_settings(settings);
  ConfigReading reading = read_config(yaml, declaration, {"c.yaml", "/", variable});
  const ConfigDocument document = parse_config_document(yaml);
  std::erase_if(reading.errors, [&](const ConfigError& error) { return is_beyond_schema(error, document); });
  return {reading.ok(), schema.accepts(to_json(document.root, &declaration, nullptr))};
}

TEST(SchemaAgreement, ParserAndSchemaTakeAndRefuseTheSameConfigurations) {
  const JsonSchema schema(json::parse(settings_json_schema()));
  EXPECT_TRUE(rc::check("parser accepts == schema accepts", [&] {
    Settings settings;
    const std::string yaml = random_section(declare_settings(settings));
    const Verdicts verdicts = judge(yaml, schema);
    RC_CLASSIFY(verdicts.parser, "accepted");
    RC_CLASSIFY(!verdicts.parser, "refused");
    RC_ASSERT(verdicts.parser == verdicts.schema);
  }));
}

// A configuration whose only setting, besides the required one, is `path`.
std::string with_one_value(std::string_view path, const std::string& value) {
  const size_t dot = path.rfind('.');
  if (dot != std::string_view::npos) {
    return with_one_value(path.substr(0, dot), fmt::format("{{{}: {}}}", path.substr(dot + 1), value));
  }
  return path == "listeners" ? fmt::format("{{listeners: {}}}", value)
                             : fmt::format("{{listeners: l, {}: {}}}", path, value);
}

void list_paths(const ConfigSection& section, const std::string& prefix, std::vector<std::string>& paths) {
  for (const auto& member : section.members()) {
    const std::string path = prefix + name_of(*member);
    paths.push_back(path);
    if (const auto* inner = std::get_if<ConfigSection>(member.get()))
      list_paths(*inner, fmt::format("{}.", path), paths);
  }
}

TEST(SchemaAgreement, HoldsForEveryOptionWithEveryKindOfValue) {
  const JsonSchema schema(json::parse(settings_json_schema()));
  Settings settings;
  std::vector<std::string> paths;
  list_paths(declare_settings(settings), "", paths);
  size_t accepted = 0;
  for (const std::string& path : paths) {
    for (const std::string& value : kScalars) {
      const std::string yaml = with_one_value(path, value);
      const Verdicts verdicts = judge(yaml, schema);
      EXPECT_EQ(verdicts.parser, verdicts.schema) << yaml;
      accepted += verdicts.parser ? 1 : 0;
    }
  }
  EXPECT_GT(accepted, paths.size()) << "the values must exercise both verdicts";
  EXPECT_LT(accepted, paths.size() * kScalars.size() / 2);
}

}  // namespace
}  // namespace earshot
