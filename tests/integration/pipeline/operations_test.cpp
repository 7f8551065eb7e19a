// The commands of whoever operates the engine, on the embedded log: what they promise, on real runs and after kills.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <random>
#include <set>
#include <thread>

#include "connectors/local/local_log.h"
#include "tests/integration/pipeline/engine_process.h"

namespace earshot {
namespace {

using testing::HasSubstr;

std::string post(int number, const std::string& text) {
  const std::string id = std::to_string(number);
  return R"({"id":")" + id + R"(","platform":"x","created_at":"2026-03-02T14:00:0)" + id.substr(id.size() - 1) +
         R"(Z","text":")" + text + R"(","author":{"id":"a)" + id + R"("}})";
}

std::string first_word(const std::string& text) {
  return text.substr(0, text.find(' '));
}

// An engine whose posts are a topic of its own log, which the test fills.
class Operations : public testing::Test {
 protected:
  std::string configure(const std::string& more = {}) const {
    return workspace_.configure("ops", "source: {connector: local, topics: [posts]}\n" + more);
  }

  std::unique_ptr<Log> open_log() const {
    auto log = local::open_local_log({.path = workspace_.path("ops/log").string()});
    EXPECT_TRUE(log) << log.error().to_string();
    return std::move(*log);
  }

  void write(const std::string& topic, const std::vector<std::string>& values,
             const CommitRequest& request = {}) const {
    std::filesystem::create_directories(workspace_.path("ops"));
    const auto log = open_log();
    if (topic == "posts") {
      const std::vector<TopicSpec> topics{{topic, 1}};
      ASSERT_TRUE(log->ensure_topics(topics));
    }
    auto producer = log->open_producer("test");
    ASSERT_TRUE(producer && (*producer)->begin());
    for (const std::string& value : values) {
      ASSERT_TRUE(
          (*producer)->produce({.topic = topic, .key = "k", .value = value, .timestamp_ms = 1'772'460'000'000}));
    }
    ASSERT_TRUE((*producer)->commit(request));
  }

  void write_posts(int first, int count) const {
    std::vector<std::string> values;
    for (int i = first; i < first + count; ++i) values.push_back(post(i, i % 2 == 0 ? "payvanta" : "the weather"));
    write("posts", values);
  }

  void run(const std::string& config) const {
    const auto finished = run_earshot({"run", "--config", config, "--until-end"});
    ASSERT_EQ(finished.status, 0) << finished.err;
  }

  Workspace workspace_;
};

TEST_F(Operations, TheAuditBalancesAfterEveryKill) {
  const std::string config = workspace_.configure("killed", "source: {path: " + Workspace::posts().string() +
                                                                "}\nruntime: {commit_interval: 20ms, batch_bytes: "
                                                                "64KiB}\n");
  std::mt19937 random(20261122);
  for (int attempt = 0; attempt < 4; ++attempt) {
    EngineProcess engine({"run", "--config", config});
    std::this_thread::sleep_for(std::chrono::milliseconds(400 + random() % 400));
    engine.signal(SIGKILL);
    engine.wait();
    const auto audited = run_earshot({"audit", "--config", config});
    EXPECT_EQ(audited.status, 0) << audited.out << audited.err;
  }
  run(config);
  const auto audited = run_earshot({"audit", "--config", config});
  EXPECT_EQ(audited.status, 0) << audited.out << audited.err;
  EXPECT_THAT(audited.out, HasSubstr("late: "));
  EXPECT_THAT(audited.out, HasSubstr("records, as many as were written"));
  const std::string records = std::to_string(lines_of(Workspace::posts()).size());
  EXPECT_THAT(audited.out, HasSubstr(records + " records were read"));
  EXPECT_THAT(audited.out, HasSubstr("input: " + records + " records read again"));
}

TEST_F(Operations, TheAuditBalancesBesideARunningEngine) {
  const std::string config = workspace_.configure("live", "source: {path: " + Workspace::posts().string() +
                                                              "}\nruntime: {commit_interval: 20ms, batch_bytes: 4KiB, "
                                                              "threads: 1, in_flight_batches: 1}\n");
  EngineProcess engine({"run", "--config", config});
  int balanced = 0;
  std::set<std::string> seen;
  for (int look = 0; look < 40 && balanced < 4; ++look) {
    const auto audited = run_earshot({"audit", "--config", config, "--skip-input"});
    if (audited.status == 0) {
      ++balanced;
      seen.insert(audited.out);
    } else {
      ASSERT_EQ(audited.out, "") << audited.out;  // the log or its topics are not there yet
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  EXPECT_EQ(balanced, 4);
  EXPECT_GT(seen.size(), 1u) << "the engine was not at work";
}

TEST_F(Operations, TheAuditNamesWhatDoesNotAddUp) {
  const std::string config = configure();
  write_posts(0, 40);
  run(config);
  const auto sound = run_earshot({"audit", "--config", config});
  ASSERT_EQ(sound.status, 0) << sound.out << sound.err;

  write("late", {"{}"});
  const auto stranger = run_earshot({"audit", "--config", config});
  EXPECT_EQ(stranger.status, 1);
  EXPECT_THAT(stranger.out, HasSubstr("late: holds 1 records, 0 were written"));

  write("mentions.crisis-desk", {"{}"});
  const auto surplus = run_earshot({"audit", "--config", config});
  EXPECT_EQ(surplus.status, 1);
  EXPECT_THAT(surplus.out, HasSubstr("mentions.crisis-desk: holds "));

  write_posts(40, 10);
  write("mentions.crisis-desk", {}, {.group = "test-listen", .positions = {{{"posts", 0}, {50, {}}}}});
  const auto lost = run_earshot({"audit", "--config", config});
  EXPECT_EQ(lost.status, 1);
  EXPECT_THAT(lost.out, HasSubstr("posts/0: offsets 40 to 50: committed without being accounted for"));
}

TEST_F(Operations, DeadLettersKeepEveryByteAndAreReplayedOnce) {
  const std::string config = configure();
  const std::string poison("not \0 json \xff\xfe\n{", 15);
  const std::string giant = "[" + std::string(1'500'000, 'x');
  write("posts", {post(1, "payvanta"), poison, giant});
  run(config);
  const auto list = run_earshot({"dead-letters", "list", "--config", config});
  ASSERT_EQ(list.status, 0) << list.err;
  EXPECT_THAT(list.out, HasSubstr("2 dead letters"));
  EXPECT_EQ(first_word(list.out), "posts/0@1");
  const auto shown = run_earshot({"dead-letters", "show", "--config", config, "posts/0@1", "--payload"});
  EXPECT_EQ(shown.out, poison);
  EXPECT_EQ(run_earshot({"dead-letters", "show", "--config", config, "posts/0@2", "--payload"}).out, giant);
  EXPECT_EQ(run_earshot({"dead-letters", "show", "--config", config, "posts/0@7"}).status, 1);

  const auto replayed = run_earshot({"dead-letters", "replay", "--config", config});
  EXPECT_EQ(replayed.status, 0);
  EXPECT_THAT(replayed.err, HasSubstr("2 replayed"));
  run(config);
  const auto again = run_earshot({"dead-letters", "list", "--config", config});
  EXPECT_THAT(again.out, HasSubstr("4 dead letters"));
  EXPECT_EQ(run_earshot({"dead-letters", "show", "--config", config, "posts/0@3", "--payload"}).out, poison);
  const auto audited = run_earshot({"audit", "--config", config});
  EXPECT_EQ(audited.status, 0) << audited.out << audited.err;
}

TEST_F(Operations, DeadLettersAreFilteredAndGoToAFile) {
  const std::string config = configure();
  write("posts", {"\xff", "{broken", post(1, "payvanta")});
  run(config);
  const auto utf8 = run_earshot({"dead-letters", "list", "--config", config, "--reason", "UTF-8"});
  EXPECT_THAT(utf8.out, HasSubstr("1 dead letters"));
  EXPECT_THAT(run_earshot({"dead-letters", "list", "--config", config, "--stage", "match"}).out,
              HasSubstr("0 dead letters"));
  EXPECT_THAT(run_earshot({"dead-letters", "list", "--config", config, "--since", "2999-01-01T00:00:00Z"}).out,
              HasSubstr("0 dead letters"));
  EXPECT_EQ(run_earshot({"dead-letters", "list", "--config", config, "--since", "soon"}).status, 1);
  const std::string file = workspace_.path("replay.ndjson").string();
  EXPECT_EQ(run_earshot({"dead-letters", "replay", "--config", config, "posts/0@1", "--to", file}).status, 0);
  EXPECT_THAT(lines_of(file), testing::ElementsAre("{broken"));
}

TEST_F(Operations, RunAndCheckRefuseAnEditThatStateDoesNotSurvive) {
  write_posts(0, 20);
  const std::string config = configure();
  run(config);
  const std::vector<std::string> edits{"windows: {pane: 5s}\n", "log: {partitions: 8}\n", "hub: other\n",
                                       "log: {topic_prefix: other.}\n"};
  for (const std::string& edit : edits) {
    configure(edit);
    const auto checked = run_earshot({"check", "--config", config});
    const auto ran = run_earshot({"run", "--config", config, "--until-end"});
    EXPECT_EQ(checked.status, 1) << edit << checked.out;
    EXPECT_EQ(ran.status, 1) << edit;
    EXPECT_EQ(checked.err, ran.err) << edit;
    EXPECT_THAT(ran.err, HasSubstr("the state was made with ")) << edit;
  }
  configure();
  run(config);  // a refusal changed nothing
  EXPECT_EQ(run_earshot({"check", "--config", config}).status, 0);
}

TEST_F(Operations, AnAcceptedResetDropsStateOnceAndGoesOn) {
  write_posts(0, 20);
  const std::string config = configure();
  run(config);
  configure("windows: {pane: 5s}\nlog: {partitions: 8}\n");
  const auto reset = run_earshot({"run", "--config", config, "--until-end", "--accept-state-reset"});
  ASSERT_EQ(reset.status, 0) << reset.err;
  write_posts(20, 20);
  run(config);  // needs the flag no more
  const auto audited = run_earshot({"audit", "--config", config});
  EXPECT_EQ(audited.status, 0) << "positions in the input were kept\n" << audited.out << audited.err;
  configure("windows: {pane: 5s}\nlog: {partitions: 4}\n");
  const auto shrunk = run_earshot({"run", "--config", config, "--until-end", "--accept-state-reset"});
  EXPECT_EQ(shrunk.status, 1);
  EXPECT_THAT(shrunk.err, HasSubstr("partitions cannot be taken away"));
}

TEST_F(Operations, AnotherLogIsStartedOnlyWhenItsEmptinessIsAccepted) {
  std::ofstream(workspace_.path("posts.ndjson")) << post(1, "payvanta") << '\n';
  const auto configure = [&](const std::string& more) {
    return workspace_.configure("moved", "source: {path: posts.ndjson}\n" + more);
  };
  const std::string config = configure("");
  run(config);
  configure("log: {path: elsewhere}\n");
  const auto refused = run_earshot({"run", "--config", config, "--until-end"});
  EXPECT_EQ(refused.status, 1);
  EXPECT_THAT(refused.err, HasSubstr("log.path: the state was made with"));
  EXPECT_FALSE(std::filesystem::exists(workspace_.path("elsewhere")));
  EXPECT_EQ(run_earshot({"check", "--config", config}).status, 1);
  std::filesystem::rename(workspace_.path("moved") / "log", workspace_.path("elsewhere"));
  run(config);  // the folder was moved along
  configure("log: {path: anew}\n");
  const auto accepted = run_earshot({"run", "--config", config, "--until-end", "--accept-state-reset"});
  EXPECT_EQ(accepted.status, 0) << accepted.err;
  run(config);
}

TEST_F(Operations, PlanSaysByItsStatusWhetherStateIsReset) {
  const std::string before = workspace_.configure("before", "source: {path: posts.ndjson}\n");
  const std::string live = workspace_.configure("before-again", "source: {path: posts.ndjson}\ndata_dir: before\n");
  std::ofstream(live) << std::ifstream(before).rdbuf();
  const auto none = run_earshot({"plan", before, live});
  EXPECT_EQ(none.status, 0) << none.err;
  EXPECT_EQ(none.out, "no edits\n");
  std::ofstream(live, std::ios::app) << "runtime: {threads: 2}\n";
  EXPECT_EQ(run_earshot({"plan", before, live}).status, 0);
  std::ofstream(live, std::ios::app) << "windows: {pane: 5s}\n";
  const auto reset = run_earshot({"plan", before, live});
  EXPECT_EQ(reset.status, 3);
  EXPECT_THAT(reset.out, HasSubstr("state reset  windows.pane: 10s -> 5s"));
}

TEST_F(Operations, LateMentionsAreShown) {
  const std::string config = configure("time: {disorder: 0s, lateness: 0s}\n");
  std::string old = post(3, "payvanta");
  old.replace(old.find("2026-03-02T14"), 13, "2026-03-02T13");
  write("posts", {post(1, "payvanta"), post(2, "payvanta"), old});
  run(config);
  const auto late = run_earshot({"mentions", "tail", "--late", "--config", config, "--from-beginning", "--until-end"});
  EXPECT_EQ(late.status, 0) << late.err;
  EXPECT_THAT(late.out, HasSubstr("2026-03-02T13"));
  EXPECT_EQ(late.out.find("2026-03-02T14"), std::string::npos);
  EXPECT_EQ(run_earshot({"mentions", "tail", "--config", config}).status, 2);
}

}  // namespace
}  // namespace earshot
