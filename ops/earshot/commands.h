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
  std::string listeners;                 // folder or file
  std::string case_folding = "unicode";  // or "ascii"
  std::string listener;                  // explain: its name
  std::string posts;                     // explain: NDJSON file or "-"; test: file or folder of fixtures
  bool is_strict = false;                // lint: a remark is a failure
};
int rules_lint_command(const RulesArguments& arguments);
int rules_explain_command(const RulesArguments& arguments);
// Fixtures are canonical posts, a line each, with the names of the listeners that must match in a member "expect".
int rules_test_command(const RulesArguments& arguments);

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

int try_parse_command(const std::string& format);
int try_match_command(const std::string& listeners, const std::string& case_folding);
int try_sentiment_command(const std::string& model);
int try_triage_command(const std::string& model, const std::string& rules_file);
int try_spike_command(int64_t pane_seconds);

}  // namespace earshot
