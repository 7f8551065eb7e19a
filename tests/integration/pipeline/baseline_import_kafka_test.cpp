// `earshot baseline import` on a real Kafka, where other machines must find what it learnt.
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "tests/integration/pipeline/kafka_deployment.h"

namespace earshot {
namespace {

class KafkaBaselineImport : public KafkaDeployment {
 protected:
  [[nodiscard]] std::string configure() const {
    std::ofstream(workspace_.path("posts.ndjson"));
    const std::string path = workspace_.configure("import",
                                                  "source: {connector: file, path: posts.ndjson, follow: true}\n"
                                                  "log: {connector: kafka, topic_prefix: " +
                                                      prefix_ + "a-, partitions: 4}\nkafka: {bootstrap.servers: '" +
                                                      brokers_ + "', session.timeout.ms: 6000}\n");
    std::stringstream text;
    text << std::ifstream(path).rdbuf();
    std::string content = text.str();
    content.replace(content.find("name: test"), 10, "name: " + prefix_ + "a");
    std::ofstream(path) << content;
    return path;
  }
  [[nodiscard]] Finished import(const std::string& config) const {
    const auto file = workspace_.path("counts.csv");
    std::ofstream(file) << "listener,pane_start,count,negative\npayvanta,2026-03-01T10:00:00Z,5,1\n";
    return run_earshot({"baseline", "import", "--config", config, "--every", "1h", file});
  }
};

TEST_F(KafkaBaselineImport, IsFoundByAMachineThatHasNothing) {
  const std::string config = configure();
  const auto imported = import(config);
  ASSERT_EQ(imported.status, 0) << imported.err;
  EXPECT_EQ(imported.out, "payvanta: 5 mentions from 2026-03-01T10:00:00.000Z to 2026-03-01T11:00:00.000Z\n");
  std::filesystem::remove_all(workspace_.path("import"));
  const auto again = import(config);
  EXPECT_EQ(again.status, 1);
  EXPECT_NE(again.err.find("something is known of listener 'payvanta' already"), std::string::npos) << again.err;
}

TEST_F(KafkaBaselineImport, IsRefusedWhileDetectRuns) {
  const std::string config = configure();
  EngineProcess engine({"run", "--config", config});
  Finished refused;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  do {
    std::this_thread::sleep_for(std::chrono::seconds(1));
    ASSERT_TRUE(engine.is_running());
    refused = import(config);
  } while (refused.err.find("DETECT is running in 1 process") == std::string::npos &&
           std::chrono::steady_clock::now() < deadline);
  EXPECT_EQ(refused.status, 1) << refused.err;
  EXPECT_NE(refused.err.find("DETECT is running in 1 process"), std::string::npos) << refused.err;
  engine.signal(SIGTERM);
  EXPECT_EQ(engine.wait().status, 0);
}

}  // namespace
}  // namespace earshot
