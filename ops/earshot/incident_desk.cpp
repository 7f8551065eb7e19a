#include "ops/earshot/incident_desk.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>
#include <utility>

#include "ops/earshot/connectors.h"
#include "ops/earshot/topics.h"

namespace earshot {
namespace {

std::string text_of(const nlohmann::json& object, const char* name) {
  const auto member = object.find(name);
  return member != object.end() && member->is_string() ? member->get<std::string>() : std::string();
}

DeskIncident incident_from(const nlohmann::json& data) {
  DeskIncident incident;
  incident.id = data.at("incident");
  incident.sequence = data.at("sequence");
  incident.severity = data.at("severity").at("level");
  incident.headline = data.at("headline");
  const auto& timeline = data.at("timeline");
  incident.opened_at = text_of(timeline, "opened_at");
  incident.resolved_at = text_of(timeline, "resolved_at");
  incident.is_resolved = !incident.resolved_at.empty();
  incident.phase = incident.is_resolved ? "resolved" : text_of(timeline, "eased_at").empty() ? "open" : "easing";
  incident.listener_names.push_back(text_of(data, "listener"));
  for (const auto& each : data.value("listeners", nlohmann::json::array())) {
    incident.listener_names.push_back(text_of(each, "listener"));
  }
  const auto desk = data.value("desk", nlohmann::json::object());
  incident.assignee = text_of(desk, "assignee");
  incident.acknowledged_by = text_of(desk, "acknowledged_by");
  incident.is_muted = !text_of(desk, "muted_by").empty();
  for (const auto& child : data.value("children", nlohmann::json::array())) {
    incident.children.push_back(text_of(child, "incident"));
  }
  return incident;
}

}  // namespace

Result<IncidentDesk> IncidentDesk::read(const Settings& settings) {
  IncidentDesk desk;
  const Topics topics(settings.log.topic_prefix);
  auto read = read_topic(settings, topics.alerts,
                         [&](const TopicPartition& partition, const RecordView& record) -> Result<void> {
                           auto added = desk.add(record.value);
                           if (added) return added;
                           return Error{added.error().code, added.error().message,
                                        partition.to_string() + "@" + std::to_string(record.offset)};
                         });
  if (!read && read.error().code != ErrorCode::kNotFound) return read.error();
  return desk;
}

Result<void> IncidentDesk::add(std::string_view cloud_event) {
  const auto event = nlohmann::json::parse(cloud_event, nullptr, false);
  try {
    DeskIncident incident = incident_from(event.at("data"));
    DeskIncident& known = incidents_[incident.id];
    if (incident.sequence <= known.sequence) return {};
    known = std::move(incident);
    known.event = cloud_event;
    return {};
  } catch (const nlohmann::json::exception& fault) {
    return Error{ErrorCode::kCorrupt, std::string("not an alert: ") + fault.what(), {}};
  }
}

std::vector<const DeskIncident*> IncidentDesk::list(bool all) const {
  std::vector<const DeskIncident*> listed;
  for (const auto& [id, incident] : incidents_) {
    if (all || !incident.is_resolved) listed.push_back(&incident);
  }
  std::ranges::stable_sort(listed, [](const DeskIncident* a, const DeskIncident* b) {
    return std::tuple(a->is_resolved, -a->severity, b->opened_at) <
           std::tuple(b->is_resolved, -b->severity, a->opened_at);
  });
  return listed;
}

Result<const DeskIncident*> IncidentDesk::find(const std::string& beginning) const {
  std::vector<const DeskIncident*> found;
  for (const auto& [id, incident] : incidents_) {
    const auto begins_so = [&](const std::string& name) { return name.starts_with(beginning); };
    if (begins_so(id) || std::ranges::any_of(incident.children, begins_so)) found.push_back(&incident);
  }
  if (found.size() == 1) return found.front();
  if (found.empty()) {
    return Error{
        ErrorCode::kNotFound, "no incident begins with '" + beginning + "'; see earshot incidents list --all", {}};
  }
  std::string message = "several incidents begin with '" + beginning + "':";
  for (const DeskIncident* incident : found) message += ' ' + incident->id;
  return invalid(message);
}

}  // namespace earshot
