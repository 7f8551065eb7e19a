// What docs/security.md tells an administrator to allow is what the engine needs, on a broker that forbids all else.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <random>

#include "connectors/kafka/kafka_log.h"
#include "tests/integration/pipeline/engine_process.h"

namespace earshot {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  for (size_t at = text.find(what); at != text.npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
  return text;
}

class KafkaRights : public testing::Test {
 protected:
  void SetUp() override {
    if (environment("EARSHOT_TEST_KAFKA_MUTUAL_TLS").empty()) {
      GTEST_SKIP() << "needs TLS: EARSHOT_KAFKA_TLS=1 ops/kafka/kafka.sh start && eval \"$(ops/kafka/kafka.sh env)\"";
    }
    name_ = "rights-" + std::to_string(getpid()) + "-" + std::to_string(std::random_device()() % 10'000);
    load_posts();
  }

  // As ANONYMOUS, who may do everything here.
  void load_posts() const {
    kafka::KafkaOptions options;
    options.properties = {{"bootstrap.servers", environment("EARSHOT_TEST_KAFKA")}};
    const auto log = kafka::open_kafka_log(options);
    ASSERT_TRUE(log) << log.error().to_string();
    const std::vector<TopicSpec> topics{{name_ + "-in", 2}};
    ASSERT_TRUE((*log)->ensure_topics(topics));
    auto producer = (*log)->open_producer(name_ + "-loader");
    ASSERT_TRUE(producer) << producer.error().to_string();
    ASSERT_TRUE((*producer)->begin());
    const std::vector<std::string> lines = lines_of(Workspace::posts());
    for (size_t i = 0; i < 3'000; ++i) {
      ASSERT_TRUE((*producer)->produce(
          {.topic = name_ + "-in", .partition = static_cast<int32_t>(i % 2), .value = lines[i], .timestamp_ms = 1}));
    }
    ASSERT_TRUE((*producer)->commit({.group = "loader"}));
  }

  [[nodiscard]] Finished run() const {
    const std::string certificates = environment("EARSHOT_TEST_KAFKA_CERTIFICATES");
    const std::string config = workspace_.path("rights.yaml").string();
    std::ofstream(config) << "name: " << name_ << "\nlisteners: listeners\ndata_dir: data\nadmin: {enabled: false}\n"
                          << "source: {connector: kafka, topics: [" << name_ << "-in]}\n"
                          << "log: {connector: kafka, topic_prefix: " << name_ << "., partitions: 2}\n"
                          << "outputs: {files: {windows: windows.ndjson}}\nkafka:\n  bootstrap.servers: "
                          << environment("EARSHOT_TEST_KAFKA_MUTUAL_TLS") << "\n  security.protocol: SSL\n"
                          << "  ssl.ca.location: " << certificates
                          << "/ca.crt\n  ssl.certificate.location: " << certificates
                          << "/client.crt\n  ssl.key.location: " << certificates << "/client.key\n";
    return run_earshot({"run", "--config", config, "--until-end"});
  }

  // The commands of the documentation, with this test's names in the place of the documentation's.
  [[nodiscard]] std::vector<std::string> documented() const {
    std::vector<std::string> commands;
    for (std::string line : lines_of(std::string(EARSHOT_SOURCE_DIR) + "/docs/security.md")) {
      if (!line.starts_with("kafka-acls.sh ")) continue;
      line = replaced(line, "kafka-acls.sh ", "'" + std::string(EARSHOT_SOURCE_DIR) + "/ops/kafka/kafka.sh' acls ");
      line = replaced(line, "BROKERS", environment("EARSHOT_TEST_KAFKA"));
      line = replaced(line, " --command-config ADMIN", "");
      line = replaced(line, " --topic posts", " --topic " + name_ + "-in");
      line = replaced(line, " earshot.", " " + name_ + ".");
      commands.push_back(replaced(line, " earshot-", " " + name_ + "-"));
    }
    return commands;
  }

  std::string name_;
  Workspace workspace_;
};

TEST_F(KafkaRights, ThatAreDocumentedAreEnoughAndNotForNothing) {
  const Finished without = run();
  EXPECT_EQ(without.status, 1);
  EXPECT_NE(without.err.find("uthoriz"), std::string::npos) << without.err;
  const std::vector<std::string> commands = documented();
  ASSERT_GE(commands.size(), 4U) << "docs/security.md names no commands";
  for (const std::string& command : commands) {
    ASSERT_EQ(std::system((command + " > /dev/null").c_str()), 0) << command;
  }
  const Finished with = run();
  EXPECT_EQ(with.status, 0) << with.err;
  EXPECT_GT(lines_of(workspace_.path("windows.ndjson")).size(), 0U);
}

}  // namespace
}  // namespace earshot
