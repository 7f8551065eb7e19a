#include "engine/config/comparison.h"

#include <algorithm>
#include <map>
#include <utility>

#include "engine/base/hash.h"
#include "engine/config/expectation.h"
#include "engine/config/quantity.h"

namespace earshot {
namespace {

std::string hash_of(const Secret& secret) {
  return std::to_string(hash_64(secret.reveal()));
}

// Elements of a value; of a secret a hash, enough to tell whether it changed.
struct Elements {
  const ConfigOption& option;

  std::vector<std::string> operator()(Secret* value) const { return {hash_of(*value)}; }
  std::vector<std::string> operator()(std::string* value) const { return {*value}; }
  std::vector<std::string> operator()(std::filesystem::path* value) const { return {value->string()}; }
  std::vector<std::string> operator()(std::vector<std::string>* values) const { return *values; }
  std::vector<std::string> operator()(std::vector<std::filesystem::path>* values) const {
    std::vector<std::string> elements;
    for (const auto& value : *values) elements.push_back(value.string());
    return elements;
  }
  std::vector<std::string> operator()(std::vector<std::chrono::milliseconds>* values) const {
    std::vector<std::string> elements;
    for (const auto value : *values) elements.push_back(format_duration(value));
    return elements;
  }
  template <class Scalar>
  std::vector<std::string> operator()(const Scalar&) const {
    return {bound_value_of(option)};
  }
};

void add_values(const ConfigSection& section, const std::string& prefix, std::vector<ConfigValue>& values) {
  for (const auto& member : section.members()) {
    const std::string path = prefix + name_of(*member);
    if (const auto* inner = std::get_if<ConfigSection>(member.get())) {
      add_values(*inner, path + ".", values);
      continue;
    }
    const auto& option = std::get<ConfigOption>(*member);
    const auto* properties = std::get_if<ConfigProperties*>(&option.binding());
    if (properties == nullptr) {
      values.push_back({path, std::visit(Elements{option}, option.binding()), &option, bound_value_of(option)});
      continue;
    }
    for (const auto& [name, secret] : **properties) {
      values.push_back({path + "." + name, {hash_of(secret)}, &option, "(secret)"});
    }
  }
}

bool holds_paths(const ConfigOption& option) {
  return std::holds_alternative<std::filesystem::path*>(option.binding()) ||
         std::holds_alternative<std::vector<std::filesystem::path>*>(option.binding());
}

std::vector<std::string> seen_from(const std::filesystem::path& folder, std::vector<std::string> paths) {
  for (std::string& path : paths) {
    if (!path.empty() && path != "-") path = std::filesystem::path(path).lexically_relative(folder).string();
  }
  return paths;
}

}  // namespace

std::vector<ConfigValue> config_values(const ConfigSection& section) {
  std::vector<ConfigValue> values;
  add_values(section, "", values);
  return values;
}

ConfigOption::EditRule rule_of_edit(const ConfigOption& option, const std::vector<std::string>& before,
                                    const std::vector<std::string>& after) {
  const bool is_appended = before.size() <= after.size() && std::equal(before.begin(), before.end(), after.begin());
  return option.append_rule() && is_appended ? *option.append_rule() : option.edit_rule();
}

std::vector<ConfigEdit> compare_configs(const ConfigSide& before, const ConfigSide& after) {
  std::map<std::string, ConfigValue> old_values;
  for (ConfigValue& value : config_values(before.section)) old_values.emplace(value.path, std::move(value));
  std::vector<ConfigEdit> edits;
  const auto add = [&](const ConfigValue& value, const ConfigValue& was, const ConfigValue& is) {
    auto [effect, reason] = rule_of_edit(*value.option, was.elements, is.elements);
    edits.push_back({value.path, was.shown, is.shown, effect, std::move(reason)});
  };
  for (const ConfigValue& value : config_values(after.section)) {
    const auto found = old_values.find(value.path);
    if (found == old_values.end()) {
      add(value, {}, value);
      continue;
    }
    const ConfigValue was = std::move(found->second);
    old_values.erase(found);
    const bool is_same_seen = holds_paths(*value.option) && seen_from(before.base_folder, was.elements) ==
                                                                seen_from(after.base_folder, value.elements);
    if (was.elements != value.elements && !is_same_seen) add(value, was, value);
  }
  for (const auto& [path, was] : old_values) add(was, was, {});  // properties that are no longer set
  return edits;
}

}  // namespace earshot
