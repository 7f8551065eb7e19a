// librdkafka's mock brokers, to inject errors. They isolate no transactions: nothing here claims exactly-once.
#pragma once

#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <initializer_list>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/kafka/kafka_log.h"

namespace earshot::kafka {

// Kafka's numbers of the requests that a member or a transaction sends.
enum class ApiKey : int16_t {
  kProduce = 0,
  kSyncGroup = 14,
  kInitProducerId = 22,
  kAddPartitionsToTxn = 24,
  kAddOffsetsToTxn = 25,
  kEndTxn = 26,
  kTxnOffsetCommit = 28,
};

class MockCluster {
 public:
  explicit MockCluster(int brokers = 1) {
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "log_level", "0", nullptr, 0);  // it has no broker of its own and would say so
    handle_ = rd_kafka_new(RD_KAFKA_PRODUCER, conf, nullptr, 0);
    cluster_ = rd_kafka_mock_cluster_new(handle_, brokers);
  }
  ~MockCluster() {
    rd_kafka_mock_cluster_destroy(cluster_);
    rd_kafka_destroy(handle_);
  }
  MockCluster(const MockCluster&) = delete;
  MockCluster& operator=(const MockCluster&) = delete;

  void create_topic(const std::string& topic, int partitions) {
    EXPECT_EQ(rd_kafka_mock_topic_create(cluster_, topic.c_str(), partitions, 1), RD_KAFKA_RESP_ERR_NO_ERROR);
  }

  // The next requests of the kind are answered with these errors, in order.
  void fail(ApiKey key, std::initializer_list<rd_kafka_resp_err_t> errors) { fail(key, std::vector(errors)); }
  void fail(ApiKey key, const std::vector<rd_kafka_resp_err_t>& list) {
    rd_kafka_mock_push_request_errors_array(cluster_, static_cast<int16_t>(key), list.size(), list.data());
  }

  void heal(ApiKey key) { rd_kafka_mock_clear_request_errors(cluster_, static_cast<int16_t>(key)); }

  void set_group_coordinator(const std::string& group, int broker) {
    EXPECT_EQ(rd_kafka_mock_coordinator_set(cluster_, "group", group.c_str(), broker), RD_KAFKA_RESP_ERR_NO_ERROR);
  }
  void set_transaction_coordinator(const std::string& id, int broker) {
    EXPECT_EQ(rd_kafka_mock_coordinator_set(cluster_, "transaction", id.c_str(), broker), RD_KAFKA_RESP_ERR_NO_ERROR);
  }
  void stop_broker(int broker) { rd_kafka_mock_broker_set_down(cluster_, broker); }

  [[nodiscard]] KafkaOptions options() const {
    KafkaOptions options;
    options.properties["bootstrap.servers"] = rd_kafka_mock_cluster_bootstraps(cluster_);
    options.properties["retry.backoff.ms"] = "10";
    options.request_timeout_ms = 10'000;
    return options;
  }

 private:
  rd_kafka_t* handle_;
  rd_kafka_mock_cluster_t* cluster_;
};

}  // namespace earshot::kafka
