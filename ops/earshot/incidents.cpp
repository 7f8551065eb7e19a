#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <iostream>
#include <random>

#include "engine/config/quantity.h"
#include "engine/time/timestamp.h"
#include "engine/time/wall_clock.h"
#include "ops/earshot/commands.h"
#include "ops/earshot/control_spool.h"
#include "ops/earshot/incident_desk.h"

namespace earshot {
namespace {

int report(const Error& error) {
  std::cerr << error.to_string() << '\n';
  return 1;
}

std::string user_name() {
  const passwd* user = getpwuid(geteuid());
  return user != nullptr ? user->pw_name : "user " + std::to_string(geteuid());
}

std::string new_id() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}", random(), random());
}

Result<int64_t> mute_end(const IncidentsArguments& arguments, int64_t now_ms) {
  if (!arguments.for_long.empty() && !arguments.until.empty()) return invalid("give either --for or --until");
  if (!arguments.for_long.empty()) {
    const auto duration = parse_duration(arguments.for_long);
    if (!duration) return invalid("--for: '" + arguments.for_long + "' is no duration, such as 2h");
    return now_ms + duration->count();
  }
  if (arguments.until.empty()) return int64_t{0};
  const auto until_ms = parse_rfc3339_ms(arguments.until);
  if (!until_ms) return invalid("--until: '" + arguments.until + "' is no time, such as 2026-03-02T14:00:00Z");
  return *until_ms;
}

Result<IncidentControl> control_from(const IncidentsArguments& arguments, const std::string& action) {
  IncidentControl control;
  control.id = new_id();
  control.time_ms = wall_clock_ms();
  control.by = arguments.by.empty() ? user_name() : arguments.by;
  for (const ControlAction each :
       {ControlAction::kMute, ControlAction::kUnmute, ControlAction::kAcknowledge, ControlAction::kAssign,
        ControlAction::kResolve, ControlAction::kNote, ControlAction::kFeedback}) {
    if (to_string(each) == action) control.action = each;
  }
  auto until_ms = mute_end(arguments, control.time_ms);
  if (!until_ms) return until_ms.error();
  control.until_ms = *until_ms;
  control.worsens_by = arguments.worsens_by;
  control.assignee = arguments.to;
  control.text = arguments.text;
  control.is_true_alarm = arguments.verdict == "true";
  return control;
}

std::string list_line(const DeskIncident& incident) {
  std::string remarks;
  if (!incident.assignee.empty()) remarks += "  [" + incident.assignee + "]";
  if (incident.assignee.empty() && !incident.acknowledged_by.empty()) remarks += "  [seen]";
  if (incident.is_muted) remarks += "  [muted]";
  return fmt::format("{}  {:<9}  severity {}  {}  {}{}\n", incident.id, incident.phase, incident.severity,
                     incident.opened_at, incident.headline, remarks);
}

}  // namespace

int incidents_list_command(const IncidentsArguments& arguments) {
  const auto settings = load_settings(arguments.config);
  if (!settings) return report(settings.error());
  const auto desk = IncidentDesk::read(*settings);
  if (!desk) return report(desk.error());
  const auto incidents = desk->list(arguments.all);
  for (const DeskIncident* incident : incidents) {
    std::cout << (arguments.json ? incident->event + '\n' : list_line(*incident));
  }
  if (incidents.empty() && !arguments.json) std::cerr << (arguments.all ? "no incidents\n" : "no open incidents\n");
  return 0;
}

int incidents_show_command(const IncidentsArguments& arguments) {
  const auto settings = load_settings(arguments.config);
  if (!settings) return report(settings.error());
  const auto desk = IncidentDesk::read(*settings);
  if (!desk) return report(desk.error());
  const auto incident = desk->find(arguments.incident);
  if (!incident) return report(incident.error());
  std::cout << (arguments.json ? (*incident)->event + '\n' : incident_page(**incident));
  return 0;
}

int incidents_decide_command(const IncidentsArguments& arguments, const std::string& action) {
  const auto settings = load_settings(arguments.config);
  if (!settings) return report(settings.error());
  auto control = control_from(arguments, action);
  if (!control) return report(control.error());
  const auto desk = IncidentDesk::read(*settings);
  if (!desk) return report(desk.error());
  const auto incident = desk->find(arguments.incident);
  if (!incident) return report(incident.error());
  control->incident = (*incident)->id;
  std::string json;
  append_incident_control_json(json, *control);
  if (const auto sound = read_incident_control(json); !sound) return report(sound.error());
  if (const auto sent = send_control(*settings, *control); !sent) return report(sent.error());
  std::cout << action << ' ' << control->incident << " by " << control->by << '\n';
  return 0;
}

}  // namespace earshot
