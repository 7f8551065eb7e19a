// The life of one incident: opened → escalated → easing → resolved, and reopened. Functions over its state, which is
// all that they read and change.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "schemas/alert.h"
#include "schemas/proto/signal.pb.h"
#include "schemas/proto/state_incident.pb.h"

namespace earshot::incident {

inline constexpr uint32_t kStateVersion = 1;

enum Phase : uint32_t { kNone, kRaised, kEasing, kResolved };

struct LifecycleOptions {
  double escalate_factor = 2.0;       // mentions a minute, over those of the last event
  int64_t escalate_gap_ms = 300'000;  // between events, for a rise in volume
  int64_t critical_gap_ms = 60'000;   // between events, for a rise to critical
  uint32_t escalations_max = 5;
  int64_t ease_after_ms = 180'000;  // of calm
  uint32_t easings_max = 3;
  int64_t abandoned_after_ms = 7'200'000;  // without a word: the listener is gone
  size_t evidence_max = 10;
  size_t members_max = 1'000;
};

// Deterministic id of the incident that `listener` of `hub` opens with the pane at `pane_start_ms`.
std::string incident_id(const std::string& hub, const std::string& listener, int64_t pane_start_ms);

// Deterministic id of the same incident as `spoke` knows it.
std::string child_incident_id(const std::string& parent, const std::string& spoke);

void open_incident(const wire::Signal& signal, wire::IncidentState& state);

// What the incident knows of one kind of finding (empty: a surge) about the listener. nullptr: nothing.
wire::IncidentMember* find_member(wire::IncidentState& state, const std::string& listener, const std::string& kind);

// The last that joined of what the incident knows about the listener. nullptr: it is not about it.
const wire::IncidentMember* newest_member(const wire::IncidentState& state, const std::string& listener);

// False: there is no room for another listener; it is counted.
bool add_member(const wire::Signal& signal, const LifecycleOptions& options, wire::IncidentState& state);

// Takes up what the signal of a member says.
void take_in(const wire::Signal& signal, const LifecycleOptions& options, wire::IncidentState& state);

// What the signal, which was taken in, brings about.
std::optional<IncidentEvent> advance(const wire::Signal& signal, const LifecycleOptions& options,
                                     wire::IncidentState& state);

// The bar that the next escalation must reach.
void note_event(IncidentEvent event, const wire::Signal& signal, wire::IncidentState& state);

// Every listener's surge is over, or nothing was heard of it for long.
bool is_over(const wire::IncidentState& state, int64_t now_ms, const LifecycleOptions& options);

void resolve(wire::IncidentState& state, int64_t now_ms);

// Lets a mute expire or break. True: it broke, because the incident got that much worse.
bool review_mute(const wire::Signal& signal, wire::IncidentState& state);

inline bool is_open(const wire::IncidentState& state) {
  return state.phase() == kRaised || state.phase() == kEasing;
}

}  // namespace earshot::incident
