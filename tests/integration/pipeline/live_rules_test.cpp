// Listeners that are edited under a running engine.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <thread>

#include "connectors/local/local_log.h"
#include "tests/contract/drain.h"
#include "tests/integration/pipeline/engine_process.h"
#include "tests/json_schema/json_schema.h"

namespace earshot {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;

class LiveRulesRun : public testing::Test {
 protected:
  LiveRulesRun() {
    listen_to("acme", "desk");
    append("first acme");
    config_ = workspace_.path("live.yaml").string();
    std::ofstream(config_) << "name: live\ndata_dir: live\nlisteners: rules\nlisteners_reload: 100ms\n"
                              "admin: {enabled: false}\nlog: {partitions: 1}\nruntime: {commit_interval: 50ms}\n"
                              "source: {connector: file, path: posts.ndjson, follow: true}\n";
  }

  // The set is put in place at once, as a deployment would.
  void listen_to(const std::string& word, const std::string& spoke) const {
    write_rules("listeners: [{name: " + word + ", spoke: " + spoke + ", owner: o, query: " + word + "}]\n");
  }
  void write_rules(const std::string& yaml) const {
    std::filesystem::create_directories(workspace_.path("rules"));
    std::ofstream(workspace_.path("rules.next")) << yaml;
    std::filesystem::rename(workspace_.path("rules.next"), workspace_.path("rules") / "all.yaml");
  }
  void append(const std::string& text) {
    std::ofstream(workspace_.path("posts.ndjson"), std::ios::app)
        << R"({"id":"p)" << ++posts_ << R"(","platform":"x","created_at":"2026-03-02T14:00:00Z","text":")" << text
        << "\"}\n";
  }

  // Values of a topic of the log so far.
  [[nodiscard]] std::vector<std::string> values(const std::string& topic) const {
    auto log = local::open_local_log_reader((workspace_.path("live") / "log").string());
    if (!log) return {};
    auto source = (*log)->subscribe({topic}, {.until_end = true});
    if (!source) return {};
    contract::settle(**source);
    return contract::drain(**source).values({topic, 0});
  }
  static bool comes_true(const std::function<bool()>& condition) {
    for (const auto end = std::chrono::steady_clock::now() + seconds(20); std::chrono::steady_clock::now() < end;) {
      if (condition()) return true;
      std::this_thread::sleep_for(milliseconds(50));
    }
    return false;
  }

  Workspace workspace_;
  std::string config_;
  int posts_ = 0;
};

TEST_F(LiveRulesRun, TakesUpAGoodSetRefusesABadOneAndKeepsATrail) {
  EngineProcess engine({"run", "--config", config_});
  ASSERT_TRUE(comes_true([&] { return values("mentions.desk").size() == 1; })) << engine.errors_so_far();

  write_rules("listeners: [{name: zenit, spoke: sales, owner: o, query: 'zenit ('}]\n");
  ASSERT_TRUE(comes_true([&] { return values("rule-changes").size() == 1; })) << engine.errors_so_far();
  append("second acme");
  ASSERT_TRUE(comes_true([&] { return values("mentions.desk").size() == 2; })) << "the old set must stay in force";

  listen_to("zenit", "sales");
  ASSERT_TRUE(comes_true([&] { return values("rule-changes").size() == 2; })) << engine.errors_so_far();
  std::this_thread::sleep_for(milliseconds(200));  // the next commit
  append("acme and zenit");
  ASSERT_TRUE(comes_true([&] { return values("mentions.sales").size() == 1; })) << engine.errors_so_far();
  EXPECT_EQ(values("mentions.desk").size(), 2u);

  const auto trail = values("rule-changes");
  for (const std::string& change : trail) {
    EXPECT_EQ(schema_faults(nlohmann::json::parse(change),
                            std::filesystem::path(EARSHOT_SOURCE_DIR) / "schemas" / "rule_change.schema.json"),
              "");
  }
  const auto refused = nlohmann::json::parse(trail[0]);
  const auto adopted = nlohmann::json::parse(trail[1]);
  EXPECT_EQ(refused["outcome"], "refused");
  EXPECT_THAT(refused["reason"].get<std::string>(), HasSubstr("all.yaml:1:"));
  EXPECT_EQ(adopted["outcome"], "adopted");
  EXPECT_EQ(adopted["version_before"], refused["version"]);
  EXPECT_EQ(adopted["edits"].size(), 2u);
  EXPECT_EQ(nlohmann::json::parse(values("mentions.sales")[0])["rule_version"], adopted["version"]);

  engine.signal(SIGTERM);
  const auto ended = engine.wait_at_most(seconds(30));
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_THAT(ended.err, HasSubstr("rules: refused; the listeners in force stay"));
  EXPECT_THAT(ended.err, HasSubstr("rules: adopted"));
  EXPECT_EQ(run_earshot({"audit", "--config", config_}).status, 0);
}

}  // namespace
}  // namespace earshot
