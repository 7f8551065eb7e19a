// Warm copies of state: who keeps which, and that a task which comes to one reads no more than a tail.
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <thread>

#include "connectors/kafka/standbys.h"
#include "tests/contract/drain.h"
#include "tests/integration/kafka/kafka_cluster.h"

namespace earshot::kafka {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::vector<GroupMember> three_members() {
  return {{"a", {{"partials", 0}, {"partials", 1}}}, {"b", {{"partials", 2}}}, {"c", {{"partials", 3}}}};
}

TEST(StandbyPartitions, GiveEachPartitionAsManyCopiesAsAskedAndNoneToItsOwner) {
  for (const size_t copies : {1, 2, 5}) {
    std::map<int32_t, size_t> kept;
    for (const std::string instance : {"a", "b", "c"}) {
      for (const int32_t partition : standby_partitions(three_members(), "partials", instance, copies)) {
        ++kept[partition];
        for (const GroupMember& member : three_members()) {
          EXPECT_FALSE(member.instance == instance && member.partitions.contains({"partials", partition}));
        }
      }
    }
    for (int32_t partition = 0; partition < 4; ++partition) EXPECT_EQ(kept[partition], std::min<size_t>(copies, 2));
  }
}

TEST(StandbyPartitions, StayWhereTheyAreWhenAnotherMemberJoins) {
  auto members = three_members();
  const auto before = standby_partitions(members, "partials", "b", 1);
  members.push_back({"d", {}});
  const auto after = standby_partitions(members, "partials", "b", 1);
  for (const int32_t partition : after) EXPECT_TRUE(before.contains(partition));  // a newcomer only takes
}

TEST(StandbyPartitions, AreNoneForAlone) {
  EXPECT_TRUE(standby_partitions({{"a", {{"partials", 0}}}}, "partials", "a", 1).empty());
}

class KafkaStandby : public testing::Test {
 protected:
  void SetUp() override { EARSHOT_NEEDS_KAFKA(); }

  KafkaOptions options(const std::string& instance) {
    KafkaOptions options = cluster_.options();
    options.instance = instance;
    options.state_dir = cluster_.state_dir() / instance;
    options.counters = std::make_shared<KafkaCounters>();
    return options;
  }

  static bool eventually(const std::function<bool()>& holds) {
    const auto deadline = std::chrono::steady_clock::now() + seconds(30);
    while (std::chrono::steady_clock::now() < deadline) {
      if (holds()) return true;
      std::this_thread::sleep_for(milliseconds(50));
    }
    return false;
  }

  TestCluster cluster_;
};

TEST_F(KafkaStandby, SparesItsProcessTheChangelogWhenTheTaskComes) {
  constexpr uint64_t kRecords = 2'000;
  const std::string group = cluster_.unique("detect");
  const std::string topic = cluster_.unique("partials");
  const KafkaOptions owner_options = options("owner");
  const KafkaOptions standby_options = options("standby");
  auto owner = TestCluster::open_log(owner_options);
  const auto standby = TestCluster::open_log(standby_options);
  const std::vector<TopicSpec> topics{{topic, 1}};
  ASSERT_SUCCEEDS(owner->ensure_topics(topics));
  auto input = owner->subscribe(group, {topic}, {});
  ASSERT_SUCCEEDS(input);
  contract::settle(**input);
  auto idle_input = standby->subscribe(group, {topic}, {});
  ASSERT_SUCCEEDS(idle_input);
  standby->keep_standbys({group, topic, "panes", 1});

  auto producer = owner->open_producer(transactional_id_of(group, "owner"));
  ASSERT_SUCCEEDS(producer);
  auto store = owner->open_state("panes", 0);
  ASSERT_SUCCEEDS(store);
  for (uint64_t i = 0; i < kRecords; ++i) (*store)->put("pane/" + std::to_string(i), "value");
  ASSERT_SUCCEEDS((*producer)->begin());
  ASSERT_SUCCEEDS((*producer)->commit({group, nullptr, {}, {store->get()}}));
  const auto joined_polls = [&] {
    static_cast<void>((*input)->poll(milliseconds(10)).ok());
    static_cast<void>((*idle_input)->poll(milliseconds(10)).ok());
    return standby_options.counters->changelog_records_replayed >= kRecords;
  };
  ASSERT_TRUE(eventually(joined_polls)) << cluster_.log_text();

  store = Error{};
  producer = Error{};
  input = Error{};
  owner.reset();
  const uint64_t before = standby_options.counters->changelog_records_replayed;
  auto taken_over = standby->open_state("panes", 0);
  ASSERT_SUCCEEDS(taken_over);
  EXPECT_EQ(standby_options.counters->changelog_records_replayed, before);
  EXPECT_EQ((*taken_over)->get("pane/7")->value_or("nothing"), "value");
}

TEST_F(KafkaStandby, EndsTheTransactionThatADeadMemberLeftOpen) {
  const std::string group = cluster_.unique("listen");
  const std::string topic = cluster_.unique("posts");
  KafkaOptions dying_options = options("dying");
  dying_options.properties["session.timeout.ms"] = "1200";  // as ops/kafka's brokers take it
  dying_options.properties["heartbeat.interval.ms"] = "300";
  KafkaOptions living_options = options("1-living");
  auto dying = TestCluster::open_log(dying_options);
  const auto living = TestCluster::open_log(living_options);
  const std::vector<TopicSpec> topics{{topic, 1}};
  ASSERT_SUCCEEDS(dying->ensure_topics(topics));
  auto dying_input = dying->subscribe(group, {topic}, {});
  ASSERT_SUCCEEDS(dying_input);
  contract::settle(**dying_input);
  auto living_input = living->subscribe(group, {topic}, {});
  ASSERT_SUCCEEDS(living_input);
  auto producer = dying->open_producer(transactional_id_of(group, "dying"));
  ASSERT_SUCCEEDS(producer);
  ASSERT_SUCCEEDS((*producer)->begin());
  ASSERT_SUCCEEDS((*producer)->produce({.topic = topic, .partition = 0, .value = "never committed"}));
  const auto both_joined = [&] {
    static_cast<void>((*dying_input)->poll(milliseconds(10)).ok());
    static_cast<void>((*living_input)->poll(milliseconds(10)).ok());
    return cluster_.has_logged("ended what '" + transactional_id_of(group, "dying"));
  };
  const auto until = std::chrono::steady_clock::now() + seconds(4);
  while (std::chrono::steady_clock::now() < until) both_joined();
  EXPECT_FALSE(both_joined()) << "it is still alive";
  dying_input = Error{};  // a static member that stops says nothing: to the group it is as dead as one that was killed
  ASSERT_TRUE(eventually([&] {
    static_cast<void>((*living_input)->poll(milliseconds(10)).ok());
    return cluster_.has_logged("ended what '" + transactional_id_of(group, "dying"));
  })) << cluster_.log_text();
  EXPECT_FALSE((*producer)->commit({group, nullptr, {}, {}}).ok()) << "it was ended by another";
}

}  // namespace
}  // namespace earshot::kafka
