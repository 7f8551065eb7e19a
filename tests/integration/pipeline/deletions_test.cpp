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
           int followers = 10, const std::string& file = "posts.ndjson") {
    nlohmann::json record{{"id", id}, {"platform", "x"}, {"created_at", time_at(seconds)}, {"text", text}};
    record["author"] = {{"id", "a" + id}, {"followers", followers}};
    if (!change.empty()) record["change"] = change;
    if (change == "deleted") record.erase("text");
    std::ofstream(workspace_.path(file), std::ios::app) << record.dump() << '\n';
  }
  [[nodiscard]] std::string configure(const std::string& source = "path: posts.ndjson") const {
    const auto path = workspace_.path("engine.yaml");
    std::ofstream(path)
        << "name: deletions\ndata_dir: data\nlisteners: rules.yaml\nadmin: {enabled: false}\n"
           "log: {partitions: 1}\nruntime: {commit_interval: 50ms}\n"
           "source: {connector: file, "
        << source
        << "}\n"
           "detect: {warm_up: 1m}\n"
           "outputs: {files: {mentions: mentions.ndjson, retractions: retractions.ndjson, alerts: alerts.ndjson}}\n";
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

TEST_F(Deletions, OfAnotherFileTakeMentionsBackAndTheAuditBalances) {
  const auto elsewhere = [&](const std::string& id, int seconds, const std::string& change,
                             const std::string& text = {}) { add(id, seconds, text, change, 10, "changes.ndjson"); };
  for (const char* id : {"1", "2", "3"}) add(id, 0, "acme is down");
  elsewhere("1", 2, "deleted");
  elsewhere("1", 3, "deleted");
  elsewhere("9", 3, "deleted");
  const std::string config = configure("paths: [posts.ndjson, changes.ndjson]");
  run_whole(config);
  elsewhere("2", 4, "edited", "nothing to see");  // in another run: what was told is state
  elsewhere("3", 5, "edited", "acme is up");
  elsewhere("3", 6, "deleted");
  add("1", 6, "", "deleted");
  add("9", 6, "acme is down");
  run_whole(config);

  const auto told = [&](const std::string& file) {
    std::vector<std::string> lines_told;
    for (const auto& mention : lines(file)) {
      lines_told.push_back(mention["post"]["id"].get<std::string>() + " " +
                           mention.value("change", std::string("new")));
    }
    return lines_told;
  };
  EXPECT_THAT(told("mentions.ndjson"), testing::UnorderedElementsAre("1 new", "2 new", "3 new", "3 edited", "9 new"));
  EXPECT_THAT(told("retractions.ndjson"),
              testing::UnorderedElementsAre("1 deleted", "2 retracted", "3 deleted", "9 deleted"));
  const auto audit = run_earshot({"audit", "--config", config});
  EXPECT_EQ(audit.status, 0) << audit.out << audit.err;
  EXPECT_NE(audit.out.find("mentions.desk: 9 records, as many as were written"), std::string::npos) << audit.out;
}

TEST_F(Deletions, OfAnotherFileTakeNothingBackWhereTheInputIsSaidToBeKeyed) {
  add("1", 0, "acme is down");
  add("1", 2, "", "deleted", 10, "changes.ndjson");
  add("2", 1, "acme is down");
  add("2", 3, "", "deleted");
  run_whole(configure("paths: [posts.ndjson, changes.ndjson], keyed_by_post: true"));
  EXPECT_EQ(lines("mentions.ndjson").size(), 3u);
  EXPECT_EQ(lines("mentions.ndjson").back()["change"], "deleted");
  EXPECT_THAT(lines("retractions.ndjson"), testing::IsEmpty());
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
