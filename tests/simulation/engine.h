// Engine: the real topologies and runner on a simulated cluster, as threads that take turns.
#pragma once

#include <memory>
#include <string>

#include "operators/match/rule_set.h"
#include "tests/simulation/cluster.h"

namespace earshot::simulation {

inline constexpr int32_t kInputPartitions = 3;
inline constexpr int32_t kInternalPartitions = 2;

// Topics of one deployment.
void add_topics(Cluster& cluster);

// Adds LISTEN, POST-CHANGES, DETECT and INCIDENT of one process. They start again from the last commit after a death or
// a passing fault; any other error ends the play.
void add_process(Baton& baton, Cluster& cluster, const std::shared_ptr<const match::RuleSet>& rules);

}  // namespace earshot::simulation
