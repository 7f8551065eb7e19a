// The ids that DETECT remembers of posts that are deleted or were shown.
#include "ops/topologies/recent_ids.h"

#include <gtest/gtest.h>

#include "tests/ops/topologies/memory_log.h"

namespace earshot {
namespace {

class RecentIdsTest : public testing::Test {
 protected:
  std::unique_ptr<StateStore> open() { return *log_.open_state("detect", 0); }
  void commit(StateStore& store) { log_.commit({&store}); }

  MemoryLog log_;
};

TEST_F(RecentIdsTest, KeepsTheNewestAcrossARestart) {
  auto store = open();
  RecentIds ids(*store, "x", 4);
  ASSERT_TRUE(ids.restore());
  for (uint64_t id = 1; id <= 6; ++id) {
    ids.add(id);
    ids.checkpoint();
  }
  EXPECT_FALSE(ids.contains(2));
  EXPECT_TRUE(ids.contains(3));
  commit(*store);

  auto reopened = open();
  RecentIds restored(*reopened, "x", 4);
  ASSERT_TRUE(restored.restore());
  EXPECT_EQ(restored.size(), 4u);
  EXPECT_TRUE(restored.contains(6));
  restored.add(7);
  restored.checkpoint();
  EXPECT_FALSE(restored.contains(3));
  EXPECT_TRUE(restored.contains(7));
}

TEST_F(RecentIdsTest, CountsAnIdFromWhenItCameLast) {
  auto store = open();
  RecentIds ids(*store, "x", 2);
  for (const uint64_t id : {1, 2, 1, 3}) {
    ids.add(id);
    ids.checkpoint();
  }
  EXPECT_TRUE(ids.contains(1));
  EXPECT_FALSE(ids.contains(2));
}

TEST_F(RecentIdsTest, KnowsWhatItHasNotWrittenYetAndWritesNothingForNothing) {
  auto store = open();
  RecentIds ids(*store, "x", 2);
  ids.checkpoint();
  EXPECT_TRUE(store->pending().empty());
  ids.add(5);
  ids.add(5);
  EXPECT_TRUE(ids.contains(5));
  ids.checkpoint();
  EXPECT_EQ(store->pending().size(), 1u);
}

TEST_F(RecentIdsTest, RefusesARecordThatIsNoneOfItsOwn) {
  auto store = open();
  store->put("xabcdefgh", "\x02");
  RecentIds ids(*store, "x", 2);
  EXPECT_EQ(ids.restore().error().code, ErrorCode::kCorrupt);
}

}  // namespace
}  // namespace earshot
