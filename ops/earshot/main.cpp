#include <mimalloc.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <functional>
#include <iostream>

#include "ops/earshot/commands.h"

namespace {

using namespace earshot;

// A verb's options live as long as the program's parsing of them.
struct Arguments {
  RunArguments run;
  std::string check_config;
  AlertsTailArguments alerts;
  GenerateArguments generate;
  std::string format = "auto";
  std::string listeners;
  std::string case_folding = "unicode";
  std::string model = "vader";
  int64_t pane_seconds = 300;
};

using Chosen = std::function<int()>;

void add_run(CLI::App& app, RunArguments& run, Chosen& chosen) {
  CLI::App& command = *app.add_subcommand("run", "Listen, detect and alert, until SIGTERM or the end of the input");
  command.add_option("--config,-c", run.config, "Configuration file")->required();
  command.add_option("--only", run.only, "Run one role: listen, detect or incident");
  command.add_flag("--until-end", run.until_end, "Stop at the end of the input");
  command.add_flag("--watch", run.watch, "Show alerts and progress to a person");
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

void add_try(CLI::App& app, Arguments& arguments, Chosen& chosen) {
  CLI::App& group =
      *app.add_subcommand("try", "Run one operator on stdin, a line out for each line in")->require_subcommand(1);
  CLI::App& parse = *group.add_subcommand("parse", "Records of a platform to canonical posts");
  parse.add_option("--format", arguments.format, "auto, canonical, x-v2, twitter-v1, jetstream, mastodon or reddit")
      ->capture_default_str();
  parse.callback([&] { chosen = [&] { return try_parse_command(arguments.format); }; });

  CLI::App& match = *group.add_subcommand("match", "Which listeners each canonical post meets, and where");
  match.add_option("--listeners", arguments.listeners, "Folder or file of listeners")->required();
  match.add_option("--case-folding", arguments.case_folding, "unicode or ascii")->capture_default_str();
  match.callback([&] { chosen = [&] { return try_match_command(arguments.listeners, arguments.case_folding); }; });

  CLI::App& sentiment = *group.add_subcommand("sentiment", "How each {\"text\":…} feels");
  sentiment.add_option("--model", arguments.model, "vader or earshot")->capture_default_str();
  sentiment.callback([&] { chosen = [&] { return try_sentiment_command(arguments.model); }; });

  CLI::App& triage = *group.add_subcommand("triage", "What each canonical post wants, and how urgent it is");
  triage.add_option("--model", arguments.model, "Sentiment model: vader or earshot")->capture_default_str();
  triage.callback([&] { chosen = [&] { return try_triage_command(arguments.model); }; });

  CLI::App& spike = *group.add_subcommand("spike", "Score each value of a timestamp,value series");
  spike.add_option("--pane", arguments.pane_seconds, "Seconds between two values")->capture_default_str();
  spike.callback([&] { chosen = [&] { return try_spike_command(arguments.pane_seconds); }; });
}

}  // namespace

int main(int argc, char** argv) {
  // Batches come and go many times a second: giving their pages back at once would fault them in anew each time.
  constexpr long keep_free_pages_ms = 10'000;
  mi_option_set(mi_option_decommit_delay, keep_free_pages_ms);
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
  add_generate(app, arguments.generate, chosen);
  add_try(app, arguments, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int status = app.exit(error);
    return status == 0 ? 0 : 2;
  }
  return chosen();
}
