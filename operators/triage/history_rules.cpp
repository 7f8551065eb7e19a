#include "operators/triage/history_rules.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace earshot::triage {
namespace {

constexpr auto kKeys = std::to_array<std::string_view>({"class", "ill_before", "good_before", "add", "action"});
constexpr double kPostsMost = 1000;
constexpr int kUrgencyMost = 4;  // from the lowest to the highest

bool holds(const HistoryRule& rule, TriageClass kind, const AuthorHistory& before) {
  return rule.kind.value_or(kind) == kind && before.good >= rule.at_least.good && before.ill >= rule.at_least.ill;
}

void read_entry(TriageFile& file, const ConfigEntry& entry, HistoryRule& rule) {
  int64_t number = 0;
  if (entry.key == "class") {
    rule.kind = file.triage_class(entry);
  } else if (entry.key == "ill_before") {
    file.number(entry, 0.1, kPostsMost, rule.at_least.ill);
  } else if (entry.key == "good_before") {
    file.number(entry, 0.1, kPostsMost, rule.at_least.good);
  } else if (entry.key == "add") {
    if (file.whole_number(entry, -kUrgencyMost, kUrgencyMost, number)) rule.urgency = static_cast<int>(number);
  } else if (entry.key == "action") {
    rule.action = file.action(entry);
  } else {
    file.unknown_key(entry, kKeys);
  }
}

}  // namespace

std::optional<HistoryRule> read_history_rule(TriageFile& file, const ConfigNode& item) {
  if (item.kind != ConfigNode::Kind::kMap) {
    file.fault(item.position, "a rule must be a map");
    return std::nullopt;
  }
  HistoryRule rule;
  for (const ConfigEntry& entry : item.entries) read_entry(file, entry, rule);
  const auto has_one_of = [&](std::string_view one, std::string_view other) {
    return std::any_of(item.entries.begin(), item.entries.end(),
                       [&](const ConfigEntry& entry) { return entry.key == one || entry.key == other; });
  };
  if (!has_one_of("ill_before", "good_before")) {
    file.fault(item.position, "this rule asks for no history: give it 'ill_before' or 'good_before'");
  }
  if (!has_one_of("add", "action")) file.fault(item.position, "this rule has no 'add' or 'action'");
  return rule;
}

Response respond(std::span<const HistoryRule> rules, TriageClass kind, const AuthorHistory& before,
                 const Response& given) {
  std::optional<TriageAction> action;
  int64_t urgency = given.urgency;
  for (const HistoryRule& rule : rules) {
    if (!holds(rule, kind, before)) continue;
    urgency += rule.urgency;
    if (!action) action = rule.action;
  }
  return {std::clamp<int64_t>(urgency, 1, 5), action.value_or(given.action)};
}

}  // namespace earshot::triage
