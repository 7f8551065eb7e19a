// Alert: one event in the life of an incident, as the `alerts` topics hold it: a CloudEvents 1.0 record in JSON.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "schemas/origin.h"
#include "schemas/proto/partial.pb.h"
#include "schemas/proto/signal.pb.h"

namespace earshot {

// kUpdated: somebody decided something, or more listeners joined; the crisis itself goes on as before.
enum class IncidentEvent : uint8_t { kOpened, kEscalated, kEasing, kResolved, kReopened, kUpdated };

std::string_view to_string(IncidentEvent event);

// How bad it is, from four factors of 0 to 1 each.
struct Severity {
  enum Factor { kVolume, kSentiment, kReach, kBreadth, kFactors };
  static constexpr std::array<std::string_view, kFactors> kNames{"volume", "sentiment", "reach", "breadth"};
  static constexpr std::array<double, kFactors> kWeights{0.4, 0.25, 0.2, 0.15};

  std::array<double, kFactors> values{};

  [[nodiscard]] double score() const;               // 0 to 1
  [[nodiscard]] int level() const;                  // 1 to 5
  [[nodiscard]] double share(Factor factor) const;  // of the score; all shares add up to 1
};

struct IncidentTimeline {
  int64_t opened_ms = 0;
  int64_t peak_ms = 0;
  double peak_observed = 0;
  double peak_expected = 0;
  int64_t peak_window_ms = 0;
  int64_t eased_ms = 0;     // 0: not yet
  int64_t resolved_ms = 0;  // 0: not yet
};

// A listener that the incident is about.
struct IncidentListener {
  std::string listener;
  std::string spoke;
  int64_t joined_ms = 0;
  double observed = 0;  // in its last signal
  double expected = 0;
  int64_t window_ms = 0;
  bool is_calm = false;
};

// What was found out about a listener besides a surge of its mentions.
struct IncidentFinding {
  std::string kind;  // a FindingKind's name
  std::string listener;
  int64_t since_ms = 0;
  std::string reason;
  bool is_calm = false;
};

// The same incident as one spoke knows it, on that spoke's topic.
struct ChildIncident {
  std::string spoke;
  std::string incident_id;
};

struct IncidentNote {
  int64_t at_ms = 0;
  std::string by;
  std::string text;
};

// What people decided.
struct DeskState {
  std::string acknowledged_by;  // empty: nobody yet
  std::string assignee;
  std::string muted_by;             // empty: it speaks
  int64_t muted_until_ms = 0;       // 0: without end
  int64_t mute_worsens_by = 0;      // levels of severity, or doublings, at which it speaks again; 0: never
  std::vector<IncidentNote> notes;  // oldest first
};

// Mentions of the hour that ends at `end_ms`, minute by minute, oldest first.
struct LastHourCounts {
  int64_t end_ms = 0;
  std::vector<uint32_t> mentions;
  std::vector<uint32_t> negative;
};

struct Alert {
  std::string incident_id;
  uint32_t sequence = 0;  // 1 for the first event
  IncidentEvent event = IncidentEvent::kOpened;
  std::string hub;
  std::string listener;
  std::string spoke;
  int64_t time_ms = 0;  // event time: the end of the pane that brought it about
  Severity severity;    // the worst so far
  double observed = 0;
  double expected = 0;
  double same_time_last_week = -1;  // negative: not known
  double probability = 1;
  int64_t window_ms = 0;
  wire::Counts counts;  // of that window
  IncidentTimeline timeline;
  std::vector<wire::Term> terms;
  std::map<std::string, uint64_t> platforms;  // of the evidence seen in the last quarter of an hour
  std::map<std::string, uint64_t> languages;
  std::vector<wire::Evidence> evidence;  // best first
  uint64_t rule_version = 0;
  bool is_warming_up = false;
  double confidence = 0;
  Origin origin;
  std::map<std::string, uint64_t> countries;
  LastHourCounts last_hour;
  std::vector<IncidentListener> listeners;  // the one that opened it first; at most kListenersShown
  uint64_t listener_count = 0;              // all of them
  std::string parent;                       // of a spoke's incident: the hub's
  std::vector<ChildIncident> children;      // of the hub's incident
  std::string merged_into;                  // the incident that this one turned out to be part of
  bool is_storm = false;                    // so many listeners at once that what they share is the news
  std::string cause;                        // in words, where the event alone does not say it
  bool notifies = true;                     // somebody should be told now
  std::string silenced_by;                  // why not: mute, quiet_hours, severity_floor, storm or update
  DeskState desk;
  std::string kind;                       // of the finding that opened the incident; empty: a surge
  std::string opening_reason;             // its reason, when it is no surge
  std::string finding;                    // the kind of the last one; empty: a surge
  std::string reason;                     // its reason, when it is no surge
  std::vector<IncidentFinding> findings;  // in the order in which they came; at most kListenersShown

  static constexpr size_t kListenersShown = 50;
  static constexpr size_t kAuthorsShown = 5;

  [[nodiscard]] double multiple() const;  // observed over expected, of which there is at least a tenth
};

// In plain words: "Acme: 14 times the usual mentions (312 in 5 min, 22 expected), 71 % negative; words: outage,
// refund".
std::string alert_headline(const Alert& alert);

// Appends the CloudEvent as JSON (schemas/alert.schema.json) without a newline.
void append_alert_json(std::string& out, const Alert& alert);

struct AlertTextOptions {
  bool is_coloured = false;  // ANSI colours for a terminal
  size_t evidence_max = 3;
};

// An alert's JSON as a person reads it: a line with time, state and severity, then lines of evidence; each ends in a
// newline. kInvalid: the JSON is not an alert.
Result<std::string> render_alert(std::string_view alert_json, const AlertTextOptions& options = {});

}  // namespace earshot
