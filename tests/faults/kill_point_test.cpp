// Engines die at each named place inside the commit, again and again.
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <random>

#include "tests/faults/fault_plan.h"
#include "tests/faults/kill_points.h"
#include "tests/faults/local_run.h"
#include "tests/faults/post_feed.h"

namespace earshot::faults {
namespace {

constexpr int64_t kStartMs = 1'772'409'600'000;  // 2026-03-02T00:00:00Z
constexpr uint64_t kPosts = 30'000;

std::string bytes_of(const char* path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(KillPoints, AreInTheBinaryOfTheTestsAndNotInTheOneThatIsShipped) {
  const std::string shipped = bytes_of(EARSHOT_BINARY);
  const std::string tested = bytes_of(EARSHOT_WITH_KILL_POINTS);
  std::vector<std::string_view> names{"EARSHOT_KILL_AT"};
  names.insert(names.end(), kLocalKillPoints.begin(), kLocalKillPoints.end());
  names.insert(names.end(), kKafkaKillPoints.begin(), kKafkaKillPoints.end());
  for (const std::string_view name : names) {
    EXPECT_EQ(shipped.find(name), std::string::npos) << name;
    EXPECT_NE(tested.find(name), std::string::npos) << name;
  }
}

class LocalKillPoint : public testing::TestWithParam<std::string_view> {};

TEST_P(LocalKillPoint, LosesAndDoublesNothing) {
  const FaultPlan plan = fault_plan(3);
  SCOPED_TRACE(plan.replay());
  const PostScript script(plan.seed, kStartMs);
  LocalRun run;
  run.set_runtime("{commit_interval: 10ms, batch_bytes: 16KiB}");
  std::vector<NumberedPost> posts;
  for (uint64_t number = 0; number < kPosts; ++number) posts.push_back(script.post(number));
  run.append(posts);
  const std::string config = run.configure("killed");
  std::mt19937_64 random(plan.seed);
  int kills = 0;
  // The assignment comes once for each of the three stages of a process; the other places with every commit.
  const uint64_t count_max = GetParam() == "runner-after-assignment" ? 3 : 8;
  for (int round = 0; round < plan.rounds; ++round) {
    const uint64_t count = 1 + random() % count_max;
    const auto ended = run_into_kill_point(GetParam(), count, {"run", "--config", config, "--until-end"});
    ASSERT_TRUE(ended.status == 128 + SIGKILL || ended.status == 0) << ended.err;
    kills += ended.status != 0;
  }
  EXPECT_GT(kills, 0) << "the place was never reached";
  const auto resumed = run_earshot({"run", "--config", config, "--until-end"});
  ASSERT_EQ(resumed.status, 0) << resumed.err;
  const Oracle oracle = oracle_of(script, kPosts);
  const Records final = read_all(run.open_outputs("killed", true));
  EXPECT_EQ(compare(oracle, values_of(final, "windows"), values_of(final, "mentions.")), "");
  EXPECT_EQ(compare(oracle, run.lines("killed", "windows"), run.lines("killed", "mentions")), "");
}

INSTANTIATE_TEST_SUITE_P(At, LocalKillPoint, testing::ValuesIn(kLocalKillPoints), kill_point_test_name);

}  // namespace
}  // namespace earshot::faults
