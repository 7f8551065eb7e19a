#include "ops/plan/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "engine/config/comparison.h"
#include "ops/plan/made_with.h"

namespace earshot::plan {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kPosts = "listeners: listeners/\nsource: {path: posts.ndjson}\n";
constexpr const char* kTopics = "listeners: l\nkafka: {bootstrap.servers: 'a:1'}\n";

Settings read(const std::string& yaml, const std::string& folder = "/etc/earshot") {
  ReadSettings result = read_settings(yaml, {"earshot.yaml", folder, [](std::string_view) { return std::nullopt; }});
  EXPECT_TRUE(result.reading.ok()) << result.reading.to_error().to_string();
  return std::move(result.settings);
}

std::vector<Edit> compare(const std::string& before, const std::string& after) {
  return compare_settings(read(before), "/etc/earshot", read(after), "/etc/earshot");
}

// "subject=effect" of each edit.
std::vector<std::string> effects(const std::vector<Edit>& edits) {
  std::vector<std::string> texts;
  for (const Edit& edit : edits) texts.push_back(edit.subject + "=" + std::string(to_string(edit.effect)));
  return texts;
}

TEST(Plan, EveryOptionDeclaresWhatItsEditDoesAndWhy) {
  Settings settings = read(std::string(kTopics) + "source: {connector: kafka}\n");
  const ConfigSection section = declare_settings(settings);
  const auto values = config_values(section);
  EXPECT_GT(values.size(), 50u);
  for (const ConfigValue& value : values) {
    EXPECT_NE(value.option->edit_rule().effect, EditEffect::kUndeclared) << value.path;
    EXPECT_FALSE(value.option->edit_rule().reason.empty()) << value.path;
  }
}

TEST(Plan, FindsNothingBetweenAConfigurationAndItself) {
  EXPECT_THAT(compare(kPosts, kPosts), IsEmpty());
  EXPECT_EQ(to_table({}), "no edits\n");
}

TEST(Plan, SaysWhatEachEditDoes) {
  const auto edits = compare(kPosts, std::string(kPosts) + "windows: {pane: 5s}\nruntime: {threads: 3}\n");
  EXPECT_THAT(effects(edits), testing::ElementsAre("windows.pane=state reset", "runtime.threads=restart"));
  EXPECT_TRUE(needs_reset(edits));
  EXPECT_EQ(edits[0].before, "10s");
  EXPECT_EQ(edits[0].after, "5s");
  EXPECT_THAT(to_table(edits), HasSubstr("state reset  windows.pane: 10s -> 5s"));
}

TEST(Plan, LetsAListOfTopicsGrowAtItsEndOnly) {
  const std::string head = std::string(kTopics) + "source: {connector: kafka, topics: ";
  EXPECT_FALSE(needs_reset(compare(head + "[a, b]}\n", head + "[a, b, c]}\n")));
  EXPECT_TRUE(needs_reset(compare(head + "[a, b]}\n", head + "[b, a]}\n")));
  EXPECT_TRUE(needs_reset(compare(head + "[a, b]}\n", head + "[a]}\n")));
}

TEST(Plan, TakesAnOptionThatIsNotUsedForLive) {
  const auto edits = compare(kPosts, "listeners: listeners/\nsource: {path: posts.ndjson, topics: [other]}\n");
  EXPECT_THAT(effects(edits), testing::ElementsAre("source.topics=live"));
}

TEST(Plan, NeverShowsASecret) {
  const std::string head =
      "listeners: l\nsource: {connector: kafka}\nkafka: {bootstrap.servers: 'a:1', sasl.password: ";
  const auto edits = compare(head + "canary-one}\n", head + "canary-two}\n");
  ASSERT_EQ(edits.size(), 1u);
  EXPECT_EQ(edits[0].subject, "kafka.sasl.password");
  EXPECT_EQ(to_table(edits).find("canary"), std::string::npos);
}

TEST(Plan, DoesNotCountThatTheSameFilesLieInAnotherFolder) {
  const Settings before = read(kPosts, "/tmp/old");
  const Settings after = read(kPosts, "/etc/earshot");
  EXPECT_THAT(effects(compare_settings(before, "/tmp/old", after, "/etc/earshot")), IsEmpty());
}

TEST(Plan, ListsWhatChangesForEachListener) {
  const Listener acme{.name = "acme", .spoke = "press", .owner = "me", .query = "acme"};
  Listener edited = acme;
  edited.query = "acme OR zenit";
  Listener described = acme;
  described.name = "described";
  Listener other = described;
  other.description = "said better";
  const Listener removed{.name = "removed", .spoke = "press", .owner = "me", .query = "x"};
  const Listener added{.name = "added", .spoke = "press", .owner = "me", .query = "y"};
  const auto edits = compare_listeners({.listeners = {acme, described, removed}, .version = 1},
                                       {.listeners = {edited, other, added}, .version = 2});
  EXPECT_THAT(effects(edits), testing::ElementsAre("listener acme: query=live", "listener described: description=live",
                                                   "listener added=live", "listener removed=live"));
}

TEST(MadeWith, KnowsItsOwnConfigurationAgain) {
  const Settings settings = read(kPosts);
  const auto resets = resets_since(made_with(settings), settings);
  ASSERT_TRUE(resets) << resets.error().to_string();
  EXPECT_THAT(*resets, IsEmpty());
}

TEST(MadeWith, NamesTheEditsThatRobStateOfItsMeaningAndNoOthers) {
  const auto record = made_with(read(kPosts));
  const auto resets = resets_since(
      record, read(std::string(kPosts) + "windows: {pane: 5s}\nlog: {partitions: 8}\nruntime: {threads: 3}\n"));
  ASSERT_TRUE(resets);
  EXPECT_THAT(effects(*resets),
              testing::UnorderedElementsAre("windows.pane=state reset", "log.partitions=state reset"));
}

TEST(MadeWith, PassesOverWhatAnEarlierVersionDidNotKnow) {
  const auto resets = resets_since(R"({"version":1,"options":{"name":["earshot"],"gone":["x"]}})", read(kPosts));
  ASSERT_TRUE(resets);
  EXPECT_THAT(*resets, IsEmpty());
}

TEST(MadeWith, RefusesARecordThatItDoesNotKnow) {
  for (const char* record :
       {"", "nonsense", "[]", R"({"version":2,"options":{}})", R"({"version":"1","options":{}})", R"({"version":1})"}) {
    EXPECT_FALSE(resets_since(record, read(kPosts))) << record;
  }
}

TEST(MadeWith, HoldsNoSecret) {
  const auto record = made_with(
      read("listeners: l\nsource: {connector: kafka}\nkafka: {bootstrap.servers: 'a:1', sasl.password: canary}\n"));
  EXPECT_EQ(record.find("canary"), std::string::npos);
  EXPECT_EQ(record.find("sasl"), std::string::npos);
}

}  // namespace
}  // namespace earshot::plan
