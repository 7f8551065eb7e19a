// `earshot try triage` and `earshot triage`, and triage rules that are edited under a running engine.
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

class TriageCommands : public testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(workspace_.path(name + ".next")) << text;
    std::filesystem::rename(workspace_.path(name + ".next"), workspace_.path(name));
    return workspace_.path(name).string();
  }
  // A post that one more rule gives that class.
  static std::string rules_for(const std::string& kind, const std::string& condition) {
    return "classes: [{class: " + kind + "}]\nrules: [{class: " + kind + ", points: 2, " + condition + "}]\n";
  }
  static std::string post(const std::string& id, const std::string& lang, const std::string& text,
                          const std::string& more = {}) {
    return R"({"id":")" + id + R"(","platform":"x","created_at":"2026-03-02T14:00:00Z","lang":")" + lang +
           R"(","text":")" + text + "\"" + more + "}\n";
  }
  [[nodiscard]] std::vector<std::string> values(const std::string& topic) const {
    auto log = local::open_local_log_reader((workspace_.path("live") / "log").string());
    if (!log) return {};
    auto source = (*log)->subscribe({topic}, {.until_end = true});
    if (!source) return {};
    contract::settle(**source);
    return contract::drain(**source).values({topic, 0});
  }
  static bool comes_true(const std::function<bool()>& condition) {
    for (const auto end = std::chrono::steady_clock::now() + seconds(40); std::chrono::steady_clock::now() < end;) {
      if (condition()) return true;
      std::this_thread::sleep_for(milliseconds(50));
    }
    return false;
  }

  Workspace workspace_;
};

TEST_F(TriageCommands, NeverScoreAPostOfAnotherLanguageAsEnglish) {
  const std::string rules = write("negative.yaml", rules_for("complaint", "sentiment: negative"));
  // "die" is a grave word in the English lexicon, and an article in German.
  const std::string german = post("1", "de", "Die Lieferung ist da, die Karte auch");
  const std::string english = post("2", "en", "Terrible, and the battery died");
  const auto tried = run_earshot({"try", "triage", "--rules", rules}, german + english);
  ASSERT_EQ(tried.status, 0) << tried.err;
  std::istringstream lines(tried.out);
  std::vector<std::string> classes;
  for (std::string line; std::getline(lines, line);) {
    classes.push_back(nlohmann::json::parse(line)["triage"]["class"].get<std::string>());
  }
  EXPECT_THAT(classes, testing::ElementsAre("other", "complaint"));
  const auto explained = run_earshot({"triage", "explain", "-", "--rules", rules}, german);
  EXPECT_THAT(explained.out, HasSubstr("1: other"));
  EXPECT_THAT(explained.out, HasSubstr("sentiment +0.0000"));
  const std::string fixture = post("1", "de", "Die Lieferung ist da, die Karte auch", R"(,"expect":"other")");
  EXPECT_EQ(run_earshot({"triage", "test", "-", "--rules", rules, "--min-macro-f1", "1"}, fixture).status, 0);
}

class LiveTriageRun : public TriageCommands {
 protected:
  LiveTriageRun() {
    write("listeners.yaml", "listeners: [{name: acme, spoke: desk, owner: o, query: acme}]\n");
    write("triage.yaml", rules_for("complaint", "phrases: acme"));
    config_ = write("live.yaml",
                    "name: live\ndata_dir: live\nlisteners: listeners.yaml\nlisteners_reload: 100ms\n"
                    "admin: {enabled: false}\nlog: {partitions: 1}\nruntime: {commit_interval: 50ms}\n"
                    "triage: {rules: triage.yaml}\n"
                    "source: {connector: file, path: posts.ndjson, follow: true}\n");
    append("first acme");
  }
  void append(const std::string& text) {
    std::ofstream(workspace_.path("posts.ndjson"), std::ios::app) << post("p" + std::to_string(++posts_), "en", text);
  }
  [[nodiscard]] std::string class_of_last_mention() const {
    return nlohmann::json::parse(values("mentions.desk").back())["triage"]["class"];
  }

  std::string config_;
  int posts_ = 0;
};

TEST_F(LiveTriageRun, TakesUpGoodRulesRefusesBadOnesAndKeepsATrail) {
  EngineProcess engine({"run", "--config", config_});
  ASSERT_TRUE(comes_true([&] { return values("mentions.desk").size() == 1; })) << engine.errors_so_far();
  EXPECT_EQ(class_of_last_mention(), "complaint");

  write("triage.yaml", "classes: [{class: prise}]\n");
  ASSERT_TRUE(comes_true([&] { return values("rule-changes").size() == 1; })) << engine.errors_so_far();
  append("second acme");
  ASSERT_TRUE(comes_true([&] { return values("mentions.desk").size() == 2; })) << engine.errors_so_far();
  EXPECT_EQ(class_of_last_mention(), "complaint") << "the old rules must stay in force";

  write("triage.yaml", rules_for("praise", "phrases: acme"));
  ASSERT_TRUE(comes_true([&] { return values("rule-changes").size() == 2; })) << engine.errors_so_far();
  std::this_thread::sleep_for(milliseconds(500));  // the next commit
  append("third acme");
  ASSERT_TRUE(comes_true([&] { return values("mentions.desk").size() == 3; })) << engine.errors_so_far();
  EXPECT_EQ(class_of_last_mention(), "praise");

  const auto trail = values("rule-changes");
  for (const std::string& change : trail) {
    EXPECT_EQ(schema_faults(nlohmann::json::parse(change),
                            std::filesystem::path(EARSHOT_SOURCE_DIR) / "schemas" / "rule_change.schema.json"),
              "");
  }
  EXPECT_THAT(nlohmann::json::parse(trail[0])["reason"].get<std::string>(), HasSubstr("triage.yaml:1:19: unknown"));
  EXPECT_EQ(nlohmann::json::parse(trail[1])["edits"][0]["subject"], "triage.rules");
  engine.signal(SIGTERM);
  const auto ended = engine.wait_at_most(seconds(30));
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_THAT(ended.err, HasSubstr("triage: refused; the rules in force stay"));
}

}  // namespace
}  // namespace earshot
