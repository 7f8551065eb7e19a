#include "schemas/listener.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/schemas/listener/listener_folder.h"

namespace earshot {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::string_view kMinimal = "{name: a, spoke: s, owner: o, query: q}";

std::string list_of(std::string_view items) {
  return fmt::format("listeners: [{}]\n", items);
}

TEST(Listeners, AreReadWithAllTheirKeys) {
  const ListenerFolder folder;
  folder.write("a.yaml", R"(listeners:
  - name: brand outage
    spoke: crisis-desk
    owner: team@example.org
    query: brand AND outage
    tags: [brand, "2024"]
    alert: {min_mentions: 25, sensitivity: 1.5, enabled: false}
    description: what breaks
)");
  const auto set = folder.load();
  ASSERT_TRUE(set) << set.error().to_string();
  ASSERT_EQ((*set)->listeners.size(), 1U);
  const Listener& listener = (*set)->listeners[0];
  EXPECT_EQ(listener.name, "brand outage");
  EXPECT_EQ(listener.spoke, "crisis-desk");
  EXPECT_EQ(listener.owner, "team@example.org");
  EXPECT_EQ(listener.query, "brand AND outage");
  EXPECT_THAT(listener.tags, ElementsAre("brand", "2024"));
  EXPECT_EQ(listener.alert.min_mentions, 25);
  EXPECT_EQ(listener.alert.sensitivity, 1.5);
  EXPECT_FALSE(listener.alert.enabled);
  EXPECT_EQ(listener.description, "what breaks");
}

TEST(Listeners, HaveAnAlertPolicyWithoutAskingForOne) {
  const ListenerFolder folder;
  const auto set = folder.write("a.yaml", list_of(kMinimal)).load();
  ASSERT_TRUE(set) << set.error().to_string();
  EXPECT_EQ((*set)->listeners[0].alert.min_mentions, AlertPolicy{}.min_mentions);
  EXPECT_TRUE((*set)->listeners[0].alert.enabled);
}

TEST(Listeners, ComeFromAllYamlFilesOfAFolderInNameOrder) {
  const ListenerFolder folder;
  folder.write("b.yml", list_of("{name: third, spoke: s, owner: o, query: q}"));
  folder.write("a/z.yaml", list_of("{name: first, spoke: s, owner: o, query: q}"));
  folder.write("a.yaml", list_of("{name: second, spoke: s, owner: o, query: q}"));
  folder.write(".hidden/a.yaml", "not: read");
  folder.write("notes.txt", "not read");
  const auto set = folder.load();
  ASSERT_TRUE(set) << set.error().to_string();
  std::vector<std::string> names;
  for (const Listener& listener : (*set)->listeners) names.push_back(listener.name);
  EXPECT_THAT(names, ElementsAre("first", "second", "third"));
}

TEST(Listeners, MayComeFromOneFile) {
  const ListenerFolder folder;
  folder.write("a.yaml", list_of(kMinimal)).write("b.yaml", "not: read");
  EXPECT_TRUE(load_listeners(folder.path() / "a.yaml"));
}

uint64_t version_of(std::string_view items) {
  const ListenerFolder folder;
  const auto set = folder.write("a.yaml", list_of(items)).load();
  return set ? (*set)->version : 0;
}

TEST(ListenerVersion, IsTheSameWhateverTheOrderFilesAndStyle) {
  const ListenerFolder folder;
  folder.write("y.yaml", "listeners:\n- owner: o\n  query: 'x'\n  spoke: s\n  name: \"b\"\n");
  folder.write("z.yaml", list_of(kMinimal));
  const auto set = folder.load();
  ASSERT_TRUE(set) << set.error().to_string();
  EXPECT_EQ((*set)->version,
            version_of("{name: a, spoke: s, owner: o, query: q}, {name: b, spoke: s, owner: o, query: x}"));
}

TEST(ListenerVersion, ChangesWithEveryKey) {
  std::set<uint64_t> versions;
  for (const std::string_view item :
       {"{name: a, spoke: s, owner: o, query: q}", "{name: b, spoke: s, owner: o, query: q}",
        "{name: a, spoke: t, owner: o, query: q}", "{name: a, spoke: s, owner: p, query: q}",
        "{name: a, spoke: s, owner: o, query: r}", "{name: a, spoke: s, owner: o, query: q, tags: [x]}",
        "{name: a, spoke: s, owner: o, query: q, description: x}",
        "{name: a, spoke: s, owner: o, query: q, alert: {min_mentions: 11}}",
        "{name: a, spoke: s, owner: o, query: q, alert: {sensitivity: 2}}",
        "{name: a, spoke: s, owner: o, query: q, alert: {enabled: false}}"}) {
    versions.insert(version_of(item));
  }
  EXPECT_EQ(versions.count(0), 0U);
  EXPECT_EQ(versions.size(), 10U);
}

struct Fault {
  std::string_view yaml;
  std::string_view message;
};

class ListenerFault : public testing::TestWithParam<Fault> {};

TEST_P(ListenerFault, NamesPlaceAndRemedy) {
  EXPECT_EQ(fault_of(GetParam().yaml), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Yaml, ListenerFault,
    testing::Values(
        Fault{"listeners:\n  - name: a\n    spok: s\n    owner: o\n    query: q\n",
              "DIR/a.yaml:3:5: unknown key 'spok' of a listener; did you mean 'spoke'?\n"
              "DIR/a.yaml:2:5: this listener has no 'spoke'"},
        Fault{"listeners: [{name: a, spoke: Sales Team, owner: o, query: q}]",
              "DIR/a.yaml:1:30: spoke 'Sales Team' becomes part of topic names: use only a to z, 0 to 9 and '-', at "
              "most 63 "
              "of them"},
        Fault{"listeners: [{name: \u00e9\u00e9, spoke: s, owner: 7, query: q}]",
              "DIR/a.yaml:1:41: 'owner' must be text, found '7'; put it in quotes"},
        Fault{"listeners: [{name: a, spoke: s, owner: o, query: ' '}]", "DIR/a.yaml:1:50: 'query' is empty"},
        Fault{"listeners: [{name: a, spoke: s, owner: o, query: q, query: r}]",
              "DIR/a.yaml:1:53: the key 'query' is given twice"},
        Fault{"listeners: [{name: a, spoke: s, owner: o, query: q, alert: {min_mentions: 0}}]",
              "DIR/a.yaml:1:75: 'min_mentions' must be a whole number from 1 to 1000000000, found '0'"},
        Fault{"listeners: [{name: a, spoke: s, owner: o, query: q, alert: {sensitivity: high}}]",
              "DIR/a.yaml:1:74: 'sensitivity' must be a number from 0.01 to 100, found 'high'"},
        Fault{"listeners: [{name: a, spoke: s, owner: o, query: q, alert: {enabled: 'true'}}]",
              "DIR/a.yaml:1:70: 'enabled' must be true or false, found 'true'"},
        Fault{"listeners: [{name: a, spoke: s, owner: o, query: q, tags: x}]",
              "DIR/a.yaml:1:59: 'tags' must be a list, found 'x'"},
        Fault{"listeners: [a]", "DIR/a.yaml:1:13: a listener must be a map, found 'a'"},
        Fault{"listeners: {}", "DIR/a.yaml:1:12: 'listeners' must be a list, found a map"},
        Fault{"listener: []",
              "DIR/a.yaml:1:1: unknown key 'listener' of a file of listeners; did you mean 'listeners'?\n"
              "DIR/a.yaml:1:1: the key 'listeners' is missing"},
        Fault{"- a", "DIR/a.yaml:1:1: expected a map with the key 'listeners', found a list"},
        Fault{"", "DIR/a.yaml:1:1: the file is empty; expected the key 'listeners'"},
        Fault{"listeners: []", "DIR: the list of listeners is empty; write at least one"},
        Fault{"listeners: []\n---\nlisteners: []",
              "DIR/a.yaml:1:1: the file holds several documents; remove the '---' lines"},
        Fault{"listeners:\n  - name: [a\n", "DIR/a.yaml:3:1: this is not YAML: end of sequence flow not found"},
        Fault{"listeners: [{name: \xff}]", "DIR/a.yaml:1:20: this byte is not UTF-8; save the file as UTF-8"}));

TEST(Listeners, ReportAllFaultsOfAllFiles) {
  const ListenerFolder folder;
  folder.write("a.yaml", list_of("{name: a, spoke: S, owner: o, query: q}, {name: b}"));
  folder.write("b.yaml", "x: 1");
  EXPECT_THAT(folder.fault(), HasSubstr("DIR/a.yaml:1:30: spoke 'S'"));
  EXPECT_THAT(folder.fault(), HasSubstr("DIR/a.yaml:1:54: this listener has no 'query'"));
  EXPECT_THAT(folder.fault(), HasSubstr("DIR/b.yaml:1:1: unknown key 'x'"));
}

TEST(Listeners, ReportAHundredFaultsAndCountTheRest) {
  std::string items;
  for (int i = 0; i < 150; ++i) items += "7, ";
  EXPECT_THAT(fault_of(list_of(items)), testing::EndsWith("… and 50 more errors"));
}

TEST(Listeners, HaveNamesThatAreUniqueAcrossFiles) {
  const ListenerFolder folder;
  folder.write("a.yaml", list_of(kMinimal)).write("b.yaml", fmt::format("\n{}", list_of(kMinimal)));
  EXPECT_EQ(folder.fault(),
            "DIR/b.yaml:2:20: a listener named 'a' is already at DIR/a.yaml:1:20; names are unique in the whole set");
}

TEST(Listeners, AreNotReadFromNowhere) {
  const ListenerFolder folder;
  EXPECT_EQ(folder.fault(), "DIR: the folder holds no listeners: expected files ending in .yaml or .yml");
  const auto missing = load_listeners(folder.path() / "missing");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
}

TEST(Listeners, SayWhichFileCannotBeRead) {
  const ListenerFolder folder;
  folder.write("a.yaml", list_of(kMinimal));
  std::filesystem::create_symlink(folder.path() / "gone", folder.path() / "b.yaml");
  EXPECT_EQ(folder.fault(), "DIR/b.yaml: cannot read the file: No such file or directory");
}

TEST(ListenerFiles, MayBeLinksInsideTheirFolder) {
  const ListenerFolder folder;
  folder.write("..data/a.yaml", list_of(kMinimal));  // as Kubernetes mounts a ConfigMap
  std::filesystem::create_symlink("..data/a.yaml", folder.path() / "a.yaml");
  EXPECT_EQ(folder.fault(), "");
}

TEST(ListenerFiles, MayNotLeadOutOfTheirFolder) {
  const ListenerFolder elsewhere;
  elsewhere.write("secret.yaml", "canary: [\n");
  for (const auto& target : {elsewhere.path() / "secret.yaml", std::filesystem::path("/etc/hostname")}) {
    const ListenerFolder folder;
    folder.write("good.yaml", list_of(kMinimal));
    std::filesystem::create_symlink(target, folder.path() / "link.yaml");
    EXPECT_NE(folder.fault().find("DIR/link.yaml: leads out of the listeners' folder"), std::string::npos)
        << folder.fault();
    EXPECT_EQ(folder.fault().find("canary"), std::string::npos);
  }
}

TEST(ListenerFiles, AreNotFollowedThroughALinkedFolderOutside) {
  const ListenerFolder elsewhere;
  elsewhere.write("other.yaml", list_of(kMinimal));
  const ListenerFolder folder;
  folder.write("good.yaml", list_of(kMinimal));
  std::filesystem::create_directory_symlink(elsewhere.path(), folder.path() / "sub");
  const auto loaded = folder.load();
  ASSERT_TRUE(loaded.ok()) << loaded.error().to_string();
  EXPECT_EQ((*loaded)->listeners.size(), 1U);
}

TEST(ListenerFiles, OfAFolderThatIsALinkAreInside) {
  const ListenerFolder folder;
  folder.write("a.yaml", list_of(kMinimal));
  const ListenerFolder links;
  std::filesystem::create_directory_symlink(folder.path(), links.path() / "link");
  EXPECT_TRUE(load_listeners(links.path() / "link").ok());
}

}  // namespace
}  // namespace earshot
