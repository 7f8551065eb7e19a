// RuleTrail: what becomes of changed listeners and triage rules, told to the log, the metrics and the topic that is the
// audit trail of rules.
#pragma once

#include <string>

#include "engine/flow/log.h"
#include "engine/observe/metrics.h"
#include "ops/earshot/rule_watch.h"
#include "ops/earshot/triage_watch.h"

namespace earshot {

// A change as one line of JSON, as schemas/rule_change.schema.json describes it.
std::string rule_change_json(const RuleChange& change, const std::string& process, int64_t time_ms);

class RuleTrail {
 public:
  // `producer_id` is this process's own. All outlive the trail.
  RuleTrail(Log& log, Metrics& metrics, std::string topic, std::string producer_id, std::string process);

  // A trail that cannot be written is an error in the log; the rules are in force all the same.
  void tell(const RuleChange& change);

  // The same of triage rules, while that set of listeners is in force.
  void tell(const TriageChange& change, uint64_t listeners_version, size_t listeners);

 private:
  void keep(const RuleChange& change);
  Result<void> write(const RuleChange& change);

  Log& log_;
  Metrics& metrics_;
  std::string topic_;
  std::string producer_id_;
  std::string process_;
};

}  // namespace earshot
