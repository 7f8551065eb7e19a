// A broker that is far away, and one that stands still: the engine waits within its memory, and goes on by itself.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <thread>

#include "tests/faults/cluster_run.h"
#include "tests/faults/fault_plan.h"
#include "tests/faults/local_cluster.h"
#include "tests/faults/memory_use.h"
#include "tests/faults/post_feed.h"
#include "tests/faults/slow_route.h"

namespace earshot::faults {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kStopMax{20};          // runtime.stop_timeout, when nothing else is said
constexpr double kMemoryMaxMib = 1'024;  // the bounds of docs/cluster.md in sum, for three roles in one process

class SlowBroker : public testing::Test {
 protected:
  void SetUp() override {
    if (std::getenv("EARSHOT_TEST_KAFKA") == nullptr) GTEST_SKIP() << "EARSHOT_TEST_KAFKA is not set: no Kafka here";
  }
};

// The script's first posts as a file.
std::string write_posts(const TemporaryFolder& folder, const PostScript& script, uint64_t count) {
  std::ofstream file(folder / "posts.ndjson", std::ios::binary);
  for (uint64_t number = 0; number < count; ++number) file << script.post(number).json << '\n';
  return folder / "posts.ndjson";
}

TEST_F(SlowBroker, HalfASecondAwayOnlyTakesLonger) {
  const FaultPlan plan = fault_plan(1);
  SCOPED_TRACE(plan.replay());
  SlowRoute route(milliseconds(250));
  const LocalCluster cluster(1, route.port());
  ASSERT_TRUE(cluster.is_up()) << cluster.output();
  route.lead_to(cluster.port());
  ClusterRun run(cluster.servers());
  const PostScript script(plan.seed, ClusterRun::start_ms());
  const uint64_t posts = 20'000 * static_cast<uint64_t>(plan.rounds);
  const TemporaryFolder folder;
  const std::string file = write_posts(folder, script, posts);
  CommittedReader reader(run.open_outputs("far", false));
  const auto began = std::chrono::steady_clock::now();
  EngineProcess engine({"run", "--config", run.configure("far", "a", file), "--until-end"});
  const double peak_mib = peak_memory_mib(engine, seconds(300));
  const auto ended = engine.wait_at_most(seconds(1));
  ASSERT_EQ(ended.status, 0) << ended.err;
  std::cout << posts << " posts in " << std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count()
            << " s, " << peak_mib << " MiB\n";
  EXPECT_LT(peak_mib, kMemoryMaxMib);
  run.compare_outputs("far", script, posts, reader);
}

TEST_F(SlowBroker, ThatStandsStillIsWaitedForWithinTheMemoryThatIsAllowed) {
  const FaultPlan plan = fault_plan(1);
  SCOPED_TRACE(plan.replay());
  const char* asked = std::getenv("EARSHOT_FAULTS_STALL_S");
  const seconds stall(asked == nullptr ? 15 : std::strtol(asked, nullptr, 10));
  const LocalCluster cluster(1);
  ASSERT_TRUE(cluster.is_up()) << cluster.output();
  ClusterRun run(cluster.servers());
  const PostScript script(plan.seed, ClusterRun::start_ms());
  const uint64_t posts = 300'000 * static_cast<uint64_t>(plan.rounds);
  const TemporaryFolder folder;
  const std::string file = write_posts(folder, script, posts);
  CommittedReader reader(run.open_outputs("stalled", false));
  EngineProcess engine({"run", "--config", run.configure("stalled", "a", file), "--until-end"});
  while (reader.count() == 0 && engine.is_running()) std::this_thread::sleep_for(milliseconds(10));
  ASSERT_TRUE(cluster.signal_node(1, SIGSTOP));
  const double stalled_mib = peak_memory_mib(engine, stall);
  const bool is_waiting = engine.is_running();
  const size_t seen_before = reader.count();
  ASSERT_TRUE(cluster.signal_node(1, SIGCONT));
  ASSERT_TRUE(is_waiting) << engine.wait_at_most({}).err;
  const double peak_mib = peak_memory_mib(engine, seconds(300));
  const auto ended = engine.wait_at_most(seconds(1));
  ASSERT_EQ(ended.status, 0) << ended.err;
  std::cout << posts << " posts, " << stall.count() << " s of standstill after " << seen_before
            << " outputs: " << stalled_mib << " MiB, then at most " << peak_mib << " MiB\n";
  EXPECT_LT(std::max(stalled_mib, peak_mib), kMemoryMaxMib);
  run.compare_outputs("stalled", script, posts, reader);
}

TEST_F(SlowBroker, ThatStandsStillHoldsUpAStopForLittleLongerThanTheStopMayTake) {
  const FaultPlan plan = fault_plan(1);
  SCOPED_TRACE(plan.replay());
  const LocalCluster cluster(1);
  ASSERT_TRUE(cluster.is_up()) << cluster.output();
  ClusterRun run(cluster.servers());
  const PostScript script(plan.seed, ClusterRun::start_ms());
  PostFeed feed(script, 1'000, [&](const auto& posts) { run.write(posts); });
  CommittedReader reader(run.open_outputs("left", false));
  EngineProcess engine({"run", "--config", run.configure("left", "a")});
  while (reader.count() == 0 && engine.is_running()) std::this_thread::sleep_for(milliseconds(10));
  ASSERT_TRUE(cluster.signal_node(1, SIGSTOP));
  std::this_thread::sleep_for(milliseconds(500));  // for a commit to be under way
  engine.signal(SIGTERM);
  const auto began = std::chrono::steady_clock::now();
  const auto ended = engine.wait_at_most(kStopMax + seconds(60));
  const auto spent = std::chrono::steady_clock::now() - began;
  ASSERT_TRUE(cluster.signal_node(1, SIGCONT));
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_LT(spent, kStopMax + seconds(5));
  std::cout << "stopped after " << std::chrono::duration<double>(spent).count() << " s\n";
  run.finish_and_compare("left", script, feed.stop(), reader);
}

}  // namespace
}  // namespace earshot::faults
