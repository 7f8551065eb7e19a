// LiveRules: the compiled listeners that all stages of a process go by.
#pragma once

#include "operators/match/rule_set.h"
#include "ops/topologies/live.h"

namespace earshot {

using LiveRules = Live<match::RuleSet>;

}  // namespace earshot
