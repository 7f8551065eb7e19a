// IncidentDesk: the last event of every incident, rebuilt from the alerts topic alone.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "ops/settings/settings.h"

namespace earshot {

struct DeskIncident {
  std::string id;
  std::string event;  // the CloudEvent
  int64_t sequence = 0;
  std::string phase;  // open, easing or resolved
  bool is_resolved = false;
  int severity = 0;
  std::string opened_at;
  std::string resolved_at;  // empty: not yet
  std::string headline;
  std::vector<std::string> listener_names;  // the first of them
  std::string assignee;
  std::string acknowledged_by;
  bool is_muted = false;
  std::vector<std::string> children;  // ids by which spokes know it
};

class IncidentDesk {
 public:
  // From beside a running engine. No incidents yet is no error. kCorrupt: a record on the topic is no alert.
  static Result<IncidentDesk> read(const Settings& settings);

  // Open ones, with `all` resolved ones too: the gravest first, then the newest.
  [[nodiscard]] std::vector<const DeskIncident*> list(bool all) const;

  // The one whose id, or that of a spoke's part of it, begins so. kNotFound, or kInvalid when there are several.
  [[nodiscard]] Result<const DeskIncident*> find(const std::string& beginning) const;

  // Takes an event; those of an incident come in any order, the one of the greatest sequence counts.
  Result<void> add(std::string_view cloud_event);

 private:
  std::map<std::string, DeskIncident> incidents_;
};

// Everything that an alert's event says, as a person reads it.
std::string incident_page(const DeskIncident& incident);

}  // namespace earshot
