// Of IncidentOperator: which incident a signal belongs to, and what the store keeps.
#include <algorithm>
#include <utility>

#include "operators/incident/incident_operator.h"
#include "operators/incident/relation.h"

namespace earshot::incident {
namespace {

std::string state_key(const wire::IncidentState& state) {
  std::string bytes = "i" + state.hub();
  bytes.push_back('\0');
  return bytes + state.id();
}

std::string bar_key(const std::string& hub, const std::string& listener) {
  std::string bytes = "b" + hub;
  bytes.push_back('\0');
  return bytes + listener;
}

Error corrupt(std::string_view what, std::string_view key) {
  return {ErrorCode::kCorrupt, std::string(what) + " is not a record of version 1",
          "key '" + std::string(key.substr(1)) + "'"};
}

// Records of before an incident could be about several listeners.
void add_first_member(wire::IncidentState& state) {
  if (state.members_size() > 0) return;
  wire::IncidentMember& member = *state.add_members();
  member.set_listener(state.listener());
  member.set_joined_ms(state.opened_ms());
  member.set_updated_ms(state.updated_ms());
  member.set_level(state.calm_since_ms() == state.updated_ms() ? 1 : 0);
  member.set_is_final(state.phase() == kResolved);
  member.set_peak_observed(state.peak_observed());
  member.set_peak_expected(state.peak_expected());
  member.set_peak_window_ms(state.peak_window_ms());
}

bool is_earlier(const wire::IncidentState& a, const wire::IncidentState& b) {
  return std::pair(a.opened_ms(), std::string_view(a.id())) < std::pair(b.opened_ms(), std::string_view(b.id()));
}

int64_t newest_joined_ms(const wire::IncidentState& state) {
  int64_t newest_ms = 0;
  for (const auto& member : state.members()) newest_ms = std::max(newest_ms, member.joined_ms());
  return newest_ms;
}

}  // namespace

IncidentOperator::Incident* IncidentOperator::find(const std::string& id) {
  const auto found = incidents_.find(id);
  return found == incidents_.end() ? nullptr : &found->second;
}

// The open one that the listener belongs to, or one that may reopen.
IncidentOperator::Incident* IncidentOperator::incident_of(const wire::Signal& signal) {
  const auto id = incident_ids_.find({signal.hub(), signal.listener()});
  Incident* incident = id == incident_ids_.end() ? nullptr : find(id->second);
  if (incident == nullptr || is_open(incident->state)) return incident;
  const bool may_reopen = end_of(signal) - incident->state.resolved_ms() <= options_.reopen_within_ms;
  return may_reopen ? incident : nullptr;
}

// The earliest one, so that it is the same whatever the ids.
IncidentOperator::Incident* IncidentOperator::related_to(const wire::Signal& signal) {
  Incident* earliest = nullptr;
  for (auto& [id, incident] : incidents_) {
    const wire::IncidentState& state = incident.state;
    const bool is_going_on = is_open(state) && state.hub() == signal.hub() &&
                             end_of(signal) - state.calm_since_ms() <= options_.join_within_ms;
    if (!is_going_on || !is_related(signal, state)) continue;
    if (earliest == nullptr || is_earlier(state, earliest->state)) earliest = &incident;
  }
  return earliest;
}

IncidentOperator::Incident* IncidentOperator::storm_at(const wire::Signal& signal) {
  for (auto& [id, incident] : incidents_) {
    const wire::IncidentState& state = incident.state;
    if (state.is_storm() && is_open(state) && state.hub() == signal.hub() &&
        end_of(signal) - newest_joined_ms(state) <= options_.storm_within_ms) {
      return &incident;
    }
  }
  return nullptr;
}

std::vector<std::string> IncidentOperator::brewing_storm(const wire::Signal& signal) const {
  std::vector<const wire::IncidentState*> recent;
  size_t listeners = 1;
  for (const auto& [id, incident] : incidents_) {
    const wire::IncidentState& state = incident.state;
    const bool is_recent =
        is_open(state) && state.hub() == signal.hub() && end_of(signal) - state.opened_ms() <= options_.storm_within_ms;
    const bool began_as_surge = state.members_size() == 0 || state.members(0).kind().empty();
    if (!is_recent || !began_as_surge || has_own_words(state.terms())) continue;
    recent.push_back(&state);
    listeners += static_cast<size_t>(state.members_size());
  }
  if (recent.empty() || listeners < options_.storm_listeners) return {};
  std::ranges::sort(recent, [](const auto* a, const auto* b) { return is_earlier(*a, *b); });
  std::vector<std::string> ids;
  for (const wire::IncidentState* state : recent) ids.push_back(state->id());
  return ids;
}

bool IncidentOperator::may_open(const wire::Signal& signal) const {
  const auto bar = bars_.find({signal.hub(), signal.listener()});
  const double score_min = bar == bars_.end() ? options_.open_score : bar->second.record.score_min();
  if (signal.score() >= std::max(score_min, options_.volume_score)) return true;
  // A finding that is no surge does not speak for itself by its volume: its own detector bears it out.
  if (!signal.kind().empty()) return signal.score() >= score_min;
  constexpr double kDetectorsOwn = 0.5;
  const bool is_rare = signal.score() >= score_min || (score_min <= kDetectorsOwn && is_negative_surge(signal));
  return is_rare && is_corroborated(signal);
}

void IncidentOperator::checkpoint() {
  for (const std::string& key : outdated_keys_) store_.erase(key);
  outdated_keys_.clear();
  for (auto entry = incidents_.begin(); entry != incidents_.end();) {
    Incident& incident = entry->second;
    const wire::IncidentState& state = incident.state;
    const bool is_past = state.phase() == kResolved &&
                         newest_ms_ - state.resolved_ms() > 2 * options_.reopen_within_ms;  // listeners may lag
    if (is_past) {
      store_.erase(state_key(state));
      for (const auto& child : state.children()) parents_.erase(child.id());
      std::erase_if(incident_ids_, [&](const auto& belonging) { return belonging.second == state.id(); });
      entry = incidents_.erase(entry);
      continue;
    }
    if (incident.is_dirty) store_.put(state_key(state), state.SerializeAsString());
    incident.is_dirty = false;
    ++entry;
  }
  for (auto& [key, bar] : bars_) {
    if (bar.is_dirty) store_.put(bar_key(key.first, key.second), bar.record.SerializeAsString());
    bar.is_dirty = false;
  }
}

Result<void> IncidentOperator::restore() {
  Result<void> outcome;
  auto scanned = store_.scan("i", [&](std::string_view key, std::string_view value) {
    wire::IncidentState state;
    if (!state.ParseFromArray(value.data(), static_cast<int>(value.size())) || state.version() != kStateVersion) {
      outcome = corrupt("incident state", key);
      return false;
    }
    add_first_member(state);
    newest_ms_ = std::max(newest_ms_, state.updated_ms());
    for (const auto& child : state.children()) parents_[child.id()] = state.id();
    const bool is_outdated = key != state_key(state);
    if (is_outdated) outdated_keys_.emplace_back(key);
    for (const auto& member : state.members()) {
      std::string& id = incident_ids_[{state.hub(), member.listener()}];
      Incident* other = find(id);
      const auto* elsewhere = other == nullptr ? nullptr : newest_member(other->state, member.listener());
      const bool is_newer =
          elsewhere == nullptr || std::pair(member.joined_ms(), state.merged_into().empty()) >
                                      std::pair(elsewhere->joined_ms(), other->state.merged_into().empty());
      if (is_newer) id = state.id();
    }
    const std::string id = state.id();
    incidents_[id] = {std::move(state), is_outdated};
    return true;
  });
  if (!scanned) return scanned;
  return outcome ? restore_bars() : outcome;
}

Result<void> IncidentOperator::restore_bars() {
  Result<void> outcome;
  auto scanned = store_.scan("b", [&](std::string_view key, std::string_view value) {
    wire::ListenerBar bar;
    if (!bar.ParseFromArray(value.data(), static_cast<int>(value.size())) || bar.version() != kStateVersion) {
      outcome = corrupt("what was said of a listener's alarms", key);
      return false;
    }
    const ListenerKey listener(bar.hub(), bar.listener());
    bars_[listener] = {std::move(bar), false};
    return true;
  });
  return scanned ? outcome : scanned;
}

size_t IncidentOperator::open_incidents() const {
  return static_cast<size_t>(std::count_if(incidents_.begin(), incidents_.end(),
                                           [](const auto& entry) { return is_open(entry.second.state); }));
}

}  // namespace earshot::incident
