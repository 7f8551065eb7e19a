// The committed schema and reference page are what the declaration says today. To bring them up to date:
// EARSHOT_UPDATE_GOLDENS=1 test_ops_settings --gtest_filter='GeneratedPages.*'
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "ops/settings/settings.h"

namespace earshot {
namespace {

void expect_committed(const std::string& name, const std::string& wanted) {
  const std::string path = std::string(EARSHOT_SOURCE_DIR) + "/" + name;
  if (std::getenv("EARSHOT_UPDATE_GOLDENS") != nullptr) std::ofstream(path, std::ios::binary) << wanted;
  std::ifstream in(path, std::ios::binary);
  std::stringstream committed;
  committed << in.rdbuf();
  EXPECT_EQ(committed.str(), wanted) << name << " is out of date: set EARSHOT_UPDATE_GOLDENS=1 and run this test again";
}

TEST(GeneratedPages, TheCommittedSchemaIsUpToDate) {
  expect_committed("schemas/config.schema.json", settings_json_schema());
}

TEST(GeneratedPages, TheCommittedReferenceIsUpToDate) {
  expect_committed("docs/configuration.md", settings_reference_page());
}

void collect(const ConfigSection& section, std::vector<const ConfigOption*>& options) {
  for (const auto& member : section.members()) {
    if (const auto* inner = std::get_if<ConfigSection>(member.get())) {
      collect(*inner, options);
    } else {
      options.push_back(&std::get<ConfigOption>(*member));
    }
  }
}

TEST(GeneratedPages, TheReferenceHasEveryOption) {
  Settings settings;
  const ConfigSection root = declare_settings(settings);
  std::vector<const ConfigOption*> options;
  collect(root, options);
  const std::string page = settings_reference_page();
  for (const ConfigOption* option : options) {
    EXPECT_NE(page.find("| `" + option->name() + "` |"), std::string::npos) << option->name();
  }
}

TEST(GeneratedPages, TheDefaultsOfTheSchemaReadBackAsTheDefaults) {
  const auto schema = nlohmann::json::parse(settings_json_schema());
  std::string yaml = "listeners: l\n";
  for (const auto& [name, section] : schema["properties"].items()) {
    if (!section.contains("properties")) continue;
    nlohmann::json defaults = nlohmann::json::object();
    for (const auto& [key, option] : section["properties"].items()) {
      if (option.contains("default")) defaults[key] = option["default"];
    }
    yaml += name + ": " + defaults.dump() + "\n";
  }
  Settings settings;
  const ConfigReading reading = read_config(yaml, declare_settings(settings), {"defaults.yaml", "/", {}});
  ASSERT_TRUE(reading.ok()) << reading.to_error().to_string();
  Settings untouched;
  EXPECT_EQ(settings.time.lateness, untouched.time.lateness);
  EXPECT_EQ(settings.windows.sizes, untouched.windows.sizes);
  EXPECT_EQ(settings.runtime.batch_bytes, untouched.runtime.batch_bytes);
  EXPECT_EQ(settings.log.sync, untouched.log.sync);
  EXPECT_EQ(settings.detect.false_alarms_per_week, untouched.detect.false_alarms_per_week);
}

}  // namespace
}  // namespace earshot
