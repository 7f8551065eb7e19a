// Files of rules as files of listeners.
#include "ops/import/import.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "schemas/listener_file.h"

namespace earshot::import {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const ImportOptions kOptions{.spoke = "desk", .owner = "o'neil"};

// What a listener file with this text holds.
std::vector<PlacedListener> listeners_of(const std::string& yaml) {
  ListenerFileContent content;
  ListenerFaults faults;
  read_listener_file("imported.yaml", yaml, content, faults);
  EXPECT_TRUE(faults.empty()) << faults.text() << yaml;
  return content.listeners;
}

TEST(Import, ReadsTheJsonOfTheRulesEndpointAndALineForEachRule) {
  for (const std::string content :
       {R"({"rules":[{"value":"brand \"is down\"","tag":"outages"},{"tag":null,"value":"refund"}],"sent":"now"})",
        "brand \"is down\"\n\n  refund\n"}) {
    const auto imported = import_rules(Language::kPowertrack, "a/gnip.json", content, kOptions);
    ASSERT_TRUE(imported) << imported.error().to_string();
    const auto listeners = listeners_of(imported->yaml);
    ASSERT_EQ(listeners.size(), 2u);
    EXPECT_EQ(listeners[0].listener.query, "brand \"is down\"");
    EXPECT_EQ(listeners[0].listener.owner, "o'neil");
    EXPECT_EQ(listeners[1].listener.name, "gnip-2");
  }
}

TEST(Import, ReadsAnObjectALineAndNamesTheLineOfAFaultyOne) {
  const std::string lines =
      "{\"name\":\"Outages\",\"booleanQuery\":\"outage\"}\n\n"
      "{\"name\":\"Money\",\"booleanQuery\":\"refund AND title:x\"}\n";
  const auto imported = import_rules(Language::kBrandwatch, "export.ndjson", lines, kOptions);
  ASSERT_TRUE(imported) << imported.error().to_string();
  EXPECT_EQ(imported->rules, 2u);
  EXPECT_EQ(listeners_of(imported->yaml).size(), 1u);
  ASSERT_EQ(imported->findings.size(), 1u);
  EXPECT_EQ(imported->findings[0].where, "export.ndjson:3:44");
  const auto cut = import_rules(Language::kBrandwatch, "export.ndjson", lines + "{\"name\":\"x\"", kOptions);
  ASSERT_FALSE(cut);
  EXPECT_THAT(cut.error().to_string(), HasSubstr("export.ndjson:4:"));
}

TEST(Import, GivesEachListenerANameOfItsOwn) {
  const auto imported = import_rules(
      Language::kBrandwatch, "export.json",
      R"([{"name":"Outages","booleanQuery":"outage"},{"name":"Outages","booleanQuery":"down"}])", kOptions);
  ASSERT_TRUE(imported);
  const auto listeners = listeners_of(imported->yaml);
  ASSERT_EQ(listeners.size(), 2u);
  EXPECT_EQ(listeners[0].listener.name, "Outages");
  EXPECT_EQ(listeners[1].listener.name, "Outages-2");
}

TEST(Import, LeavesOutWhatIsRefusedAndSaysWhere) {
  const auto imported = import_rules(Language::kPowertrack, "rules.txt", "refund\nö time_zone:\"Oslo\"\n", kOptions);
  ASSERT_TRUE(imported);
  EXPECT_EQ(imported->rules, 2u);
  EXPECT_EQ(imported->refused, 1u);
  EXPECT_THAT(imported->yaml, HasSubstr("# Left out: rules-2: ö time_zone:\"Oslo\"\n"));
  ASSERT_EQ(imported->findings.size(), 1u);
  EXPECT_EQ(imported->findings[0].where, "rules.txt:2:3");
  EXPECT_EQ(imported->findings[0].finding.operation, "time_zone:");
  EXPECT_EQ(listeners_of(imported->yaml).size(), 1u);
}

TEST(Import, CountsColumnsWithinEscapedJsonAsItsFileHasThem) {
  const auto imported = import_rules(Language::kPowertrack, "r.json",
                                     "[\n {\"value\": \"\\u00e9\\\"a b\\\" \\ud83d\\ude21 list:7\"}]", kOptions);
  ASSERT_TRUE(imported);
  ASSERT_EQ(imported->findings.size(), 1u);
  EXPECT_EQ(imported->findings[0].where, "r.json:2:40");
}

TEST(Import, ReadsOneDefinitionOverManyLines) {
  const auto imported =
      import_rules(Language::kCsdl, "d.csdl", "interaction.content contains \"a1\"\nAND klout.score > 3\n", kOptions);
  ASSERT_TRUE(imported);
  ASSERT_EQ(imported->findings.size(), 1u);
  EXPECT_EQ(imported->findings[0].where, "d.csdl:2:5");
}

TEST(Import, NamesWhyAFileCannotBeRead) {
  const auto fault = [](std::string_view content) {
    const auto imported = import_rules(Language::kPowertrack, "r", content, kOptions);
    return imported ? std::string() : imported.error().to_string();
  };
  EXPECT_EQ(fault(" \n"), "r: the file holds no rule");
  EXPECT_EQ(fault("caf\xe9"), "r: the file is not UTF-8");
  EXPECT_THAT(fault(R"({"rules":[{"value":"a"})"), HasSubstr("the JSON cannot be read"));
  EXPECT_THAT(fault(R"({"rules":[]})"), HasSubstr("holds no rule of this language"));
}

}  // namespace
}  // namespace earshot::import
