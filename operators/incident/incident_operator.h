// IncidentOperator: turns the signals of listeners and the decisions of people into incidents: opened → escalated →
// easing → resolved, and reopened when it comes back soon. One incident for each crisis, however many listeners it
// touches, with the same id on every run; few events, never a stream of repeats. When many listeners surge at once
// without a reason of their own, that is one incident too: a storm. Owns the keys "i…" (incidents) and "b…" (what
// people said of a listener's alarms) of its store. One thread at a time.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/result.h"
#include "engine/state/state_store.h"
#include "operators/incident/alert_of.h"
#include "operators/incident/decision.h"
#include "operators/incident/lifecycle.h"
#include "operators/incident/notice_policy.h"
#include "operators/incident/severity.h"
#include "schemas/alert.h"
#include "schemas/incident_control.h"
#include "schemas/proto/signal.pb.h"
#include "schemas/proto/state_incident.pb.h"

namespace earshot::incident {

struct IncidentOptions {
  LifecycleOptions lifecycle;
  DecisionOptions decision;
  NoticePolicy notice;
  double open_score = 0;    // of a signal; with less no incident opens
  double volume_score = 0;  // of a signal that nothing but its volume speaks for
  int64_t reopen_within_ms = 21'600'000;
  int64_t join_within_ms = 1'800'000;  // of the incident's last rise: a related listener then joins it
  int64_t storm_within_ms = 600'000;   // so many listeners …
  size_t storm_listeners = 6;          // … that begin to surge in that time are one incident
};

class IncidentOperator {
 public:
  // `store` outlives the operator.
  IncidentOperator(IncidentOptions options, StateStore& store) : options_(std::move(options)), store_(store) {}

  // Takes up what the store holds. kCorrupt: a record of another version.
  Result<void> restore();

  // Takes a signal; those of one listener come in order of time, a repeated one is ignored. Answers the events that it
  // brings about: the hub's, each followed by those of its spokes (which have a parent).
  std::vector<Alert> apply(const wire::Signal& signal);

  // Carries out what somebody decided. kInvalid: it cannot be, with the reason.
  Result<std::vector<Alert>> decide(const IncidentControl& control);

  // Takes deleted posts out of the evidence of all incidents, and puts what an edit makes of one in its place.
  void take_back(const wire::Signal& changes);

  // Writes what changed to the store and forgets what can no longer reopen.
  void checkpoint();

  [[nodiscard]] size_t open_incidents() const;

 private:
  using ListenerKey = std::pair<std::string, std::string>;  // hub, listener
  struct Incident {
    wire::IncidentState state;
    bool is_dirty = true;
  };
  struct Bar {
    wire::ListenerBar record;
    bool is_dirty = true;
  };

  void begin(const wire::Signal& signal, std::vector<Alert>& alerts);
  void open(const wire::Signal& signal, std::vector<Alert>& alerts);
  void join(const wire::Signal& signal, Incident& incident, std::vector<Alert>& alerts);
  void add_finding(const wire::Signal& signal, Incident& incident, std::vector<Alert>& alerts);
  void go_on(const wire::Signal& signal, Incident& incident, std::vector<Alert>& alerts);
  void gather_storm(const std::vector<std::string>& ids, const wire::Signal& signal, std::vector<Alert>& alerts);
  void merge(Incident& from, Incident& into, int64_t now_ms, std::vector<Alert>& alerts);
  void close_abandoned(std::vector<Alert>& alerts);
  void tell(const Occasion& occasion, Incident& incident, std::vector<Alert>& alerts);
  [[nodiscard]] Incident* incident_of(const wire::Signal& signal);
  [[nodiscard]] Incident* related_to(const wire::Signal& signal);
  [[nodiscard]] Incident* storm_at(const wire::Signal& signal);
  // Incidents of the storm that `signal` would make full; empty when there is none.
  [[nodiscard]] std::vector<std::string> brewing_storm(const wire::Signal& signal) const;
  [[nodiscard]] Incident* find(const std::string& id);
  [[nodiscard]] bool may_open(const wire::Signal& signal) const;
  Result<void> restore_bars();

  IncidentOptions options_;
  StateStore& store_;
  std::map<std::string, Incident> incidents_;        // by id
  std::map<ListenerKey, std::string> incident_ids_;  // the one that a listener belongs to
  std::map<std::string, std::string> parents_;       // of a spoke's incident: the hub's id
  std::map<ListenerKey, Bar> bars_;
  std::vector<std::string> outdated_keys_;  // of records that are kept under another key now
  int64_t newest_ms_ = 0;
};

}  // namespace earshot::incident
