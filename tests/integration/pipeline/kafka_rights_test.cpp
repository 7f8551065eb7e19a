// What docs/security.md tells an administrator to allow is what the engine needs, on a broker that forbids all else.
#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <memory>
#include <random>
#include <regex>
#include <sstream>

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

struct Right {
  rd_kafka_ResourceType_t type = RD_KAFKA_RESOURCE_UNKNOWN;
  std::string name;
  bool is_prefix = false;
  rd_kafka_AclOperation_t operation = RD_KAFKA_ACL_OPERATION_UNKNOWN;
};

rd_kafka_AclOperation_t operation_of(const std::string& word) {
  for (const auto& [name, operation] : {std::pair("Read", RD_KAFKA_ACL_OPERATION_READ),
                                        {"Write", RD_KAFKA_ACL_OPERATION_WRITE},
                                        {"Create", RD_KAFKA_ACL_OPERATION_CREATE},
                                        {"Alter", RD_KAFKA_ACL_OPERATION_ALTER},
                                        {"DescribeConfigs", RD_KAFKA_ACL_OPERATION_DESCRIBE_CONFIGS}}) {
    if (word == name) return operation;
  }
  ADD_FAILURE() << "the documentation names an operation that this test does not know: " << word;
  return RD_KAFKA_ACL_OPERATION_UNKNOWN;
}

// The rights that a command line of kafka-acls.sh gives.
std::vector<Right> rights_of(const std::string& command) {
  std::vector<Right> rights;
  Right each;
  std::vector<std::string> operations;
  std::istringstream words(command);
  for (std::string word; words >> word;) {
    if (word == "--operation" && words >> word) operations.push_back(word);
    if (word == "--resource-pattern-type" && words >> word) each.is_prefix = word == "prefixed";
    if (word == "--topic" && words >> each.name) each.type = RD_KAFKA_RESOURCE_TOPIC;
    if (word == "--group" && words >> each.name) each.type = RD_KAFKA_RESOURCE_GROUP;
    if (word == "--transactional-id" && words >> each.name) each.type = RD_KAFKA_RESOURCE_TRANSACTIONAL_ID;
  }
  for (const std::string& operation : operations) {
    each.operation = operation_of(operation);
    rights.push_back(each);
  }
  return rights;
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
  [[nodiscard]] std::vector<Right> documented() const {
    std::vector<Right> rights;
    for (const std::string& line : lines_of(std::string(EARSHOT_SOURCE_DIR) + "/docs/security.md")) {
      if (!line.starts_with("kafka-acls.sh ")) continue;
      EXPECT_NE(line.find("--allow-principal User:CN=earshot "), std::string::npos) << line;
      std::string command = replaced(line, "--topic posts", "--topic " + name_ + "-in");
      command = replaced(command, " earshot.", " " + name_ + ".");
      command = replaced(command, " earshot-", " " + name_ + "-");
      for (const Right& right : rights_of(command)) rights.push_back(right);
    }
    return rights;
  }

  static void give(const std::vector<Right>& rights) {
    char reason[256] = {};
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "bootstrap.servers", environment("EARSHOT_TEST_KAFKA").c_str(), reason, sizeof reason);
    const std::unique_ptr<rd_kafka_t, void (*)(rd_kafka_t*)> client(
        rd_kafka_new(RD_KAFKA_PRODUCER, conf, reason, sizeof reason), rd_kafka_destroy);
    ASSERT_NE(client, nullptr) << reason;
    std::vector<rd_kafka_AclBinding_t*> bindings;
    for (const Right& right : rights) {
      const auto pattern = right.is_prefix ? RD_KAFKA_RESOURCE_PATTERN_PREFIXED : RD_KAFKA_RESOURCE_PATTERN_LITERAL;
      bindings.push_back(rd_kafka_AclBinding_new(right.type, right.name.c_str(), pattern, "User:CN=earshot", "*",
                                                 right.operation, RD_KAFKA_ACL_PERMISSION_TYPE_ALLOW, reason,
                                                 sizeof reason));
      ASSERT_NE(bindings.back(), nullptr) << reason;
    }
    rd_kafka_queue_t* queue = rd_kafka_queue_new(client.get());
    rd_kafka_CreateAcls(client.get(), bindings.data(), bindings.size(), nullptr, queue);
    rd_kafka_event_t* event = rd_kafka_queue_poll(queue, 30'000);
    ASSERT_NE(event, nullptr);
    EXPECT_EQ(rd_kafka_event_error(event), RD_KAFKA_RESP_ERR_NO_ERROR) << rd_kafka_event_error_string(event);
    size_t count = 0;
    const rd_kafka_acl_result_t** results =
        rd_kafka_CreateAcls_result_acls(rd_kafka_event_CreateAcls_result(event), &count);
    for (size_t i = 0; i < count; ++i) EXPECT_EQ(rd_kafka_acl_result_error(results[i]), nullptr);
    rd_kafka_event_destroy(event);
    rd_kafka_queue_destroy(queue);
    rd_kafka_AclBinding_destroy_array(bindings.data(), bindings.size());
  }

  std::string name_;
  Workspace workspace_;
};

TEST_F(KafkaRights, ThatAreDocumentedAreEnoughAndNotForNothing) {
  const Finished without = run();
  EXPECT_EQ(without.status, 1);
  EXPECT_NE(without.err.find("uthoriz"), std::string::npos) << without.err;
  const std::vector<Right> rights = documented();
  ASSERT_GE(rights.size(), 7U) << "docs/security.md names no commands";
  give(rights);
  const Finished with = run();
  EXPECT_EQ(with.status, 0) << with.err;
  EXPECT_GT(lines_of(workspace_.path("windows.ndjson")).size(), 10U);
}

}  // namespace
}  // namespace earshot
