// IncidentsUnderTest: an operator on a store that outlives it, and signals to feed it.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "operators/incident/incident_operator.h"
#include "tests/engine/state/table_state.h"

namespace earshot::incident {

class IncidentsUnderTest : public testing::Test {
 protected:
  static constexpr int64_t kMinuteMs = 60'000;

  IncidentsUnderTest() { reopen(); }

  void reopen() {
    store_ = std::make_unique<StateStore>("incident", 0, std::make_unique<TableState>(table_));
    incidents_ = std::make_unique<IncidentOperator>(options_, *store_);
    ASSERT_TRUE(incidents_->restore().ok());
  }
  void restart() {
    incidents_->checkpoint();
    commit_to(table_, *store_);
    reopen();
  }

  static wire::Signal raised(const std::string& listener, int64_t minute, double observed = 40) {
    wire::Signal signal;
    signal.set_hub("hub");
    signal.set_listener(listener);
    signal.set_spoke("service");
    signal.set_pane_ms(10'000);
    signal.set_pane_start_ms(minute * kMinuteMs - 10'000);
    signal.set_level(1);
    signal.set_score(0.6);
    signal.set_observed(observed);
    signal.set_expected(5);
    signal.set_window_ms(300'000);
    return signal;
  }
  static wire::Signal over(const std::string& listener, int64_t minute) {
    wire::Signal signal = raised(listener, minute, 5);
    signal.set_level(0);
    signal.set_is_final(true);
    return signal;
  }
  static wire::Signal with_words(wire::Signal signal, const std::vector<std::string>& words) {
    for (const std::string& word : words) {
      wire::Term& term = *signal.add_terms();
      term.set_text(word);
      term.set_count(6);
      term.set_lift(12);
    }
    return signal;
  }
  static wire::Signal with_post(wire::Signal signal, const std::string& id, const std::string& text) {
    wire::Evidence& post = *signal.add_evidence();
    post.set_post_id(id);
    post.set_platform("x");
    post.set_text(text);
    post.set_text_hash(std::hash<std::string>()(text));
    return signal;
  }

  IncidentControl decision(ControlAction action, const std::string& incident) {
    IncidentControl control;
    control.id = "decision " + std::to_string(++decisions_);
    control.time_ms = 1;
    control.by = "nora";
    control.action = action;
    control.incident = incident;
    return control;
  }

  // "state listener" of the hub's events, "state listener@spoke" of a spoke's.
  static std::string said(const std::vector<Alert>& alerts) {
    std::string text;
    for (const Alert& alert : alerts) {
      text += (text.empty() ? "" : ", ") + std::string(to_string(alert.event)) + " " + alert.listener;
      if (!alert.parent.empty()) text += "@" + alert.spoke;
    }
    return text;
  }

  IncidentOptions options_;
  Table table_;
  std::unique_ptr<StateStore> store_;
  std::unique_ptr<IncidentOperator> incidents_;
  int decisions_ = 0;
};

}  // namespace earshot::incident
