#include "operators/incident/lifecycle.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/base/hash.h"
#include "operators/incident/folded_evidence.h"
#include "operators/incident/severity.h"

namespace earshot::incident {
namespace {

double peak_rate(const wire::IncidentState& state) {
  return state.peak_observed() / static_cast<double>(std::max<int64_t>(1, state.peak_window_ms()));
}

void take_in_member(const wire::Signal& signal, wire::IncidentMember& member) {
  member.set_updated_ms(end_of(signal));
  member.set_level(signal.level());
  member.set_is_final(signal.is_final());
  member.set_observed(signal.observed());
  member.set_expected(signal.expected());
  member.set_window_ms(signal.window_ms());
  if (signal.level() > 0) member.set_reason(signal.reason());
  const double peak = member.peak_observed() / static_cast<double>(std::max<int64_t>(1, member.peak_window_ms()));
  if (signal.level() == 0 || rate_of(signal) <= peak) return;
  member.set_peak_observed(signal.observed());
  member.set_peak_expected(signal.expected());
  member.set_peak_window_ms(signal.window_ms());
}

bool is_notably_worse(const wire::Signal& signal, const LifecycleOptions& options, const wire::IncidentState& state) {
  if (state.escalations() >= options.escalations_max) return false;
  const int64_t since_event_ms = end_of(signal) - state.last_event_ms();
  const bool is_newly_critical = signal.level() >= 2 && state.last_event_level() < 2;
  if (is_newly_critical && since_event_ms >= options.critical_gap_ms) return true;
  return since_event_ms >= options.escalate_gap_ms &&
         rate_of(signal) >= options.escalate_factor * state.last_event_rate();
}

std::optional<IncidentEvent> advance_calm(const wire::Signal& signal, const LifecycleOptions& options,
                                          wire::IncidentState& state) {
  const int64_t now_ms = end_of(signal);
  if (is_over(state, now_ms, options)) {
    state.set_is_closed_by_hand(false);  // the next surge is another one
    if (state.phase() == kResolved) return std::nullopt;
    resolve(state, now_ms);
    return IncidentEvent::kResolved;
  }
  if (state.phase() != kRaised || now_ms - state.calm_since_ms() < options.ease_after_ms) return std::nullopt;
  const bool is_loud = std::ranges::any_of(state.members(), [](const auto& member) { return member.level() > 0; });
  if (is_loud) return std::nullopt;
  state.set_phase(kEasing);
  state.set_eased_ms(now_ms);
  if (state.is_said_to_ease() || state.easings() >= options.easings_max) return std::nullopt;
  state.set_easings(state.easings() + 1);
  return IncidentEvent::kEasing;
}

}  // namespace

std::string incident_id(const std::string& hub, const std::string& listener, int64_t pane_start_ms) {
  const uint64_t hash = hash_64(listener, hash_64(hub, static_cast<uint64_t>(pane_start_ms)));
  return fmt::format("inc-{:016x}", hash);
}

std::string child_incident_id(const std::string& parent, const std::string& spoke) {
  return fmt::format("inc-{:016x}", hash_64(spoke, hash_64(parent)));
}

void open_incident(const wire::Signal& signal, wire::IncidentState& state) {
  state.Clear();
  state.set_version(kStateVersion);
  state.set_hub(signal.hub());
  state.set_listener(signal.listener());
  state.set_id(incident_id(signal.hub(), signal.listener(), signal.pane_start_ms()));
  state.set_phase(kRaised);
  state.set_opened_ms(end_of(signal));
}

wire::IncidentMember* find_member(wire::IncidentState& state, const std::string& listener, const std::string& kind) {
  const auto found = std::ranges::find_if(*state.mutable_members(), [&](const wire::IncidentMember& member) {
    return member.listener() == listener && member.kind() == kind;
  });
  return found == state.mutable_members()->end() ? nullptr : &*found;
}

const wire::IncidentMember* newest_member(const wire::IncidentState& state, const std::string& listener) {
  const wire::IncidentMember* newest = nullptr;
  for (const wire::IncidentMember& member : state.members()) {
    if (member.listener() != listener) continue;
    if (newest == nullptr || member.joined_ms() > newest->joined_ms()) newest = &member;
  }
  return newest;
}

bool add_member(const wire::Signal& signal, const LifecycleOptions& options, wire::IncidentState& state) {
  if (static_cast<size_t>(state.members_size()) >= options.members_max) {
    state.set_members_left_out(state.members_left_out() + 1);
    return false;
  }
  wire::IncidentMember& member = *state.add_members();
  member.set_listener(signal.listener());
  member.set_spoke(signal.spoke());
  member.set_kind(signal.kind());
  member.set_joined_ms(end_of(signal));
  return true;
}

void take_in(const wire::Signal& signal, const LifecycleOptions& options, wire::IncidentState& state) {
  state.set_updated_ms(std::max(state.updated_ms(), end_of(signal)));
  const bool is_lead = signal.listener() == state.listener();
  if (wire::IncidentMember* member = find_member(state, signal.listener(), signal.kind()))
    take_in_member(signal, *member);
  if (signal.level() > 0 || is_lead) {
    *state.mutable_last_signal() = signal;
    state.mutable_last_signal()->clear_evidence();
    state.mutable_last_signal()->clear_terms();
  }
  if (signal.level() == 0) return;
  state.set_calm_since_ms(std::max(state.calm_since_ms(), end_of(signal)));
  if (rate_of(signal) > peak_rate(state)) {
    state.set_peak_ms(end_of(signal));
    state.set_peak_observed(signal.observed());
    state.set_peak_expected(signal.expected());
    state.set_peak_window_ms(signal.window_ms());
  }
  const Severity severity = severity_of(signal);
  if (severity.score() > severity_of(state).score()) {
    state.mutable_severity()->Assign(severity.values.begin(), severity.values.end());
  }
  if (state.is_storm() && !is_lead) return;  // what each of many says is not what it is about
  if (signal.terms_size() > 0) *state.mutable_terms() = signal.terms();
  EvidenceList evidence = fold_evidence(signal.evidence(), state.evidence(), options.evidence_max);
  *state.mutable_evidence() = std::move(evidence);
}

std::optional<IncidentEvent> advance(const wire::Signal& signal, const LifecycleOptions& options,
                                     wire::IncidentState& state) {
  if (signal.level() == 0) return advance_calm(signal, options, state);
  if (state.phase() == kResolved) {
    if (state.is_closed_by_hand() && !is_notably_worse(signal, options, state)) return std::nullopt;
    state.set_is_closed_by_hand(false);
    state.set_phase(kRaised);
    state.set_eased_ms(0);
    state.set_resolved_ms(0);
    return IncidentEvent::kReopened;
  }
  if (state.phase() == kEasing) state.set_eased_ms(0);
  state.set_phase(kRaised);
  if (!is_notably_worse(signal, options, state)) return std::nullopt;
  state.set_escalations(state.escalations() + 1);
  return IncidentEvent::kEscalated;
}

void note_event(IncidentEvent event, const wire::Signal& signal, wire::IncidentState& state) {
  if (event == IncidentEvent::kUpdated) return;  // the crisis itself goes on as before
  state.set_last_event_ms(end_of(signal));
  // An event that calms does not lower the bar: the surge must outgrow its peak to speak up again.
  state.set_is_said_to_ease(event == IncidentEvent::kEasing);
  if (event == IncidentEvent::kEasing || event == IncidentEvent::kResolved) return;
  state.set_last_event_rate(std::max(state.last_event_rate(), rate_of(signal)));
  state.set_last_event_level(std::max(state.last_event_level(), signal.level()));
}

bool is_over(const wire::IncidentState& state, int64_t now_ms, const LifecycleOptions& options) {
  return std::ranges::all_of(state.members(), [&](const wire::IncidentMember& member) {
    return member.is_final() || now_ms - member.updated_ms() >= options.abandoned_after_ms;
  });
}

void resolve(wire::IncidentState& state, int64_t now_ms) {
  state.set_phase(kResolved);
  state.set_resolved_ms(now_ms);
  if (state.eased_ms() == 0) state.set_eased_ms(state.calm_since_ms());
}

bool review_mute(const wire::Signal& signal, wire::IncidentState& state) {
  if (state.muted_by().empty()) return false;
  const bool is_expired = state.muted_until_ms() != 0 && end_of(signal) >= state.muted_until_ms();
  bool is_broken = false;
  if (!is_expired && state.mute_worsens_by() > 0 && signal.level() > 0) {
    const auto severity = static_cast<uint32_t>(severity_of(state).level());
    is_broken = severity >= state.mute_severity() + state.mute_worsens_by() ||
                (state.mute_rate() > 0 &&
                 rate_of(signal) >= state.mute_rate() * std::exp2(static_cast<double>(state.mute_worsens_by())));
  }
  if (!is_expired && !is_broken) return false;
  state.clear_muted_by();
  state.clear_muted_until_ms();
  state.clear_mute_worsens_by();
  return is_broken;
}

}  // namespace earshot::incident
