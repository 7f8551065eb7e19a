// Kafka keeps what every log and every source promises.
#include "tests/contract/log_contract.h"
#include "tests/contract/source_contract.h"
#include "tests/integration/kafka/kafka_cluster.h"

namespace earshot::contract {

namespace {

using kafka::TestCluster;

class KafkaLogHarness : public LogHarness {
 public:
  KafkaLogHarness() : log_(cluster_.open_log()) {}
  Log& log() override { return *log_; }
  void reopen() override {
    log_.reset();
    log_ = cluster_.open_log();
  }
  std::string unique(const std::string& name) override { return cluster_.unique(name); }

 private:
  TestCluster cluster_;
  std::unique_ptr<Log> log_;
};

class KafkaSourceHarness : public SourceHarness {
 public:
  explicit KafkaSourceHarness(int32_t partitions) : log_(cluster_.open_log()), topic_(cluster_.unique("posts")) {
    const std::vector<TopicSpec> specs{{topic_, partitions}};
    EXPECT_TRUE(log_->ensure_topics(specs).ok());
    auto producer = log_->open_producer(cluster_.unique("feeder"));
    EXPECT_TRUE(producer.ok()) << (producer ? "" : producer.error().to_string());
    producer_ = std::move(*producer);
  }

  void append(int32_t partition, const std::vector<std::string>& values) override {
    EXPECT_TRUE(producer_->begin().ok());
    for (const std::string& value : values) EXPECT_TRUE(producer_->produce({topic_, partition, {}, value}).ok());
    EXPECT_TRUE(producer_->commit({}).ok());
  }

  std::unique_ptr<Source> open(bool bounded) override {
    auto source =
        log_->subscribe(cluster_.unique("group" + std::to_string(openings_++)), {topic_}, {.until_end = bounded});
    EXPECT_TRUE(source.ok()) << (source ? "" : source.error().to_string());
    return std::move(*source);
  }

 private:
  TestCluster cluster_;
  std::unique_ptr<Log> log_;
  std::string topic_;
  std::unique_ptr<Producer> producer_;
  int openings_ = 0;
};

}  // namespace

// Without a cluster there is nothing to instantiate; the skip in kafka_test says how to start one.
std::vector<LogFactory> kafka_logs() {
  if (kafka::bootstrap_servers() == nullptr) return {};
  return {{"kafka", [] { return std::make_unique<KafkaLogHarness>(); }}};
}
std::vector<SourceFactory> kafka_sources() {
  if (kafka::bootstrap_servers() == nullptr) return {};
  return {{"kafka", [](int32_t partitions) { return std::make_unique<KafkaSourceHarness>(partitions); }}};
}

INSTANTIATE_TEST_SUITE_P(Kafka, LogContract, testing::ValuesIn(kafka_logs()), log_name);
INSTANTIATE_TEST_SUITE_P(Kafka, SourceContract, testing::ValuesIn(kafka_sources()), factory_name);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(LogContract);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(SourceContract);

}  // namespace earshot::contract
