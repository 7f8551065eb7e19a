#include "schemas/alert.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "engine/base/json_writer.h"
#include "engine/time/timestamp.h"
#include "schemas/counts.h"

namespace earshot {
namespace {

std::string count_text(double count) {
  return count < 10 && std::abs(count - std::round(count)) > 0.05 ? fmt::format("{:.1f}", count)
                                                                  : fmt::format("{:.0f}", count);
}

std::string duration_text(int64_t duration_ms) {
  constexpr int64_t kMinuteMs = 60'000;
  if (duration_ms < kMinuteMs) return fmt::format("{} s", duration_ms / 1000);
  if (duration_ms < 120 * kMinuteMs) return fmt::format("{} min", duration_ms / kMinuteMs);
  return fmt::format("{:.1f} h", static_cast<double>(duration_ms) / 3.6e6);
}

std::string volume_text(double observed, double expected, int64_t window_ms) {
  constexpr double kNoneIsUsual = 0.5;  // a multiple of next to nothing says nothing
  if (expected < kNoneIsUsual) {
    return fmt::format("{} mentions in {} where hardly any is usual", count_text(observed), duration_text(window_ms));
  }
  const double multiple = observed / expected;
  const std::string counts =
      fmt::format("({} in {}, {} expected)", count_text(observed), duration_text(window_ms), count_text(expected));
  return fmt::format("{} times the usual mentions {}", count_text(multiple), counts);
}

std::string words_text(const std::vector<wire::Term>& terms) {
  constexpr size_t kWordsMax = 3;
  std::string words;
  for (size_t i = 0; i < std::min(terms.size(), kWordsMax); ++i)
    words += (i == 0 ? "; words: " : ", ") + terms[i].text();
  return words;
}

void write_time(JsonWriter& json, const JsonKey& name, int64_t time_ms) {
  json.key(name);
  if (time_ms == 0) {
    json.null();
  } else {
    json.string(format_rfc3339(time_ms));
  }
}

void write_significant(JsonWriter& json, const JsonKey& name, double number) {
  json.key(name);
  if (!std::isfinite(number)) {
    json.null();
  } else {
    json.raw(fmt::format("{:.6g}", number));
  }
}

void write_severity(JsonWriter& json, const Severity& severity) {
  json.key("severity").begin_object().member("level", severity.level());
  json.key("score").decimal(severity.score(), 3);
  json.key("factors").begin_array();
  for (int i = 0; i < Severity::kFactors; ++i) {
    const auto factor = static_cast<Severity::Factor>(i);
    json.begin_object().member("name", Severity::kNames[factor]);
    json.key("value").decimal(severity.values[factor], 3).key("share").decimal(severity.share(factor), 3).end_object();
  }
  json.end_array().end_object();
}

void write_timeline(JsonWriter& json, const IncidentTimeline& timeline) {
  json.key("timeline").begin_object();
  write_time(json, "opened_at", timeline.opened_ms);
  write_time(json, "peak_at", timeline.peak_ms);
  write_significant(json, "peak_observed", timeline.peak_observed);
  write_significant(json, "peak_expected", timeline.peak_expected);
  json.member("peak_window_ms", timeline.peak_window_ms);
  write_time(json, "eased_at", timeline.eased_ms);
  write_time(json, "resolved_at", timeline.resolved_ms);
  json.end_object();
}

void write_counts(JsonWriter& json, const JsonKey& name, const std::map<std::string, uint64_t>& counts) {
  json.key(name).begin_array();
  for (const auto& [value, count] : counts) {
    json.begin_object().member("name", value).key("posts").unsigned_integer(count).end_object();
  }
  json.end_array();
}

void write_mentions(JsonWriter& json, const wire::Counts& counts) {
  const uint64_t mentions = counts.mentions();
  const uint64_t texts = estimate_distinct(counts.text_bits(), mentions);
  json.key("mentions").begin_object().key("count").unsigned_integer(mentions);
  json.key("negative").unsigned_integer(counts.negative()).key("positive").unsigned_integer(counts.positive());
  json.key("complaints").unsigned_integer(counts.complaints());
  json.key("reach").unsigned_integer(counts.reach()).key("engagement").unsigned_integer(counts.engagement());
  json.key("authors").unsigned_integer(estimate_distinct(counts.author_bits(), mentions));
  json.key("originals").unsigned_integer(counts.originals());
  json.key("distinct_texts").unsigned_integer(texts);
  json.key("copies").unsigned_integer(mentions - texts).end_object();
}

void write_evidence(JsonWriter& json, const wire::Evidence& post) {
  json.begin_object().member("id", post.post_id()).member("platform", post.platform()).member_if("url", post.url());
  json.key("author").begin_object().member("id", post.author_id()).member_if("handle", post.author_handle());
  json.member("followers", post.followers()).end_object();
  json.member("text", post.text()).member_if("lang", post.lang());
  json.member("created_at", format_rfc3339(post.created_at_ms())).member_if("kind", post.kind());
  json.member("engagement", post.engagement()).key("sentiment").decimal(post.sentiment_e4() / 1e4, 4);
  json.member_if("triage", post.triage()).key("clauses").begin_array();
  for (const std::string& clause : post.clauses()) json.string(clause);
  json.end_array().end_object();
}

void write_data(JsonWriter& json, const Alert& alert) {
  json.key("data").begin_object().member("incident", alert.incident_id).member("sequence", alert.sequence);
  json.member("state", to_string(alert.event)).member("hub", alert.hub).member("listener", alert.listener);
  json.member("spoke", alert.spoke).member("headline", alert_headline(alert));
  write_severity(json, alert.severity);
  write_significant(json, "observed", alert.observed);
  write_significant(json, "expected", alert.expected);
  json.key("same_time_last_week");
  alert.same_time_last_week < 0 ? json.null() : json.decimal(alert.same_time_last_week, 1);
  write_significant(json, "probability", alert.probability);
  json.key("multiple").decimal(alert.multiple(), 2).member("window_ms", alert.window_ms);
  write_timeline(json, alert.timeline);
  write_mentions(json, alert.counts);
  json.key("terms").begin_array();
  for (const wire::Term& term : alert.terms) {
    json.begin_object().member("text", term.text()).member("posts", term.count());
    json.key("lift").decimal(term.lift(), 2).end_object();
  }
  json.end_array();
  write_counts(json, "platforms", alert.platforms);
  write_counts(json, "languages", alert.languages);
  json.key("evidence").begin_array();
  for (const wire::Evidence& post : alert.evidence) write_evidence(json, post);
  json.end_array().key("rule_version").unsigned_integer(alert.rule_version);
  json.key("warming_up").boolean(alert.is_warming_up).key("confidence").decimal(alert.confidence, 3).end_object();
}

}  // namespace

std::string_view to_string(IncidentEvent event) {
  switch (event) {
    case IncidentEvent::kOpened:
      return "opened";
    case IncidentEvent::kEscalated:
      return "escalated";
    case IncidentEvent::kEasing:
      return "easing";
    case IncidentEvent::kResolved:
      return "resolved";
    case IncidentEvent::kReopened:
      return "reopened";
  }
  return "opened";
}

double Severity::score() const {
  double sum = 0;
  for (size_t i = 0; i < kFactors; ++i) sum += kWeights[i] * values[i];
  return sum;
}

int Severity::level() const {
  return std::clamp(1 + static_cast<int>(score() * 5), 1, 5);
}

double Severity::share(Factor factor) const {
  const double sum = score();
  return sum <= 0 ? 0.25 : kWeights[factor] * values[factor] / sum;
}

double Alert::multiple() const {
  return observed / std::max(expected, 0.1);
}

std::string alert_headline(const Alert& alert) {
  const IncidentTimeline& line = alert.timeline;
  const std::string peak = volume_text(line.peak_observed, line.peak_expected, line.peak_window_ms);
  if (alert.event == IncidentEvent::kResolved) {
    return fmt::format("{}: back to usual after {}; at its peak {}", alert.listener,
                       duration_text(alert.time_ms - line.opened_ms), peak);
  }
  if (alert.event == IncidentEvent::kEasing) {
    return fmt::format("{}: easing after {}; at its peak {}", alert.listener,
                       duration_text(alert.time_ms - line.opened_ms), peak);
  }
  std::string headline = alert.listener + ": " + volume_text(alert.observed, alert.expected, alert.window_ms);
  if (alert.counts.mentions() > 0) {
    const auto mentions = static_cast<double>(alert.counts.mentions());
    headline += fmt::format(", {:.0f} % negative", 100 * static_cast<double>(alert.counts.negative()) / mentions);
  }
  return headline + words_text(alert.terms);
}

void append_alert_json(std::string& out, const Alert& alert) {
  JsonWriter json(out);
  json.begin_object().member("specversion", "1.0");
  json.member("id", fmt::format("{}.{}", alert.incident_id, alert.sequence)).member("source", "/earshot/" + alert.hub);
  json.member("type", fmt::format("io.earshot.incident.{}", to_string(alert.event)));
  json.member("subject", alert.incident_id).member("time", format_rfc3339(alert.time_ms));
  json.member("datacontenttype", "application/json");
  json.member("dataschema", "urn:earshot:schema:alert:1");
  write_data(json, alert);
  json.end_object();
}

}  // namespace earshot
