#include "operators/incident/signal_order.h"

#include <gtest/gtest.h>

#include "engine/time/watermark.h"
#include "schemas/evidence.h"
#include "tests/engine/state/table_state.h"

namespace earshot::incident {
namespace {

constexpr int64_t kNow = 1'000'000;

class OrderOfSignals : public testing::Test {
 protected:
  OrderOfSignals() { reopen(kNow); }

  void reopen(int64_t now_ms) {
    store_ = std::make_unique<StateStore>("incident", 0, std::make_unique<TableState>(table_));
    order_ = std::make_unique<SignalOrder>(options_, *store_);
    ASSERT_TRUE(order_->restore(now_ms).ok());
  }
  void restart(int64_t now_ms = kNow) {
    order_->checkpoint();
    commit_to(table_, *store_);
    reopen(now_ms);
  }

  static wire::Signal signal(const std::string& listener, int64_t end_ms) {
    wire::Signal signal;
    signal.set_listener(listener);
    signal.set_pane_start_ms(end_ms - 10'000);
    signal.set_pane_ms(10'000);
    return signal;
  }

  // "listener@end" of each that is handed out.
  std::vector<std::string> taken(int64_t now_ms = kNow) {
    std::vector<std::string> texts;
    for (const wire::Signal& signal : order_->take(now_ms)) {
      texts.push_back(signal.listener() + "@" + std::to_string(signal.pane_start_ms() + signal.pane_ms()));
    }
    return texts;
  }

  using Texts = std::vector<std::string>;
  SignalOrderOptions options_{.partitions = 2, .hold_max_ms = 30'000};
  Table table_;
  std::unique_ptr<StateStore> store_;
  std::unique_ptr<SignalOrder> order_;
};

TEST_F(OrderOfSignals, FollowsEventTimeWhicheverPartitionCommitsFirst) {
  order_->add(signal("globex", 60'000), kNow);
  order_->add(signal("globex", 80'000), kNow);
  order_->note_progress(1, 90'000);
  order_->add(signal("acme", 50'000), kNow);
  order_->add(signal("acme", 60'000), kNow);
  order_->note_progress(0, 90'000);
  EXPECT_EQ(taken(), (Texts{"acme@50000", "acme@60000", "globex@60000", "globex@80000"}));
  EXPECT_EQ(taken(), Texts());
}

TEST_F(OrderOfSignals, HoldsASignalUntilEveryPartitionHasClosedItsPane) {
  order_->add(signal("acme", 60'000), kNow);
  order_->note_progress(0, 60'000);
  EXPECT_EQ(taken(), Texts()) << "the other partition was not heard yet";
  order_->note_progress(1, 50'000);
  EXPECT_EQ(taken(), Texts());
  order_->note_progress(1, 60'000);
  EXPECT_EQ(taken(), Texts{"acme@60000"});
}

TEST_F(OrderOfSignals, GoesOnWithoutAPartitionThatStandsStill) {
  order_->add(signal("acme", 60'000), kNow);
  order_->add(signal("globex", 50'000), kNow + 29'000);
  order_->add(signal("initech", 70'000), kNow + 29'000);
  order_->note_progress(0, 90'000);
  EXPECT_EQ(taken(kNow + 29'999), Texts());
  EXPECT_EQ(taken(kNow + 30'000), (Texts{"globex@50000", "acme@60000"})) << "what is earlier goes with it";
  EXPECT_EQ(order_->held(), 1U);
}

TEST_F(OrderOfSignals, WaitsForNobodyWhenThereIsOnePartition) {
  options_.partitions = 1;
  reopen(kNow);
  order_->add(signal("acme", 60'000), kNow);
  EXPECT_EQ(taken(), Texts{"acme@60000"});
}

TEST_F(OrderOfSignals, KeepsTheOrderInWhichAPartitionSentWhatIsOfOneListenerAndPane) {
  wire::Signal surge = signal("acme", 60'000);
  wire::Signal shift = signal("acme", 60'000);
  shift.set_kind("sentiment_shift");
  order_->add(surge, kNow);
  order_->add(shift, kNow);
  restart();
  order_->note_progress(0, 60'000);
  order_->note_progress(1, 60'000);
  const auto signals = order_->take(kNow);
  ASSERT_EQ(signals.size(), 2U);
  EXPECT_EQ(signals[0].kind(), "");
  EXPECT_EQ(signals[1].kind(), "sentiment_shift");
}

TEST_F(OrderOfSignals, TakesUpWhatWaitedAfterARestartAndLeavesNothingBehind) {
  order_->add(signal("acme", 60'000), kNow);
  order_->note_progress(0, 60'000);
  restart(kNow + 20'000);
  EXPECT_EQ(taken(kNow + 40'000), Texts()) << "a process that was down was no partition that stood still";
  order_->note_progress(1, 60'000);
  EXPECT_EQ(taken(kNow + 40'000), Texts{"acme@60000"});
  restart();
  EXPECT_EQ(order_->held(), 0U);
  EXPECT_EQ(table_.count("o0000000000000000"), 0U);
}

TEST_F(OrderOfSignals, ForgetsPartitionsThatAreNoMore) {
  options_.partitions = 3;
  reopen(kNow);
  for (int32_t partition = 0; partition < 3; ++partition) order_->note_progress(partition, 50'000 + partition);
  restart();
  options_.partitions = 2;
  reopen(kNow);
  order_->add(signal("acme", 60'000), kNow);
  order_->note_progress(0, 60'000);
  order_->note_progress(1, 60'000);
  EXPECT_EQ(taken(), Texts{"acme@60000"});
}

TEST_F(OrderOfSignals, ShowsNoPostThatWasDeletedWhileItsSignalWaited) {
  wire::Signal waiting = signal("acme", 60'000);
  for (const char* id : {"gone", "stays"}) {
    wire::Evidence& post = *waiting.add_evidence();
    post.set_post_id(id);
    post.set_platform("x");
  }
  order_->add(waiting, kNow);
  restart();
  wire::Signal changes;
  changes.add_deleted(post_hash("gone", "x"));
  order_->take_back(changes);
  restart();
  order_->note_progress(0, 60'000);
  order_->note_progress(1, 60'000);
  const auto signals = order_->take(kNow);
  ASSERT_EQ(signals.size(), 1U);
  ASSERT_EQ(signals[0].evidence_size(), 1);
  EXPECT_EQ(signals[0].evidence(0).post_id(), "stays");
}

TEST_F(OrderOfSignals, RefusesStateThatItCannotRead) {
  table_["o0000000000000000"] = "\xff\xff\xff";
  store_ = std::make_unique<StateStore>("incident", 0, std::make_unique<TableState>(table_));
  SignalOrder order(options_, *store_);
  const auto restored = order.restore(kNow);
  ASSERT_FALSE(restored.ok());
  EXPECT_EQ(restored.error().code, ErrorCode::kCorrupt);
}

}  // namespace
}  // namespace earshot::incident
