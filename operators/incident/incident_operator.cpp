#include "operators/incident/incident_operator.h"

#include <fmt/format.h>

#include <algorithm>

#include "operators/incident/evidence_changes.h"
#include "operators/incident/relation.h"
#include "schemas/finding.h"

namespace earshot::incident {

std::vector<Alert> IncidentOperator::apply(const wire::Signal& signal) {
  std::vector<Alert> alerts;
  newest_ms_ = std::max(newest_ms_, end_of(signal));
  close_abandoned(alerts);
  Incident* incident = incident_of(signal);
  if (incident == nullptr) {
    if (signal.level() > 0 && may_open(signal)) begin(signal, alerts);
    return alerts;
  }
  const wire::IncidentMember* member = find_member(incident->state, signal.listener(), signal.kind());
  if (member != nullptr && end_of(signal) <= member->updated_ms()) return alerts;
  const bool would_reopen = incident->state.phase() == kResolved && signal.level() > 0;
  if (would_reopen && !may_open(signal)) return alerts;
  if (member == nullptr && newest_member(incident->state, signal.listener()) != nullptr) {
    if (signal.level() > 0) add_finding(signal, *incident, alerts);
    return alerts;
  }
  // What turns out to have a reason of its own is not part of the storm.
  const bool leaves_storm = signal.kind().empty() && incident->state.is_storm() && signal.level() > 0 &&
                            has_own_words(signal.terms()) && !is_related(signal, incident->state) &&
                            incident->state.members_size() > 1;
  if (!leaves_storm) {
    go_on(signal, *incident, alerts);
    return alerts;
  }
  auto& members = *incident->state.mutable_members();
  members.erase(std::ranges::find(members, signal.listener(), &wire::IncidentMember::listener));
  incident->is_dirty = true;
  open(signal, alerts);
  return alerts;
}

void IncidentOperator::begin(const wire::Signal& signal, std::vector<Alert>& alerts) {
  if (!signal.kind().empty()) return open(signal, alerts);
  if (Incident* related = related_to(signal)) return join(signal, *related, alerts);
  if (has_own_words(signal.terms())) return open(signal, alerts);
  if (Incident* storm = storm_at(signal)) return join(signal, *storm, alerts);
  const std::vector<std::string> brewing = brewing_storm(signal);
  if (brewing.empty()) return open(signal, alerts);
  gather_storm(brewing, signal, alerts);
}

void IncidentOperator::open(const wire::Signal& signal, std::vector<Alert>& alerts) {
  Incident opened;
  open_incident(signal, opened.state);
  const std::string id = opened.state.id();
  Incident& incident = incidents_.insert_or_assign(id, std::move(opened)).first->second;
  incident_ids_[{signal.hub(), signal.listener()}] = id;
  add_member(signal, options_.lifecycle, incident.state);
  take_in(signal, options_.lifecycle, incident.state);
  note_event(IncidentEvent::kOpened, signal, incident.state);
  tell({.event = IncidentEvent::kOpened,
        .time_ms = end_of(signal),
        .cause = {},
        .spoke = signal.spoke(),
        .silenced_by = {}},
       incident, alerts);
}

void IncidentOperator::join(const wire::Signal& signal, Incident& incident, std::vector<Alert>& alerts) {
  constexpr int64_t kUpdateGapMs = 60'000;  // between events that say no more than who joined
  wire::IncidentState& state = incident.state;
  const auto& newest = state.members(state.members_size() - 1);
  const bool was_said_lately = state.members_size() > 1 && end_of(signal) - newest.joined_ms() < kUpdateGapMs;
  incident.is_dirty = true;
  incident_ids_[{signal.hub(), signal.listener()}] = state.id();
  if (!add_member(signal, options_.lifecycle, state)) return;
  take_in(signal, options_.lifecycle, state);
  const auto event = advance(signal, options_.lifecycle, state);
  if (event) note_event(*event, signal, state);
  const bool is_spoke_new =
      std::ranges::find(state.children(), signal.spoke(), &wire::IncidentChild::spoke) == state.children().end();
  if (!event && was_said_lately && !is_spoke_new) return;
  tell({.event = event.value_or(IncidentEvent::kUpdated),
        .time_ms = end_of(signal),
        .cause = signal.listener() + " joins",
        .spoke = signal.spoke(),
        .silenced_by = {}},
       incident, alerts);
}

// Another kind of finding about a listener whose incident there is: one crisis stays one incident.
void IncidentOperator::add_finding(const wire::Signal& signal, Incident& incident, std::vector<Alert>& alerts) {
  wire::IncidentState& state = incident.state;
  incident.is_dirty = true;
  if (!add_member(signal, options_.lifecycle, state)) return;
  take_in(signal, options_.lifecycle, state);
  const auto event = advance(signal, options_.lifecycle, state);
  if (event) note_event(*event, signal, state);
  if (!event && !is_open(state)) return;  // closed by hand, and no worse
  std::string kind = signal.kind().empty() ? std::string(to_string(FindingKind::kSurge)) : signal.kind();
  std::ranges::replace(kind, '_', ' ');
  tell({.event = event.value_or(IncidentEvent::kUpdated),
        .time_ms = end_of(signal),
        .cause = kind + " as well",
        .spoke = signal.spoke(),
        .silenced_by = {}},
       incident, alerts);
}

void IncidentOperator::go_on(const wire::Signal& signal, Incident& incident, std::vector<Alert>& alerts) {
  wire::IncidentState& state = incident.state;
  incident.is_dirty = true;
  take_in(signal, options_.lifecycle, state);
  const bool mute_broke = review_mute(signal, state);
  auto event = advance(signal, options_.lifecycle, state);
  if (mute_broke && (!event || *event == IncidentEvent::kEasing)) event = IncidentEvent::kEscalated;
  if (event) {
    note_event(*event, signal, state);
    const bool is_raised = *event == IncidentEvent::kEscalated || *event == IncidentEvent::kReopened;
    return tell({.event = *event,
                 .time_ms = end_of(signal),
                 .cause = mute_broke ? "it was muted and got worse" : "",
                 .spoke = is_raised ? signal.spoke() : "",
                 .silenced_by = {}},
                incident, alerts);
  }
  if (signal.level() == 0) return;
  for (Alert& held : held_alerts(signal.spoke(), end_of(signal), options_.notice, state)) {
    alerts.push_back(std::move(held));
  }
}

void IncidentOperator::gather_storm(const std::vector<std::string>& ids, const wire::Signal& signal,
                                    std::vector<Alert>& alerts) {
  Incident& storm = incidents_.at(ids.front());
  storm.state.set_is_storm(true);
  for (size_t i = 1; i < ids.size(); ++i) merge(incidents_.at(ids[i]), storm, end_of(signal), alerts);
  incident_ids_[{signal.hub(), signal.listener()}] = storm.state.id();
  if (add_member(signal, options_.lifecycle, storm.state)) take_in(signal, options_.lifecycle, storm.state);
  note_event(IncidentEvent::kEscalated, signal, storm.state);
  tell({.event = IncidentEvent::kEscalated,
        .time_ms = end_of(signal),
        .cause = "many listeners surge at once",
        .spoke = signal.spoke(),
        .silenced_by = {}},
       storm, alerts);
}

void IncidentOperator::merge(Incident& from, Incident& into, int64_t now_ms, std::vector<Alert>& alerts) {
  for (const wire::IncidentMember& member : from.state.members()) {
    incident_ids_[{from.state.hub(), member.listener()}] = into.state.id();
    if (find_member(into.state, member.listener(), member.kind()) == nullptr) *into.state.add_members() = member;
  }
  resolve(from.state, now_ms);
  from.state.set_merged_into(into.state.id());
  into.is_dirty = true;
  tell({.event = IncidentEvent::kResolved,
        .time_ms = now_ms,
        .cause = "part of " + into.state.id(),
        .spoke = {},
        .silenced_by = "storm"},
       from, alerts);
}

// A listener that is gone says no last word.
void IncidentOperator::close_abandoned(std::vector<Alert>& alerts) {
  for (auto& [id, incident] : incidents_) {
    if (!is_open(incident.state) || newest_ms_ - incident.state.updated_ms() < options_.lifecycle.abandoned_after_ms ||
        !is_over(incident.state, newest_ms_, options_.lifecycle)) {
      continue;
    }
    resolve(incident.state, newest_ms_);
    tell({.event = IncidentEvent::kResolved,
          .time_ms = newest_ms_,
          .cause = "nothing was heard of it any more",
          .spoke = {},
          .silenced_by = {}},
         incident, alerts);
  }
}

Result<std::vector<Alert>> IncidentOperator::decide(const IncidentControl& control) {
  const auto parent = parents_.find(control.incident);
  Incident* incident = find(parent == parents_.end() ? control.incident : parent->second);
  if (incident == nullptr) return invalid("no incident " + control.incident + " is open or was lately");
  wire::IncidentState& state = incident->state;
  auto decided = incident::decide(control, options_.decision, newest_ms_, state);
  if (!decided) return decided.error();
  incident->is_dirty = true;
  std::vector<Alert> alerts;
  if (decided->cause.empty()) return alerts;
  if (control.action == ControlAction::kFeedback) {
    Bar& bar = bars_[{state.hub(), state.listener()}];
    bar.is_dirty = true;
    bar.record.set_hub(state.hub());
    bar.record.set_listener(state.listener());
    decided->cause += move_bar(control.is_true_alarm, options_.open_score, options_.decision, bar.record);
  }
  tell({.event = decided->event, .time_ms = control.time_ms, .cause = decided->cause, .spoke = {}, .silenced_by = {}},
       *incident, alerts);
  return alerts;
}

void IncidentOperator::take_back(const wire::Signal& changes) {
  const PostHashes deleted = deleted_posts(changes);
  for (auto& [id, incident] : incidents_) {
    incident.is_dirty |= erase_deleted(deleted, *incident.state.mutable_evidence());
  }
  for (const wire::EvidenceChange& change : changes.changes()) {
    const auto id = incident_ids_.find({changes.hub(), change.listener()});
    Incident* incident = id == incident_ids_.end() ? nullptr : find(id->second);
    if (incident != nullptr) incident->is_dirty |= change_post(change, *incident->state.mutable_evidence());
  }
}

void IncidentOperator::tell(const Occasion& occasion, Incident& incident, std::vector<Alert>& alerts) {
  incident.is_dirty = true;
  for (Alert& alert : alerts_of(occasion, options_.notice, incident.state)) {
    if (!alert.parent.empty()) parents_[alert.incident_id] = alert.parent;
    alerts.push_back(std::move(alert));
  }
}

}  // namespace earshot::incident
