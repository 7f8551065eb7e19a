// DETECT after an import of a listener's past.
#include "ops/topologies/detect_history.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <random>

#include "tests/ops/topologies/memory_log.h"

namespace earshot {
namespace {

const TopicPartition kPartials{"partials", 0};
constexpr int64_t kStartMs = 1'772'409'600'000;  // 2026-03-02, a Monday
constexpr int64_t kPaneMs = 60'000;
constexpr int64_t kHourMs = 3'600'000;
constexpr int64_t kPastEndMs = kStartMs + 14 * 24 * kHourMs;
constexpr int64_t kNowMs = kPastEndMs + 15 * kHourMs;  // 15:00, after a gap that nobody counted

std::shared_ptr<const ListenerSet> one_brand() {
  auto set = std::make_shared<ListenerSet>();
  Listener& listener = set->listeners.emplace_back();
  listener.name = listener.query = "acme";
  listener.spoke = "service";
  set->version = 7;
  return set;
}

DetectOptions options_of_panes() {
  DetectOptions options;
  options.window.pane_ms = kPaneMs;
  options.window.lengths_ms = {kPaneMs};
  return options;
}

// Ten a minute, three by night and seventeen by day.
double usual_at(int64_t time_ms) {
  const double day = static_cast<double>(time_ms % (24 * kHourMs)) / static_cast<double>(24 * kHourMs);
  return 10 - 7 * std::cos(2 * std::numbers::pi * day);
}

std::vector<HistoryPane> two_weeks(std::mt19937_64& random) {
  std::vector<HistoryPane> past;
  for (int64_t at = kStartMs; at < kPastEndMs; at += kPaneMs) {
    const uint64_t mentions = std::poisson_distribution<uint64_t>(usual_at(at))(random);
    past.push_back({at, mentions, mentions / 5});
  }
  return past;
}

class DetectHistory : public testing::Test {
 protected:
  Result<void> import(std::span<const HistoryPane> past, bool replaces = false, int64_t every_ms = kPaneMs) {
    auto store = log_.open_state("detect", 0);
    if (!store) return store.error();
    auto learnt = learn_history(listeners_->listeners[0], past, {.every_ms = every_ms, .replaces = replaces},
                                options_of_panes(), **store);
    if (learnt) log_.commit({store->get()});
    return learnt;
  }

  // Minutes from kNowMs on at a multiple of what is usual. Answers the signals' levels with their times.
  std::vector<wire::Signal> hear(int64_t minutes, double multiple) {
    MemoryOutbox outbox;
    DetectTopology detect(options_of_panes(), listeners_, log_);
    EXPECT_TRUE(detect.assigned(kPartials, Position{0, {}}).ok());
    std::mt19937_64 random(9);
    for (int64_t at = kNowMs; at < kNowMs + minutes * kPaneMs; at += kPaneMs) {
      wire::Partial partial;
      partial.set_source_partitions(1);
      partial.set_watermark_ms(at + kPaneMs);
      wire::PanePartial& pane = *partial.add_panes();
      pane.set_listener("acme");
      pane.set_pane_start_ms(at);
      const uint64_t mentions = std::poisson_distribution<uint64_t>(multiple * usual_at(at))(random);
      pane.mutable_counts()->set_mentions(mentions);
      auto work = detect.process(batch_of("partials", {partial.SerializeAsString()}));
      EXPECT_TRUE(detect.apply(*work, outbox).ok());
      EXPECT_TRUE(detect.before_commit({}, false, outbox).ok());
      outbox.commit();
      log_.commit(detect.stores());
    }
    std::vector<wire::Signal> signals;
    for (const Output& output : outbox.of("signals")) {
      EXPECT_TRUE(signals.emplace_back().ParseFromString(output.value));
    }
    return signals;
  }

  std::shared_ptr<const ListenerSet> listeners_ = one_brand();
  MemoryLog log_;
  std::mt19937_64 random_{1};
};

TEST_F(DetectHistory, DetectsFromTheFirstPanesAfterIt) {
  ASSERT_TRUE(import(two_weeks(random_)).ok());
  const auto signals = hear(5, 5.0);
  ASSERT_FALSE(signals.empty());
  EXPECT_GE(signals.front().level(), 1U);
  EXPECT_FALSE(signals.front().warming_up()) << "the hour of the day is known";
  EXPECT_GT(signals.front().confidence(), 0.8);
}

TEST_F(DetectHistory, WithoutItAListenerWarmsUp) {
  EXPECT_TRUE(hear(5, 5.0).empty());
}

TEST_F(DetectHistory, TakesTheGapAfterThePastForUnknownAndNotForQuiet) {
  ASSERT_TRUE(import(two_weeks(random_)).ok());
  EXPECT_TRUE(hear(180, 1.0).empty()) << "after fifteen quiet hours the usual would be a surge";
}

TEST_F(DetectHistory, SpreadsACoarseRowOverItsPanes) {
  std::vector<HistoryPane> hourly;
  for (int64_t at = kStartMs; at < kPastEndMs; at += kHourMs) {
    hourly.push_back({at, static_cast<uint64_t>(60 * usual_at(at + kHourMs / 2)), 0});
  }
  ASSERT_TRUE(import(hourly, false, kHourMs).ok());
  EXPECT_FALSE(hear(5, 5.0).empty());
}

TEST_F(DetectHistory, RefusesToOverwriteWhatIsKnownUnlessTold) {
  const auto past = two_weeks(random_);
  ASSERT_TRUE(import(past).ok());
  const auto again = import(past);
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.error().code, ErrorCode::kInvalid);
  EXPECT_NE(again.error().message.find("'acme'"), std::string::npos);
  EXPECT_TRUE(import(past, true).ok());
}

TEST_F(DetectHistory, RefusesRowsThatFitNoPanes) {
  const HistoryPane row{kStartMs, 5, 0};
  EXPECT_FALSE(import({&row, 1}, false, 90'000).ok());
}

}  // namespace
}  // namespace earshot
