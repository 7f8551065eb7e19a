// Listeners as a verb's options name them, compiled.
#pragma once

#include <memory>
#include <string>

#include "engine/base/result.h"
#include "operators/match/rule_set.h"

namespace earshot {

// "unicode" or "ascii"; the error names the option.
Result<CaseFolding> case_folding_from_name(const std::string& name);

// Errors: those of the files and of their queries.
Result<std::shared_ptr<const match::RuleSet>> compile_listeners(const std::string& path, CaseFolding folding);

// Writes the error to stderr; answers the exit status.
int refuse(const Error& error);

}  // namespace earshot
