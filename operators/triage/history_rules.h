// HistoryRules: what an author said of a listener before changes how soon a mention is answered, and what is done about
// it. They hold where all that was said of a listener is known, after the rules that read the post alone.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "operators/triage/triage_file.h"
#include "schemas/engagement.h"
#include "schemas/mention.h"

namespace earshot::triage {

struct HistoryRule {
  std::optional<TriageClass> kind;  // of the mention; without: any
  AuthorHistory at_least;           // posts before this one; 0 asks for none
  int urgency = 0;                  // added
  std::optional<TriageAction> action;
};

// One rule as it stands in the file; without, the file has the faults.
std::optional<HistoryRule> read_history_rule(TriageFile& file, const ConfigNode& item);

struct Response {
  int64_t urgency = 1;  // 1 to 5
  TriageAction action = TriageAction::kMonitor;
};

// The response to a mention of class `kind` that `given` is what its post alone asks for: all rules that hold add to
// the urgency, and the first of them that has an action sets it.
Response respond(std::span<const HistoryRule> rules, TriageClass kind, const AuthorHistory& before,
                 const Response& given);

}  // namespace earshot::triage
