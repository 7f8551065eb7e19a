// The whole pipeline on the embedded log: the binary that users run, on a generated day with a crisis in it.
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>

#include "tests/integration/pipeline/engine_process.h"

namespace earshot {
namespace {

using nlohmann::json;

std::string sections(const std::string& outputs, const std::string& more = {}) {
  return "source: {connector: file, path: " + Workspace::posts().string() + "}\noutputs: {files: {alerts: " + outputs +
         "-alerts.ndjson, windows: " + outputs + "-windows.ndjson, dead_letters: " + outputs +
         "-dead.ndjson, mentions: " + outputs + "-mentions.ndjson}}\n" + more;
}

struct Outputs {
  std::vector<std::string> alerts;
  std::vector<std::string> windows;
  std::vector<std::string> mentions;
  size_t dead_letters;
  friend bool operator==(const Outputs&, const Outputs&) = default;
};

Outputs outputs_of(const Workspace& workspace, const std::string& name) {
  return {sorted_lines_of(workspace.path(name + "-alerts.ndjson")),
          sorted_lines_of(workspace.path(name + "-windows.ndjson")),
          sorted_lines_of(workspace.path(name + "-mentions.ndjson")),
          lines_of(workspace.path(name + "-dead.ndjson")).size()};
}

Outputs run_through(const Workspace& workspace, const std::string& name, const std::string& more = {}) {
  const auto finished =
      run_earshot({"run", "--config", workspace.configure(name, sections(name, more)), "--until-end"});
  EXPECT_EQ(finished.status, 0) << finished.err;
  return outputs_of(workspace, name);
}

TEST(LocalRun, TurnsADayOfPostsIntoOneIncidentForItsCrisis) {
  const Workspace workspace;
  const Outputs outputs = run_through(workspace, "day");
  EXPECT_GT(outputs.windows.size(), 100u);
  EXPECT_GT(outputs.mentions.size(), 500u);
  EXPECT_GT(outputs.dead_letters, 0u);
  std::map<std::string, std::vector<std::string>> states_by_incident;
  std::map<std::string, std::string> severest_listener;
  for (const std::string& line : lines_of(workspace.path("day-alerts.ndjson"))) {
    const json event = json::parse(line);
    EXPECT_EQ(event["specversion"], "1.0");
    const std::string type = event["type"];
    states_by_incident[event["subject"]].push_back(type.substr(type.rfind('.') + 1));
  }
  ASSERT_FALSE(states_by_incident.empty());
  for (const auto& [incident, states] : states_by_incident) {
    EXPECT_EQ(states.front(), "opened") << incident;
    EXPECT_EQ(states.back(), "resolved") << incident;
    EXPECT_EQ(std::count(states.begin(), states.end(), "opened"), 1) << incident;
    EXPECT_LE(states.size(), 8u) << incident << " is a stream of repeats";
  }
}

TEST(LocalRun, GivesTheSameOutputsWhateverTheParallelismAndTheCommits) {
  const Workspace workspace;
  const Outputs usual = run_through(workspace, "usual");
  const Outputs other = run_through(
      workspace, "other", "runtime: {threads: 1, commit_interval: 20ms, batch_bytes: 64KiB}\nlog: {partitions: 3}\n");
  EXPECT_EQ(usual.alerts, other.alerts);
  EXPECT_EQ(usual.windows, other.windows);
  EXPECT_EQ(usual.mentions, other.mentions);
}

TEST(LocalRun, LosesAndDoublesNothingWhenItIsKilledAgainAndAgain) {
  const Workspace workspace;
  const Outputs undisturbed = run_through(workspace, "undisturbed");
  const std::string config =
      workspace.configure("killed", sections("killed", "runtime: {commit_interval: 20ms, batch_bytes: 64KiB}\n"));
  std::mt19937 random(20261122);
  int kills = 0;
  for (int attempt = 0; attempt < 8; ++attempt) {
    EngineProcess engine({"run", "--config", config, "--until-end"});
    std::this_thread::sleep_for(std::chrono::milliseconds(150 + random() % 500));
    engine.signal(SIGKILL);
    kills += engine.wait().status == 128 + SIGKILL;
  }
  EXPECT_GT(kills, 0);
  const auto finished = run_earshot({"run", "--config", config, "--until-end"});
  ASSERT_EQ(finished.status, 0) << finished.err;
  const Outputs killed = outputs_of(workspace, "killed");
  EXPECT_EQ(undisturbed.alerts, killed.alerts);
  EXPECT_EQ(undisturbed.windows, killed.windows);
  EXPECT_EQ(undisturbed.mentions, killed.mentions);
  EXPECT_EQ(undisturbed.dead_letters, killed.dead_letters);
}

TEST(LocalRun, EndsWithStatusZeroOnSigtermAndGoesOnFromThere) {
  const Workspace workspace;
  const Outputs undisturbed = run_through(workspace, "undisturbed");
  const std::string config = workspace.configure("stopped", sections("stopped", "runtime: {commit_interval: 50ms}\n"));
  {
    EngineProcess engine({"run", "--config", config});
    std::this_thread::sleep_for(std::chrono::milliseconds(1200));
    engine.signal(SIGTERM);
    const auto finished = engine.wait();
    EXPECT_EQ(finished.status, 0) << finished.err;
  }
  const auto finished = run_earshot({"run", "--config", config, "--until-end"});
  ASSERT_EQ(finished.status, 0) << finished.err;
  EXPECT_EQ(undisturbed.alerts, outputs_of(workspace, "stopped").alerts);
  EXPECT_EQ(undisturbed.windows, outputs_of(workspace, "stopped").windows);
}

TEST(LocalRun, ClosesAtTheEndWhatARunBeforeItHadBegun) {
  const Workspace workspace;
  const Outputs undisturbed = run_through(workspace, "undisturbed");
  const std::string config = workspace.configure("read", sections("read"));
  {
    EngineProcess engine({"run", "--config", config});  // reads everything, and waits for more than a file can give
    std::this_thread::sleep_for(std::chrono::seconds(3));
    engine.signal(SIGKILL);
    engine.wait();
  }
  const auto finished = run_earshot({"run", "--config", config, "--until-end"});
  ASSERT_EQ(finished.status, 0) << finished.err;
  EXPECT_EQ(undisturbed.windows, outputs_of(workspace, "read").windows);
  EXPECT_EQ(undisturbed.alerts, outputs_of(workspace, "read").alerts);
}

TEST(LocalRun, GivesTheSameOutputsWhenTheRolesRunOneAfterTheOther) {
  const Workspace workspace;
  const Outputs together = run_through(workspace, "together");
  const std::string config = workspace.configure("apart", sections("apart"));
  for (const std::string role : {"listen", "detect", "incident"}) {
    const auto finished = run_earshot({"run", "--config", config, "--until-end", "--only", role});
    ASSERT_EQ(finished.status, 0) << role << ": " << finished.err;
  }
  EXPECT_EQ(together, outputs_of(workspace, "apart"));
}

TEST(LocalRun, MatchesListenersByAsciiFoldingAndTriagesAllTheSame) {
  const Workspace workspace;
  std::ofstream(workspace.path("posts.ndjson"))
      << R"({"id":"1","platform":"x","created_at":"2026-03-02T14:00:00Z","text":"PAYVANTA stole my money \ud83d\ude21",)"
      << R"("author":{"id":"a"}})" << '\n';
  const std::string config = workspace.configure(
      "folded",
      "source: {path: posts.ndjson}\nmatch: {case_folding: ascii}\noutputs: {files: {mentions: folded.ndjson}}\n");
  const auto ended = run_earshot({"run", "--config", config, "--until-end"});
  ASSERT_EQ(ended.status, 0) << ended.err;
  const auto mentions = lines_of(workspace.path("folded.ndjson"));
  ASSERT_EQ(mentions.size(), 1u);
  EXPECT_NE(mentions[0].find("\"triage\""), std::string::npos) << mentions[0];
}

TEST(LocalRun, ShowsItsAlertsToAPersonInAnotherProcess) {
  const Workspace workspace;
  const Outputs outputs = run_through(workspace, "shown");
  const std::string config = workspace.path("shown.yaml").string();
  const auto text = run_earshot({"alerts", "tail", "--config", config, "--from-beginning", "--until-end"});
  EXPECT_EQ(text.status, 0) << text.err;
  EXPECT_NE(text.out.find("opened"), std::string::npos) << text.out;
  EXPECT_NE(text.out.find("resolved"), std::string::npos) << text.out;
  const auto raw = run_earshot({"alerts", "tail", "--config", config, "--from-beginning", "--until-end", "--json"});
  EXPECT_EQ(static_cast<size_t>(std::count(raw.out.begin(), raw.out.end(), '\n')), outputs.alerts.size());
}

TEST(Check, NeverDisagreesWithRun) {
  const Workspace workspace;
  const std::vector<std::pair<std::string, std::string>> mistakes{
      {"unknown", "sorce: {connector: file, path: x}\n"},
      {"missing-input", "source: {connector: file, path: /nowhere/to/be/found.ndjson}\n"},
      {"wrong-type", "source: {connector: file, path: x}\ntime: {disorder: soon}\n"},
      {"wrong-choice", "source: {connector: pigeon}\n"}};
  for (const auto& [name, text] : mistakes) {
    const std::string config = workspace.configure(name, text);
    const auto checked = run_earshot({"check", "--config", config});
    const auto ran = run_earshot({"run", "--config", config, "--until-end"});
    EXPECT_EQ(checked.status, 1) << name << checked.out;
    EXPECT_EQ(ran.status, 1) << name;
    EXPECT_EQ(checked.err, ran.err) << name;
    EXPECT_NE(checked.err.find(name + ".yaml:"), std::string::npos) << checked.err;
  }
  EXPECT_EQ(run_earshot({"check", "--config", workspace.configure("good", sections("good"))}).status, 0);
}

TEST(Check, NamesTheColumnOfAFaultInAQuery) {
  const Workspace workspace;
  std::ofstream(workspace.path("listeners/broken.yaml"))
      << "listeners:\n  - name: broken\n    spoke: service\n    owner: me\n    query: acme AND (refund\n";
  const auto checked = run_earshot({"check", "--config", workspace.configure("rules", sections("rules"))});
  EXPECT_EQ(checked.status, 1);
  EXPECT_NE(checked.err.find("broken.yaml:5:"), std::string::npos) << checked.err;
}

}  // namespace
}  // namespace earshot
