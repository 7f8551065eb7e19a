// A member of the group comes and goes every five seconds: the output stays right, and no partition of the input stands
// still for long.
#include <array>
#include <chrono>
#include <csignal>
#include <iostream>
#include <thread>

#include "engine/base/hash.h"
#include "tests/faults/fault_plan.h"
#include "tests/faults/kafka_test.h"

namespace earshot::faults {
namespace {

using Clock = std::chrono::steady_clock;

// The longest time that each input partition had nothing new in the output. Used by the reader's thread alone.
class ProgressWatch {
 public:
  void note(const RecordView& record) {
    constexpr std::string_view kBeforeId = R"("post":{"id":")";
    const size_t at = record.value.find(kBeforeId);
    if (at == std::string_view::npos) return;  // a window
    const std::string_view rest = record.value.substr(at + kBeforeId.size());
    const std::string_view id = rest.substr(0, rest.find('"'));
    Clock::time_point& last = last_[hash_64(id) % kPostPartitions];
    const auto now = Clock::now();
    if (last != Clock::time_point{}) longest_ = std::max(longest_, now - last);
    last = now;
  }
  [[nodiscard]] double longest_s() const { return std::chrono::duration<double>(longest_).count(); }

 private:
  std::array<Clock::time_point, kPostPartitions> last_{};
  Clock::duration longest_{0};
};

class MembershipFaults : public KafkaFaultTest {};

TEST_F(MembershipFaults, KeepEveryPartitionMovingWhileAMemberJoinsAndLeaves) {
  const FaultPlan plan = fault_plan(12);
  SCOPED_TRACE(plan.replay());
  const PostScript script(plan.seed, ClusterRun::start_ms());
  PostFeed feed(script, 2'000, [&](const auto& posts) { run_->write(posts); });
  ProgressWatch watch;
  CommittedReader reader(run_->open_outputs("shared", false), [&](const RecordView& record) { watch.note(record); });
  EngineProcess stays({"run", "--config", run_->configure("shared", "stays")});
  const std::string config = run_->configure("shared", "comes");
  std::unique_ptr<EngineProcess> comes;
  for (int round = 0; round < plan.rounds; ++round) {
    std::this_thread::sleep_for(std::chrono::seconds(5));
    ASSERT_TRUE(stays.is_running()) << stays.wait_at_most({}).err;
    if (!comes) {
      comes = std::make_unique<EngineProcess>(std::vector<std::string>{"run", "--config", config});
      continue;
    }
    comes->signal(SIGTERM);
    const auto ended = comes->wait_at_most(std::chrono::seconds(30));
    EXPECT_EQ(ended.status, 0) << ended.err;
    comes.reset();
  }
  const uint64_t posts = feed.stop();
  comes.reset();
  stays.signal(SIGTERM);
  const auto ended = stays.wait_at_most(std::chrono::seconds(30));
  EXPECT_EQ(ended.status, 0) << ended.err;
  run_->finish_and_compare("shared", script, posts, reader);  // joins the reader's thread
  std::cout << "longest standstill of a partition " << watch.longest_s() << " s\n";
  EXPECT_LT(watch.longest_s(), 10.0);
}

}  // namespace
}  // namespace earshot::faults
