// Two engines share the work on a Kafka cluster and are killed in turn, under load; nothing is lost and nothing
// doubled.
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <csignal>
#include <iostream>
#include <random>
#include <thread>

#include "tests/faults/fault_plan.h"
#include "tests/faults/kafka_test.h"
#include "tests/faults/kill_points.h"

namespace earshot::faults {
namespace {

class KafkaFaults : public KafkaFaultTest {};

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

TEST_F(KafkaFaults, LoseAndDoubleNothingWhenEnginesAreKilledInsideACommit) {
  const FaultPlan plan = fault_plan(2);
  SCOPED_TRACE(plan.replay());
  const PostScript script(plan.seed, ClusterRun::start_ms());
  constexpr uint64_t kPosts = 80'000;
  for (uint64_t first = 0; first < kPosts; first += 5'000) {
    std::vector<NumberedPost> posts;
    for (uint64_t number = first; number < first + 5'000; ++number) posts.push_back(script.post(number));
    run_->write(posts);
  }
  CommittedReader reader(run_->open_outputs("killed", false));
  std::mt19937_64 random(plan.seed);
  int kills = 0;
  for (int round = 0; round < plan.rounds; ++round) {
    const auto point = kKafkaKillPoints[(plan.seed + static_cast<uint64_t>(round)) % kKafkaKillPoints.size()];
    const std::string config = run_->configure("killed", std::to_string(round % 2));
    const auto ended = run_into_kill_point(point, 1 + random() % 4, {"run", "--config", config, "--until-end"});
    ASSERT_TRUE(ended.status == 128 + SIGKILL || ended.status == 0) << point << ": " << ended.err;
    kills += ended.status != 0;
  }
  EXPECT_GT(kills, 0);
  std::cout << kills << " kills inside a commit\n";
  run_->finish_and_compare("killed", script, kPosts, reader);
}

}  // namespace
}  // namespace earshot::faults
