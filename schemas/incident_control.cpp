#include "schemas/incident_control.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>

#include "engine/base/json_writer.h"
#include "engine/time/timestamp.h"

namespace earshot {
namespace {

constexpr std::array<std::pair<std::string_view, ControlAction>, 7> kActions{{
    {"mute", ControlAction::kMute},
    {"unmute", ControlAction::kUnmute},
    {"ack", ControlAction::kAcknowledge},
    {"assign", ControlAction::kAssign},
    {"resolve", ControlAction::kResolve},
    {"note", ControlAction::kNote},
    {"feedback", ControlAction::kFeedback},
}};
constexpr std::string_view kTrueAlarm = "true";
constexpr std::string_view kFalseAlarm = "false-alarm";
constexpr int64_t kWorsensMax = 4;

// Reads the members of one record; the first fault stays.
class ControlReader {
 public:
  explicit ControlReader(simdjson::dom::object object) : object_(object) {}

  std::string text(std::string_view name, bool is_required, size_t bytes_max) {
    simdjson::dom::element member;
    if (object_[name].get(member) != simdjson::SUCCESS) {
      if (is_required) fault(fmt::format("'{}' is missing", name));
      return {};
    }
    std::string_view value;
    if (member.get(value) != simdjson::SUCCESS) {
      fault(fmt::format("'{}' must be a text", name));
    } else if (value.size() > bytes_max) {
      fault(fmt::format("'{}' has {} bytes; the most is {}", name, value.size(), bytes_max));
    } else if (is_required && value.empty()) {
      fault(fmt::format("'{}' is empty", name));
    }
    return std::string(value);
  }

  int64_t time(std::string_view name, bool is_required) {
    constexpr size_t kTimeBytesMax = 64;
    const std::string value = text(name, is_required, kTimeBytesMax);
    if (value.empty()) return 0;
    const auto time_ms = parse_rfc3339_ms(value);
    if (!time_ms) fault(fmt::format("'{}' must be a time such as 2026-03-01T12:00:00Z, found '{}'", name, value));
    return time_ms.value_or(0);
  }

  int64_t integer(std::string_view name, int64_t low, int64_t high) {
    simdjson::dom::element member;
    if (object_[name].get(member) != simdjson::SUCCESS) return low;
    int64_t value = low;
    if (member.get(value) != simdjson::SUCCESS || value < low || value > high) {
      fault(fmt::format("'{}' must be a whole number from {} to {}", name, low, high));
    }
    return value;
  }

  // Everything else would be a decision that is not carried out.
  void refuse_unknown(std::string_view action, std::initializer_list<std::string_view> allowed) {
    for (const auto [key, value] : object_) {
      if (std::find(allowed.begin(), allowed.end(), key) == allowed.end()) {
        fault(fmt::format("'{}' is no member of '{}'", key, action));
      }
    }
  }

  void fault(std::string message) {
    if (outcome_) outcome_ = invalid("not a decision about an incident: " + std::move(message));
  }
  [[nodiscard]] const Result<void>& outcome() const { return outcome_; }

 private:
  simdjson::dom::object object_;
  Result<void> outcome_;
};

bool is_incident_id(std::string_view text) {
  constexpr size_t kBytes = 20;
  return text.size() == kBytes && text.starts_with("inc-") &&
         text.substr(4).find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

void read_action_members(ControlReader& reader, IncidentControl& control, std::string_view action) {
  switch (control.action) {
    case ControlAction::kMute:
      reader.refuse_unknown(action, {"id", "time", "by", "action", "incident", "text", "until", "worsens_by"});
      control.until_ms = reader.time("until", false);
      control.worsens_by = reader.integer("worsens_by", 0, kWorsensMax);
      return;
    case ControlAction::kAssign:
      reader.refuse_unknown(action, {"id", "time", "by", "action", "incident", "text", "assignee"});
      control.assignee = reader.text("assignee", false, IncidentControl::kNameBytesMax);
      return;
    case ControlAction::kFeedback: {
      reader.refuse_unknown(action, {"id", "time", "by", "action", "incident", "text", "verdict"});
      const std::string verdict = reader.text("verdict", true, IncidentControl::kNameBytesMax);
      control.is_true_alarm = verdict == kTrueAlarm;
      if (verdict != kTrueAlarm && verdict != kFalseAlarm) reader.fault("'verdict' must be true or false-alarm");
      return;
    }
    case ControlAction::kNote:
      if (control.text.empty()) reader.fault("'text' is missing");
      [[fallthrough]];
    case ControlAction::kUnmute:
    case ControlAction::kAcknowledge:
    case ControlAction::kResolve:
      reader.refuse_unknown(action, {"id", "time", "by", "action", "incident", "text"});
  }
}

}  // namespace

std::string_view to_string(ControlAction action) {
  for (const auto& [name, known] : kActions) {
    if (known == action) return name;
  }
  return "note";
}

void append_incident_control_json(std::string& out, const IncidentControl& control) {
  JsonWriter json(out);
  json.begin_object().member("id", control.id).member("time", format_rfc3339(control.time_ms));
  json.member("by", control.by).member("action", to_string(control.action)).member("incident", control.incident);
  if (control.until_ms != 0) json.member("until", format_rfc3339(control.until_ms));
  if (control.worsens_by != 0) json.member("worsens_by", control.worsens_by);
  if (control.action == ControlAction::kAssign) json.member("assignee", control.assignee);
  if (control.action == ControlAction::kFeedback) {
    json.member("verdict", control.is_true_alarm ? kTrueAlarm : kFalseAlarm);
  }
  json.member_if("text", control.text).end_object();
}

Result<IncidentControl> read_incident_control(std::string_view json) {
  simdjson::dom::parser parser;
  simdjson::dom::element element;
  if (const auto error = parser.parse(json.data(), json.size()).get(element)) {
    return invalid(std::string("not a decision about an incident: ") + simdjson::error_message(error));
  }
  simdjson::dom::object object;
  if (element.get(object) != simdjson::SUCCESS) return invalid("not a decision about an incident: not an object");
  ControlReader reader(object);
  IncidentControl control;
  control.id = reader.text("id", true, IncidentControl::kNameBytesMax);
  control.time_ms = reader.time("time", true);
  control.by = reader.text("by", true, IncidentControl::kNameBytesMax);
  control.incident = reader.text("incident", true, IncidentControl::kNameBytesMax);
  control.text = reader.text("text", false, IncidentControl::kTextBytesMax);
  const std::string action = reader.text("action", true, IncidentControl::kNameBytesMax);
  const auto known = std::ranges::find(kActions, action, &decltype(kActions)::value_type::first);
  if (known == kActions.end()) {
    reader.fault("'action' must be mute, unmute, ack, assign, resolve, note or feedback");
  } else {
    control.action = known->second;
    read_action_members(reader, control, action);
  }
  if (!is_incident_id(control.incident)) reader.fault("'incident' must be an id such as inc-0123456789abcdef");
  if (!reader.outcome()) return reader.outcome().error();
  return control;
}

}  // namespace earshot
