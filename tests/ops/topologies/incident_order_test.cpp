// Signals of several partitions of DETECT on their way to incidents.
#include <gtest/gtest.h>

#include <algorithm>

#include "ops/topologies/incident.h"
#include "schemas/finding.h"
#include "schemas/proto/signal.pb.h"
#include "tests/ops/topologies/memory_log.h"

namespace earshot {
namespace {

constexpr int64_t kPaneMs = 10'000;

std::shared_ptr<const ListenerSet> two_brands() {
  auto set = std::make_shared<ListenerSet>();
  for (const char* name : {"acme", "globex"}) {
    Listener listener;
    listener.name = name;
    listener.spoke = "service";
    set->listeners.push_back(listener);
  }
  return set;
}

std::string raised(const std::string& listener, int64_t end_ms) {
  wire::Signal signal;
  signal.set_hub("hub");
  signal.set_listener(listener);
  signal.set_spoke("service");
  signal.set_pane_start_ms(end_ms - kPaneMs);
  signal.set_pane_ms(kPaneMs);
  signal.set_level(1);
  signal.set_score(0.9);
  signal.set_observed(50);
  signal.set_expected(2);
  signal.set_window_ms(300'000);
  for (const char* word : {"outage", "refund", "card"}) {
    wire::Term& term = *signal.add_terms();
    term.set_text(word);
    term.set_count(10);
    term.set_lift(20);
  }
  return signal.SerializeAsString();
}

std::string closed(int32_t partition, int64_t until_ms) {
  wire::Signal progress;
  progress.set_hub("hub");
  progress.set_detect_partition(partition);
  progress.set_closed_until_ms(until_ms);
  return progress.SerializeAsString();
}

class IncidentOrder : public testing::Test {
 protected:
  // Alerts of the hub after each value was committed by itself.
  std::vector<Output> alerts_of(const std::vector<std::string>& values, bool restarts = false) {
    MemoryLog log;
    MemoryOutbox outbox;
    std::unique_ptr<IncidentTopology> topology;
    for (size_t i = 0; i < values.size(); ++i) {
      if (!topology || restarts) {
        IncidentOptions options;
        options.order.partitions = 2;
        options.now_ms = [this] { return now_ms_; };
        topology = std::make_unique<IncidentTopology>(options, two_brands(), log);
        EXPECT_TRUE(topology->assigned({"signals", 0}, std::nullopt).ok());
      }
      auto work = topology->process(batch_of("signals", {values[i]}, static_cast<int64_t>(i)));
      EXPECT_TRUE(topology->apply(*work, outbox).ok());
      now_ms_ += tick_ms_;
      EXPECT_TRUE(topology->before_commit({}, false, outbox).ok());
      outbox.commit();
      log.commit(topology->stores());
    }
    return outbox.of("alerts");
  }

  int64_t now_ms_ = 1;
  int64_t tick_ms_ = 0;
};

TEST_F(IncidentOrder, TheSameListenerOpensTheIncidentWhicheverPartitionOfDetectCommitsFirst) {
  const std::string acme = raised("acme", 600'000);
  const std::string globex = raised("globex", 610'000);
  const auto expected = alerts_of({acme, closed(0, 620'000), globex, closed(1, 620'000)});
  ASSERT_FALSE(expected.empty());
  EXPECT_NE(expected.front().value.find(R"("listener":"acme")"), std::string::npos) << expected.front().value;
  EXPECT_TRUE(std::ranges::all_of(expected, [&](const Output& alert) { return alert.key == expected[0].key; }));
  EXPECT_EQ(alerts_of({globex, closed(1, 620'000), acme, closed(0, 620'000)}), expected);
  EXPECT_EQ(alerts_of({globex, acme, closed(1, 610'000), closed(0, 600'000), closed(0, 620'000), closed(1, 620'000)}),
            expected);
}

TEST_F(IncidentOrder, SignalsThatWaitOutliveTheirProcess) {
  const std::vector<std::string> values{raised("globex", 610'000), closed(1, 620'000), raised("acme", 600'000),
                                        closed(0, 620'000)};
  const auto expected = alerts_of(values);
  ASSERT_FALSE(expected.empty());
  EXPECT_EQ(alerts_of(values, true), expected);
}

TEST_F(IncidentOrder, APartitionThatStandsStillSilencesNoAlertForLong) {
  tick_ms_ = 10'000;
  EXPECT_TRUE(alerts_of({raised("acme", 600'000), closed(0, 620'000)}).empty());
  EXPECT_FALSE(alerts_of({raised("acme", 600'000), closed(0, 620'000), closed(0, 630'000)}).empty());
}

TEST_F(IncidentOrder, TheFeedsSilenceIsToldAtOnceSinceEventTimeStandsStill) {
  wire::Signal silent;
  ASSERT_TRUE(silent.ParseFromString(raised(std::string(kFeedName), 600'000)));
  silent.set_kind("feed_silence");
  silent.set_reason("the input has brought nothing for 10 min");
  EXPECT_EQ(alerts_of({silent.SerializeAsString()}).size(), 1U);
}

}  // namespace
}  // namespace earshot
