// The verbs of `earshot rules`, as the command line has them.
#pragma once

#include <CLI/App.hpp>
#include <functional>

#include "ops/earshot/commands.h"

namespace earshot {

struct RuleVerbArguments {
  RulesArguments common;
  RulesImportArguments import;
  RulesBacktestArguments backtest;
};

// Declares them; parsing a command line fills `arguments` and sets `chosen` to what it asks for. Both outlive the
// parsing.
void add_rule_verbs(CLI::App& app, RuleVerbArguments& arguments, std::function<int()>& chosen);

}  // namespace earshot
