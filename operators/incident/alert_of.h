// Alerts out of an incident's state: the hub's, and those of the spokes that it touches.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "operators/incident/notice_policy.h"
#include "schemas/alert.h"
#include "schemas/proto/state_incident.pb.h"

namespace earshot::incident {

struct Occasion {
  IncidentEvent event = IncidentEvent::kUpdated;
  int64_t time_ms = 0;
  std::string cause;        // in words, where the event does not say it
  std::string spoke;        // whose listener brought it about; empty: it concerns all that were told
  std::string silenced_by;  // it is for the record, nobody need be told
};

// The hub's alert of the occasion, then one for each spoke that is told: it is the child's next event there, and its
// first one is `opened`. What a spoke is not told now is remembered in `state`.
std::vector<Alert> alerts_of(const Occasion& occasion, const NoticePolicy& policy, wire::IncidentState& state);

// What the spoke was not told before and is told now, if it may be: quiet hours ended, or the incident got worse.
std::vector<Alert> held_alerts(const std::string& spoke, int64_t time_ms, const NoticePolicy& policy,
                               wire::IncidentState& state);

}  // namespace earshot::incident
