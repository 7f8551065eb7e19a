// What a commit on a real Kafka makes final, and what it refuses.
#include <gtest/gtest.h>

#include <thread>

#include "tests/contract/drain.h"
#include "tests/integration/kafka/kafka_cluster.h"

namespace earshot::kafka {

namespace {

using contract::drain;
using contract::settle;
using std::chrono::milliseconds;
using std::chrono::seconds;

class KafkaTransaction : public testing::Test {
 protected:
  void SetUp() override {
    EARSHOT_NEEDS_KAFKA();
    log_ = cluster_.open_log();
    const std::vector<TopicSpec> specs{{posts_, 2}, {mentions_, 1}};
    ASSERT_SUCCEEDS(log_->ensure_topics(specs));
  }

  std::unique_ptr<Producer> producer(const std::string& id) {
    auto opened = log_->open_producer(cluster_.unique(id));
    EXPECT_TRUE(opened.ok()) << (opened ? "" : opened.error().to_string());
    return opened ? std::move(*opened) : nullptr;
  }

  void feed(int32_t partition, int from, int to) {
    const auto feeder = producer("feeder");
    ASSERT_SUCCEEDS(feeder->begin());
    for (int i = from; i < to; ++i) ASSERT_SUCCEEDS(feeder->produce({posts_, partition, {}, std::to_string(i)}));
    ASSERT_SUCCEEDS(feeder->commit({}));
  }

  std::unique_ptr<Source> subscribe(SubscribeOptions options = {}, KafkaOptions kafka = {}) {
    if (kafka.properties.empty()) kafka = cluster_.options();
    auto source = open_kafka_source(kafka, group_, {posts_}, options);
    EXPECT_TRUE(source.ok()) << (source ? "" : source.error().to_string());
    return source ? std::move(*source) : nullptr;
  }

  contract::Drained mentions() {
    auto source =
        log_->subscribe(cluster_.unique("reader" + std::to_string(readers_++)), {mentions_}, {.until_end = true});
    EXPECT_TRUE(source.ok());
    settle(**source);
    return drain(**source);
  }

  TestCluster cluster_;
  std::string posts_ = cluster_.unique("posts");
  std::string mentions_ = cluster_.unique("mentions");
  std::string group_ = cluster_.unique("listen");
  std::unique_ptr<Log> log_;
  int readers_ = 0;
};

TEST_F(KafkaTransaction, RefusesTheCommitOfAMemberThatItsGroupDroppedAlsoWhenNoPositionMoves) {
  feed(0, 0, 10);
  KafkaOptions impatient = cluster_.options();
  impatient.properties["session.timeout.ms"] = "6000";
  impatient.properties["max.poll.interval.ms"] = "6000";
  const auto stalled = subscribe({}, impatient);
  const auto assigned = settle(*stalled);
  ASSERT_EQ(assigned.size(), 2u);
  drain(*stalled, seconds(5), 10);
  const auto writer = producer("stalled");
  ASSERT_SUCCEEDS(writer->begin());
  CommitRequest first{group_, stalled.get(), {{{posts_, 0}, {5, "at five"}}}, {}};
  ASSERT_SUCCEEDS(writer->commit(first));

  std::this_thread::sleep_for(seconds(8));  // no poll: the group gives up on it
  ASSERT_SUCCEEDS(writer->begin());
  ASSERT_SUCCEEDS(writer->produce({mentions_, 0, {}, "of the stalled member"}));
  const auto refused = writer->commit({group_, stalled.get(), {}, {}});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable) << refused.error().to_string();
  ASSERT_SUCCEEDS(writer->abort());
  EXPECT_EQ(mentions().count(), 0u);

  // The stalled member learns of its loss, and the next one goes on from the last commit.
  bool has_failed = false;
  Rebalance rebalance;
  for (int i = 0; i < 100 && rebalance.lost.empty(); ++i) {
    const auto polled = stalled->poll(milliseconds(100));
    if (!polled) {
      EXPECT_EQ(polled.error().code, ErrorCode::kUnavailable) << polled.error().to_string();
      has_failed = true;
    } else if (polled->status == PollStatus::kRebalance) {
      rebalance = stalled->take_rebalance();
      ASSERT_SUCCEEDS(stalled->finish_rebalance({}));
    }
  }
  EXPECT_TRUE(has_failed);
  EXPECT_EQ(rebalance.lost.size(), 2u);
}

TEST_F(KafkaTransaction, CarriesPositionAndMetadataToTheNextMember) {
  feed(0, 0, 100);
  {
    const auto source = subscribe();
    settle(*source);
    const auto read = drain(*source, seconds(10), 100);
    ASSERT_EQ(read.count(), 100u);
    const auto writer = producer("listen");
    ASSERT_SUCCEEDS(writer->begin());
    const Position position{read.records.begin()->second[60].offset, std::string("bytes \0 and all", 15)};
    ASSERT_SUCCEEDS(writer->commit({group_, source.get(), {{{posts_, 0}, position}}, {}}));
    ASSERT_SUCCEEDS(writer->begin());
    ASSERT_SUCCEEDS(writer->commit({group_, source.get(), {}, {}}));  // binds to the group, moves nothing
  }
  const auto next = subscribe({.until_end = true});
  ASSERT_EQ(next->poll(seconds(30))->status, PollStatus::kRebalance);
  const auto assigned = next->take_rebalance().assigned;
  const auto positions = log_->committed(group_, *next, assigned);
  ASSERT_SUCCEEDS(positions);
  ASSERT_EQ(positions->size(), 1u);
  const Position& position = positions->at({posts_, 0});
  EXPECT_EQ(position.metadata, std::string("bytes \0 and all", 15));
  ASSERT_SUCCEEDS(next->finish_rebalance({{{posts_, 0}, position.next_offset}, {{posts_, 1}, std::nullopt}}));
  const auto rest = drain(*next).values({posts_, 0});
  ASSERT_EQ(rest.size(), 40u);
  EXPECT_EQ(rest.front(), "60");
}

TEST_F(KafkaTransaction, WritesPositionsOfOtherSourcesInTheSameTransaction) {
  class NamedSource : public Source {
   public:
    Result<Polled> poll(milliseconds) override { return Polled{}; }
    Rebalance take_rebalance() override { return {}; }
    Result<void> finish_rebalance(const std::map<TopicPartition, std::optional<int64_t>>&) override { return {}; }
    [[nodiscard]] int32_t partition_count() const override { return 1; }
    [[nodiscard]] std::map<TopicPartition, int64_t> lag() const override { return {}; }
    [[nodiscard]] bool caught_up(const TopicPartition&) const override { return true; }
    Result<void> stop_at_end() override { return {}; }
  } file;
  const std::vector<TopicPartition> partitions{{"day.ndjson", 0}, {"night.ndjson", 0}};
  const auto writer = producer("listen");
  ASSERT_SUCCEEDS(writer->begin());
  ASSERT_SUCCEEDS(writer->commit({group_, &file, {{partitions[0], {100, "first"}}, {partitions[1], {7, ""}}}, {}}));
  ASSERT_SUCCEEDS(writer->begin());
  ASSERT_SUCCEEDS(writer->commit({group_, &file, {{partitions[0], {250, "second"}}}, {}}));
  ASSERT_SUCCEEDS(writer->begin());
  ASSERT_SUCCEEDS(writer->produce({mentions_, 0, {}, "aborted"}));
  ASSERT_SUCCEEDS(writer->abort());

  log_ = cluster_.open_log();
  const auto positions = log_->committed(group_, file, partitions);
  ASSERT_SUCCEEDS(positions);
  ASSERT_EQ(positions->size(), 2u);
  EXPECT_EQ(positions->at(partitions[0]).next_offset, 250);
  EXPECT_EQ(positions->at(partitions[0]).metadata, "second");
  EXPECT_EQ(positions->at(partitions[1]).next_offset, 7);
  EXPECT_TRUE(log_->committed(cluster_.unique("another group"), file, partitions)->empty());
}

TEST_F(KafkaTransaction, TimesOutAtTheBrokerAndIsTakenUpFromTheLastCommit) {
  KafkaOptions hasty = cluster_.options();
  hasty.transaction_timeout_ms = 2'000;
  const auto log = TestCluster::open_log(hasty);
  {
    auto writer = log->open_producer(cluster_.unique("slow"));
    ASSERT_SUCCEEDS(writer);
    ASSERT_SUCCEEDS((*writer)->begin());
    ASSERT_SUCCEEDS((*writer)->produce({mentions_, 0, {}, "too late"}));
    std::this_thread::sleep_for(seconds(14));  // the brokers look for overdue transactions every 10 s
    const auto committed = (*writer)->commit({});
    ASSERT_FALSE(committed.ok());
    EXPECT_EQ(committed.error().code, ErrorCode::kUnavailable) << committed.error().to_string();
    static_cast<void>((*writer)->abort().ok());
  }
  auto again = log->open_producer(cluster_.unique("slow"));
  ASSERT_SUCCEEDS(again);
  ASSERT_SUCCEEDS((*again)->begin());
  ASSERT_SUCCEEDS((*again)->produce({mentions_, 0, {}, "in time"}));
  ASSERT_SUCCEEDS((*again)->commit({}));
  EXPECT_EQ(mentions().values({mentions_, 0}), std::vector<std::string>{"in time"});
}

TEST_F(KafkaTransaction, NamesTheTopicOfARecordThatIsTooLargeAndGoesOnAfterTheAbort) {
  const auto writer = producer("listen");
  ASSERT_SUCCEEDS(writer->begin());
  const auto produced = writer->produce({mentions_, 0, {}, std::string(3'000'000, 'x')});
  ASSERT_FALSE(produced.ok());
  EXPECT_EQ(produced.error().code, ErrorCode::kInvalid);
  EXPECT_NE(produced.error().to_string().find(mentions_), std::string::npos) << produced.error().to_string();
  ASSERT_SUCCEEDS(writer->abort());
  ASSERT_SUCCEEDS(writer->begin());
  ASSERT_SUCCEEDS(writer->produce({mentions_, 0, {}, "small"}));
  ASSERT_SUCCEEDS(writer->commit({}));
  EXPECT_EQ(mentions().count(), 1u);
}

TEST_F(KafkaTransaction, CountsCommitsAndRecords) {
  KafkaOptions options = cluster_.options();
  options.counters = std::make_shared<KafkaCounters>();
  const auto log = TestCluster::open_log(options);
  auto writer = log->open_producer(cluster_.unique("counted"));
  ASSERT_SUCCEEDS(writer);
  for (int commit = 0; commit < 3; ++commit) {
    ASSERT_SUCCEEDS((*writer)->begin());
    for (int i = 0; i < 10; ++i) ASSERT_SUCCEEDS((*writer)->produce({mentions_, 0, "k", "value"}));
    ASSERT_SUCCEEDS((*writer)->commit({}));
  }
  EXPECT_EQ(options.counters->commits, 3u);
  EXPECT_EQ(options.counters->records_produced, 30u);
  EXPECT_EQ(options.counters->bytes_produced, 30u * 6);
  EXPECT_GT(options.counters->commit_time_us, 0u);
}

}  // namespace

}  // namespace earshot::kafka
