// Findings beside surges through DETECT: silence of a listener, a shift of sentiment, and silence of the input.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "ops/topologies/detect.h"
#include "schemas/finding.h"
#include "tests/ops/topologies/memory_log.h"

namespace earshot {
namespace {

const TopicPartition kPartials{"partials", 0};
constexpr int64_t kStartMs = 1'772'409'600'000;  // 2026-03-02, a Monday
constexpr int64_t kPaneMs = 60'000;
constexpr int64_t kHourMs = 3'600'000;
constexpr int64_t kWeekMs = 168 * kHourMs;
const std::vector<std::string> kNames{"acme", "globex", "initech"};

std::shared_ptr<const ListenerSet> three_brands() {
  auto set = std::make_shared<ListenerSet>();
  for (const std::string& name : kNames) {
    Listener& listener = set->listeners.emplace_back();
    listener.name = listener.query = name;
    listener.spoke = "service";
  }
  set->version = 7;
  return set;
}

struct Talk {
  double mean = 2;  // mentions a pane
  double negative = 0.2;
};
using TalkOf = std::function<Talk(const std::string& name, int64_t time_ms)>;

// A record for each quarter of an hour.
std::vector<std::string> history(int64_t from_ms, int64_t to_ms, const TalkOf& talk_of) {
  std::mt19937_64 random(3);
  std::vector<std::string> records;
  for (int64_t start = from_ms; start < to_ms; start += 900'000) {
    wire::Partial partial;
    partial.set_source_partitions(1);
    partial.set_rule_version(7);
    partial.set_watermark_ms(start + 900'000);
    for (int64_t pane_ms = start; pane_ms < start + 900'000; pane_ms += kPaneMs) {
      for (const std::string& name : kNames) {
        const Talk talk = talk_of(name, pane_ms);
        const uint64_t mentions = talk.mean <= 0 ? 0 : std::poisson_distribution<uint64_t>(talk.mean)(random);
        const uint64_t negative = std::binomial_distribution<uint64_t>(mentions, talk.negative)(random);
        if (mentions == 0) continue;
        wire::PanePartial& pane = *partial.add_panes();
        pane.set_listener(name);
        pane.set_pane_start_ms(pane_ms);
        pane.mutable_counts()->set_mentions(mentions);
        pane.mutable_counts()->set_negative(negative);
      }
    }
    records.push_back(partial.SerializeAsString());
  }
  return records;
}

DetectOptions options_of(int64_t (*now_ms)() = nullptr) {
  DetectOptions options;
  options.window.pane_ms = kPaneMs;
  options.window.lengths_ms = {kPaneMs};
  options.writes_windows = false;
  if (now_ms != nullptr) options.now_ms = now_ms;
  return options;
}

// Commits after every `records_per_commit`, and begins anew from the store after every `commits_per_life`.
std::vector<wire::Signal> run(const std::vector<std::string>& records, size_t records_per_commit = 8,
                              size_t commits_per_life = 0) {
  MemoryLog log;
  MemoryOutbox outbox;
  size_t next = 0;
  while (next < records.size()) {
    DetectTopology detect(options_of(), three_brands(), log);
    EXPECT_TRUE(detect.assigned(kPartials, Position{static_cast<int64_t>(next), {}}).ok());
    for (size_t commits = 0; next < records.size() && (commits_per_life == 0 || commits < commits_per_life);
         ++commits) {
      const size_t last = std::min(records.size(), next + records_per_commit);
      const std::vector<std::string> batch(records.begin() + static_cast<ptrdiff_t>(next),
                                           records.begin() + static_cast<ptrdiff_t>(last));
      auto work = detect.process(batch_of("partials", batch, static_cast<int64_t>(next)));
      EXPECT_TRUE(detect.apply(*work, outbox).ok());
      EXPECT_TRUE(detect.before_commit({}, false, outbox).ok());
      outbox.commit();
      log.commit(detect.stores());
      next = last;
    }
  }
  std::vector<wire::Signal> signals;
  for (const Output& output : outbox.of("signals")) {
    EXPECT_TRUE(signals.emplace_back().ParseFromString(output.value));
  }
  return signals;
}

std::vector<wire::Signal> of_kind(const std::vector<wire::Signal>& signals, FindingKind kind) {
  std::vector<wire::Signal> found;
  std::ranges::copy_if(signals, std::back_inserter(found),
                       [&](const wire::Signal& signal) { return signal.kind() == to_string(kind); });
  return found;
}

constexpr int64_t kStopMs = kStartMs + kWeekMs + 36 * kHourMs;
constexpr int64_t kBackMs = kStopMs + 3 * kHourMs;
constexpr int64_t kEndMs = kBackMs + 2 * kHourMs;

std::vector<std::string> acme_falls_silent() {
  return history(kStartMs, kEndMs, [](const std::string& name, int64_t time_ms) {
    const bool is_silent = name == "acme" && time_ms >= kStopMs && time_ms < kBackMs;
    return Talk{.mean = is_silent ? 0.0 : 2.0};
  });
}

TEST(DetectFindings, TellsThatAListenerFellSilentAmongOthersAndThatItIsBack) {
  const auto drops = of_kind(run(acme_falls_silent()), FindingKind::kMentionsDrop);
  ASSERT_GE(drops.size(), 2U);
  EXPECT_EQ(drops.front().listener(), "acme");
  EXPECT_EQ(drops.front().level(), 1U);
  EXPECT_EQ(drops.front().spoke(), "service");
  EXPECT_EQ(drops.front().rule_version(), 7U);
  EXPECT_NE(drops.front().reason().find("others are mentioned as usual"), std::string::npos);
  const int64_t told_ms = drops.front().pane_start_ms() + drops.front().pane_ms();
  EXPECT_GT(told_ms, kStopMs);
  EXPECT_LE(told_ms, kStopMs + kHourMs);
  EXPECT_TRUE(drops.back().is_final());
  EXPECT_LE(drops.back().pane_start_ms(), kBackMs + kHourMs);
  for (const wire::Signal& drop : drops) EXPECT_EQ(drop.listener(), "acme");
}

TEST(DetectFindings, SayTheSameHoweverCommitsAndRestartsCutTheInput) {
  const auto records = acme_falls_silent();
  const auto bytes = [](const std::vector<wire::Signal>& signals) {
    std::vector<std::string> all;
    for (const wire::Signal& signal : signals) all.push_back(signal.ShortDebugString());
    return all;
  };
  const auto expected = bytes(run(records));
  ASSERT_FALSE(expected.empty());
  EXPECT_EQ(bytes(run(records, 1)), expected);
  EXPECT_EQ(bytes(run(records, 100)), expected);
  EXPECT_EQ(bytes(run(records, 3, 2)), expected);
}

TEST(DetectFindings, LeaveListenersAloneWhenTheInputHasAGap) {
  const auto records = history(kStartMs, kEndMs, [](const std::string&, int64_t time_ms) {
    return Talk{.mean = time_ms >= kStopMs && time_ms < kBackMs ? 0.0 : 2.0};
  });
  EXPECT_TRUE(of_kind(run(records), FindingKind::kMentionsDrop).empty());
}

TEST(DetectFindings, TellThatSentimentTurnsAtSteadyVolume) {
  const auto records = history(kStartMs, kStartMs + 40 * kHourMs, [](const std::string& name, int64_t time_ms) {
    return Talk{.negative = name == "acme" && time_ms >= kStartMs + 36 * kHourMs ? 0.65 : 0.18};
  });
  const auto signals = run(records);
  const auto shifts = of_kind(signals, FindingKind::kSentimentShift);
  ASSERT_FALSE(shifts.empty());
  EXPECT_EQ(shifts.front().listener(), "acme");
  EXPECT_LE(shifts.front().pane_start_ms(), kStartMs + 37 * kHourMs);
  EXPECT_NE(shifts.front().reason().find("mentions are negative, usually"), std::string::npos);
  EXPECT_NEAR(shifts.front().expected(), 120, 30);
}

int64_t clock_ms = 0;

TEST(DetectFindings, TellThatTheInputFellSilentByTheClockAndOnlyOnce) {
  MemoryLog log;
  MemoryOutbox outbox;
  DetectTopology detect(options_of([] { return clock_ms; }), three_brands(), log);
  clock_ms = kStartMs;
  ASSERT_TRUE(detect.assigned(kPartials, Position{0, {}}).ok());
  ASSERT_TRUE(detect.assigned({"partials", 1}, Position{0, {}}).ok());
  const auto hear = [&](bool is_live) {
    clock_ms += kPaneMs;
    wire::Partial partial;
    partial.set_source_partitions(1);
    static int64_t watermark_ms = 0;
    watermark_ms = is_live ? clock_ms : watermark_ms;
    partial.set_watermark_ms(watermark_ms);
    partial.set_idle(!is_live);
    auto work = detect.process(batch_of("partials", {partial.SerializeAsString()}));
    ASSERT_TRUE(detect.apply(*work, outbox).ok());
    ASSERT_TRUE(detect.before_commit({}, false, outbox).ok());
    outbox.commit();
    log.commit(detect.stores());
  };
  for (int minute = 0; minute < 90; ++minute) hear(true);
  EXPECT_TRUE(outbox.of("signals").empty());
  hear(false);
  for (int minute = 0; minute < 15; ++minute) {  // nothing comes in any more
    clock_ms += kPaneMs;
    ASSERT_TRUE(detect.before_commit({}, false, outbox).ok());
    outbox.commit();
    log.commit(detect.stores());
  }
  ASSERT_EQ(outbox.of("signals").size(), 1U) << "of two partitions one tells";
  wire::Signal told;
  ASSERT_TRUE(told.ParseFromString(outbox.of("signals")[0].value));
  EXPECT_EQ(told.listener(), kFeedName);
  EXPECT_EQ(told.kind(), "feed_silence");
  EXPECT_EQ(told.level(), 2U);
  hear(true);
  ASSERT_EQ(outbox.of("signals").size(), 2U);
}

}  // namespace
}  // namespace earshot
