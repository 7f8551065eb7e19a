// Files of the local log and of state on Kafka are cut short, flipped, blanked and deleted: what is there afterwards is
// refused, rebuilt or right, never wrong.
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <iostream>
#include <map>
#include <random>

#include "tests/faults/damage.h"
#include "tests/faults/fault_plan.h"
#include "tests/faults/kill_points.h"
#include "tests/faults/local_run.h"
#include "tests/faults/post_feed.h"
#include "tests/integration/kafka/kafka_cluster.h"

namespace earshot::faults {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kStartMs = 1'772'409'600'000;  // 2026-03-02T00:00:00Z
constexpr uint64_t kPosts = 30'000;

void copy_state(const LocalRun& run, const std::string& from, const std::string& to) {
  fs::remove_all(run.path(to));
  fs::copy(run.path(from), run.path(to), fs::copy_options::recursive);
  for (const std::string output : {"alerts", "windows", "mentions", "dead"}) {
    fs::copy_file(run.path(from + "-" + output), run.path(to + "-" + output), fs::copy_options::overwrite_existing);
  }
}

struct TornOutcomes {
  int right = 0;
  int refused = 0;
};

// Goes on from a damaged log and says what became of it.
void go_on(const LocalRun& run, const Oracle& oracle, TornOutcomes& outcomes) {
  EngineProcess engine({"run", "--config", run.path("torn.yaml").string(), "--until-end"});
  const auto ended = engine.wait_at_most(std::chrono::seconds(30));
  if (ended.status != 0) {
    EXPECT_EQ(ended.status, 1) << "not refused but broken: " << ended.err;
    EXPECT_NE(ended.err.find("torn"), std::string::npos) << "does not say which files: " << ended.err;
    ++outcomes.refused;
    return;
  }
  EXPECT_EQ(compare(oracle, run.lines("torn", "windows"), run.lines("torn", "mentions")), "");
  const auto final = try_read_all(run.open_outputs("torn", true));
  if (!final) {  // a part that the run itself did not need
    EXPECT_NE(final.error().to_string().find("torn"), std::string::npos) << final.error().to_string();
    ++outcomes.refused;
    return;
  }
  EXPECT_EQ(compare(oracle, values_of(*final, "windows"), values_of(*final, "mentions.")), "");
  ++outcomes.right;
}

TEST(TornFiles, OfTheLocalLogAreRefusedOrRightButNeverWrong) {
  const FaultPlan plan = fault_plan(50);
  const PostScript script(plan.seed, kStartMs);
  LocalRun run;
  run.set_runtime("{commit_interval: 10ms, batch_bytes: 16KiB}");
  std::vector<NumberedPost> posts;
  for (uint64_t number = 0; number < kPosts; ++number) posts.push_back(script.post(number));
  run.append(posts);
  const std::vector<std::string> arguments{"run", "--config", run.configure("torn"), "--until-end"};
  // Twice, so that there are tables as well as a write-ahead log.
  for (const uint64_t count : {3, 4}) {
    const auto killed = run_into_kill_point("outputs-after-commit", count, arguments);
    ASSERT_EQ(killed.status, 128 + SIGKILL) << killed.err;
  }
  copy_state(run, "torn", "whole");
  const Oracle oracle = oracle_of(script, kPosts);
  std::mt19937_64 random(plan.seed);
  TornOutcomes outcomes;
  for (int round = 0; round < plan.rounds; ++round) {
    copy_state(run, "whole", "torn");
    const std::string done = damage_folder(run.log_folder("torn"), random);
    SCOPED_TRACE("round " + std::to_string(round) + " " + done + "; " + plan.replay());
    go_on(run, oracle, outcomes);
    if (testing::Test::HasFailure()) return;
  }
  std::cout << outcomes.right << " right, " << outcomes.refused << " refused\n";
  EXPECT_GT(outcomes.right, 0);
  EXPECT_GT(outcomes.refused, 0);
}

using Entries = std::map<std::string, std::string>;

// Reads everything; a passing fault is what a task answers with a fresh start.
Result<Entries> entries_of(Log& log) {
  auto store = log.open_state("torn", 0);
  if (!store) return store.error();
  Entries entries;
  const auto scanned = (*store)->scan("", [&](std::string_view key, std::string_view value) {
    entries.emplace(key, value);
    return true;
  });
  if (!scanned) return scanned.error();
  return entries;
}

void change_at_random(Log& log, const std::string& id, std::mt19937_64& random, Entries& expected) {
  auto producer = log.open_producer(id);
  ASSERT_SUCCEEDS(producer);
  auto store = log.open_state("torn", 0);
  ASSERT_SUCCEEDS(store);
  for (int commit = 0; commit < 3; ++commit) {
    for (int change = 0; change < 100; ++change) {
      const std::string key = "key/" + std::to_string(random() % 400);
      if (random() % 4 == 0) {
        (*store)->erase(key);
        expected.erase(key);
      } else {
        expected[key] = std::to_string(random()) + std::string(random() % 200, 'x');
        (*store)->put(key, expected[key]);
      }
    }
    ASSERT_SUCCEEDS((*producer)->begin());
    ASSERT_SUCCEEDS((*producer)->commit({id, nullptr, {}, {store->get()}}));
  }
}

TEST(TornFiles, OfStateOnKafkaAreRebuiltButNeverWrong) {
  EARSHOT_NEEDS_KAFKA();
  const FaultPlan plan = fault_plan(50);
  const kafka::TestCluster cluster;
  std::mt19937_64 random(plan.seed);
  Entries expected;
  int passing_faults = 0;
  for (int round = 0; round < plan.rounds; ++round) {
    {
      const auto log = cluster.open_log();
      change_at_random(*log, cluster.unique("writer"), random, expected);
    }
    const std::string done = damage_folder(cluster.state_dir() / "torn" / "0", random);
    SCOPED_TRACE("round " + std::to_string(round) + " " + done + "; " + plan.replay());
    const auto log = cluster.open_log();
    auto entries = entries_of(*log);
    if (!entries && entries.error().code == ErrorCode::kUnavailable) {
      ++passing_faults;
      entries = entries_of(*log);
    }
    ASSERT_SUCCEEDS(entries);
    ASSERT_EQ(*entries, expected);
  }
  EXPECT_TRUE(cluster.has_logged("is rebuilt from")) << cluster.log_text();
  std::cout << plan.rounds << " rounds, " << passing_faults << " found by a read\n";
}

}  // namespace
}  // namespace earshot::faults
