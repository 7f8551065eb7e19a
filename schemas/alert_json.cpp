#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "engine/base/json_writer.h"
#include "engine/time/timestamp.h"
#include "schemas/alert.h"
#include "schemas/counts.h"
#include "schemas/finding.h"

namespace earshot {
namespace {

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

// Where the incident stands after the event, which need not have changed it.
std::string_view phase_of(const IncidentTimeline& timeline) {
  if (timeline.resolved_ms != 0) return "resolved";
  return timeline.eased_ms != 0 ? "easing" : "open";
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
  json.member("text", post.text()).member_if("lang", post.lang()).member_if("country", post.country());
  json.member("created_at", format_rfc3339(post.created_at_ms())).member_if("kind", post.kind());
  json.member("engagement", post.engagement()).key("sentiment").decimal(post.sentiment_e4() / 1e4, 4);
  json.member_if("triage", post.triage()).key("clauses").begin_array();
  for (const std::string& clause : post.clauses()) json.string(clause);
  json.end_array().end_object();
}

void write_share(JsonWriter& json, const JsonKey& name, double share) {
  json.key(name);
  share < 0 ? json.null() : json.decimal(share, 3);
}

void write_origin(JsonWriter& json, const Origin& origin) {
  json.key("origin").begin_object().member("reading", to_string(origin.reading));
  write_share(json, "reposts", origin.reposts);
  write_share(json, "copies", origin.copies);
  write_share(json, "near_copies", origin.near_copies);
  write_share(json, "authors_per_mention", origin.authors_per_mention);
  write_share(json, "new_accounts", origin.new_accounts);
  json.end_object();
}

// Those with the most followers among the evidence, each once.
void write_authors(JsonWriter& json, const std::vector<wire::Evidence>& evidence) {
  std::vector<const wire::Evidence*> authors;
  for (const wire::Evidence& post : evidence) {
    const auto is_same = [&](const wire::Evidence* other) {
      return other->platform() == post.platform() && other->author_id() == post.author_id() &&
             other->author_handle() == post.author_handle();
    };
    const auto known = std::ranges::find_if(authors, is_same);
    if (known == authors.end()) {
      authors.push_back(&post);
    } else if (post.followers() > (*known)->followers()) {
      *known = &post;
    }
  }
  std::ranges::stable_sort(authors, std::greater(), &wire::Evidence::followers);
  json.key("authors").begin_array();
  for (size_t i = 0; i < std::min(authors.size(), Alert::kAuthorsShown); ++i) {
    const wire::Evidence& post = *authors[i];
    json.begin_object().member("platform", post.platform()).member("id", post.author_id());
    json.member_if("handle", post.author_handle()).member("followers", post.followers()).end_object();
  }
  json.end_array();
}

void write_last_hour(JsonWriter& json, const LastHourCounts& hour) {
  constexpr int64_t kMinuteMs = 60'000;
  json.key("last_hour").begin_object();
  const auto minutes = static_cast<int64_t>(hour.mentions.size());
  write_time(json, "start",
             hour.end_ms == 0 ? 0 : (hour.end_ms + kMinuteMs - 1) / kMinuteMs * kMinuteMs - minutes * kMinuteMs);
  json.key("mentions").begin_array();
  for (const uint32_t count : hour.mentions) json.integer(count);
  json.end_array().key("negative").begin_array();
  for (const uint32_t count : hour.negative) json.integer(count);
  json.end_array().end_object();
}

void write_listeners(JsonWriter& json, const Alert& alert) {
  json.key("listener_count").unsigned_integer(std::max<uint64_t>(1, alert.listener_count));
  json.key("listeners").begin_array();
  for (const IncidentListener& each : alert.listeners) {
    json.begin_object().member("listener", each.listener).member("spoke", each.spoke);
    write_time(json, "joined_at", each.joined_ms);
    write_significant(json, "observed", each.observed);
    write_significant(json, "expected", each.expected);
    json.member("window_ms", each.window_ms).key("calm").boolean(each.is_calm).end_object();
  }
  json.end_array();
}

void write_family(JsonWriter& json, const Alert& alert) {
  json.key("parent");
  alert.parent.empty() ? json.null() : json.string(alert.parent);
  json.key("children").begin_array();
  for (const ChildIncident& child : alert.children) {
    json.begin_object().member("spoke", child.spoke).member("incident", child.incident_id).end_object();
  }
  json.end_array().key("merged_into");
  alert.merged_into.empty() ? json.null() : json.string(alert.merged_into);
  json.key("storm").boolean(alert.is_storm);
}

void write_findings(JsonWriter& json, const Alert& alert) {
  json.key("findings").begin_array();
  for (const IncidentFinding& found : alert.findings) {
    json.begin_object().member("kind", found.kind).member("listener", found.listener);
    write_time(json, "since", found.since_ms);
    json.member("reason", found.reason).key("calm").boolean(found.is_calm).end_object();
  }
  json.end_array();
}

void write_desk(JsonWriter& json, const DeskState& desk) {
  json.key("desk").begin_object();
  json.member_if("acknowledged_by", desk.acknowledged_by).member_if("assignee", desk.assignee);
  if (!desk.muted_by.empty()) {
    json.member("muted_by", desk.muted_by);
    write_time(json, "muted_until", desk.muted_until_ms);
    json.member("mute_worsens_by", desk.mute_worsens_by);
  }
  json.key("notes").begin_array();
  for (const IncidentNote& note : desk.notes) {
    json.begin_object().member("at", format_rfc3339(note.at_ms)).member("by", note.by).member("text", note.text);
    json.end_object();
  }
  json.end_array().end_object();
}

void write_notice(JsonWriter& json, const Alert& alert) {
  json.member_if("cause", alert.cause).key("notify").boolean(alert.notifies);
  json.member_if("silenced_by", alert.silenced_by);
}

void write_data(JsonWriter& json, const Alert& alert) {
  json.key("data").begin_object().member("incident", alert.incident_id).member("sequence", alert.sequence);
  json.member("state", to_string(alert.event))
      .member("phase", phase_of(alert.timeline))
      .member("hub", alert.hub)
      .member("listener", alert.listener);
  json.member("kind", alert.kind.empty() ? to_string(FindingKind::kSurge) : std::string_view(alert.kind));
  json.member("spoke", alert.spoke).member("headline", alert_headline(alert));
  write_notice(json, alert);
  write_severity(json, alert.severity);
  write_significant(json, "observed", alert.observed);
  write_significant(json, "expected", alert.expected);
  json.key("same_time_last_week");
  alert.same_time_last_week < 0 ? json.null() : json.decimal(alert.same_time_last_week, 1);
  write_significant(json, "probability", alert.probability);
  json.key("multiple").decimal(alert.multiple(), 2).member("window_ms", alert.window_ms);
  write_timeline(json, alert.timeline);
  write_last_hour(json, alert.last_hour);
  write_mentions(json, alert.counts);
  write_origin(json, alert.origin);
  json.key("terms").begin_array();
  for (const wire::Term& term : alert.terms) {
    json.begin_object().member("text", term.text()).member("posts", term.count());
    json.key("lift").decimal(term.lift(), 2).end_object();
  }
  json.end_array();
  write_counts(json, "platforms", alert.platforms);
  write_counts(json, "languages", alert.languages);
  write_counts(json, "countries", alert.countries);
  write_authors(json, alert.evidence);
  json.key("evidence").begin_array();
  for (const wire::Evidence& post : alert.evidence) write_evidence(json, post);
  json.end_array();
  write_findings(json, alert);
  write_listeners(json, alert);
  write_family(json, alert);
  write_desk(json, alert.desk);
  json.key("rule_version").unsigned_integer(alert.rule_version);
  json.key("warming_up").boolean(alert.is_warming_up).key("confidence").decimal(alert.confidence, 3).end_object();
}

}  // namespace

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
