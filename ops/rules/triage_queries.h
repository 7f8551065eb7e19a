// Gives triage the rules' language: its queries are compiled and matched as listeners' queries are.
#pragma once

#include "operators/triage/query_matcher.h"

namespace earshot::rules {

// Case is folded in every script, whatever listeners are matched by: the built-in rules hold emoji.
triage::QueryCompiler triage_query_compiler();

}  // namespace earshot::rules
