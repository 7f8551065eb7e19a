#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "ops/earshot/incident_desk.h"

namespace earshot {
namespace {

using nlohmann::json;

constexpr int kLabelWidth = 14;

// What an author wrote must not paint over the terminal.
std::string on_one_line(const std::string& text) {
  std::string line;
  for (const char c : text) {
    const bool is_blank = static_cast<unsigned char>(c) <= 0x20 || c == 0x7f;
    if (!is_blank) {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  return line;
}

std::string text_of(const json& value) {
  if (value.is_null()) return "-";
  return on_one_line(value.is_string() ? value.get<std::string>() : value.dump());
}

void line(std::string& page, std::string_view label, const std::string& text) {
  if (!text.empty()) page += fmt::format("{:<{}} {}\n", label, kLabelWidth, text);
}

std::string percent(const json& share) {
  return share.is_number() ? fmt::format("{:.0f} %", 100 * share.get<double>()) : "-";
}

// The hour as a row of bars, its highest minute full.
std::string bars(const json& counts) {
  static constexpr const char* kBars[] = {"·", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  double highest = 1;
  for (const json& count : counts) highest = std::max(highest, count.get<double>());
  std::string row;
  for (const json& count : counts) {
    const double share = count.get<double>() / highest;
    row += kBars[share <= 0 ? 0 : std::clamp(static_cast<int>(share * 8 + 0.5), 1, 8)];
  }
  return row;
}

std::string counts_text(const json& counts) {
  std::string text;
  for (const json& each : counts) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", text_of(each.at("name")), each.at("posts").dump());
  }
  return text;
}

void add_figures(std::string& page, const json& data) {
  std::string factors;
  for (const json& factor : data.at("severity").at("factors")) {
    factors +=
        fmt::format("{}{} {}", factors.empty() ? "" : ", ", text_of(factor.at("name")), percent(factor.at("share")));
  }
  line(page, "severity", fmt::format("{} of 5: {}", data.at("severity").at("level").dump(), factors));
  line(page, "mentions",
       fmt::format("{} in {} s, {} expected, same time last week {}, probability {}", text_of(data.at("observed")),
                   data.at("window_ms").get<int64_t>() / 1000, text_of(data.at("expected")),
                   text_of(data.at("same_time_last_week")), text_of(data.at("probability"))));
  const json& mentions = data.at("mentions");
  line(page, "made of",
       fmt::format("{} mentions, {} negative, {} originals, {} authors, reach {}", text_of(mentions.at("count")),
                   text_of(mentions.at("negative")), text_of(mentions.at("originals")), text_of(mentions.at("authors")),
                   text_of(mentions.at("reach"))));
  const json& origin = data.at("origin");
  line(page, "origin",
       fmt::format("{}: reposts {}, copies {}, near copies {}, new accounts {}", text_of(origin.at("reading")),
                   percent(origin.at("reposts")), percent(origin.at("copies")), percent(origin.at("near_copies")),
                   percent(origin.at("new_accounts"))));
  const json& hour = data.at("last_hour");
  if (!hour.at("mentions").empty()) {
    line(page, "last hour", bars(hour.at("mentions")) + "  since " + text_of(hour.at("start")));
  }
}

void add_words(std::string& page, const json& data) {
  std::string terms;
  for (const json& term : data.at("terms")) {
    terms += fmt::format("{}{} (×{})", terms.empty() ? "" : ", ", text_of(term.at("text")), text_of(term.at("lift")));
  }
  line(page, "words", terms);
  line(page, "sources", counts_text(data.at("platforms")));
  line(page, "languages", counts_text(data.at("languages")));
  line(page, "countries", counts_text(data.at("countries")));
}

void add_people(std::string& page, const json& data) {
  const json& desk = data.at("desk");
  const auto named = [&](const char* name) { return desk.contains(name) ? text_of(desk.at(name)) : std::string(); };
  line(page, "acknowledged", named("acknowledged_by"));
  line(page, "assigned to", named("assignee"));
  if (desk.contains("muted_by")) line(page, "muted by", named("muted_by") + " until " + named("muted_until"));
  for (const json& note : desk.at("notes")) {
    line(page, "note",
         fmt::format("{} {}: {}", text_of(note.at("at")), text_of(note.at("by")), text_of(note.at("text"))));
  }
}

void add_family(std::string& page, const json& data) {
  for (const json& each : data.at("listeners")) {
    line(page, "listener",
         fmt::format("{} ({}): {} against {} expected{}", text_of(each.at("listener")), text_of(each.at("spoke")),
                     text_of(each.at("observed")), text_of(each.at("expected")),
                     each.at("calm").get<bool>() ? ", calm" : ""));
  }
  for (const json& child : data.at("children")) {
    line(page, "told", text_of(child.at("spoke")) + " as " + text_of(child.at("incident")));
  }
  if (data.at("merged_into").is_string()) line(page, "merged into", text_of(data.at("merged_into")));
}

void add_evidence(std::string& page, const json& data) {
  for (const json& post : data.at("evidence")) {
    std::string clauses;
    for (const json& clause : post.at("clauses")) clauses += (clauses.empty() ? "" : ", ") + text_of(clause);
    const json& author = post.at("author");
    page += fmt::format("  {} @{} ({} followers, {}): {}\n", text_of(post.at("platform")),
                        text_of(author.contains("handle") ? author.at("handle") : author.at("id")),
                        text_of(author.at("followers")), text_of(post.at("sentiment")), text_of(post.at("text")));
    page += fmt::format("    matched: {}{}\n", clauses, post.contains("url") ? "  " + text_of(post.at("url")) : "");
  }
}

}  // namespace

std::string incident_page(const DeskIncident& incident) {
  const json data = json::parse(incident.event).at("data");
  std::string page = incident.id + "  " + incident.phase + "  " + on_one_line(incident.headline) + "\n\n";
  if (!data.contains("origin")) return page + data.dump(2) + '\n';  // written by an older version
  line(page, "opened", incident.opened_at);
  add_figures(page, data);
  add_words(page, data);
  add_family(page, data);
  add_people(page, data);
  line(page, "rule version", text_of(data.at("rule_version")));
  page += '\n';
  add_evidence(page, data);
  return page;
}

}  // namespace earshot
