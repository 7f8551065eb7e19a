// One broker of three is killed under two engines at work, and comes back; nothing is lost and nothing doubled.
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <random>
#include <thread>

#include "tests/faults/cluster_run.h"
#include "tests/faults/fault_plan.h"
#include "tests/faults/local_cluster.h"

namespace earshot::faults {
namespace {

TEST(BrokerFaults, LoseAndDoubleNothingWhenABrokerOfThreeIsKilled) {
  if (std::getenv("EARSHOT_TEST_KAFKA") == nullptr) GTEST_SKIP() << "EARSHOT_TEST_KAFKA is not set: no Kafka here";
  const FaultPlan plan = fault_plan(2);
  SCOPED_TRACE(plan.replay());
  const LocalCluster cluster;
  ASSERT_TRUE(cluster.is_up()) << cluster.output();
  ClusterRun run(cluster.servers());
  const PostScript script(plan.seed, ClusterRun::start_ms());
  PostFeed feed(script, 1'000, [&](const auto& posts) { run.write(posts); });
  CommittedReader reader(run.open_outputs("served", false));
  std::array<std::unique_ptr<EngineProcess>, 2> engines;
  for (size_t member = 0; member < engines.size(); ++member) {
    const std::string config = run.configure("served", std::to_string(member));
    engines[member] = std::make_unique<EngineProcess>(std::vector<std::string>{"run", "--config", config});
  }
  std::mt19937_64 random(plan.seed);
  int kills_with_progress = 0;
  for (int kill = 0; kill < plan.rounds; ++kill) {
    const size_t seen_before = reader.count();
    std::this_thread::sleep_for(std::chrono::milliseconds(5'000 + random() % 3'000));
    const int node = 1 + static_cast<int>(random() % 3);
    ASSERT_TRUE(cluster.kill_node(node)) << cluster.output();
    std::this_thread::sleep_for(std::chrono::milliseconds(1'000 + random() % 4'000));
    ASSERT_TRUE(cluster.restart_node(node)) << cluster.output();
    for (const auto& engine : engines) ASSERT_TRUE(engine->is_running()) << engine->wait_at_most({}).err;
    kills_with_progress += reader.count() > seen_before;
  }
  const uint64_t posts = feed.stop();
  for (const auto& engine : engines) {
    engine->signal(SIGTERM);
    const auto ended = engine->wait_at_most(std::chrono::seconds(60));
    EXPECT_EQ(ended.status, 0) << ended.err;
  }
  std::cout << plan.rounds << " kills of a broker, output after " << kills_with_progress << " of them\n";
  run.finish_and_compare("served", script, posts, reader);
}

}  // namespace
}  // namespace earshot::faults
