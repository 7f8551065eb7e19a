#include "engine/state/state_store.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace earshot {
namespace {

using Entries = std::vector<std::pair<std::string, std::string>>;
using Committed = std::map<std::string, std::string, std::less<>>;

class MapBackend final : public StateBackend {
 public:
  explicit MapBackend(const Committed& entries) : entries_(entries) {}
  Result<std::optional<std::string>> get(std::string_view key) const override {
    const auto found = entries_.find(key);
    return found == entries_.end() ? std::optional<std::string>() : found->second;
  }
  Result<void> scan(std::string_view prefix,
                    const std::function<bool(std::string_view, std::string_view)>& visit) const override {
    for (auto entry = entries_.lower_bound(prefix); entry != entries_.end() && entry->first.starts_with(prefix);
         ++entry) {
      if (!visit(entry->first, entry->second)) break;
    }
    return {};
  }

 private:
  const Committed& entries_;
};

class BrokenBackend final : public StateBackend {
 public:
  Result<std::optional<std::string>> get(std::string_view /*key*/) const override { return failed("disk gone"); }
  Result<void> scan(std::string_view /*prefix*/,
                    const std::function<bool(std::string_view, std::string_view)>& /*visit*/) const override {
    return failed("disk gone");
  }
};

StateStore make_store(const Committed& committed) {
  return {"panes", 3, std::make_unique<MapBackend>(committed)};
}

Entries scan_all(const StateStore& store, std::string_view prefix, size_t count_max = SIZE_MAX) {
  Entries entries;
  const auto scanned = store.scan(prefix, [&](std::string_view key, std::string_view value) {
    entries.emplace_back(key, value);
    return entries.size() < count_max;
  });
  EXPECT_TRUE(scanned.ok());
  return entries;
}

TEST(StateStore, ReadsItsOwnChangesBeforeTheyAreCommitted) {
  const Committed committed{{"a", "old"}, {"b", "old"}};
  StateStore store = make_store(committed);
  store.put("a", "new");
  store.erase("b");
  store.put("c", "new");
  EXPECT_EQ(*store.get("a"), "new");
  EXPECT_EQ(*store.get("b"), std::nullopt);
  EXPECT_EQ(*store.get("c"), "new");
  EXPECT_EQ(*store.get("d"), std::nullopt);
  EXPECT_EQ(store.pending().size(), 3u);
}

TEST(StateStore, ForgetsChangesThatAreDiscarded) {
  const Committed committed{{"a", "old"}};
  StateStore store = make_store(committed);
  store.put("a", "new");
  store.discard_pending();
  EXPECT_EQ(*store.get("a"), "old");
  EXPECT_TRUE(store.pending().empty());
}

TEST(StateStore, ScansCommittedAndPendingEntriesInKeyOrder) {
  const Committed committed{{"p/1", "c"}, {"p/3", "c"}, {"p/5", "c"}, {"q", "c"}};
  StateStore store = make_store(committed);
  store.put("p/0", "n");
  store.put("p/3", "n");
  store.put("p/4", "n");
  store.erase("p/5");
  store.put("p/9", "n");
  store.erase("p/8");
  store.put("o", "n");
  EXPECT_EQ(scan_all(store, "p/"), (Entries{{"p/0", "n"}, {"p/1", "c"}, {"p/3", "n"}, {"p/4", "n"}, {"p/9", "n"}}));
}

TEST(StateStore, StopsAScanWhereverItIsToldTo) {
  const Committed committed{{"b", "c"}, {"d", "c"}};
  StateStore store = make_store(committed);
  for (const char* key : {"a", "c", "d", "e"}) store.put(key, "n");
  const Entries all = scan_all(store, "");
  ASSERT_EQ(all.size(), 5u);
  for (size_t count = 1; count <= all.size(); ++count) {
    EXPECT_EQ(scan_all(store, "", count), Entries(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count)));
  }
}

TEST(StateStore, PassesOnTheFaultsOfItsBackend) {
  StateStore store("panes", 0, std::make_unique<BrokenBackend>());
  store.put("pending", "x");
  EXPECT_TRUE(store.get("pending").ok());
  EXPECT_FALSE(store.get("committed").ok());
  EXPECT_FALSE(store.scan("", [](auto, auto) { return true; }).ok());
}

// Whatever was committed and changed, the store looks like a map that had the changes applied.
RC_GTEST_PROP(StateStoreProperty, LooksLikeAMapWithItsChangesApplied, ()) {
  const auto key = rc::gen::container<std::string>(rc::gen::element('a', 'b'));
  Committed committed;
  for (auto& text : *rc::gen::container<std::vector<std::string>>(key)) committed[text] = "committed";
  Committed expected = committed;
  StateStore store = make_store(committed);
  for (const auto& [text, put] :
       *rc::gen::container<std::vector<std::pair<std::string, bool>>>(rc::gen::pair(key, rc::gen::arbitrary<bool>()))) {
    if (put) {
      store.put(text, "changed");
      expected[text] = "changed";
    } else {
      store.erase(text);
      expected.erase(text);
    }
  }
  const std::string prefix = *key;
  Entries wanted;
  for (const auto& [text, value] : expected) {
    if (text.starts_with(prefix)) wanted.emplace_back(text, value);
  }
  RC_ASSERT(scan_all(store, prefix) == wanted);
}

}  // namespace
}  // namespace earshot
