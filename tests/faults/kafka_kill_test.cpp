// Two engines share the work on a Kafka cluster and are killed in turn, under load; nothing is lost and nothing
// doubled.
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
#include "tests/faults/kill_points.h"

namespace earshot::faults {
namespace {

class KafkaFaults : public testing::Test {
 protected:
  void SetUp() override {
    const char* servers = std::getenv("EARSHOT_TEST_KAFKA");
    if (servers == nullptr) GTEST_SKIP() << "no broker; start one and set EARSHOT_TEST_KAFKA, as ops/test.sh does";
    run_ = std::make_unique<ClusterRun>(servers);
  }

  std::unique_ptr<ClusterRun> run_;
};

void wait_for_output(const CommittedReader& reader, size_t seen_before) {
  const auto began = std::chrono::steady_clock::now();
  while (reader.count() == seen_before && std::chrono::steady_clock::now() - began < std::chrono::seconds(60)) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  std::cout << "waited " << std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count() << " s\n";
}

TEST_F(KafkaFaults, LoseAndDoubleNothingWhenEnginesAreKilledAtAnyMoment) {
  const FaultPlan plan = fault_plan(10);
  SCOPED_TRACE(plan.replay());
  const PostScript script(plan.seed, ClusterRun::start_ms());
  PostFeed feed(script, 2'000, [&](const auto& posts) { run_->write(posts); });
  CommittedReader reader(run_->open_outputs("killed", false));
  const std::array<std::string, 2> configs{run_->configure("killed", "a"), run_->configure("killed", "b")};
  std::array<std::unique_ptr<EngineProcess>, 2> engines;
  const auto start = [&](size_t member) {
    engines[member] = std::make_unique<EngineProcess>(std::vector<std::string>{"run", "--config", configs[member]});
  };
  start(0);
  start(1);
  std::mt19937_64 random(plan.seed);
  int kills_with_progress = 0;
  for (int kill = 0; kill < plan.rounds; ++kill) {
    const size_t seen_before = reader.count();
    // Half of the kills meet engines that have recovered from the last one, the others engines that are about to.
    if (kill % 2 == 0) wait_for_output(reader, seen_before);
    std::this_thread::sleep_for(std::chrono::milliseconds(random() % 2'000));
    const size_t member = random() % 2;
    engines[member]->signal(SIGKILL);
    const auto ended = engines[member]->wait();
    ASSERT_EQ(ended.status, 128 + SIGKILL) << ended.err;
    start(member);
    kills_with_progress += reader.count() > seen_before;
  }
  const uint64_t posts = feed.stop();
  for (auto& engine : engines) engine.reset();
  std::cout << plan.rounds << " kills, " << kills_with_progress << " of them after output\n";
  run_->finish_and_compare("killed", script, posts, reader);
}

}  // namespace
}  // namespace earshot::faults
