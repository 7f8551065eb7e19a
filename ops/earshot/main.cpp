
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <functional>
#include <iostream>

#include "operators/parse/parser.h"
#include "ops/earshot/commands.h"
#include "ops/earshot/rule_compile_child.h"
#include "ops/earshot/rule_verbs.h"

namespace {

using namespace earshot;

// A verb's options live as long as the program's parsing of them.
struct Arguments {
  RunArguments run;
  std::string check_config;
  AlertsTailArguments alerts;
  MentionsTailArguments mentions;
  PlanArguments plan;
  AuditArguments audit;
  DeadLettersArguments dead_letters;
  IncidentsArguments incidents;
  BacktestArguments backtest;
  BaselineImportArguments baseline;
  GenerateArguments generate;
  RuleVerbArguments rules;
  CompileRulesArguments compile_rules;
  TriageArguments triage;
  std::string format = "auto";
  std::string parse_config;
  std::string listeners;
  std::string case_folding = "unicode";
  std::string model = "vader";
  TrySentimentArguments sentiment;
  int64_t pane_seconds = 300;
};

using Chosen = std::function<int()>;

void add_run(CLI::App& app, RunArguments& run, Chosen& chosen) {
  CLI::App& command = *app.add_subcommand("run", "Listen, detect and alert, until SIGTERM or the end of the input");
  command.add_option("--config,-c", run.config, "Configuration file")->required();
  command.add_option("--only", run.only, "Run one role: listen, detect, incident or desk");
  command.add_flag("--until-end", run.until_end, "Stop at the end of the input");
  command.add_flag("--watch", run.watch, "Show alerts and progress to a person");
  command.add_flag("--accept-state-reset", run.accepts_state_reset,
                   "Drop the state that an edit robs of its meaning (see plan)");
  command.callback([&] { chosen = [&run] { return run_command(run); }; });
}

void add_alerts(CLI::App& app, AlertsTailArguments& tail, Chosen& chosen) {
  CLI::App& alerts = *app.add_subcommand("alerts", "Read alerts")->require_subcommand(1);
  CLI::App& command = *alerts.add_subcommand("tail", "Show alerts as they come, from Kafka or the local log");
  command.add_option("--config,-c", tail.config, "Configuration file of the engine that writes them")->required();
  command.add_option("--spoke", tail.spoke, "Alerts of one spoke instead of the hub's");
  command.add_flag("--from-beginning", tail.from_beginning, "Start with the oldest alert that is kept");
  command.add_flag("--until-end", tail.until_end, "Stop at the newest alert");
  command.add_flag("--json", tail.json, "The CloudEvents themselves, a line each");
  command.callback([&] { chosen = [&tail] { return alerts_tail_command(tail); }; });
}

void add_mentions(CLI::App& app, MentionsTailArguments& tail, Chosen& chosen) {
  CLI::App& mentions = *app.add_subcommand("mentions", "Read mentions")->require_subcommand(1);
  CLI::App& command = *mentions.add_subcommand("tail", "Show mentions as they come, a JSON object a line");
  command.add_option("--config,-c", tail.config, "Configuration file of the engine that writes them")->required();
  command.add_option("--spoke", tail.spoke, "Mentions of this spoke");
  command.add_flag("--late", tail.late, "Mentions that came too late for their windows");
  command.add_flag("--from-beginning", tail.from_beginning, "Start with the oldest that is kept");
  command.add_flag("--until-end", tail.until_end, "Stop at the newest");
  command.callback([&] { chosen = [&tail] { return mentions_tail_command(tail); }; });
}

void add_plan(CLI::App& app, PlanArguments& plan, Chosen& chosen) {
  CLI::App& command = *app.add_subcommand("plan", "What the edits between two configurations do to a running earshot");
  command.add_option("old", plan.before, "Configuration file as it is")->required();
  command.add_option("new", plan.after, "Configuration file as it shall be")->required();
  command.callback([&] { chosen = [&plan] { return plan_command(plan); }; });
}

void add_audit(CLI::App& app, AuditArguments& audit, Chosen& chosen) {
  CLI::App& command = *app.add_subcommand("audit", "Check from the topics themselves that every post is accounted for");
  command.add_option("--config,-c", audit.config, "Configuration file of the engine")->required();
  command.add_flag("--skip-input", audit.skips_input, "Do not read the input again");
  command.callback([&] { chosen = [&audit] { return audit_command(audit); }; });
}

void add_dead_letters(CLI::App& app, DeadLettersArguments& arguments, Chosen& chosen) {
  CLI::App& group =
      *app.add_subcommand("dead-letters", "Read and replay what could not be used")->require_subcommand(1);
  const auto add = [&](const char* name, const char* doc, int (*run)(const DeadLettersArguments&)) -> CLI::App& {
    CLI::App& command = *group.add_subcommand(name, doc);
    command.add_option("--config,-c", arguments.config, "Configuration file of the engine")->required();
    command.callback([&arguments, &chosen, run] { chosen = [&arguments, run] { return run(arguments); }; });
    return command;
  };
  const auto add_filters = [&](CLI::App& command) {
    command.add_option("--stage", arguments.stage, "Those of one stage, such as parse");
    command.add_option("--reason", arguments.reason, "Those whose reason holds this text");
    command.add_option("--since", arguments.since, "Those of records since then, RFC 3339");
  };
  add_filters(add("list", "A line for each, then the number for each reason", dead_letters_list_command));
  CLI::App& show = add("show", "One of them with its bytes", dead_letters_show_command);
  show.add_option("place", arguments.places, "topic/partition@offset, as list shows it")->required()->expected(1);
  show.add_flag("--payload", arguments.payload_alone, "The bytes of the record and nothing else");
  CLI::App& replay = add("replay", "Send their records to the input again", dead_letters_replay_command);
  add_filters(replay);
  replay.add_option("places", arguments.places, "topic/partition@offset, as list shows it; all without");
  replay.add_option("--to", arguments.to, "A file, or - for stdout, instead of the input: a line for each record");
}

void add_incidents(CLI::App& app, IncidentsArguments& arguments, Chosen& chosen) {
  CLI::App& group = *app.add_subcommand("incidents", "Look at incidents and decide about them")->require_subcommand(1);
  const auto add = [&](const std::string& name, const char* doc) -> CLI::App& {
    CLI::App& command = *group.add_subcommand(name, doc);
    command.add_option("--config,-c", arguments.config, "Configuration file of the engine")->required();
    return command;
  };
  CLI::App& list = add("list", "Open incidents, the gravest first");
  list.add_flag("--all", arguments.all, "Resolved ones too");
  list.add_flag("--json", arguments.json, "The last event of each, a line each");
  list.callback([&] { chosen = [&arguments] { return incidents_list_command(arguments); }; });
  CLI::App& show = add("show", "One incident, with everything that is known of it");
  show.add_option("incident", arguments.incident, "Its id, or the beginning of it")->required();
  show.add_flag("--json", arguments.json, "Its last event");
  show.callback([&] { chosen = [&arguments] { return incidents_show_command(arguments); }; });
  const auto add_action = [&](const std::string& name, const char* doc) -> CLI::App& {
    CLI::App& command = add(name, doc);
    command.add_option("incident", arguments.incident, "Its id, or the beginning of it")->required();
    command.add_option("--by", arguments.by, "Who decides; without it the user of this process");
    if (name != "note") command.add_option("--text", arguments.text, "Why; kept with the incident");
    command.callback([&arguments, &chosen, name] {
      chosen = [&arguments, name] { return incidents_decide_command(arguments, name); };
    });
    return command;
  };
  CLI::App& mute = add_action("mute", "Tell nobody of it");
  mute.add_option("--for", arguments.for_long, "That long, such as 2h");
  mute.add_option("--until", arguments.until, "Until then, RFC 3339");
  mute.add_option("--unless-worse", arguments.worsens_by, "Unless it worsens by that many levels, or doublings")
      ->check(CLI::Range(1, 4));
  add_action("unmute", "Tell of it again");
  add_action("ack", "Somebody has seen it");
  add_action("assign", "Somebody takes it").add_option("--to", arguments.to, "Who; without it nobody any more");
  add_action("resolve", "It is over, whatever the counts say");
  add_action("note", "Keep a remark with it").add_option("text", arguments.text, "The remark")->required();
  add_action("feedback", "Was it worth an alert? A false alarm makes the listener's next one less easy")
      .add_option("verdict", arguments.verdict, "true or false-alarm")
      ->required()
      ->check(CLI::IsMember({"true", "false-alarm"}));
}

void add_backtest(CLI::App& app, BacktestArguments& backtest, Chosen& chosen) {
  CLI::App& command = *app.add_subcommand("backtest", "When a changed policy would have opened incidents in the past");
  command.add_option("--config,-c", backtest.config, "Configuration file of the engine")->required();
  command.add_option("--changed", backtest.changed, "Configuration file with the policy and the listeners to try");
  command.add_option("--listener", backtest.listener, "Its name")->required();
  command.add_option("--from", backtest.from, "Judge from then on, RFC 3339; what is older is learned from")
      ->required();
  command.add_option("--to", backtest.to, "Until then")->required();
  command.add_option("--sensitivity", backtest.sensitivity, "Try this sensitivity")->check(CLI::Range(0.01, 100.0));
  command.add_option("--min-mentions", backtest.min_mentions, "Try this least number of mentions")
      ->check(CLI::Range(1, 1'000'000'000));
  command.callback([&] { chosen = [&backtest] { return backtest_command(backtest); }; });
}

void add_baseline(CLI::App& app, BaselineImportArguments& baseline, Chosen& chosen) {
  CLI::App& group = *app.add_subcommand("baseline", "What is usual for listeners")->require_subcommand(1);
  CLI::App& command = *group.add_subcommand("import", "Learn it from counts of the past, while earshot does not run");
  command.add_option("--config,-c", baseline.config, "Configuration file of the engine")->required();
  command.add_option("--every", baseline.every, "What a row stands for, such as 5m; else windows.pane");
  command.add_flag("--replace", baseline.replaces, "In place of what is known of a listener already");
  command.add_option("file", baseline.file, "CSV or NDJSON of listener, pane_start, count and perhaps negative, or -")
      ->required();
  command.callback([&] { chosen = [&baseline] { return baseline_import_command(baseline); }; });
}

void add_generate(CLI::App& app, GenerateArguments& generate, Chosen& chosen) {
  CLI::App& command = *app.add_subcommand("generate", "Write a realistic day of posts with a crisis in it");
  command.add_option("--seed", generate.seed, "The same seed gives the same bytes")->capture_default_str();
  command.add_option("--hours", generate.hours, "Length")->capture_default_str();
  command.add_option("--rate", generate.posts_per_second, "Posts per second, on average")->capture_default_str();
  command.add_option("--start", generate.start, "Time of the first post, RFC 3339");
  command.add_option("--format", generate.format, "canonical or mixed (each platform's own)")->capture_default_str();
  command.add_option("--out", generate.out, "File to write, or - for stdout")->required();
  command.callback([&] { chosen = [&generate] { return generate_command(generate); }; });
}

// What RuleCompiler starts; `group` without a name keeps it out of the help.
void add_compile_rules(CLI::App& app, CompileRulesArguments& arguments, Chosen& chosen) {
  CLI::App& command = *app.add_subcommand(std::string(kCompileVerb), "")->group("");
  command.add_option("--listeners", arguments.listeners);
  command.add_option("--case-folding", arguments.case_folding);
  command.add_option("--cache", arguments.cache);
  command.add_option("--memory", arguments.memory_bytes);
  command.add_option("--seconds", arguments.seconds);
  command.add_flag("--one-by-one", arguments.one_by_one);
  command.callback([&] { chosen = [&arguments] { return compile_rules_command(arguments); }; });
}

void add_triage(CLI::App& app, TriageArguments& arguments, Chosen& chosen) {
  CLI::App& group = *app.add_subcommand("triage", "Look at triage rules before they run")->require_subcommand(1);
  const auto add = [&](const char* name, const char* doc, int (*run)(const TriageArguments&)) -> CLI::App& {
    CLI::App& command = *group.add_subcommand(name, doc);
    command.add_option("--rules", arguments.rules, "File of triage rules instead of the built-in ones");
    command.add_option("--model", arguments.model, "Sentiment model: vader or earshot")->capture_default_str();
    command.add_option("posts", arguments.posts, "Files of canonical posts, or - for stdin")->required();
    command.callback([&arguments, &chosen, run] { chosen = [&arguments, run] { return run(arguments); }; });
    return command;
  };
  CLI::App& test = add("test", "Posts against the class that a person gave, in 'expect'", triage_test_command);
  test.add_option("--min-macro-f1", arguments.macro_f1_min, "Fail below this, 0 to 1");
  test.add_flag("--faults", arguments.shows_faults, "Name the posts that got another class");
  add("explain", "What each rule had to say about each post", triage_explain_command);
}

void add_try(CLI::App& app, Arguments& arguments, Chosen& chosen) {
  CLI::App& group =
      *app.add_subcommand("try", "Run one operator on stdin, a line out for each line in")->require_subcommand(1);
  CLI::App& parse = *group.add_subcommand("parse", "Records of a platform to canonical posts");
  parse.add_option("--format", arguments.format, parse::format_names_in_words())->capture_default_str();
  parse.add_option("--config", arguments.parse_config, "Read records as the source of this configuration is read");
  parse.callback([&] { chosen = [&] { return try_parse_command(arguments.format, arguments.parse_config); }; });

  CLI::App& match = *group.add_subcommand("match", "Which listeners each canonical post meets, and where");
  match.add_option("--listeners", arguments.listeners, "Folder or file of listeners")->required();
  match.add_option("--case-folding", arguments.case_folding, "unicode or ascii")->capture_default_str();
  match.add_option("--model", arguments.model, "Of sentiment: vader or earshot")->capture_default_str();
  match.callback([&] {
    chosen = [&] { return try_match_command(arguments.listeners, arguments.case_folding, arguments.model); };
  });

  CLI::App& sentiment = *group.add_subcommand("sentiment",
                                              "How each JSON object {\"text\":…} feels, a line each; \"lang\" is its "
                                              "language, \"towards\" a brand in it, or a list "
                                              "of brands, that it is also asked about");
  sentiment.add_option("--model", arguments.sentiment.model, "Of English texts: vader or earshot")
      ->capture_default_str();
  sentiment.add_option("--lexicon", arguments.sentiment.lexicons, "File of rated words of a language; may repeat");
  sentiment.add_option("--model-file", arguments.sentiment.models, "File of a trained model; may repeat");
  sentiment.callback([&] { chosen = [&] { return try_sentiment_command(arguments.sentiment); }; });

  CLI::App& triage = *group.add_subcommand("triage", "What each canonical post wants, and how urgent it is");
  triage.add_option("--model", arguments.model, "Sentiment model: vader or earshot")->capture_default_str();
  triage.add_option("--rules", arguments.triage.rules, "File of triage rules instead of the built-in ones");
  triage.callback([&] { chosen = [&] { return try_triage_command(arguments.model, arguments.triage.rules); }; });

  CLI::App& spike = *group.add_subcommand("spike", "Score each value of a timestamp,value series");
  spike.add_option("--pane", arguments.pane_seconds, "Seconds between two values")->capture_default_str();
  spike.callback([&] { chosen = [&] { return try_spike_command(arguments.pane_seconds); }; });
}

}  // namespace

// jemalloc's settings, which it looks for under this name. Batches come and go many times a second: their pages are kept
// for ten seconds, as is its default, and then given back by a thread of its own, even if all others are idle.
extern "C" const char* malloc_conf;
const char* malloc_conf = "background_thread:true";

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  std::cin.tie(nullptr);
  CLI::App app("earshot listens to social media and says when a crisis begins", "earshot");
  app.set_version_flag("--version", EARSHOT_VERSION);
  app.require_subcommand(1);
  Arguments arguments;
  Chosen chosen;
  add_run(app, arguments.run, chosen);
  CLI::App& check = *app.add_subcommand("check", "Check a configuration and its listeners without running");
  check.add_option("--config,-c,config", arguments.check_config, "Configuration file")->required();
  check.callback([&] { chosen = [&] { return check_command(arguments.check_config); }; });
  add_alerts(app, arguments.alerts, chosen);
  add_mentions(app, arguments.mentions, chosen);
  add_plan(app, arguments.plan, chosen);
  add_audit(app, arguments.audit, chosen);
  add_dead_letters(app, arguments.dead_letters, chosen);
  add_incidents(app, arguments.incidents, chosen);
  add_backtest(app, arguments.backtest, chosen);
  add_baseline(app, arguments.baseline, chosen);
  add_generate(app, arguments.generate, chosen);
  add_rule_verbs(app, arguments.rules, chosen);
  add_compile_rules(app, arguments.compile_rules, chosen);
  add_triage(app, arguments.triage, chosen);
  add_try(app, arguments, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int status = app.exit(error);
    return status == 0 ? 0 : 2;
  }
  return chosen();
}
