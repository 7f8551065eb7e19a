// The desk's verbs on a local log, with the binary that users run.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/integration/pipeline/engine_process.h"

namespace earshot {
namespace {

using nlohmann::json;

class IncidentsCommand : public testing::Test {
 protected:
  void SetUp() override {
    config_ = workspace_.configure("desk", "source: {connector: file, path: " + Workspace::posts().string() +
                                               "}\noutputs: {files: {dead_letters: dead.ndjson}}\n");
    run_engine();
    const auto listed = incidents("list", {"--all", "--json"});
    ASSERT_EQ(listed.status, 0) << listed.err;
    ASSERT_FALSE(listed.out.empty());
    event_ = json::parse(listed.out.substr(0, listed.out.find('\n')));
    id_ = event_["data"]["incident"];
  }
  void run_engine() const {
    const auto ran = run_earshot({"run", "--config", config_, "--until-end"});
    ASSERT_EQ(ran.status, 0) << ran.err;
  }
  [[nodiscard]] Finished incidents(const std::string& verb, std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"incidents", verb, "--config", config_});
    return run_earshot(arguments);
  }

  Workspace workspace_;
  std::string config_;
  json event_;
  std::string id_;
};

TEST_F(IncidentsCommand, DecideAndAreCarriedOutByTheNextRun) {
  EXPECT_EQ(incidents("ack", {id_.substr(0, 12), "--by", "nora"}).status, 0);
  EXPECT_EQ(incidents("note", {id_, "called the bank", "--by", "tom"}).status, 0);
  EXPECT_EQ(incidents("feedback", {id_, "false-alarm", "--by", "tom"}).status, 0);
  run_engine();
  const auto shown = incidents("show", {id_, "--json"});
  ASSERT_EQ(shown.status, 0) << shown.err;
  const json data = json::parse(shown.out)["data"];
  EXPECT_EQ(data["desk"]["acknowledged_by"], "nora");
  ASSERT_EQ(data["desk"]["notes"].size(), 3U);
  EXPECT_EQ(data["desk"]["notes"][1]["text"], "called the bank");
  EXPECT_EQ(data["sequence"], event_["data"]["sequence"].get<int>() + 3);
  run_engine();
  const auto again = incidents("show", {id_, "--json"});
  EXPECT_EQ(again.out, shown.out) << "a decision counts once";
  const auto audited = run_earshot({"audit", "--config", config_});
  EXPECT_EQ(audited.status, 0) << audited.out << audited.err;
}

TEST_F(IncidentsCommand, ShowAPersonWhatIsKnown) {
  const auto page = incidents("show", {id_});
  EXPECT_EQ(page.status, 0) << page.err;
  for (const char* part : {"severity", "origin", "last hour", "matched:", "rule version"}) {
    EXPECT_NE(page.out.find(part), std::string::npos) << part << " in\n" << page.out;
  }
  EXPECT_NE(incidents("list", {"--all"}).out.find(id_), std::string::npos);
}

TEST_F(IncidentsCommand, RefuseWhatCannotBe) {
  EXPECT_EQ(incidents("ack", {"inc-nowhere"}).status, 1);
  EXPECT_EQ(incidents("mute", {id_, "--for", "soon"}).status, 1);
  EXPECT_EQ(incidents("feedback", {id_, "perhaps"}).status, 2);
}

TEST_F(IncidentsCommand, DeadLetterADecisionThatIsNone) {
  const auto folder = [&] {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(workspace_.path(""))) {
      if (entry.path().filename() == "instances") return entry.path().parent_path() / "control";
    }
    return workspace_.path("control");
  }();
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "1.json") << R"({"action": "explode"})";
  run_engine();
  const auto letters = run_earshot({"dead-letters", "list", "--config", config_, "--stage", "incident"});
  EXPECT_EQ(letters.status, 0) << letters.err;
  EXPECT_NE(letters.out.find("not a decision about an incident"), std::string::npos) << letters.out;
  EXPECT_FALSE(std::filesystem::exists(folder / "1.json"));
}

TEST_F(IncidentsCommand, ShowWhatAnotherPolicyWouldHaveDone) {
  const std::string listener = event_["data"]["listeners"][0]["listener"];
  const std::string day = event_["data"]["timeline"]["opened_at"].get<std::string>().substr(0, 10);
  const std::vector<std::string> span{"backtest", "--config",         config_, "--listener",      listener,
                                      "--from",   day + "T00:00:00Z", "--to",  day + "T23:59:59Z"};
  const auto same = run_earshot(span);
  EXPECT_EQ(same.status, 0) << same.err;
  EXPECT_NE(same.out.find("what did: 1 incident"), std::string::npos) << same.out;
  EXPECT_NE(same.out.find("as it is: 1 incident"), std::string::npos) << same.out;
  auto stricter = span;
  stricter.insert(stricter.end(), {"--min-mentions", "1000000"});
  EXPECT_NE(run_earshot(stricter).out.find("as changed: 0 incidents"), std::string::npos);
}

}  // namespace
}  // namespace earshot
