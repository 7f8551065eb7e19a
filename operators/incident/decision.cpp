#include "operators/incident/decision.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/hash.h"
#include "engine/time/timestamp.h"
#include "operators/incident/lifecycle.h"
#include "operators/incident/severity.h"

namespace earshot::incident {
namespace {

constexpr double kAlertScore = 0.5;  // of a signal: where the detector's false-alarm budget lies

void add_note(const IncidentControl& control, size_t notes_max, std::string text, wire::IncidentState& state) {
  wire::IncidentNote& note = *state.add_notes();
  note.set_at_ms(control.time_ms);
  note.set_by(control.by);
  note.set_text(std::move(text));
  const int beyond = state.notes_size() - static_cast<int>(notes_max);
  if (beyond > 0) state.mutable_notes()->DeleteSubrange(0, beyond);
}

// False: it came before.
bool is_first(const IncidentControl& control, size_t decisions_max, wire::IncidentState& state) {
  const uint64_t id = hash_64(control.id);
  if (std::ranges::find(state.control_ids(), id) != state.control_ids().end()) return false;
  state.add_control_ids(id);
  const int beyond = state.control_ids_size() - static_cast<int>(decisions_max);
  if (beyond > 0) state.mutable_control_ids()->erase(state.control_ids().begin(), state.control_ids().begin() + beyond);
  return true;
}

std::string mute(const IncidentControl& control, wire::IncidentState& state) {
  state.set_muted_by(control.by);
  state.set_muted_until_ms(control.until_ms);
  state.set_mute_worsens_by(static_cast<uint32_t>(control.worsens_by));
  state.set_mute_severity(static_cast<uint32_t>(severity_of(state).level()));
  state.set_mute_rate(state.peak_observed() / static_cast<double>(std::max<int64_t>(1, state.peak_window_ms())));
  std::string cause = "muted by " + control.by;
  if (control.until_ms != 0) cause += " until " + format_rfc3339(control.until_ms);
  if (control.worsens_by != 0) cause += fmt::format(", unless it worsens by {}", control.worsens_by);
  return cause;
}

}  // namespace

Result<Decision> decide(const IncidentControl& control, const DecisionOptions& options, int64_t now_ms,
                        wire::IncidentState& state) {
  if (control.action == ControlAction::kResolve && state.phase() == kResolved) {
    return invalid("the incident is resolved already");
  }
  if (control.action == ControlAction::kMute && control.until_ms != 0 && control.until_ms <= now_ms) {
    return invalid("the mute ends before it begins: the incident is at " + format_rfc3339(now_ms));
  }
  if (!is_first(control, options.decisions_max, state)) return Decision{};
  Decision decision;
  switch (control.action) {
    case ControlAction::kMute:
      decision.cause = mute(control, state);
      break;
    case ControlAction::kUnmute:
      state.clear_muted_by();
      state.clear_muted_until_ms();
      state.clear_mute_worsens_by();
      decision.cause = "unmuted by " + control.by;
      break;
    case ControlAction::kAcknowledge:
      state.set_acknowledged_by(control.by);
      decision.cause = "acknowledged by " + control.by;
      break;
    case ControlAction::kAssign:
      state.set_assignee(control.assignee);
      decision.cause = control.assignee.empty() ? "assignment taken back by " + control.by
                                                : "assigned to " + control.assignee + " by " + control.by;
      break;
    case ControlAction::kResolve:
      resolve(state, now_ms);
      state.set_is_closed_by_hand(!is_over(state, now_ms, {}));
      decision.event = IncidentEvent::kResolved;
      decision.cause = "resolved by " + control.by;
      break;
    case ControlAction::kNote:
      decision.cause = "note by " + control.by;
      break;
    case ControlAction::kFeedback:
      decision.cause = fmt::format("{} alarm, says {}", control.is_true_alarm ? "true" : "false", control.by);
      break;
  }
  const std::string text = control.action == ControlAction::kNote ? control.text
                           : control.text.empty()                 ? decision.cause
                                                                  : decision.cause + ": " + control.text;
  add_note(control, options.notes_max, text, state);
  return decision;
}

std::string move_bar(bool is_true_alarm, double open_score, const DecisionOptions& options, wire::ListenerBar& bar) {
  const double before = std::max({bar.score_min(), open_score, kAlertScore});
  const double step = is_true_alarm ? -options.bar_step : options.bar_step;
  const double after = std::clamp(before + step, std::max(open_score, kAlertScore), options.bar_max);
  bar.set_version(kStateVersion);
  bar.set_score_min(after);
  is_true_alarm ? bar.set_true_alarms(bar.true_alarms() + 1) : bar.set_false_alarms(bar.false_alarms() + 1);
  if (after == before) return fmt::format("; an incident of {} still needs a score of {:.2f}", bar.listener(), after);
  return fmt::format("; an incident of {} now needs a score of {:.2f} instead of {:.2f}", bar.listener(), after,
                     before);
}

}  // namespace earshot::incident
