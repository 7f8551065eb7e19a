#include "ops/earshot/rule_verbs.h"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace earshot {
namespace {

void add_import(CLI::App& group, RulesImportArguments& arguments, std::function<int()>& chosen) {
  CLI::App& command = *group.add_subcommand("import", "Rules of another platform as listeners");
  command.add_option("--from", arguments.language, "powertrack, brandwatch or csdl")->required();
  command.add_option("file", arguments.file, "File of rules, or - for stdin")->required();
  command.add_option("--out", arguments.out, "File to write instead of stdout");
  command.add_option("--spoke", arguments.spoke, "Spoke of every listener")->capture_default_str();
  command.add_option("--owner", arguments.owner, "Owner of every listener")->capture_default_str();
  command.callback([&] { chosen = [&arguments] { return rules_import_command(arguments); }; });
}

void add_backtest(CLI::App& group, RulesBacktestArguments& arguments, std::function<int()>& chosen) {
  CLI::App& command = *group.add_subcommand("backtest", "What listeners would have matched, and what changes by them");
  command.add_option("--listeners", arguments.listeners, "Folder or file of listeners as they would be")->required();
  command.add_option("--live", arguments.live, "As they are; those of the configuration without");
  command.add_option("--config,-c", arguments.config, "Configuration file whose input is read");
  command.add_option("--input", arguments.input, "File or folder of posts instead of the configuration's input");
  command.add_option("--format", arguments.format, "Of --input: what a record holds")->capture_default_str();
  command.add_option("--from", arguments.from, "Posts of the last so long, such as 6h; all without");
  command.add_option("--until", arguments.until, "Where --from counts back from, RFC 3339; now without");
  command.add_option("--case-folding", arguments.case_folding, "unicode or ascii; as the configuration without");
  command.add_option("--examples", arguments.examples, "Posts shown for each listener")->capture_default_str();
  command.add_flag("--json", arguments.json, "A JSON object a line for each listener");
  command.callback([&] { chosen = [&arguments] { return rules_backtest_command(arguments); }; });
}

}  // namespace

void add_rule_verbs(CLI::App& app, RuleVerbArguments& arguments, std::function<int()>& chosen) {
  CLI::App& group = *app.add_subcommand("rules", "Look at listeners before they run")->require_subcommand(1);
  RulesArguments& common = arguments.common;
  const auto add = [&](const char* name, const char* doc, int (*run)(const RulesArguments&)) -> CLI::App& {
    CLI::App& command = *group.add_subcommand(name, doc);
    command.add_option("--listeners", common.listeners, "Folder or file of listeners")->required();
    command.add_option("--case-folding", common.case_folding, "unicode or ascii")->capture_default_str();
    command.callback([&common, &chosen, run] { chosen = [&common, run] { return run(common); }; });
    return command;
  };
  CLI::App& lint = add("lint", "What is allowed and hardly meant", rules_lint_command);
  lint.add_flag("--strict", common.is_strict, "Fail when there is a remark");
  CLI::App& explain = add("explain", "Why a listener matches a post or does not, term by term", rules_explain_command);
  explain.add_option("listener", common.listener, "Its name")->required();
  explain.add_option("--post", common.posts, "File of canonical posts, or - for stdin")->required();
  explain.add_option("--model", common.sentiment_model, "Of sentiment: vader or earshot")->capture_default_str();
  CLI::App& test = add("test", "Posts against the listeners that must match them", rules_test_command);
  test.add_option("fixtures", common.posts, "File or folder of canonical posts with 'expect', the listeners")
      ->required();
  test.add_option("--model", common.sentiment_model, "Of sentiment: vader or earshot")->capture_default_str();
  CLI::App& cost = add("cost", "What listeners cost to compile, to keep and to match", rules_cost_command);
  cost.add_option("--posts", common.posts, "File of posts to measure with; generated ones without");
  cost.add_option("--slowest", common.slowest, "Listeners that are named")->capture_default_str();
  cost.add_option("--budget", common.budget_seconds, "Seconds for looking at listeners one by one")
      ->capture_default_str();
  add_import(group, arguments.import, chosen);
  add_backtest(group, arguments.backtest, chosen);
}

}  // namespace earshot
