// Gives triage the rules' language: its queries are compiled and matched as listeners' queries are.
#pragma once

#include "engine/text/text_normaliser.h"
#include "operators/triage/query_matcher.h"

namespace earshot::rules {

triage::QueryCompiler triage_query_compiler(CaseFolding folding = CaseFolding::kUnicode);

}  // namespace earshot::rules
