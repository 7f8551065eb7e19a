// Positions that the partition no longer holds: nothing is skipped in silence.
#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>

#include "connectors/kafka/handles.h"
#include "tests/contract/drain.h"
#include "tests/integration/kafka/kafka_cluster.h"

namespace earshot::kafka {

namespace {

class KafkaLostRecords : public testing::Test {
 protected:
  void SetUp() override {
    EARSHOT_NEEDS_KAFKA();
    log_ = cluster_.open_log();
    const std::vector<TopicSpec> specs{{posts_.topic, 1}};
    ASSERT_SUCCEEDS(log_->ensure_topics(specs));
    auto producer = log_->open_producer(cluster_.unique("feeder"));
    ASSERT_SUCCEEDS(producer);
    ASSERT_SUCCEEDS((*producer)->begin());
    for (int i = 0; i < 100; ++i) ASSERT_SUCCEEDS((*producer)->produce({posts_.topic, 0, {}, std::to_string(i)}));
    ASSERT_SUCCEEDS((*producer)->commit({}));
    auto source = log_->subscribe(cluster_.unique("listen"), {posts_.topic}, {.until_end = true});
    ASSERT_SUCCEEDS(source);
    source_ = std::move(*source);
  }

  // As retention does in time.
  void delete_records_before(int64_t offset) {
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    ASSERT_EQ(rd_kafka_conf_set(conf, "bootstrap.servers", bootstrap_servers(), nullptr, 0), RD_KAFKA_CONF_OK);
    rd_kafka_t* admin = rd_kafka_new(RD_KAFKA_PRODUCER, conf, nullptr, 0);
    ASSERT_NE(admin, nullptr);
    {
      const PartitionList list = make_partition_list(1);
      add_partition(list.get(), posts_)->offset = offset;
      const QueueHandle queue(rd_kafka_queue_new(admin));
      rd_kafka_DeleteRecords_t* request = rd_kafka_DeleteRecords_new(list.get());
      rd_kafka_DeleteRecords(admin, &request, 1, nullptr, queue.get());
      const EventHandle event(rd_kafka_queue_poll(queue.get(), 30'000));
      rd_kafka_DeleteRecords_destroy(request);
      ASSERT_TRUE(event);
      ASSERT_EQ(rd_kafka_event_error(event.get()), RD_KAFKA_RESP_ERR_NO_ERROR);
    }
    rd_kafka_destroy(admin);
  }

  TestCluster cluster_;
  TopicPartition posts_{cluster_.unique("posts"), 0};
  std::unique_ptr<Log> log_;
  std::unique_ptr<Source> source_;
};

TEST_F(KafkaLostRecords, GoesOnAtTheFirstThatIsLeftAndSaysHowManyRetentionTook) {
  delete_records_before(60);
  contract::settle(*source_, {{posts_, 20}});
  const auto read = contract::drain(*source_).values(posts_);
  ASSERT_EQ(read.size(), 40u);
  EXPECT_EQ(read.front(), "60");
  EXPECT_TRUE(cluster_.has_logged("retention removed 40 records")) << cluster_.log_text();
}

TEST_F(KafkaLostRecords, TellsOfRetentionThatOvertakesAReader) {
  contract::settle(*source_, {{posts_, 0}});
  delete_records_before(60);
  Result<Polled> polled = Polled{};
  size_t read = 0;
  for (int i = 0; i < 50 && polled && polled->status != PollStatus::kEndOfInput; ++i) {
    polled = source_->poll(std::chrono::milliseconds(100));
    if (polled && polled->batch) read += polled->batch->size();
  }
  // Either it had fetched all before, or it says what happened.
  if (polled) {
    EXPECT_EQ(read, 100u);
  } else {
    EXPECT_EQ(polled.error().code, ErrorCode::kUnavailable);
    EXPECT_NE(polled.error().to_string().find("retention"), std::string::npos) << polled.error().to_string();
  }
}

TEST_F(KafkaLostRecords, RefusesAPositionPastTheEnd) {
  ASSERT_EQ(source_->poll(std::chrono::seconds(30))->status, PollStatus::kRebalance);
  ASSERT_EQ(source_->take_rebalance().assigned.size(), 1u);
  const auto finished = source_->finish_rebalance({{posts_, 1'000}});
  ASSERT_FALSE(finished.ok());
  EXPECT_EQ(finished.error().code, ErrorCode::kCorrupt);
  EXPECT_NE(finished.error().to_string().find(posts_.topic + "/0@1000"), std::string::npos)
      << finished.error().to_string();
}

}  // namespace

}  // namespace earshot::kafka
