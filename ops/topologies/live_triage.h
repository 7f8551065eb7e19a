// LiveTriage: the triage rules that LISTEN goes by.
#pragma once

#include "operators/triage/triage_rules.h"
#include "ops/topologies/live.h"

namespace earshot {

using LiveTriage = Live<triage::TriageRules>;

}  // namespace earshot
