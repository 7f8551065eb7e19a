// Commands: what `earshot VERB` does. Each answers the exit status: 0 done, 1 the input or a run failed, 2 wrong
// usage.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace earshot {

struct RunArguments {
  std::string config;
  std::string only;  // "", "listen", "detect" or "incident"
  bool until_end = false;
  bool watch = false;  // show alerts and progress to a person
  bool accepts_state_reset = false;
};
int run_command(const RunArguments& arguments);

int check_command(const std::string& config);

struct AlertsTailArguments {
  std::string config;
  std::string spoke;  // empty: the hub's topic
  bool from_beginning = false;
  bool until_end = false;  // stop at the end of what is there instead of waiting for more
  bool json = false;       // the CloudEvents themselves, a line each
};
int alerts_tail_command(const AlertsTailArguments& arguments);

struct MentionsTailArguments {
  std::string config;
  std::string spoke;
  bool late = false;  // the mentions that came too late for their windows, of all spokes
  bool from_beginning = false;
  bool until_end = false;
};
int mentions_tail_command(const MentionsTailArguments& arguments);

struct PlanArguments {
  std::string before;  // configuration files
  std::string after;
};
// 3: an edit needs a state reset.
int plan_command(const PlanArguments& arguments);

struct AuditArguments {
  std::string config;
  bool skips_input = false;  // do not read the input again
};
// 1 also when something does not add up.
int audit_command(const AuditArguments& arguments);

struct DeadLettersArguments {
  std::string config;
  std::string stage;                // "" for any
  std::string reason;               // part of it
  std::string since;                // RFC 3339, of the record's time
  std::vector<std::string> places;  // topic/partition@offset of the input; empty: all
  std::string to;                   // replay: file or "-" instead of the input
  bool payload_alone = false;       // show: the bytes and nothing else
};
int dead_letters_list_command(const DeadLettersArguments& arguments);
int dead_letters_show_command(const DeadLettersArguments& arguments);
int dead_letters_replay_command(const DeadLettersArguments& arguments);

struct IncidentsArguments {
  std::string config;
  std::string incident;    // its id, or as much of its beginning as tells it from others
  bool all = false;        // list: resolved ones too
  bool json = false;       // list, show: the CloudEvents themselves, a line each
  std::string by;          // who decides; empty: the user of this process
  std::string for_long;    // mute: a duration
  std::string until;       // mute: RFC 3339
  int64_t worsens_by = 0;  // mute
  std::string to;          // assign; empty takes it back
  std::string text;        // note; optional for all others
  std::string verdict;     // feedback: true or false-alarm
};
int incidents_list_command(const IncidentsArguments& arguments);
int incidents_show_command(const IncidentsArguments& arguments);
// `action` is one of the control topic: mute, unmute, ack, assign, resolve, note, feedback.
int incidents_decide_command(const IncidentsArguments& arguments, const std::string& action);

struct BacktestArguments {
  std::string config;
  std::string changed;  // configuration file with the policy to try; empty: the same
  std::string listener;
  std::string from;  // RFC 3339
  std::string to;
  double sensitivity = 0;  // instead of the listener's own; 0: its own
  int64_t min_mentions = 0;
};
int backtest_command(const BacktestArguments& arguments);

struct BaselineImportArguments {
  std::string config;
  std::string file;       // or "-"
  std::string every;      // a duration that a row stands for; empty: windows.pane
  bool replaces = false;  // what is known of a listener already
};
int baseline_import_command(const BaselineImportArguments& arguments);

struct GenerateArguments {
  uint64_t seed = 7;
  double hours = 24;
  double posts_per_second = 4;
  std::string start;  // RFC 3339; empty: the generator's own day
  std::string format = "canonical";
  std::string out;  // file, or "-" for stdout
};
int generate_command(const GenerateArguments& arguments);

struct RulesArguments {
  std::string listeners;                  // folder or file
  std::string case_folding = "unicode";   // or "ascii"
  std::string listener;                   // explain: its name
  std::string posts;                      // explain: NDJSON file or "-"; test: file or folder of fixtures; cost: file
  std::string sentiment_model = "vader";  // explain and test: for terms that ask
  bool is_strict = false;                 // lint: a remark is a failure
  size_t slowest = 10;                    // cost: listeners that are named
  double budget_seconds = 10;             // cost: for looking at listeners one by one
};
int rules_lint_command(const RulesArguments& arguments);
int rules_explain_command(const RulesArguments& arguments);
// Fixtures are canonical posts, a line each, with the names of the listeners that must match in a member "expect".
int rules_test_command(const RulesArguments& arguments);
int rules_cost_command(const RulesArguments& arguments);

struct RulesImportArguments {
  std::string language;  // powertrack, brandwatch or csdl
  std::string file;      // or "-"
  std::string out;       // file; empty: stdout
  std::string spoke = "imported";
  std::string owner = "imported";
};
// 1 also when a rule was left out.
int rules_import_command(const RulesImportArguments& arguments);

struct RulesBacktestArguments {
  std::string listeners;  // as they would be
  std::string live;       // as they are; empty: those of the configuration, none without one
  std::string config;     // whose input is read
  std::string input;      // a file, a folder or "-" instead
  std::string format = "auto";
  std::string from;          // how far back from `until`, such as 6h; empty: everything
  std::string until;         // RFC 3339; empty: now
  std::string case_folding;  // empty: as the configuration says, else unicode
  size_t examples = 3;
  bool json = false;
};
int rules_backtest_command(const RulesBacktestArguments& arguments);

struct TriageArguments {
  std::string rules;               // file; empty: the built-in ones
  std::string model = "vader";     // of sentiment
  std::vector<std::string> posts;  // NDJSON files, or "-"
  double macro_f1_min = 0;         // test: less is a failure
  bool shows_faults = false;       // test: name the posts that got another class
};
// Fixtures are canonical posts, a line each, with the class that a person gave in a member "expect".
int triage_test_command(const TriageArguments& arguments);
int triage_explain_command(const TriageArguments& arguments);

int try_parse_command(const std::string& format, const std::string& config);
int try_match_command(const std::string& listeners, const std::string& case_folding, const std::string& model);
struct TrySentimentArguments {
  std::string model = "vader";
  std::vector<std::string> lexicons;  // files, a language each
  std::vector<std::string> models;
};
int try_sentiment_command(const TrySentimentArguments& arguments);
int try_triage_command(const std::string& model, const std::string& rules_file);
int try_spike_command(int64_t pane_seconds);

}  // namespace earshot
