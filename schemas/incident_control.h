// IncidentControl: what somebody decided about an incident, as the topic `incident-control` holds it, a JSON object
// (schemas/incident_control.schema.json).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/result.h"

namespace earshot {

enum class ControlAction : uint8_t { kMute, kUnmute, kAcknowledge, kAssign, kResolve, kNote, kFeedback };

std::string_view to_string(ControlAction action);

struct IncidentControl {
  static constexpr size_t kNameBytesMax = 200;
  static constexpr size_t kTextBytesMax = 4000;

  std::string id;  // of this decision: one that comes twice counts once
  int64_t time_ms = 0;
  std::string by;  // who decided
  ControlAction action = ControlAction::kNote;
  std::string incident;       // the hub's or a spoke's
  int64_t until_ms = 0;       // mute: 0 without end
  int64_t worsens_by = 0;     // mute: levels of severity or doublings at which it speaks again, 1 to 4; 0 never
  std::string assignee;       // assign; empty takes the assignment back
  std::string text;           // note; optional for all others
  bool is_true_alarm = true;  // feedback
};

// Appends the record without a newline.
void append_incident_control_json(std::string& out, const IncidentControl& control);

// kInvalid: what is wrong with it, member by member.
Result<IncidentControl> read_incident_control(std::string_view json);

}  // namespace earshot
