// IncidentOperator: turns the signals of listeners into incidents: opened → escalated → easing → resolved, and reopened
// when it comes back soon. One id for each crisis, the same on every run; few events, never a stream of repeats. Owns
// the keys "i…" of its store. One thread at a time.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "engine/base/result.h"
#include "engine/state/state_store.h"
#include "schemas/alert.h"
#include "schemas/proto/signal.pb.h"
#include "schemas/proto/state_incident.pb.h"

namespace earshot::incident {

struct IncidentOptions {
  double escalate_factor = 2.0;       // mentions a minute, over those of the last event
  int64_t escalate_gap_ms = 300'000;  // between events, for a rise in volume
  int64_t critical_gap_ms = 60'000;   // between events, for a rise to critical
  uint32_t escalations_max = 5;
  int64_t ease_after_ms = 180'000;  // of calm
  uint32_t easings_max = 3;
  int64_t reopen_within_ms = 21'600'000;
  size_t evidence_max = 10;
};

// Deterministic id of the incident that `listener` of `hub` opens with the pane at `pane_start_ms`.
std::string incident_id(const std::string& hub, const std::string& listener, int64_t pane_start_ms);

// How bad what a signal shows is.
Severity severity_of(const wire::Signal& signal);

class IncidentOperator {
 public:
  // `store` outlives the operator.
  IncidentOperator(const IncidentOptions& options, StateStore& store) : options_(options), store_(store) {}

  // Takes up what the store holds. kCorrupt: a record of another version.
  Result<void> restore();

  // Takes a signal; those of one listener come in order of time, a repeated one is ignored. Answers the event that it
  // brings about.
  std::optional<Alert> apply(const wire::Signal& signal);

  // Writes what changed to the store and forgets what can no longer reopen.
  void checkpoint();

  [[nodiscard]] size_t open_incidents() const;

 private:
  enum Phase : uint32_t { kNone, kRaised, kEasing, kResolved };
  struct Incident {
    wire::IncidentState state;
    bool is_dirty = true;
  };

  void open(const wire::Signal& signal, wire::IncidentState& state) const;
  void take_in(const wire::Signal& signal, wire::IncidentState& state) const;
  std::optional<IncidentEvent> advance(const wire::Signal& signal, wire::IncidentState& state) const;
  std::optional<IncidentEvent> advance_calm(const wire::Signal& signal, wire::IncidentState& state) const;
  bool is_notably_worse(const wire::Signal& signal, const wire::IncidentState& state) const;
  Alert make_alert(IncidentEvent event, const wire::Signal& signal, wire::IncidentState& state) const;

  IncidentOptions options_;
  StateStore& store_;
  std::map<std::pair<std::string, std::string>, Incident> incidents_;  // by hub and listener
  int64_t newest_ms_ = 0;
};

}  // namespace earshot::incident
