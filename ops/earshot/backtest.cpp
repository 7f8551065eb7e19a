#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <map>

#include "engine/time/timestamp.h"
#include "ops/earshot/commands.h"
#include "ops/earshot/incident_desk.h"
#include "ops/earshot/policy_replay.h"
#include "schemas/listener.h"

namespace earshot {
namespace {

int report(const Error& error) {
  std::cerr << error.to_string() << '\n';
  return 1;
}

Result<ReplaySpan> span_from(const BacktestArguments& arguments) {
  const auto from_ms = parse_rfc3339_ms(arguments.from);
  if (!from_ms) return invalid("--from: '" + arguments.from + "' is no time, such as 2026-03-02T14:00:00Z");
  const auto to_ms = parse_rfc3339_ms(arguments.to);
  if (!to_ms) return invalid("--to: '" + arguments.to + "' is no time, such as 2026-03-02T14:00:00Z");
  if (*to_ms <= *from_ms) return invalid("--to is not after --from");
  return ReplaySpan{*from_ms, *to_ms};
}

// The listener alone, with the macros and lists that its query may use.
Result<std::shared_ptr<ListenerSet>> find_listener(const Settings& settings, const std::string& name) {
  const auto listeners = load_listeners(settings.listeners);
  if (!listeners) return listeners.error();
  const auto& all = (*listeners)->listeners;
  const auto found = std::ranges::find(all, name, &Listener::name);
  if (found == all.end()) {
    return Error{ErrorCode::kNotFound, "no listener is named '" + name + "'", settings.listeners.string()};
  }
  auto alone = std::make_shared<ListenerSet>();
  alone->listeners.push_back(*found);
  alone->library = (*listeners)->library;
  return alone;
}

// Where the input and the log are stays: only what is asked of them changes.
Result<Settings> changed_settings(const BacktestArguments& arguments, const Settings& settings) {
  if (arguments.changed.empty()) return settings;
  auto changed = load_settings(arguments.changed);
  if (!changed) return changed.error();
  changed->source = settings.source;
  changed->log = settings.log;
  changed->kafka = settings.kafka;
  changed->data_dir = settings.data_dir;
  return changed;
}

struct Fired {
  std::string opened;
  std::string over;  // "open" when it is not
  int severity = 0;
  std::string headline;
};

std::vector<Fired> fired_in(const ReplayedHistory& replayed) {
  std::map<std::string, Fired> by_id;
  for (const Alert& alert : replayed.alerts) {
    Fired& fired = by_id[alert.incident_id];
    if (fired.headline.empty() || alert.event == IncidentEvent::kEscalated) fired.headline = alert_headline(alert);
    fired.opened = format_rfc3339(alert.timeline.opened_ms);
    fired.over = alert.timeline.resolved_ms == 0 ? "open" : format_rfc3339(alert.timeline.resolved_ms);
    fired.severity = alert.severity.level();
  }
  std::vector<Fired> fired;
  for (auto& [id, each] : by_id) fired.push_back(std::move(each));
  std::ranges::sort(fired, {}, &Fired::opened);
  return fired;
}

Result<std::vector<Fired>> fired_on_topic(const Settings& settings, const std::string& listener,
                                          const ReplaySpan& span) {
  const auto desk = IncidentDesk::read(settings);
  if (!desk) return desk.error();
  std::vector<Fired> fired;
  for (const DeskIncident* incident : desk->list(true)) {
    const auto opened_ms = parse_rfc3339_ms(incident->opened_at);
    const bool is_about = std::ranges::find(incident->listener_names, listener) != incident->listener_names.end();
    if (!opened_ms || *opened_ms < span.from_ms || *opened_ms >= span.to_ms || !is_about) continue;
    fired.push_back({incident->opened_at, incident->is_resolved ? incident->resolved_at : "open", incident->severity,
                     incident->headline});
  }
  std::ranges::sort(fired, {}, &Fired::opened);
  return fired;
}

void print(std::string_view title, const std::vector<Fired>& fired) {
  std::cout << title << ": " << fired.size() << (fired.size() == 1 ? " incident\n" : " incidents\n");
  for (const Fired& each : fired) {
    std::cout << fmt::format("  {}  {:<24}  severity {}  {}\n", each.opened, each.over, each.severity, each.headline);
  }
}

}  // namespace

int backtest_command(const BacktestArguments& arguments) {
  const auto span = span_from(arguments);
  if (!span) return report(span.error());
  const auto settings = load_settings(arguments.config);
  if (!settings) return report(settings.error());
  const auto changed = changed_settings(arguments, *settings);
  if (!changed) return report(changed.error());
  const auto listener = find_listener(*settings, arguments.listener);
  if (!listener) return report(listener.error());
  auto tried = find_listener(*changed, arguments.listener);
  if (!tried) return report(tried.error());
  if (arguments.sensitivity > 0) (*tried)->listeners[0].alert.sensitivity = arguments.sensitivity;
  if (arguments.min_mentions > 0) (*tried)->listeners[0].alert.min_mentions = arguments.min_mentions;

  const auto did = fired_on_topic(*settings, arguments.listener, *span);
  if (!did && did.error().code != ErrorCode::kNotFound) return report(did.error());
  const auto as_is = replay_policy(*settings, *listener, *span);
  if (!as_is) return report(as_is.error());
  const auto as_changed = replay_policy(*changed, *tried, *span);
  if (!as_changed) return report(as_changed.error());
  std::cout << fmt::format("{}: {} posts, {} mentions as it is, {} as changed", arguments.listener, as_is->posts,
                           as_is->mentions, as_changed->mentions);
  std::cout << (as_is->first_ms == 0 ? "\n" : ", the first at " + format_rfc3339(as_is->first_ms) + "\n");
  if (did) print("what did", *did);
  print("as it is", fired_in(*as_is));
  print("as changed", fired_in(*as_changed));
  return 0;
}

}  // namespace earshot
