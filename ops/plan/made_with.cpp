#include "ops/plan/made_with.h"

#include <nlohmann/json.hpp>

#include "engine/config/comparison.h"

namespace earshot::plan {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kVersion = 1;

bool is_kept(const ConfigValue& value, const Settings& settings) {
  if (value.option->edit_rule().effect != EditEffect::kStateReset) return false;
  return !value.path.starts_with("log.path") && value.path != "log.connector" && !is_unused(value.path, settings);
}

std::string shown(const std::vector<std::string>& elements) {
  std::string text;
  for (const std::string& element : elements) text += (text.empty() ? "" : ", ") + element;
  return text;
}

}  // namespace

std::string made_with(Settings settings) {
  const ConfigSection section = declare_settings(settings);
  Json options = Json::object();
  for (const ConfigValue& value : config_values(section)) {
    if (is_kept(value, settings)) options[value.path] = value.elements;
  }
  return Json{{"version", kVersion}, {"options", std::move(options)}}.dump();
}

Result<std::vector<Edit>> resets_since(std::string_view record, Settings settings) {
  const Json made = Json::parse(record, nullptr, false);
  const auto options = made.is_object() ? made.find("options") : made.end();
  const bool is_known = made.is_object() && made.contains("version") && made["version"] == kVersion &&
                        options != made.end() && options->is_object();
  if (!is_known) return Error{ErrorCode::kCorrupt, "what the state was made with is not a record of version 1", {}};
  const ConfigSection section = declare_settings(settings);
  std::vector<Edit> resets;
  for (const ConfigValue& value : config_values(section)) {
    const auto found = options->find(value.path);
    if (!is_kept(value, settings) || found == options->end() || !found->is_array()) continue;
    std::vector<std::string> before;
    for (const Json& element : *found) before.push_back(element.is_string() ? element.get<std::string>() : "");
    if (before == value.elements) continue;
    const auto [effect, reason] = rule_of_edit(*value.option, before, value.elements);
    if (effect != EditEffect::kStateReset) continue;
    resets.push_back({value.path, shown(before), shown(value.elements), effect, reason});
  }
  return resets;
}

}  // namespace earshot::plan
