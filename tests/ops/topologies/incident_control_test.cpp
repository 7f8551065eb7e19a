#include "schemas/incident_control.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "ops/topologies/incident.h"
#include "schemas/dead_letter.h"
#include "schemas/proto/signal.pb.h"
#include "tests/ops/topologies/memory_log.h"

namespace earshot {
namespace {

std::shared_ptr<const ListenerSet> one_brand() {
  auto set = std::make_shared<ListenerSet>();
  Listener listener;
  listener.name = "acme";
  listener.spoke = "service";
  set->listeners.push_back(listener);
  return set;
}

std::string raised(int64_t minute) {
  wire::Signal signal;
  signal.set_hub("hub");
  signal.set_listener("acme");
  signal.set_spoke("service");
  signal.set_pane_start_ms(minute * 60'000);
  signal.set_pane_ms(10'000);
  signal.set_level(1);
  signal.set_score(0.7);
  signal.set_observed(50);
  signal.set_expected(2);
  signal.set_window_ms(300'000);
  return signal.SerializeAsString();
}

// INCIDENT as the runner drives it: its own passed-on decisions come back to it on the signals topic.
class IncidentControlTopic : public testing::Test {
 protected:
  IncidentControlTopic() { restart(); }

  void restart() {
    topology_ = std::make_unique<IncidentTopology>(IncidentOptions{}, one_brand(), log_);
    for (const char* topic : {"signals", "incident-control"}) {
      ASSERT_TRUE(topology_->assigned({topic, 0}, std::nullopt).ok());
    }
  }
  void feed(const std::string& topic, const std::vector<std::string>& values) {
    auto work = topology_->process(batch_of(topic, values, next_offset_));
    next_offset_ += static_cast<int64_t>(values.size());
    const auto applied = topology_->apply(*work, outbox_);
    ASSERT_TRUE(applied.ok()) << applied.error().to_string();
  }
  void commit() {
    ASSERT_TRUE(topology_->before_commit({}, false, outbox_).ok());
    outbox_.commit();
    log_.commit(topology_->stores());
    const auto passed_on = outbox_.of("signals");
    std::vector<std::string> values;
    for (; delivered_ < passed_on.size(); ++delivered_) values.push_back(passed_on[delivered_].value);
    if (!values.empty()) feed("signals", values);
  }
  [[nodiscard]] std::string decision(ControlAction action) const {
    IncidentControl control;
    control.id = "d" + std::to_string(next_offset_);
    control.time_ms = 1;
    control.by = "nora";
    control.action = action;
    control.incident = outbox_.of("alerts").front().key;
    std::string json;
    append_incident_control_json(json, control);
    return json;
  }
  [[nodiscard]] std::string newest(const std::string& topic) const {
    const auto outputs = outbox_.of(topic);
    return outputs.empty() ? std::string() : outputs.back().value;
  }

  MemoryLog log_;
  MemoryOutbox outbox_;
  std::unique_ptr<IncidentTopology> topology_;
  int64_t next_offset_ = 0;
  size_t delivered_ = 0;
};

TEST_F(IncidentControlTopic, IsCarriedOutInTheOrderOfTheSignals) {
  feed("signals", {raised(1)});
  commit();
  feed("incident-control", {decision(ControlAction::kAcknowledge)});
  commit();
  commit();
  EXPECT_NE(newest("alerts").find(R"("acknowledged_by":"nora")"), std::string::npos) << newest("alerts");
  EXPECT_NE(newest("alerts.service").find(R"("acknowledged_by":"nora")"), std::string::npos);
  EXPECT_TRUE(outbox_.of("dead-letters").empty());
}

TEST_F(IncidentControlTopic, IsLostNeitherByARestartNorByAnAbort) {
  feed("signals", {raised(1)});
  commit();
  const std::string mute = decision(ControlAction::kMute);
  feed("incident-control", {mute});
  outbox_.abort();  // and again from the last commit
  restart();
  feed("incident-control", {mute});
  commit();
  commit();
  const auto alerts = outbox_.of("alerts");
  EXPECT_EQ(std::count_if(alerts.begin(), alerts.end(),
                          [](const Output& alert) { return alert.value.find("muted by nora") != std::string::npos; }),
            1);
}

TEST_F(IncidentControlTopic, TurnsWhatCannotBeReadOrDoneIntoDeadLetters) {
  feed("signals", {raised(1)});
  commit();
  std::string unknown = decision(ControlAction::kAcknowledge);
  const std::string id = outbox_.of("alerts").front().key;
  unknown.replace(unknown.find(id), id.size(), "inc-0000000000000000");
  const int64_t first = next_offset_;
  feed("incident-control", {"no json", unknown});
  commit();
  commit();
  const auto letters = outbox_.of("dead-letters");
  ASSERT_EQ(letters.size(), 2U);
  const auto broken = read_dead_letter(letters[0].value);
  const auto refused = read_dead_letter(letters[1].value);
  ASSERT_TRUE(broken.ok());
  ASSERT_TRUE(refused.ok());
  EXPECT_EQ(broken->payload, "no json");
  EXPECT_EQ(broken->stage, "incident");
  EXPECT_EQ(refused->topic, "incident-control");
  EXPECT_EQ(refused->offset, first + 1);
  EXPECT_NE(refused->reason.find("inc-0000000000000000"), std::string::npos) << refused->reason;
}

}  // namespace
}  // namespace earshot
