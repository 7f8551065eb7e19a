#include "ops/earshot/rule_trail.h"

#include <fmt/format.h>

#include <utility>

#include "engine/base/json_writer.h"
#include "engine/observe/logging.h"
#include "engine/time/timestamp.h"
#include "engine/time/wall_clock.h"

namespace earshot {

std::string rule_change_json(const RuleChange& change, const std::string& process, int64_t time_ms) {
  std::string text;
  JsonWriter json(text);
  json.begin_object().member("time", format_rfc3339(time_ms)).member("process", process);
  json.member("outcome", change.is_adopted ? "adopted" : "refused");
  json.key("version_before").unsigned_integer(change.version_before);
  json.key("version").unsigned_integer(change.version).member("listeners", static_cast<int64_t>(change.listeners));
  if (!change.reason.empty()) json.member("reason", change.reason);
  json.key("edits").begin_array();
  for (const plan::Edit& edit : change.edits) {
    json.begin_object().member("subject", edit.subject).member("before", edit.before).member("after", edit.after);
    json.end_object();
  }
  json.end_array().end_object();
  return text;
}

RuleTrail::RuleTrail(Log& log, Metrics& metrics, std::string topic, std::string producer_id, std::string process)
    : log_(log),
      metrics_(metrics),
      topic_(std::move(topic)),
      producer_id_(std::move(producer_id)),
      process_(std::move(process)) {}

void RuleTrail::tell(const RuleChange& change) {
  const std::string outcome = change.is_adopted ? "adopted" : "refused";
  metrics_
      .counter("earshot_rule_changes_total", "Changed listener sets by what became of them.", {{"outcome", outcome}})
      .add(1);
  if (change.is_adopted) {
    log_info("rules", "adopted",
             {{"listeners", change.listeners}, {"edits", change.edits.size()}, {"rule_version", change.version}});
    metrics_.remove("earshot_rule_set_info", {{"version", std::to_string(change.version_before)}});
    metrics_.gauge("earshot_rule_set_info", "1 for the active set.", {{"version", std::to_string(change.version)}})
        .set(1);
    metrics_.gauge("earshot_listeners", "Listeners in the active set.").set(static_cast<double>(change.listeners));
  } else {
    log_error("rules", "refused; the listeners in force stay",
              {{"reason", change.reason}, {"rule_version", change.version}});
  }
  keep(change);
}

void RuleTrail::tell(const TriageChange& change, uint64_t listeners_version, size_t listeners) {
  const std::string outcome = change.is_adopted ? "adopted" : "refused";
  metrics_
      .counter("earshot_triage_rule_changes_total", "Changed triage rules by what became of them.",
               {{"outcome", outcome}})
      .add(1);
  RuleChange entry{.is_adopted = change.is_adopted,
                   .version_before = listeners_version,
                   .version = listeners_version,
                   .listeners = listeners,
                   .reason = change.reason};
  if (change.is_adopted) {
    log_info("triage", "adopted", {{"triage_version", change.version}});
    entry.edits.push_back({.subject = "triage.rules",
                           .before = fmt::format("{:016x}", change.version_before),
                           .after = fmt::format("{:016x}", change.version)});
  } else {
    log_error("triage", "refused; the rules in force stay", {{"reason", change.reason}});
    entry.reason = "triage.rules: " + change.reason;
  }
  keep(entry);
}

void RuleTrail::keep(const RuleChange& change) {
  if (auto written = write(change); !written) {
    log_error("rules", "the change is not in the audit trail", {{"reason", written.error().to_string()}});
  }
}

Result<void> RuleTrail::write(const RuleChange& change) {
  auto producer = log_.open_producer(producer_id_);
  if (!producer) return producer.error();
  const int64_t time_ms = wall_clock_ms();
  const std::string json = rule_change_json(change, process_, time_ms);
  if (auto begun = (*producer)->begin(); !begun) return begun;
  auto produced = (*producer)->produce({.topic = topic_, .key = process_, .value = json, .timestamp_ms = time_ms});
  if (!produced) return produced;
  return (*producer)->commit({});
}

}  // namespace earshot
