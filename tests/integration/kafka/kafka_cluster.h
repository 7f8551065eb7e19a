// The real Kafka that these tests run against, and names that no earlier run has used.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "connectors/kafka/kafka_log.h"
#include "tests/connectors/temporary_folder.h"

namespace earshot::kafka {

inline const char* bootstrap_servers() {
  return std::getenv("EARSHOT_TEST_KAFKA");
}

#define EARSHOT_NEEDS_KAFKA()                                                                        \
  if (earshot::kafka::bootstrap_servers() == nullptr) {                                              \
    GTEST_SKIP() << "needs a Kafka: ops/kafka/kafka.sh start && eval \"$(ops/kafka/kafka.sh env)\""; \
  }

#define ASSERT_SUCCEEDS(expression)                                           \
  do {                                                                        \
    const auto& outcome_of_call = (expression);                               \
    ASSERT_TRUE(outcome_of_call.ok()) << outcome_of_call.error().to_string(); \
  } while (false)

// Everything that is asked of a cluster by one test.
class TestCluster {
 public:
  TestCluster() {
    static std::atomic<int> count{0};
    const auto now = std::chrono::system_clock::now().time_since_epoch().count() / 1'000'000;
    run_ = "t" + std::to_string(now) + "-" + std::to_string(getpid()) + "-" + std::to_string(count++) + ".";
  }

  [[nodiscard]] std::string unique(const std::string& name) const { return run_ + name; }

  [[nodiscard]] KafkaOptions options() const {
    KafkaOptions options;
    if (bootstrap_servers() != nullptr) options.properties["bootstrap.servers"] = bootstrap_servers();
    options.topic_prefix = run_;
    options.state_dir = folder_.path();
    options.on_log = [this](LogLevel level, std::string_view message) { note(level, message); };
    return options;
  }

  [[nodiscard]] std::unique_ptr<Log> open_log() const { return open_log(options()); }

  [[nodiscard]] static std::unique_ptr<Log> open_log(KafkaOptions options) {
    auto log = open_kafka_log(std::move(options));
    EXPECT_TRUE(log.ok()) << (log ? "" : log.error().to_string());
    return log ? std::move(*log) : nullptr;
  }

  [[nodiscard]] std::filesystem::path state_dir() const { return folder_.path(); }

  [[nodiscard]] bool has_logged(std::string_view text) const {
    const std::lock_guard lock(mutex_);
    for (const std::string& line : logged_) {
      if (line.find(text) != line.npos) return true;
    }
    return false;
  }
  [[nodiscard]] std::string log_text() const {
    const std::lock_guard lock(mutex_);
    std::string text;
    for (const std::string& line : logged_) text += line + "\n";
    return text;
  }

 private:
  void note(LogLevel level, std::string_view message) const {
    const std::lock_guard lock(mutex_);
    logged_.push_back(std::to_string(static_cast<int>(level)) + " " + std::string(message));
  }

  std::string run_;
  TemporaryFolder folder_;
  mutable std::mutex mutex_;
  mutable std::vector<std::string> logged_;
};

}  // namespace earshot::kafka
