// The JSON Schema of a listeners file and the loader allow the same.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <nlohmann/json.hpp>

#include "engine/config/plain_scalar.h"
#include "tests/json_schema/json_schema.h"
#include "tests/schemas/listener/listener_folder.h"

namespace earshot {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

json to_json(const YAML::Node& node) {
  if (node.IsSequence()) {
    json list = json::array();
    for (const YAML::Node& item : node) list.push_back(to_json(item));
    return list;
  }
  if (node.IsMap()) {
    json map = json::object();
    for (const auto& pair : node) map[pair.first.Scalar()] = to_json(pair.second);
    return map;
  }
  if (!node.IsScalar()) return nullptr;
  if (node.Tag() != "?") return node.Scalar();
  const PlainScalar scalar = resolve_plain_scalar(node.Scalar());
  if (const bool* truth = std::get_if<bool>(&scalar)) return *truth;
  if (const int64_t* integer = std::get_if<int64_t>(&scalar)) return *integer;
  if (const double* number = std::get_if<double>(&scalar)) return *number;
  return node.Scalar();
}

bool keeps_to_schema(const YAML::Node& document) {
  return schema_faults(to_json(document), fs::path(EARSHOT_SOURCE_DIR) / "schemas" / "listener.schema.json").empty();
}

TEST(ListenerSchema, AllowsTheListenersOfTheDemo) {
  size_t files = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(EARSHOT_SOURCE_DIR) / "ops" / "demo" / "listeners")) {
    EXPECT_TRUE(keeps_to_schema(YAML::LoadFile(entry.path().string()))) << entry.path();
    EXPECT_TRUE(load_listeners(entry.path())) << entry.path();
    ++files;
  }
  EXPECT_GT(files, 0U);
}

struct Case {
  std::string_view listener;
  bool is_allowed;
};

TEST(ListenerSchema, AllowsWhatTheLoaderAllows) {
  const std::string long_spoke = fmt::format("{{name: a, spoke: {:s>64}, owner: o, query: q}}", "s");
  const std::string long_name = fmt::format("{{name: {:n>201}, spoke: s, owner: o, query: q}}", "n");
  for (const Case& each : std::initializer_list<Case>{
           {"{name: a, spoke: s, owner: o, query: q}", true},
           {"{name: a b, spoke: s-1, owner: o, query: q, tags: [], description: ''}", true},
           {"{name: a, spoke: s, owner: o, query: q, alert: {min_mentions: 1, sensitivity: 0.01, enabled: true}}",
            true},
           {"{name: a, spoke: s, owner: o, query: q, alert: {sensitivity: 100}}", true},
           {"{name: a, spoke: s, owner: o}", false},
           {"{name: a, spoke: s, owner: o, query: q, quota: 1}", false},
           {"{name: 1, spoke: s, owner: o, query: q}", false},
           {"{name: ' a', spoke: s, owner: o, query: q}", false},
           {"{name: a, spoke: S, owner: o, query: q}", false},
           {"{name: a, spoke: '', owner: o, query: q}", false},
           {"{name: a, spoke: s, owner: ~, query: q}", false},
           {"{name: a, spoke: s, owner: o, query: '  '}", false},
           {"{name: a, spoke: s, owner: o, query: [q]}", false},
           {"{name: a, spoke: s, owner: o, query: q, tags: [1]}", false},
           {"{name: a, spoke: s, owner: o, query: q, tags: ['']}", false},
           {"{name: a, spoke: s, owner: o, query: q, description: 5}", false},
           {"{name: a, spoke: s, owner: o, query: q, alert: {min_mentions: 0}}", false},
           {"{name: a, spoke: s, owner: o, query: q, alert: {min_mentions: 1.5}}", false},
           {"{name: a, spoke: s, owner: o, query: q, alert: {sensitivity: 101}}", false},
           {"{name: a, spoke: s, owner: o, query: q, alert: {enabled: 1}}", false},
           {"{name: a, spoke: s, owner: o, query: q, alert: {min_mention: 1}}", false},
           {"just text", false},
           {long_spoke, false},
           {long_name, false}}) {
    const std::string yaml = fmt::format("listeners: [{}]", each.listener);
    EXPECT_EQ(keeps_to_schema(YAML::Load(yaml)), each.is_allowed) << yaml;
    EXPECT_EQ(fault_of(yaml).empty(), each.is_allowed) << yaml << '\n' << fault_of(yaml);
  }
}

}  // namespace
}  // namespace earshot
