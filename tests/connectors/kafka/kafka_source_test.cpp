// What becomes of a member of a group in states that a real broker passes through too fast to be met.
#include "connectors/kafka/kafka_source.h"

#include <gtest/gtest.h>

#include <chrono>

#include "tests/connectors/kafka/mock_cluster.h"

namespace earshot::kafka {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

bool is_assigned_within(Source& source, seconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (std::chrono::steady_clock::now() < deadline) {
    const auto polled = source.poll(milliseconds(100));
    EXPECT_TRUE(polled.ok()) << polled.error().to_string();
    if (polled.ok() && polled->status == PollStatus::kRebalance) return true;
  }
  return false;
}

// librdkafka 2.0.2 left to itself ends the process here.
TEST(KafkaSource, LeavesAGroupThatNeverGaveItAnAssignment) {
  MockCluster brokers;
  brokers.create_topic("posts", 2);
  brokers.fail(ApiKey::kSyncGroup, std::vector(1'000, RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS));
  auto cluster = Cluster::open(brokers.options());
  ASSERT_TRUE(cluster.ok()) << cluster.error().to_string();
  const auto open = [&] { return KafkaSource::open(brokers.options(), *cluster, "listen", {"posts"}, {}); };
  auto first = open();
  ASSERT_TRUE(first.ok()) << first.error().to_string();
  EXPECT_FALSE(is_assigned_within(**first, seconds(4)));
  first->reset();
  brokers.heal(ApiKey::kSyncGroup);
  auto second = open();
  ASSERT_TRUE(second.ok()) << second.error().to_string();
  EXPECT_TRUE(is_assigned_within(**second, seconds(30)));
}

}  // namespace
}  // namespace earshot::kafka
