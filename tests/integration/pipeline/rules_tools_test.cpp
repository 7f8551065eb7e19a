// `earshot rules import`, `cost` and `backtest`.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/integration/pipeline/engine_process.h"

namespace earshot {
namespace {

using testing::HasSubstr;

class RulesTools : public testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(workspace_.path(name)) << text;
    return workspace_.path(name).string();
  }
  static std::string post(const std::string& id, const std::string& time, const std::string& text) {
    return R"({"id":")" + id + R"(","platform":"x","created_at":"2026-03-02T)" + time + R"(Z","text":")" + text +
           "\"}\n";
  }

  Workspace workspace_;
  const std::string listeners_ = write("rules.yaml",
                                       "listeners:\n"
                                       "  - {name: down, spoke: s, owner: o, query: 'payvanta (outage OR down)'}\n"
                                       "  - {name: refund, spoke: s, owner: o, query: 'refund*'}\n");
};

TEST_F(RulesTools, ImportWritesListenersThatCheckTakesAndSaysWhatIsLeftOut) {
  const std::string rules = write("gnip.txt", "payvanta (outage OR \"is down\")\npizza bio_location:boulder\n");
  const std::string out = workspace_.path("imported.yaml").string();
  const auto partly = run_earshot({"rules", "import", "--from", "powertrack", rules, "--out", out, "--spoke", "desk"});
  EXPECT_EQ(partly.status, 1);
  EXPECT_THAT(partly.err, HasSubstr("gnip.txt:2:7: rule 'gnip-2': left out: bio_location:"));
  EXPECT_THAT(partly.err, HasSubstr("2 rules, 1 translated, 1 left out"));
  const auto linted = run_earshot({"rules", "lint", "--listeners", out, "--strict"});
  EXPECT_EQ(linted.status, 0) << linted.out << linted.err;
  EXPECT_THAT(linted.out, HasSubstr("1 listeners, 0 remarks"));
  const auto whole =
      run_earshot({"rules", "import", "--from", "csdl", "-"}, "interaction.content contains \"payvanta\"\n");
  EXPECT_EQ(whole.status, 0) << whole.err;
  EXPECT_THAT(whole.out, HasSubstr("query: 'payvanta'"));
  EXPECT_EQ(run_earshot({"rules", "import", "--from", "lucene", rules}).status, 2);
}

TEST_F(RulesTools, CostNamesTheSlowestListeners) {
  const std::string posts = write(
      "posts.ndjson", post("1", "14:00:00", "payvanta is down") + post("2", "14:00:01", "give me a refund, payvanta"));
  for (const std::vector<std::string>& more : {std::vector<std::string>{}, {"--posts", posts}}) {
    std::vector<std::string> arguments{"rules", "cost", "--listeners", listeners_, "--budget", "0.5"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto ended = run_earshot(arguments);
    EXPECT_EQ(ended.status, 0) << ended.err;
    EXPECT_THAT(ended.out, HasSubstr("2 listeners compile in "));
#ifndef __SANITIZE_ADDRESS__  // whose allocator tells nothing
    EXPECT_THAT(ended.out, HasSubstr("memory: "));
#endif
    EXPECT_THAT(ended.out, HasSubstr("ns a post"));
    EXPECT_THAT(ended.out, HasSubstr("  refund\n"));
  }
}

TEST_F(RulesTools, BacktestShowsWhatChangesByASet) {
  const std::string candidate = write("next.yaml",
                                      "listeners:\n"
                                      "  - {name: down, spoke: s, owner: o, query: 'payvanta down'}\n"
                                      "  - {name: crash, spoke: s, owner: o, query: 'crash'}\n");
  const std::string posts =
      write("posts.ndjson", post("1", "10:00:00", "payvanta is down") + post("2", "13:30:00", "payvanta outage") +
                                post("3", "13:40:00", "a crash, refunds, payvanta down") + "no post\n");
  const auto all =
      run_earshot({"rules", "backtest", "--listeners", candidate, "--live", listeners_, "--input", posts, "--json"});
  EXPECT_EQ(all.status, 0) << all.err;
  EXPECT_THAT(all.err, HasSubstr("1 records could not be read"));
  std::map<std::string, nlohmann::json> rows;
  std::istringstream lines(all.out);
  for (std::string line; std::getline(lines, line);) {
    const auto row = nlohmann::json::parse(line);
    rows[row["listener"]] = row;
  }
  EXPECT_EQ(rows["down"]["matches"], 2);
  EXPECT_EQ(rows["down"]["lost"], 1);
  EXPECT_EQ(rows["down"]["lost_examples"][0]["id"], "2");
  EXPECT_EQ(rows["crash"]["standing"], "new");
  EXPECT_EQ(rows["refund"]["standing"], "gone");
  EXPECT_EQ(rows["refund"]["lost"], 1);

  const auto late = run_earshot({"rules", "backtest", "--listeners", candidate, "--input", posts, "--from", "1h",
                                 "--until", "2026-03-02T14:00:00Z"});
  EXPECT_THAT(late.out, HasSubstr("2 posts, 1 of them matched"));
  EXPECT_EQ(run_earshot({"rules", "backtest", "--listeners", candidate}).status, 1);
}

TEST_F(RulesTools, BacktestReadsTheInputThatTheConfigurationNames) {
  write("posts.ndjson", post("1", "10:00:00", "payvanta is down"));
  const std::string candidate =
      write("next.yaml", "listeners: [{name: down, spoke: s, owner: o, query: 'payvanta OR outage'}]\n");
  const std::string config =
      write("test.yaml", "listeners: rules.yaml\nsource: {connector: file, path: posts.ndjson}\n");
  const auto ended = run_earshot({"rules", "backtest", "--listeners", candidate, "--config", config});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("1 posts, 1 of them matched"));
  EXPECT_THAT(ended.out, HasSubstr("same     down"));
  EXPECT_THAT(ended.out, HasSubstr("gone     refund"));
}

}  // namespace
}  // namespace earshot
