#include "bench/crises/judgement.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "engine/time/timestamp.h"

namespace earshot::crises {
namespace {

struct Incident {
  int64_t opened_ms = 0;
  std::string headline;
  std::set<std::string> listeners;
  std::vector<std::string> first_terms;  // of its raising events, in order
  bool is_storm = false;
  bool is_merged = false;
  Alert last;
};

std::map<std::string, Incident> incidents_of(const SimulationOutcome& outcome) {
  std::map<std::string, Incident> incidents;
  for (const Alert& alert : outcome.alerts) {
    Incident& incident = incidents[alert.incident_id];
    if (alert.event == IncidentEvent::kOpened) {
      incident.opened_ms = alert.time_ms;
      incident.headline = alert_headline(alert);
    }
    for (const IncidentListener& each : alert.listeners) incident.listeners.insert(each.listener);
    if (!alert.terms.empty() && incident.first_terms.empty()) {
      for (const wire::Term& term : alert.terms) incident.first_terms.push_back(term.text());
    }
    incident.is_storm = incident.is_storm || alert.is_storm;
    incident.is_merged = incident.is_merged || !alert.merged_into.empty();
    incident.last = alert;
  }
  return incidents;
}

bool is_about(const World& world, const Incident& incident, const Crisis& crisis) {
  constexpr int64_t kAftermathMs = kHourMs;
  return !incident.is_merged && !incident.is_storm && incident.opened_ms >= crisis.start_ms &&
         incident.opened_ms <= crisis.end_ms + kAftermathMs &&
         incident.listeners.contains(world.listeners()->listeners[crisis.listener].name);
}

}  // namespace

bool FoundCrisis::is_in_time() const {
  return opened_ms >= 0 && (threshold_ms < 0 || opened_ms - threshold_ms <= 2 * kMinuteMs);
}

Judgement judge(const World& world, const SimulationOutcome& outcome) {
  Judgement judgement;
  auto incidents = incidents_of(outcome);
  std::set<std::string> explained;
  for (size_t i = 0; i < world.crises().size(); ++i) {
    const Crisis& crisis = world.crises()[i];
    FoundCrisis& found = judgement.found.emplace_back();
    found.threshold_ms = outcome.threshold_ms[i];
    for (const auto& [id, incident] : incidents) {
      if (!is_about(world, incident, crisis)) continue;
      explained.insert(id);
      ++found.incidents;
      if (found.opened_ms >= 0 && found.opened_ms <= incident.opened_ms) continue;
      found.opened_ms = incident.opened_ms;
      found.has_right_term = !incident.first_terms.empty() &&
                             std::ranges::find(crisis.words, incident.first_terms[0]) != crisis.words.end();
      found.reading = to_string(incident.last.origin.reading);
      found.severity = incident.last.severity.level();
    }
  }
  for (const auto& [id, incident] : incidents) {
    judgement.storms += incident.is_storm ? 1 : 0;
    judgement.merged += incident.is_merged ? 1 : 0;
    const bool is_false = !incident.is_storm && !incident.is_merged && !explained.contains(id);
    judgement.false_incidents += is_false ? 1 : 0;
    constexpr size_t kShown = 20;
    if (is_false && judgement.false_headlines.size() < kShown) {
      judgement.false_headlines.push_back(format_rfc3339(incident.opened_ms) + "  " + incident.headline);
    }
  }
  const auto weeks = static_cast<double>(world.end_ms() - kStartMs) / static_cast<double>(7 * kDayMs);
  judgement.listener_weeks = weeks * static_cast<double>(world.listeners()->listeners.size());
  return judgement;
}

size_t Judgement::in_time() const {
  return static_cast<size_t>(std::ranges::count_if(found, &FoundCrisis::is_in_time));
}

size_t Judgement::one_incident_each() const {
  return static_cast<size_t>(std::ranges::count(found, size_t{1}, &FoundCrisis::incidents));
}

size_t Judgement::right_terms() const {
  return static_cast<size_t>(std::ranges::count(found, true, &FoundCrisis::has_right_term));
}

double Judgement::false_per_100_listener_weeks() const {
  return 100 * static_cast<double>(false_incidents) / listener_weeks;
}

bool Judgement::keeps_promise() const {
  return in_time() == found.size() && one_incident_each() == found.size() && 10 * right_terms() >= 9 * found.size() &&
         false_per_100_listener_weeks() <= 1;
}

std::string to_table(const World& world, const Judgement& judgement) {
  std::string table = fmt::format("{:<12} {:<10} {:<16} {:>9} {:>9} {:>9} {:>6} {:<9} {}\n", "crisis", "listener",
                                  "planted", "threshold", "opened", "incidents", "terms", "reading", "severity");
  for (size_t i = 0; i < judgement.found.size(); ++i) {
    const Crisis& crisis = world.crises()[i];
    const FoundCrisis& found = judgement.found[i];
    const auto after = [&](int64_t time_ms) {
      return time_ms < 0 ? std::string("never") : fmt::format("+{} s", (time_ms - crisis.start_ms) / 1000);
    };
    table += fmt::format("{:<12} {:<10} {:<16} {:>9} {:>9} {:>9} {:>6} {:<9} {}{}\n", to_string(crisis.shape),
                         world.listeners()->listeners[crisis.listener].name,
                         format_rfc3339(crisis.start_ms).substr(5, 11), after(found.threshold_ms),
                         after(found.opened_ms), found.incidents, found.has_right_term ? "right" : "wrong",
                         found.reading, found.severity, found.is_in_time() ? "" : "  LATE");
  }
  table += fmt::format(
      "{} planted: {} in time, {} as one incident, {} with the right term first\n"
      "{} false incidents in {:.0f} listener-weeks, {:.2f} for each hundred\n"
      "{} storms, {} incidents merged into them\n",
      judgement.found.size(), judgement.in_time(), judgement.one_incident_each(), judgement.right_terms(),
      judgement.false_incidents, judgement.listener_weeks, judgement.false_per_100_listener_weeks(), judgement.storms,
      judgement.merged);
  for (const std::string& headline : judgement.false_headlines) table += "  false: " + headline + "\n";
  return table;
}

}  // namespace earshot::crises
