// KafkaDeployment: a test's own topics and names on a real Kafka. Skipped without a broker.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <random>
#include <string>

#include "connectors/kafka/kafka_log.h"
#include "tests/integration/pipeline/engine_process.h"

namespace earshot {

class KafkaDeployment : public testing::Test {
 protected:
  void SetUp() override {
    const char* brokers = std::getenv("EARSHOT_TEST_KAFKA");
    if (brokers == nullptr) GTEST_SKIP() << "no broker; start one and set EARSHOT_TEST_KAFKA, as ops/test.sh does";
    brokers_ = brokers;
    std::random_device random;
    prefix_ = "run-" + std::to_string(getpid()) + "-" + std::to_string(random()) + "-";
    kafka::KafkaOptions options;
    options.properties = {{"bootstrap.servers", brokers_}};
    options.topic_prefix = prefix_;
    auto log = kafka::open_kafka_log(options);
    ASSERT_TRUE(log) << log.error().to_string();
    log_ = std::move(*log);
  }

  std::string brokers_;
  std::string prefix_;  // of every topic and name of this test
  Workspace workspace_;
  std::unique_ptr<Log> log_;
};

}  // namespace earshot
