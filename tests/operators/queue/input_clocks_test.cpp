#include "operators/queue/input_clocks.h"

#include <gtest/gtest.h>

#include <memory>

#include "engine/time/watermark.h"
#include "tests/engine/state/table_state.h"

namespace earshot::queue {
namespace {

class Clocks : public testing::Test {
 protected:
  Clocks() { reopen(); }

  void reopen() {
    commit_to(table_, *store_);
    store_ = std::make_unique<StateStore>("desk", 0, std::make_unique<TableState>(table_));
    clocks_ = std::make_unique<InputClocks>(*store_);
    ASSERT_TRUE(clocks_->restore().ok());
  }
  int64_t tell(int64_t source, int64_t watermark_ms, bool is_idle = false, int64_t sources = 2) {
    return clocks_->tell({.source = source, .sources = sources, .watermark_ms = watermark_ms, .is_idle = is_idle});
  }

  Table table_;
  std::unique_ptr<StateStore> store_ = std::make_unique<StateStore>("desk", 0, std::make_unique<TableState>(table_));
  std::unique_ptr<InputClocks> clocks_;
};

TEST_F(Clocks, GoByTheSlowestInputOnceAllHaveTold) {
  EXPECT_EQ(tell(0, 500), kNoWatermark);
  EXPECT_EQ(tell(1, 300), 300);
  EXPECT_EQ(tell(1, 600), 500);
}

TEST_F(Clocks, DoNotWaitForAnInputThatIsIdle) {
  tell(0, 500);
  EXPECT_EQ(tell(1, kNoWatermark, true), 500);
  EXPECT_EQ(tell(0, 700, true), 700) << "when all are idle, the time that one of them reached";
  EXPECT_EQ(tell(1, 100), 100);
}

TEST_F(Clocks, AreAsTheyWereAfterARestart) {
  tell(0, 500);
  tell(1, 300);
  reopen();
  EXPECT_EQ(tell(1, 800), 500);
}

TEST_F(Clocks, BeginAnewWhenTheInputIsDividedAnew) {
  tell(0, 500);
  tell(1, 300);
  EXPECT_EQ(tell(0, 900, false, 1), 900);
  reopen();
  EXPECT_EQ(tell(0, 950, false, 1), 950);
}

TEST_F(Clocks, RefuseStateThatIsNoneOfOurs) {
  table_["c0"] = "{}";
  StateStore store("desk", 0, std::make_unique<TableState>(table_));
  EXPECT_EQ(InputClocks(store).restore().error().code, ErrorCode::kCorrupt);
}

}  // namespace
}  // namespace earshot::queue
