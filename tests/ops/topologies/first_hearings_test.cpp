#include "ops/topologies/first_hearings.h"

#include <gtest/gtest.h>

#include "ops/topologies/detect_keys.h"
#include "tests/ops/topologies/memory_log.h"

namespace earshot {
namespace {

class FirstHearingsTest : public ::testing::Test {
 protected:
  static std::shared_ptr<const ListenerDirectory> listeners(size_t first, size_t end, uint64_t version) {
    auto set = std::make_shared<ListenerSet>();
    for (size_t i = first; i < end; ++i) set->listeners.push_back({.name = "l" + std::to_string(i)});
    set->version = version;
    return std::make_shared<const ListenerDirectory>(set);
  }
  StateStore open(int32_t partition = 0) {
    return StateStore("detect", partition, std::make_unique<MemoryState>(table_));
  }
  // What is pending becomes what a later store finds.
  void commit(StateStore& store) {
    for (const auto& [key, value] : store.pending()) {
      if (value) {
        table_->insert_or_assign(key, *value);
      } else {
        table_->erase(key);
      }
    }
    store.mark_committed();
  }

  std::shared_ptr<StateTable> table_ = std::make_shared<StateTable>();
};

TEST_F(FirstHearingsTest, CountFromTheFirstPaneUnderTheSetThatNamedTheListener) {
  StateStore store = open();
  FirstHearings hearings(store, 1);
  hearings.adopt(listeners(0, 2, 1));
  EXPECT_EQ(*hearings.since("l0"), std::nullopt);
  ASSERT_TRUE(hearings.hear_pane(10'000));
  ASSERT_TRUE(hearings.hear_pane(20'000));
  EXPECT_EQ(*hearings.since("l0"), 10'000);
  EXPECT_EQ(*hearings.since("l2"), std::nullopt);
  ASSERT_TRUE(hearings.checkpoint());
  hearings.adopt(listeners(1, 3, 2));
  ASSERT_TRUE(hearings.hear_pane(30'000));
  EXPECT_EQ(*hearings.since("l0"), 10'000);
  EXPECT_EQ(*hearings.since("l1"), 10'000);
  EXPECT_EQ(*hearings.since("l2"), 30'000);
}

TEST_F(FirstHearingsTest, OfALargeSetAreWrittenByAndByAndSayTheSameMeanwhile) {
  constexpr size_t kListeners = 10'000;
  const auto set = listeners(0, kListeners, 1);
  StateStore store = open();
  FirstHearings hearings(store, 1);
  hearings.adopt(set);
  ASSERT_TRUE(hearings.hear_pane(10'000));
  size_t commits = 0;
  for (; table_->count(std::string(detect_keys::kHeardVersionKey)) == 0; ++commits) {
    ASSERT_LT(commits, kListeners);
    ASSERT_TRUE(hearings.checkpoint());
    EXPECT_LE(store.pending().size(), 2'000U);
    commit(store);
    for (const char* name : {"l0", "l5000", "l9999"}) EXPECT_EQ(*hearings.since(name), 10'000);
  }
  EXPECT_GT(commits, 1U);
  ASSERT_TRUE(hearings.checkpoint());
  EXPECT_TRUE(store.pending().empty());
}

TEST_F(FirstHearingsTest, ThatAProcessDidNotWriteToTheEndAreTheSameToTheNext) {
  const auto set = listeners(0, 5'000, 1);
  {
    StateStore store = open();
    FirstHearings hearings(store, 1);
    hearings.adopt(set);
    ASSERT_TRUE(hearings.hear_pane(10'000));
    ASSERT_TRUE(hearings.checkpoint());
    commit(store);
  }
  StateStore store = open();
  FirstHearings hearings(store, 1);
  hearings.adopt(set);
  ASSERT_TRUE(hearings.hear_pane(90'000));
  for (const char* name : {"l0", "l4999"}) EXPECT_EQ(*hearings.since(name), 10'000);
}

TEST_F(FirstHearingsTest, AreWrittenForTheListenersOfThePartitionOnly) {
  const auto set = listeners(0, 100, 1);
  StateStore store = open(1);
  FirstHearings hearings(store, 4);
  hearings.adopt(set);
  ASSERT_TRUE(hearings.hear_pane(10'000));
  ASSERT_TRUE(hearings.checkpoint());
  commit(store);
  for (const Listener& listener : set->listeners()->listeners) {
    const std::string key = detect_keys::key_of(detect_keys::kHeardPrefix, listener.name);
    EXPECT_EQ(table_->count(key), partition_of_listener(listener.name, 4) == 1 ? 1U : 0U) << listener.name;
  }
}

}  // namespace
}  // namespace earshot
