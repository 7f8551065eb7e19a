// What somebody's decision does to an incident.
#pragma once

#include <cstddef>
#include <string>

#include "engine/base/result.h"
#include "schemas/alert.h"
#include "schemas/incident_control.h"
#include "schemas/proto/state_incident.pb.h"

namespace earshot::incident {

struct DecisionOptions {
  size_t notes_max = 50;      // the oldest go first
  size_t decisions_max = 32;  // known again when they come twice
  double bar_step = 0.05;     // of the score: a false alarm makes a surge that opens an incident about twice as rare
  double bar_max = 0.85;
};

struct Decision {
  IncidentEvent event = IncidentEvent::kUpdated;
  std::string cause;  // in words; empty: it had come before, and nothing is to be said
};

// Carries it out. `now_ms`: event time. kInvalid: it cannot be, with the reason.
Result<Decision> decide(const IncidentControl& control, const DecisionOptions& options, int64_t now_ms,
                        wire::IncidentState& state);

// Moves the score that opens an incident of this listener: up for a false alarm, back down for a true one, never below
// `open_score`. Answers what became of it, in words.
std::string move_bar(bool is_true_alarm, double open_score, const DecisionOptions& options, wire::ListenerBar& bar);

}  // namespace earshot::incident
