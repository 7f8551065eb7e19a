#include "operators/incident/incident_operator.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/base/hash.h"
#include "schemas/counts.h"

namespace earshot::incident {
namespace {

constexpr uint32_t kStateVersion = 1;

std::string state_key(const std::pair<std::string, std::string>& key) {
  std::string bytes = "i" + key.first;
  bytes.push_back('\0');
  return bytes + key.second;
}

int64_t end_of(const wire::Signal& signal) {
  return signal.pane_start_ms() + signal.pane_ms();
}

double rate_of(const wire::Signal& signal) {
  return signal.observed() / static_cast<double>(std::max<int64_t>(1, signal.window_ms()));
}

Severity severity_of(const wire::IncidentState& state) {
  Severity severity;
  for (int i = 0; i < state.severity_size() && i < Severity::kFactors; ++i) {
    severity.values[static_cast<size_t>(i)] = state.severity(i);
  }
  return severity;
}

}  // namespace

std::string incident_id(const std::string& hub, const std::string& listener, int64_t pane_start_ms) {
  const uint64_t hash = hash_64(listener, hash_64(hub, static_cast<uint64_t>(pane_start_ms)));
  return fmt::format("inc-{:016x}", hash);
}

Severity severity_of(const wire::Signal& signal) {
  const auto unit = [](double value) { return std::clamp(value, 0.0, 1.0); };
  const wire::Counts& counts = signal.counts();
  const auto mentions = static_cast<double>(std::max<uint64_t>(1, counts.mentions()));
  const double multiple = std::max(1.0, signal.observed() / std::max(0.1, signal.expected()));
  constexpr double kNegativeShareOfAnyone = 0.2;
  const double usual = signal.usual_negative_share() < 0 ? kNegativeShareOfAnyone : signal.usual_negative_share();
  const auto authors = static_cast<double>(estimate_distinct(counts.author_bits(), counts.mentions()));
  Severity severity;
  severity.values[Severity::kVolume] = unit(std::log2(multiple) / 5);  // 32 times the usual is full
  severity.values[Severity::kSentiment] = unit((static_cast<double>(counts.negative()) / mentions - usual) / 0.6);
  severity.values[Severity::kReach] = unit(std::log10(1 + static_cast<double>(counts.reach())) / 7);  // ten million
  severity.values[Severity::kBreadth] = unit(std::log2(1 + authors) / 10);                            // a thousand
  return severity;
}

std::optional<Alert> IncidentOperator::apply(const wire::Signal& signal) {
  const std::pair key(signal.hub(), signal.listener());
  newest_ms_ = std::max(newest_ms_, end_of(signal));
  auto found = incidents_.find(key);
  const bool is_known = found != incidents_.end() && found->second.state.phase() != kNone;
  if (is_known && end_of(signal) <= found->second.state.updated_ms()) return std::nullopt;
  const bool can_reopen = is_known && (found->second.state.phase() != kResolved ||
                                       end_of(signal) - found->second.state.resolved_ms() <= options_.reopen_within_ms);
  if (!can_reopen) {
    if (signal.level() == 0) return std::nullopt;
    Incident& incident = incidents_[key];
    open(signal, incident.state);
    incident.is_dirty = true;
    take_in(signal, incident.state);
    return make_alert(IncidentEvent::kOpened, signal, incident.state);
  }
  wire::IncidentState& state = found->second.state;
  found->second.is_dirty = true;
  take_in(signal, state);
  const auto event = advance(signal, state);
  if (!event) return std::nullopt;
  return make_alert(*event, signal, state);
}

void IncidentOperator::open(const wire::Signal& signal, wire::IncidentState& state) const {
  state.Clear();
  state.set_version(kStateVersion);
  state.set_hub(signal.hub());
  state.set_listener(signal.listener());
  state.set_id(incident_id(signal.hub(), signal.listener(), signal.pane_start_ms()));
  state.set_phase(kRaised);
  state.set_opened_ms(end_of(signal));
}

void IncidentOperator::take_in(const wire::Signal& signal, wire::IncidentState& state) const {
  state.set_updated_ms(end_of(signal));
  if (signal.level() == 0) return;
  state.set_calm_since_ms(end_of(signal));
  const double peak_rate = state.peak_observed() / static_cast<double>(std::max<int64_t>(1, state.peak_window_ms()));
  if (rate_of(signal) > peak_rate) {
    state.set_peak_ms(end_of(signal));
    state.set_peak_observed(signal.observed());
    state.set_peak_expected(signal.expected());
    state.set_peak_window_ms(signal.window_ms());
  }
  const Severity severity = severity_of(signal);
  if (severity.score() > severity_of(state).score()) {
    state.mutable_severity()->Assign(severity.values.begin(), severity.values.end());
  }
  if (signal.terms_size() > 0) *state.mutable_terms() = signal.terms();

  // What the newest signal ranks first comes first; older evidence fills up.
  google::protobuf::RepeatedPtrField<wire::Evidence> evidence;
  const auto add = [&](const wire::Evidence& post) {
    const auto is_copy = [&](const wire::Evidence& kept) { return kept.text_hash() == post.text_hash(); };
    if (static_cast<size_t>(evidence.size()) >= options_.evidence_max) return;
    if (std::none_of(evidence.begin(), evidence.end(), is_copy)) *evidence.Add() = post;
  };
  for (const wire::Evidence& post : signal.evidence()) add(post);
  for (const wire::Evidence& post : state.evidence()) add(post);
  *state.mutable_evidence() = std::move(evidence);
}

std::optional<IncidentEvent> IncidentOperator::advance(const wire::Signal& signal, wire::IncidentState& state) const {
  if (signal.level() == 0) return advance_calm(signal, state);
  if (state.phase() == kResolved) {
    state.set_phase(kRaised);
    state.set_eased_ms(0);
    state.set_resolved_ms(0);
    return IncidentEvent::kReopened;
  }
  state.set_phase(kRaised);
  if (!is_notably_worse(signal, state)) return std::nullopt;
  state.set_escalations(state.escalations() + 1);
  return IncidentEvent::kEscalated;
}

bool IncidentOperator::is_notably_worse(const wire::Signal& signal, const wire::IncidentState& state) const {
  if (state.escalations() >= options_.escalations_max) return false;
  const int64_t since_event_ms = end_of(signal) - state.last_event_ms();
  const bool is_newly_critical = signal.level() >= 2 && state.last_event_level() < 2;
  if (is_newly_critical && since_event_ms >= options_.critical_gap_ms) return true;
  return since_event_ms >= options_.escalate_gap_ms &&
         rate_of(signal) >= options_.escalate_factor * state.last_event_rate();
}

std::optional<IncidentEvent> IncidentOperator::advance_calm(const wire::Signal& signal,
                                                            wire::IncidentState& state) const {
  if (state.phase() == kResolved) return std::nullopt;
  if (signal.is_final()) {
    state.set_phase(kResolved);
    state.set_resolved_ms(end_of(signal));
    if (state.eased_ms() == 0) state.set_eased_ms(state.calm_since_ms());
    return IncidentEvent::kResolved;
  }
  const bool is_calm = end_of(signal) - state.calm_since_ms() >= options_.ease_after_ms;
  if (state.phase() != kRaised || !is_calm) return std::nullopt;
  state.set_phase(kEasing);
  state.set_eased_ms(end_of(signal));
  if (state.is_said_to_ease() || state.easings() >= options_.easings_max) return std::nullopt;
  state.set_easings(state.easings() + 1);
  return IncidentEvent::kEasing;
}

Alert IncidentOperator::make_alert(IncidentEvent event, const wire::Signal& signal, wire::IncidentState& state) const {
  state.set_sequence(state.sequence() + 1);
  state.set_last_event_ms(end_of(signal));
  // An event that calms does not lower the bar: the surge must outgrow its peak to speak up again.
  state.set_is_said_to_ease(event == IncidentEvent::kEasing);
  const bool is_calming = event == IncidentEvent::kEasing || event == IncidentEvent::kResolved;
  if (!is_calming) {
    state.set_last_event_rate(std::max(state.last_event_rate(), rate_of(signal)));
    state.set_last_event_level(std::max(state.last_event_level(), signal.level()));
  }
  Alert alert;
  alert.incident_id = state.id();
  alert.sequence = state.sequence();
  alert.event = event;
  alert.hub = signal.hub();
  alert.listener = signal.listener();
  alert.spoke = signal.spoke();
  alert.time_ms = end_of(signal);
  alert.severity = severity_of(state);
  alert.observed = signal.observed();
  alert.expected = signal.expected();
  alert.same_time_last_week = signal.same_time_last_week();
  alert.probability = signal.probability();
  alert.window_ms = signal.window_ms();
  alert.counts = signal.counts();
  alert.timeline = {state.opened_ms(),      state.peak_ms(),  state.peak_observed(), state.peak_expected(),
                    state.peak_window_ms(), state.eased_ms(), state.resolved_ms()};
  alert.terms.assign(state.terms().begin(), state.terms().end());
  alert.platforms = {signal.platforms().begin(), signal.platforms().end()};
  alert.languages = {signal.languages().begin(), signal.languages().end()};
  alert.evidence.assign(state.evidence().begin(), state.evidence().end());
  alert.rule_version = signal.rule_version();
  alert.is_warming_up = signal.warming_up();
  alert.confidence = signal.confidence();
  return alert;
}

void IncidentOperator::checkpoint() {
  for (auto entry = incidents_.begin(); entry != incidents_.end();) {
    auto& [key, incident] = *entry;
    const bool is_over = incident.state.phase() == kResolved && newest_ms_ - incident.state.resolved_ms() >
                                                                    2 * options_.reopen_within_ms;  // listeners may lag
    if (is_over) {
      store_.erase(state_key(key));
      entry = incidents_.erase(entry);
      continue;
    }
    if (incident.is_dirty) store_.put(state_key(key), incident.state.SerializeAsString());
    incident.is_dirty = false;
    ++entry;
  }
}

Result<void> IncidentOperator::restore() {
  Result<void> outcome;
  auto scanned = store_.scan("i", [&](std::string_view key, std::string_view value) {
    wire::IncidentState state;
    if (!state.ParseFromArray(value.data(), static_cast<int>(value.size())) || state.version() != kStateVersion) {
      outcome = Error{ErrorCode::kCorrupt, "incident state is not a record of version 1",
                      "key '" + std::string(key.substr(1)) + "'"};
      return false;
    }
    newest_ms_ = std::max(newest_ms_, state.updated_ms());
    const std::pair id(state.hub(), state.listener());
    incidents_[id] = {std::move(state), false};
    return true;
  });
  return scanned ? outcome : scanned;
}

size_t IncidentOperator::open_incidents() const {
  return static_cast<size_t>(std::count_if(incidents_.begin(), incidents_.end(), [](const auto& entry) {
    return entry.second.state.phase() == kRaised || entry.second.state.phase() == kEasing;
  }));
}

}  // namespace earshot::incident
