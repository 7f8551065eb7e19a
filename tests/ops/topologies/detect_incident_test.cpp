#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "ops/topologies/detect.h"
#include "ops/topologies/incident.h"
#include "tests/ops/topologies/crisis_scenario.h"
#include "tests/ops/topologies/memory_log.h"

namespace earshot {
namespace {

const TopicPartition kPartials{"partials", 0};
const TopicPartition kSignals{"signals", 0};

struct RunPlan {
  size_t records_per_batch = 20;
  size_t batches_per_commit = 3;
  size_t commits_per_life = 0;  // 0: one life; else the topology is dropped after as many commits and built anew
  bool loses_work = false;      // a life ends with work that was applied and never committed
};

struct RunOutcome {
  std::vector<Output> signals;
  std::vector<Output> alerts;
  std::vector<Output> spoke_alerts;
  std::vector<Output> windows;
};

// Feeds records to a topology as the runner does: process, apply, and a commit now and then.
template <class MakeTopology>
void drive(const TopicPartition& partition, const std::vector<std::string>& records, const RunPlan& plan,
           MemoryLog& log, MemoryOutbox& outbox, const MakeTopology& make_topology) {
  size_t next = 0;
  while (next < records.size()) {
    auto topology = make_topology();
    ASSERT_TRUE(topology->assigned(partition, Position{static_cast<int64_t>(next), {}}).ok());
    const auto apply_batch = [&](size_t first) {
      const size_t last = std::min(records.size(), first + plan.records_per_batch);
      const std::vector<std::string> values(records.begin() + static_cast<ptrdiff_t>(first),
                                            records.begin() + static_cast<ptrdiff_t>(last));
      auto work = topology->process(batch_of(partition.topic, values, static_cast<int64_t>(first)));
      const auto applied = topology->apply(*work, outbox);
      EXPECT_TRUE(applied.ok()) << applied.error().to_string();
      return last;
    };
    for (size_t commits = 0; next < records.size(); ++commits) {
      if (plan.commits_per_life > 0 && commits == plan.commits_per_life) break;
      for (size_t i = 0; i < plan.batches_per_commit && next < records.size(); ++i) next = apply_batch(next);
      ASSERT_TRUE(topology->before_commit({}, next == records.size(), outbox).ok());
      outbox.commit();
      log.commit(topology->stores());
    }
    if (plan.loses_work && next < records.size()) {
      apply_batch(next);
      ASSERT_TRUE(topology->before_commit({}, false, outbox).ok());
      outbox.abort();
    }
  }
}

RunOutcome run(const std::shared_ptr<const ListenerSet>& listeners, const std::vector<std::string>& partials,
               const RunPlan& plan) {
  MemoryLog log;
  MemoryOutbox detect_outbox;
  drive(kPartials, partials, plan, log, detect_outbox,
        [&] { return std::make_unique<DetectTopology>(DetectOptions{}, listeners, log); });
  RunOutcome outcome;
  outcome.signals = detect_outbox.of("signals");
  outcome.windows = detect_outbox.of("windows");
  std::vector<std::string> signals;
  for (const Output& signal : outcome.signals) signals.push_back(signal.value);
  MemoryOutbox incident_outbox;
  drive(kSignals, signals, plan, log, incident_outbox,
        [&] { return std::make_unique<IncidentTopology>(IncidentOptions{}, listeners, log); });
  outcome.alerts = incident_outbox.of("alerts");
  outcome.spoke_alerts = incident_outbox.of("alerts.service");
  return outcome;
}

std::string between(const std::string& text, const std::string& before, const std::string& after) {
  const size_t start = text.find(before);
  if (start == std::string::npos) return {};
  const size_t from = start + before.size();
  return text.substr(from, text.find(after, from) - from);
}

std::vector<std::string> states_of(const std::vector<Output>& alerts) {
  std::vector<std::string> states;
  for (const Output& alert : alerts) states.push_back(between(alert.value, R"("state":")", "\""));
  return states;
}

// The result that holds for each window: the one of the greatest revision.
std::map<std::string, std::string> final_windows(const std::vector<Output>& windows) {
  std::map<std::string, std::pair<uint64_t, std::string>> newest;
  for (const Output& window : windows) {
    const std::string key = window.key + between(window.value, R"("start":)", R"("revision")");
    const uint64_t revision = std::stoull(between(window.value, R"("revision":)", ","));
    auto& kept = newest[key];
    if (kept.second.empty() || revision >= kept.first) kept = {revision, window.value};
  }
  std::map<std::string, std::string> values;
  for (const auto& [key, kept] : newest) values[key] = kept.second;
  return values;
}

class DetectIncident : public testing::Test {
 protected:
  CrisisScenario scenario_ = make_crisis_scenario(1);
};

TEST_F(DetectIncident, OpensOneIncidentForACrisisAndResolvesIt) {
  const RunOutcome outcome = run(scenario_.listeners, interleave(scenario_, 5, 1), {});
  const std::vector<std::string> states = states_of(outcome.alerts);
  ASSERT_GE(states.size(), 2U);
  EXPECT_EQ(states.front(), "opened");
  EXPECT_EQ(states.back(), "resolved");
  EXPECT_EQ(std::count(states.begin(), states.end(), "opened"), 1);
  EXPECT_EQ(std::count(states.begin(), states.end(), "resolved"), 1);
  EXPECT_EQ(std::count(states.begin(), states.end(), "easing"), 1);
  EXPECT_LE(states.size(), 8U);
  for (size_t i = 0; i < outcome.alerts.size(); ++i) {
    EXPECT_EQ(outcome.alerts[i].key, outcome.alerts[0].key);
    EXPECT_EQ(between(outcome.alerts[i].value, R"("sequence":)", ","), std::to_string(i + 1));
  }
  ASSERT_EQ(outcome.spoke_alerts.size(), outcome.alerts.size());
  for (size_t i = 0; i < outcome.spoke_alerts.size(); ++i) {
    const std::string& told = outcome.spoke_alerts[i].value;
    EXPECT_EQ(outcome.spoke_alerts[i].key, outcome.spoke_alerts[0].key);
    EXPECT_EQ(between(told, R"("parent":")", "\""), outcome.alerts[0].key);
    EXPECT_EQ(between(told, R"("state":")", "\""), states[i]);
    EXPECT_EQ(between(told, R"("sequence":)", ","), std::to_string(i + 1));
  }
  const int64_t opened_ms = outcome.alerts.front().timestamp_ms;
  EXPECT_GT(opened_ms, CrisisScenario::kCrisisStartMs);
  EXPECT_LE(opened_ms, CrisisScenario::kCrisisStartMs + 120'000);
}

TEST_F(DetectIncident, SaysWhyItAlerts) {
  const RunOutcome outcome = run(scenario_.listeners, interleave(scenario_, 5, 1), {});
  ASSERT_FALSE(outcome.alerts.empty());
  std::string terms;
  for (const Output& alert : outcome.alerts) terms += between(alert.value, R"("terms":[)", "]");
  EXPECT_NE(terms.find(R"("outage")"), std::string::npos) << terms;
  EXPECT_NE(terms.find(R"("refund")"), std::string::npos) << terms;
  EXPECT_EQ(terms.find(R"("acme")"), std::string::npos) << "a listener's own word is no news: " << terms;
  const std::string& opened = outcome.alerts.front().value;
  EXPECT_NE(opened.find("times the usual mentions"), std::string::npos) << opened;
  EXPECT_NE(between(opened, R"("evidence":[)", "]").find("acme"), std::string::npos);
}

TEST_F(DetectIncident, SignalsOfASurgeAreBoundedToOneAMinuteAndOthersToTwoAnHour) {
  const RunOutcome outcome = run(scenario_.listeners, interleave(scenario_, 5, 1), {});
  size_t surge = 0;
  for (const Output& output : outcome.signals) {
    wire::Signal signal;
    ASSERT_TRUE(signal.ParseFromString(output.value));
    surge += signal.kind().empty();
  }
  const auto minutes = static_cast<size_t>((CrisisScenario::kCrisisMs + 2 * 900'000) / 60'000);
  EXPECT_GE(surge, 20U);
  EXPECT_LE(surge, minutes + 5);
  constexpr size_t kBeginningWorseningAndEnd = 3;
  EXPECT_LE(outcome.signals.size() - surge, 2 * CrisisScenario::kHours + kBeginningWorseningAndEnd);
}

TEST_F(DetectIncident, DecidesAlikeHoweverPartitionsInterleaveAndPartialsAreCut) {
  const RunOutcome expected = run(scenario_.listeners, interleave(scenario_, 5, 1), {});
  ASSERT_FALSE(expected.alerts.empty());
  for (uint64_t seed = 20; seed < 24; ++seed) {
    const RunPlan plan{.records_per_batch = 1 + seed * 7 % 50, .batches_per_commit = 1 + seed % 4};
    const RunOutcome outcome = run(scenario_.listeners, interleave(scenario_, seed, 1 + seed % 6), plan);
    EXPECT_EQ(outcome.signals, expected.signals) << seed;
    EXPECT_EQ(outcome.alerts, expected.alerts) << seed;
    EXPECT_EQ(final_windows(outcome.windows), final_windows(expected.windows)) << seed;
  }
}

TEST_F(DetectIncident, DecidesAlikeAfterRestartsAnywhere) {
  const std::vector<std::string> partials = interleave(scenario_, 5, 2);
  const RunOutcome expected = run(scenario_.listeners, partials, {});
  ASSERT_FALSE(expected.alerts.empty());
  for (const size_t commits_per_life : {1U, 7U, 40U}) {
    const RunPlan plan{.commits_per_life = commits_per_life, .loses_work = true};
    const RunOutcome outcome = run(scenario_.listeners, partials, plan);
    EXPECT_EQ(outcome.signals, expected.signals) << commits_per_life;
    EXPECT_EQ(outcome.alerts, expected.alerts) << commits_per_life;
    EXPECT_EQ(outcome.windows, expected.windows) << commits_per_life;
  }
}

TEST_F(DetectIncident, CountsEveryMentionInTheWindows) {
  uint64_t mentions = 0;
  for (const auto& partials : scenario_.by_source) {
    for (const wire::Partial& partial : partials) {
      for (const wire::PanePartial& pane : partial.panes()) mentions += pane.counts().mentions();
    }
  }
  const RunOutcome outcome = run(scenario_.listeners, interleave(scenario_, 9, 3), {});
  std::map<std::string, uint64_t> by_length;
  for (const auto& [key, value] : final_windows(outcome.windows)) {
    by_length[between(value, R"("length_ms":)", ",")] += std::stoull(between(value, R"("mentions":)", ","));
  }
  EXPECT_EQ(by_length,
            (std::map<std::string, uint64_t>{{"60000", mentions}, {"900000", mentions}, {"3600000", mentions}}));
}

TEST_F(DetectIncident, NamesThePlaceOfAnInternalRecordThatCannotBeRead) {
  MemoryLog log;
  MemoryOutbox outbox;
  DetectTopology topology(DetectOptions{}, scenario_.listeners, log);
  ASSERT_TRUE(topology.assigned(kPartials, std::nullopt).ok());
  auto work = topology.process(batch_of("partials", {wire::Partial().SerializeAsString(), "\xff\xff\xff"}, 41));
  const auto applied = topology.apply(*work, outbox);
  ASSERT_FALSE(applied.ok());
  EXPECT_EQ(applied.error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(applied.error().where, "partials/0@42");
}

TEST_F(DetectIncident, RefusesStateThatItCannotRead) {
  MemoryLog log;
  ASSERT_TRUE(log.open_state("detect", 0).ok());
  log.table("detect", 0)["m"] = "\xff\xff\xff";
  DetectTopology topology(DetectOptions{}, scenario_.listeners, log);
  const auto assigned = topology.assigned(kPartials, std::nullopt);
  ASSERT_FALSE(assigned.ok());
  EXPECT_EQ(assigned.error().code, ErrorCode::kCorrupt);
  EXPECT_NE(assigned.error().to_string().find("partials/0"), std::string::npos);
}

TEST_F(DetectIncident, KeepsAListenersStateSmall) {
  MemoryLog log;
  MemoryOutbox outbox;
  drive(kPartials, interleave(scenario_, 5, 1), {}, log, outbox,
        [&] { return std::make_unique<DetectTopology>(DetectOptions{}, scenario_.listeners, log); });
  EXPECT_LE(log.table("detect", 0).at("dacme").size(), 20'000U);
}

}  // namespace
}  // namespace earshot
