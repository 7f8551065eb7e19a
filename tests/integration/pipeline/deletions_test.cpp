// Deleted and edited posts, from the input to mentions and alerts, on the local log.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/integration/pipeline/engine_process.h"
#include "tests/json_schema/json_schema.h"

namespace earshot {
namespace {

class Deletions : public testing::Test {
 protected:
  Deletions() {
    std::ofstream(workspace_.path("rules.yaml"))
        << "listeners:\n  - {name: acme, spoke: desk, owner: o, query: acme, alert: {min_mentions: 5}}\n";
  }

  // `seconds` since noon.
  static std::string time_at(int seconds) {
    char text[32];
    std::snprintf(text, sizeof text, "2026-03-02T%02d:%02d:%02dZ", 12 + seconds / 3600, seconds / 60 % 60,
                  seconds % 60);
    return text;
  }
  void add(const std::string& id, int seconds, const std::string& text, const std::string& change = {},
           int followers = 10) {
    nlohmann::json record{{"id", id}, {"platform", "x"}, {"created_at", time_at(seconds)}, {"text", text}};
    record["author"] = {{"id", "a" + id}, {"followers", followers}};
    if (!change.empty()) record["change"] = change;
    if (change == "deleted") record.erase("text");
    std::ofstream(workspace_.path("posts.ndjson"), std::ios::app) << record.dump() << '\n';
  }
  [[nodiscard]] std::string configure() const {
    const auto path = workspace_.path("engine.yaml");
    std::ofstream(path) << "name: deletions\ndata_dir: data\nlisteners: rules.yaml\nadmin: {enabled: false}\n"
                           "log: {partitions: 1}\nruntime: {commit_interval: 50ms}\n"
                           "source: {connector: file, path: posts.ndjson}\n"
                           "detect: {warm_up: 1m}\n"
                           "outputs: {files: {mentions: mentions.ndjson, alerts: alerts.ndjson}}\n";
    return path.string();
  }
  [[nodiscard]] std::vector<nlohmann::json> lines(const std::string& name) const {
    std::vector<nlohmann::json> all;
    std::ifstream file(workspace_.path(name));
    for (std::string line; std::getline(file, line);) all.push_back(nlohmann::json::parse(line));
    return all;
  }
  void run_whole(const std::string& config) const {
    const auto ended = run_earshot({"run", "--config", config, "--until-end"});
    ASSERT_EQ(ended.status, 0) << ended.err;
  }

  Workspace workspace_;
};

TEST_F(Deletions, TakeMentionsBackAndTheAuditBalances) {
  add("1", 0, "acme is down");
  add("2", 1, "acme is slow");
  add("1", 2, "", "deleted");
  add("9", 3, "", "deleted");
  const std::string config = configure();
  run_whole(config);
  add("2", 4, "nothing to see", "edited");  // in another run: what was told is known from reading the input again
  add("1", 5, "acme is down");
  run_whole(config);

  std::vector<std::string> told;
  for (const auto& mention : lines("mentions.ndjson")) {
    EXPECT_EQ(schema_faults(mention, std::filesystem::path(EARSHOT_SOURCE_DIR) / "schemas" / "mention.schema.json"), "")
        << mention;
    told.push_back(mention["post"]["id"].get<std::string>() + " " + mention.value("change", std::string("new")));
  }
  EXPECT_THAT(told, testing::ElementsAre("1 new", "2 new", "1 deleted", "2 retracted"));
  const auto audit = run_earshot({"audit", "--config", config});
  EXPECT_EQ(audit.status, 0) << audit.out << audit.err;
}

TEST_F(Deletions, LeaveTheEvidenceOfWhatFollows) {
  int id = 0;
  const auto post_each = [&](int from, int to, int every, const std::string& text) {
    for (int second = from; second < to; second += every) {
      ++id;
      add("p" + std::to_string(id), second, text + " " + std::to_string(id));
    }
  };
  const auto alerts_with_the_star = [&] {
    return std::ranges::count_if(lines("alerts.ndjson"), [](const auto& alert) {
      return std::ranges::any_of(alert["data"]["evidence"], [](const auto& piece) { return piece["id"] == "star"; });
    });
  };
  for (const bool is_deleted : {false, true}) {
    std::filesystem::remove_all(workspace_.path("data"));
    for (const char* file : {"posts.ndjson", "alerts.ndjson", "mentions.ndjson"}) {
      std::filesystem::remove(workspace_.path(file));
    }
    post_each(0, 7200, 60, "acme as always");
    add("star", 7201, "acme has lost all of my money", {}, 50'000'000);
    post_each(7202, 7400, 1, "acme is terrible, broken and down");
    if (is_deleted) add("star", 7400, "", "deleted");
    post_each(7401, 9000, 1, "acme is an awful scam, worst bank ever");
    post_each(9000, 9100, 20, "acme as always");
    run_whole(configure());
    EXPECT_GE(lines("alerts.ndjson").size(), 2u);
    // The whole input is one commit's: the deletion is known before the first alert is made.
    EXPECT_EQ(alerts_with_the_star() > 0, !is_deleted);
  }
}

}  // namespace
}  // namespace earshot
