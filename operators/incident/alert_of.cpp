#include "operators/incident/alert_of.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "operators/incident/lifecycle.h"
#include "operators/incident/severity.h"

namespace earshot::incident {
namespace {

bool is_raising(IncidentEvent event) {
  return event == IncidentEvent::kOpened || event == IncidentEvent::kEscalated || event == IncidentEvent::kReopened;
}

const wire::IncidentMember* member_of(const wire::IncidentState& state, const std::string& listener) {
  const auto found = std::ranges::find(state.members(), listener, &wire::IncidentMember::listener);
  return found == state.members().end() ? nullptr : &*found;
}

// Of the spoke's listeners the one that deviates most.
const wire::IncidentMember* loudest_of(const wire::IncidentState& state, const std::string& spoke) {
  const wire::IncidentMember* loudest = nullptr;
  const auto multiple = [](const wire::IncidentMember& member) {
    return member.observed() / std::max(0.1, member.expected());
  };
  for (const wire::IncidentMember& member : state.members()) {
    if (member.spoke() != spoke) continue;
    if (loudest == nullptr || multiple(member) > multiple(*loudest)) loudest = &member;
  }
  return loudest;
}

void show_member(const wire::IncidentMember& member, Alert& alert) {
  alert.listener = member.listener();
  alert.spoke = member.spoke();
  alert.observed = member.observed();
  alert.expected = member.expected();
  alert.window_ms = member.window_ms();
}

void show_in_list(const wire::IncidentMember& member, Alert& alert) {
  alert.listeners.push_back({member.listener(), member.spoke(), member.joined_ms(), member.observed(),
                             member.expected(), member.window_ms(), member.level() == 0});
}

// A listener counts once, whatever was found out about it.
void add_members(const wire::IncidentState& state, Alert& alert) {
  std::set<std::string_view> listeners;
  for (const wire::IncidentMember& member : state.members()) {
    const bool is_new = listeners.insert(member.listener()).second;
    if (is_new && alert.listeners.size() < Alert::kListenersShown) show_in_list(member, alert);
    if (!member.kind().empty() && alert.findings.size() < Alert::kListenersShown) {
      alert.findings.push_back(
          {member.kind(), member.listener(), member.joined_ms(), member.reason(), member.level() == 0});
    }
  }
  alert.listener_count = listeners.size() + state.members_left_out();
}

void add_desk(const wire::IncidentState& state, Alert& alert) {
  alert.desk = {.acknowledged_by = state.acknowledged_by(),
                .assignee = state.assignee(),
                .muted_by = state.muted_by(),
                .muted_until_ms = state.muted_until_ms(),
                .mute_worsens_by = static_cast<int64_t>(state.mute_worsens_by()),
                .notes = {}};
  for (const wire::IncidentNote& note : state.notes()) {
    alert.desk.notes.push_back({note.at_ms(), note.by(), note.text()});
  }
}

Alert hub_alert(const Occasion& occasion, const wire::IncidentState& state) {
  const wire::Signal& signal = state.last_signal();
  Alert alert;
  alert.incident_id = state.id();
  alert.sequence = state.sequence();
  alert.event = occasion.event;
  alert.cause = occasion.cause;
  alert.hub = state.hub();
  alert.listener = signal.listener();
  alert.spoke = signal.spoke();
  alert.time_ms = occasion.time_ms;
  alert.severity = severity_of(state);
  alert.observed = signal.observed();
  alert.expected = signal.expected();
  alert.same_time_last_week = signal.same_time_last_week();
  alert.probability = signal.probability();
  alert.window_ms = signal.window_ms();
  alert.counts = signal.counts();
  alert.origin = read_origin(signal.counts());
  alert.timeline = {state.opened_ms(),      state.peak_ms(),  state.peak_observed(), state.peak_expected(),
                    state.peak_window_ms(), state.eased_ms(), state.resolved_ms()};
  alert.last_hour = {end_of(signal),
                     {signal.last_hour_mentions().begin(), signal.last_hour_mentions().end()},
                     {signal.last_hour_negative().begin(), signal.last_hour_negative().end()}};
  alert.terms.assign(state.terms().begin(), state.terms().end());
  alert.platforms = {signal.platforms().begin(), signal.platforms().end()};
  alert.languages = {signal.languages().begin(), signal.languages().end()};
  alert.countries = {signal.countries().begin(), signal.countries().end()};
  alert.evidence.assign(state.evidence().begin(), state.evidence().end());
  alert.rule_version = signal.rule_version();
  alert.is_warming_up = signal.warming_up();
  alert.confidence = signal.confidence();
  alert.merged_into = state.merged_into();
  alert.is_storm = state.is_storm();
  alert.finding = signal.kind();
  alert.reason = signal.reason();
  if (state.members_size() > 0) {
    alert.kind = state.members(0).kind();
    alert.opening_reason = state.members(0).reason();
  }
  const bool is_calming = occasion.event == IncidentEvent::kEasing || occasion.event == IncidentEvent::kResolved;
  const wire::IncidentMember* lead = is_calming ? member_of(state, state.listener()) : nullptr;
  if (lead != nullptr) show_member(*lead, alert);
  add_members(state, alert);
  add_desk(state, alert);
  return alert;
}

wire::IncidentChild& child_of(const std::string& spoke, wire::IncidentState& state) {
  const auto found = std::ranges::find(*state.mutable_children(), spoke, &wire::IncidentChild::spoke);
  if (found != state.mutable_children()->end()) return *found;
  wire::IncidentChild& child = *state.add_children();
  child.set_spoke(spoke);
  child.set_id(child_incident_id(state.id(), spoke));
  return child;
}

// The child's next event: what the hub says, seen from the spoke.
Alert child_alert(const Alert& hub, const wire::IncidentState& state, wire::IncidentChild& child) {
  Alert alert = hub;
  const bool is_first = child.sequence() == 0;
  child.set_sequence(child.sequence() + 1);
  child.set_is_held(false);
  alert.incident_id = child.id();
  alert.parent = state.id();
  alert.sequence = child.sequence();
  if (is_first) alert.event = IncidentEvent::kOpened;
  if (alert.spoke == child.spoke()) return alert;
  if (const wire::IncidentMember* member = loudest_of(state, child.spoke())) show_member(*member, alert);
  alert.spoke = child.spoke();
  return alert;
}

}  // namespace

std::vector<Alert> alerts_of(const Occasion& occasion, const NoticePolicy& policy, wire::IncidentState& state) {
  const bool is_raised = is_raising(occasion.event);
  const bool is_muted = !state.muted_by().empty();
  const int severity = severity_of(state).level();
  // A raise makes the spoke's child, whether the spoke is told now or later.
  bool is_spoke_told = false;
  std::string_view silence;
  if (!occasion.spoke.empty() && occasion.silenced_by.empty()) {
    wire::IncidentChild& child = child_of(occasion.spoke, state);
    const bool is_news = is_raised || child.sequence() == 0;
    silence = policy.silence(occasion.spoke, severity, occasion.time_ms);
    is_spoke_told = is_news && silence.empty() && !is_muted;
    if (is_news) child.set_is_held(!silence.empty());
  }
  state.set_sequence(state.sequence() + 1);
  std::vector<Alert> alerts;
  alerts.reserve(1 + static_cast<size_t>(state.children_size()));
  Alert& hub = alerts.emplace_back(hub_alert(occasion, state));
  hub.silenced_by = !occasion.silenced_by.empty()               ? occasion.silenced_by
                    : is_muted                                  ? "mute"
                    : occasion.event == IncidentEvent::kUpdated ? "update"
                                                                : "";
  hub.notifies = hub.silenced_by.empty();
  for (wire::IncidentChild& child : *state.mutable_children()) {
    const bool is_its_own = child.spoke() == occasion.spoke;
    const bool concerns_all = !is_raised && child.sequence() > 0;
    if (is_its_own ? !is_spoke_told && !concerns_all : !concerns_all) continue;
    Alert told = child_alert(hub, state, child);
    if (is_its_own && is_spoke_told) {
      told.notifies = true;
      told.silenced_by.clear();
    } else if (told.notifies) {
      told.silenced_by = policy.silence(child.spoke(), severity, occasion.time_ms);
      told.notifies = told.silenced_by.empty();
    }
    alerts.push_back(std::move(told));
  }
  for (const wire::IncidentChild& child : state.children()) {
    if (child.sequence() > 0) alerts.front().children.push_back({child.spoke(), child.id()});
  }
  return alerts;
}

std::vector<Alert> held_alerts(const std::string& spoke, int64_t time_ms, const NoticePolicy& policy,
                               wire::IncidentState& state) {
  wire::IncidentChild& child = child_of(spoke, state);
  if (!child.is_held() || !is_open(state) || !state.muted_by().empty()) return {};
  if (!policy.silence(spoke, severity_of(state).level(), time_ms).empty()) return {};
  const Occasion occasion{
      .event = IncidentEvent::kEscalated, .time_ms = time_ms, .cause = {}, .spoke = spoke, .silenced_by = {}};
  return {child_alert(hub_alert(occasion, state), state, child)};
}

}  // namespace earshot::incident
