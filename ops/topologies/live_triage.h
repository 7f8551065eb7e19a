// LiveTriage: the triage rules that LISTEN and DESK go by.
#pragma once

#include "operators/triage/triage_rules.h"
#include "ops/topologies/live.h"

namespace earshot {

using LiveTriage = Live<triage::TriageRules>;

}  // namespace earshot
