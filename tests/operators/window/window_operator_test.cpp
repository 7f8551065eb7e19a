#include "operators/window/window_operator.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "schemas/counts.h"
#include "tests/engine/state/table_state.h"

namespace earshot::window {
namespace {

constexpr int64_t kPaneMs = 10'000;
constexpr int64_t kMinuteMs = 60'000;
constexpr int64_t kHourMs = 3'600'000;

class Windows : public testing::Test {
 protected:
  Windows() { reopen(); }

  // A new operator on what was committed.
  void reopen() {
    store_ = std::make_unique<StateStore>("detect", 0, std::make_unique<TableState>(table_));
    windows_ = std::make_unique<WindowOperator>(WindowOptions{}, *store_);
    ASSERT_TRUE(windows_->restore().ok());
  }
  void commit() {
    ASSERT_TRUE(windows_->checkpoint().ok());
    commit_to(table_, *store_);
  }

  static wire::Partial partial(int source, int sources, int64_t watermark_ms, bool is_idle = false) {
    wire::Partial made;
    made.set_source_partition(source);
    made.set_source_partitions(sources);
    made.set_watermark_ms(watermark_ms);
    made.set_idle(is_idle);
    return made;
  }
  static void add_pane(wire::Partial& to, const std::string& listener, int64_t start_ms, uint64_t mentions,
                       bool is_correction = false) {
    wire::PanePartial& pane = *to.add_panes();
    pane.set_listener(listener);
    pane.set_pane_start_ms(start_ms);
    pane.set_correction(is_correction);
    pane.mutable_counts()->set_mentions(mentions);
    pane.mutable_counts()->set_sentiment_sum_e4(-100 * static_cast<int64_t>(mentions));
  }
  // Takes every closed pane: "listener@second=mentions".
  std::vector<std::string> take_panes() {
    std::vector<std::string> taken;
    while (const auto start = windows_->next_closed_pane()) {
      for (const auto& [name, pane] : windows_->take_pane(*start)) {
        taken.push_back(name + "@" + std::to_string(*start / 1000) + "=" + std::to_string(pane.counts.mentions));
      }
    }
    return taken;
  }
  // "listener@start+length=mentions r<revision>", lengths in seconds.
  std::vector<std::string> take_windows() {
    take_panes();
    std::vector<std::string> taken;
    for (const ClosedWindow& window : windows_->take_windows()) {
      taken.push_back(window.listener + "@" + std::to_string(window.start_ms / 1000) + "+" +
                      std::to_string(window.length_ms / 1000) + "=" + std::to_string(window.counts.mentions) + " r" +
                      std::to_string(window.revision));
    }
    return taken;
  }
  void add(wire::Partial made) { ASSERT_TRUE(windows_->add(made).ok()); }

  Table table_;
  std::unique_ptr<StateStore> store_;
  std::unique_ptr<WindowOperator> windows_;
};

using Strings = std::vector<std::string>;

TEST_F(Windows, CloseAPaneAtTheMinimumOverAllPartitions) {
  auto first = partial(0, 2, kPaneMs);
  add_pane(first, "a", 0, 3);
  add(first);
  EXPECT_EQ(take_panes(), Strings{}) << "partition 1 was not heard";
  auto second = partial(1, 2, kPaneMs - 1);
  add_pane(second, "a", 0, 4);
  add(second);
  EXPECT_EQ(take_panes(), Strings{}) << "partition 1 is a millisecond short";
  add(partial(1, 2, kPaneMs));
  EXPECT_EQ(take_panes(), Strings{"a@0=7"});
}

TEST_F(Windows, AreNotHeldBackByAnIdlePartition) {
  auto first = partial(0, 2, kPaneMs);
  add_pane(first, "a", 0, 3);
  add(first);
  add(partial(1, 2, kNoWatermark, true));
  EXPECT_EQ(take_panes(), Strings{"a@0=3"});
}

TEST_F(Windows, FollowTheFurthestOnceAllPartitionsAreIdle) {
  auto first = partial(0, 2, 3 * kPaneMs, true);
  add_pane(first, "a", 2 * kPaneMs, 1);
  add(first);
  add(partial(1, 2, kPaneMs, true));
  EXPECT_EQ(take_panes(), Strings{"a@20=1"});
}

TEST_F(Windows, CloseInOrderOfTimeThenListener) {
  auto made = partial(0, 1, 3 * kPaneMs);
  add_pane(made, "b", kPaneMs, 1);
  add_pane(made, "b", 0, 2);
  add_pane(made, "a", kPaneMs, 3);
  add(made);
  EXPECT_EQ(take_panes(), (Strings{"b@0=2", "a@10=3", "b@10=1"}));
}

TEST_F(Windows, SumUpPanesAndSkipSilence) {
  auto made = partial(0, 1, kHourMs);
  add_pane(made, "a", 0, 1);
  add_pane(made, "a", 50'000, 2);
  add_pane(made, "a", 120'000, 4);
  add(made);
  EXPECT_EQ(take_windows(), (Strings{"a@0+60=3 r0", "a@120+60=4 r0", "a@0+900=7 r0", "a@0+3600=7 r0"}));
}

TEST_F(Windows, AreMendedByCorrectionsWithAGreaterRevision) {
  auto made = partial(0, 1, kMinuteMs);
  add_pane(made, "a", 0, 5);
  add(made);
  EXPECT_EQ(take_windows(), Strings{"a@0+60=5 r0"});
  commit();
  auto late = partial(0, 1, kMinuteMs);
  add_pane(late, "a", 0, 2, true);
  add(late);
  EXPECT_EQ(take_panes(), Strings{}) << "detection is not run again";
  EXPECT_EQ(take_windows(), Strings{"a@0+60=7 r2"});
  commit();
  EXPECT_EQ(take_windows(), Strings{}) << "once";
}

TEST_F(Windows, TakeAPartialForAClosedPaneAsACorrection) {
  auto made = partial(0, 1, kMinuteMs);
  add_pane(made, "a", 0, 5);
  add(made);
  take_windows();
  commit();
  auto behind = partial(0, 1, kMinuteMs);
  add_pane(behind, "a", kPaneMs, 1);
  add(behind);
  EXPECT_EQ(take_windows(), Strings{"a@0+60=6 r1"});
}

TEST_F(Windows, CountWhatComesAfterRetention) {
  auto made = partial(0, 1, 10 * kHourMs);
  add_pane(made, "a", 0, 5);
  add(made);
  take_windows();
  commit();
  auto late = partial(0, 1, 10 * kHourMs);
  add_pane(late, "a", 0, 3, true);
  add(late);
  EXPECT_EQ(take_windows(), Strings{});
  EXPECT_EQ(windows_->dropped_corrections(), 3U);
}

TEST_F(Windows, LeaveMemoryWhenClosedAndTheStoreWhenExpired) {
  auto made = partial(0, 1, kHourMs);
  for (int64_t i = 0; i < 360; ++i) add_pane(made, "a", i * kPaneMs, 1);
  add(made);
  take_windows();
  commit();
  EXPECT_EQ(windows_->panes_in_memory(), 0U);
  EXPECT_EQ(windows_->windows_in_memory(), 0U);
  EXPECT_EQ(table_.size(), 1U + 60 + 4 + 1) << "progress, minutes, quarters, hour";
  add(partial(0, 1, 5 * kHourMs));
  take_windows();
  commit();
  EXPECT_EQ(table_.size(), 1U);
}

TEST_F(Windows, GoOnFromWhatWasCommitted) {
  auto first = partial(0, 2, 2 * kPaneMs);
  add_pane(first, "a", 0, 1);
  add_pane(first, "a", kPaneMs, 2);
  add(first);
  take_windows();
  commit();
  reopen();
  auto second = partial(1, 2, kMinuteMs);
  add_pane(second, "a", kPaneMs, 4);
  add(second);
  EXPECT_EQ(take_panes(), (Strings{"a@0=1", "a@10=6"}));
  add(partial(0, 2, kMinuteMs));
  EXPECT_EQ(take_windows(), Strings{"a@0+60=7 r0"});
  commit();
  reopen();
  EXPECT_EQ(windows_->closed_until_ms(), kMinuteMs);
  auto late = partial(0, 2, kMinuteMs);
  add_pane(late, "a", 0, 1, true);
  add(late);
  EXPECT_EQ(take_windows(), Strings{"a@0+60=8 r1"});
}

TEST_F(Windows, CloseWhatHasBegunAtTheEndOfTheInput) {
  auto made = partial(0, 1, kEndOfTime);
  add_pane(made, "a", 70'000, 2);
  add(made);
  EXPECT_EQ(take_windows(), (Strings{"a@60+60=2 r0", "a@0+900=2 r0", "a@0+3600=2 r0"}));
  EXPECT_EQ(windows_->closed_until_ms(), kHourMs);
}

TEST_F(Windows, AlignPanesBeforeTheEpoch) {
  auto made = partial(0, 1, 0);
  add_pane(made, "a", -kPaneMs, 2);
  add(made);
  EXPECT_EQ(take_windows(), (Strings{"a@-60+60=2 r0", "a@-900+900=2 r0", "a@-3600+3600=2 r0"}));
}

}  // namespace
}  // namespace earshot::window
