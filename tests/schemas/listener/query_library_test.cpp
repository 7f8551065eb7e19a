// Macros and lists as files have them.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/schemas/listener/listener_folder.h"

namespace earshot {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::string_view kListeners = "listeners: [{name: a, spoke: s, owner: o, query: q}]\n";

TEST(QueryLibrary, HasTheMacrosAndListsOfTheFolder) {
  const ListenerFolder folder;
  folder.write("a.yaml", kListeners);
  folder.write("shared/macros.yaml", "macros:\n  job_ads: '\"we hire\" OR jobs'\n  more: |\n    x OR\n    y\n");
  folder.write("lists/rivals.txt", "# our rivals\nAcme\n\n  Big Corp  \r\n#hashtag\n");
  const auto set = folder.load();
  ASSERT_TRUE(set) << set.error().to_string();
  const QueryLibrary& library = (*set)->library;
  ASSERT_EQ(library.macros.size(), 2U);
  EXPECT_EQ(library.macros.at("job_ads").query, "\"we hire\" OR jobs");
  EXPECT_EQ(library.macros.at("job_ads").origin.line, 2);
  EXPECT_EQ(library.macros.at("job_ads").origin.column, 13);
  EXPECT_EQ(library.macros.at("more").origin.line, 4);
  EXPECT_THAT(library.lists.at("rivals").entries, ElementsAre("\"Acme\"", "\"Big Corp\"", "\"#hashtag\""));
}

TEST(QueryLibrary, LiesBesideASingleFile) {
  const ListenerFolder folder;
  folder.write("a.yaml", kListeners).write("lists/rivals.txt", "Acme");
  const auto set = load_listeners(folder.path() / "a.yaml");
  ASSERT_TRUE(set) << set.error().to_string();
  EXPECT_EQ((*set)->library.lists.size(), 1U);
}

TEST(QueryLibrary, BelongsToTheVersionOfTheSet) {
  const auto version = [](std::string_view listeners, std::string_view list) {
    const ListenerFolder folder;
    folder.write("a.yaml", listeners);
    if (!list.empty()) folder.write("lists/rivals.txt", list);
    return (*folder.load())->version;
  };
  const std::string with_macro = std::string(kListeners) + "macros: {m: x}\n";
  const std::string folds = "listeners: [{name: a, spoke: s, owner: o, query: q, fold_diacritics: true}]\n";
  const std::string splits = "listeners: [{name: a, spoke: s, owner: o, query: q, split_hashtags: true}]\n";
  const std::set<uint64_t> versions{version(kListeners, ""), version(kListeners, "Acme"), version(kListeners, "Big"),
                                    version(with_macro, ""), version(folds, ""),          version(splits, "")};
  EXPECT_EQ(versions.size(), 6U);
  EXPECT_EQ(version(kListeners, "Acme"), version(kListeners, "# none\n\nAcme\n"));
}

TEST(QueryLibrary, NamesTheFileAndLineOfItsFaults) {
  const ListenerFolder folder;
  folder.write("a.yaml", std::string(kListeners) + "macros: {9x: y, dup: a, '': b, list: [c]}\n");
  folder.write("b.yaml", "macros: {dup: b}\n");
  folder.write("lists/bad name.txt", "x");
  folder.write("lists/empty.txt", "# nothing\n");
  folder.write("lists/quoted.txt", "fine\n\"Acme\"\n");
  const std::string fault = folder.fault();
  EXPECT_THAT(fault, HasSubstr("DIR/a.yaml:2:10: a macro's name begins with a letter and goes on with letters, digits "
                               "and '_', at most 63 in all, found '9x'"));
  EXPECT_THAT(fault, HasSubstr("DIR/a.yaml:2:25: a macro's name"));
  EXPECT_THAT(fault, HasSubstr("'list' must be text, found a list"));
  EXPECT_THAT(fault, HasSubstr("DIR/b.yaml:1:10: a macro named 'dup' is already at DIR/a.yaml:2:17"));
  EXPECT_THAT(fault, HasSubstr("DIR/lists/bad name.txt: a list's name begins with a letter"));
  EXPECT_THAT(fault, HasSubstr("DIR/lists/empty.txt: the list is empty; write at least one entry, each on a line"));
  EXPECT_THAT(fault, HasSubstr("DIR/lists/quoted.txt:2:1: an entry has no '\"'"));
}

TEST(QueryLibrary, KeepsListsInsideTheFolder) {
  const ListenerFolder folder;
  const ListenerFolder other;
  other.write("secret.txt", "secret");
  folder.write("a.yaml", kListeners).write("lists/mine.txt", "x");
  std::filesystem::create_symlink(other.path() / "secret.txt", folder.path() / "lists" / "theirs.txt");
  EXPECT_THAT(folder.fault(), HasSubstr("leads out of the listeners' folder"));
}

TEST(QueryLibrary, BoundsLists) {
  const ListenerFolder folder;
  std::string entries;
  for (size_t i = 0; i <= kListEntriesMax; ++i) entries += "a\n";
  folder.write("a.yaml", kListeners).write("lists/long.txt", entries);
  folder.write("lists/wide.txt", std::string(kListEntryBytesMax + 1, 'x'));
  const std::string fault = folder.fault();
  EXPECT_THAT(fault, HasSubstr("DIR/lists/long.txt:100001:1: a list has at most 100000 entries; split it"));
  EXPECT_THAT(fault, HasSubstr("DIR/lists/wide.txt:1:1: this entry has 1001 bytes; the most is 1000"));
}

TEST(Listeners, SayHowTheyRead) {
  EXPECT_EQ(fault_of("listeners: [{name: a, spoke: s, owner: o, query: q, fold_diacritics: 'yes'}]"),
            "DIR/a.yaml:1:70: 'fold_diacritics' must be true or false, found 'yes'");
}

}  // namespace
}  // namespace earshot
