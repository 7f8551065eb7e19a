#include <fmt/format.h>

#include <mutex>

#include "connectors/local/local_log.h"
#include "connectors/local/local_source.h"
#include "connectors/local/log_view.h"
#include "connectors/local/positions.h"

namespace earshot::local {
namespace {

constexpr std::chrono::milliseconds kLookInterval(20);
constexpr int kOpenTries = 10;

// Files come and go beneath a reader while the writer works, so opening may need a second look.
Result<std::shared_ptr<Database>> open_with_retries(const std::string& path) {
  auto database = Database::open_secondary(path);
  for (int tried = 1; tried < kOpenTries && !database && database.error().code == ErrorCode::kUnavailable; ++tried) {
    database = Database::open_secondary(path);
  }
  return database;
}

// Follows the writer's database; its sources may be on several threads.
class LogFollower final : public LogView {
 public:
  explicit LogFollower(std::string path) : path_(std::move(path)) {}

  [[nodiscard]] std::shared_ptr<Database> database() const override {
    const std::lock_guard lock(mutex_);
    return database_;
  }

  Result<void> refresh() override {
    const std::lock_guard lock(mutex_);
    if (!database_ || !database_->catch_up()) {
      auto opened = open_with_retries(path_);
      if (!opened) return opened.error();
      database_ = std::move(*opened);
    }
    return catalog_.load(*database_);
  }

  [[nodiscard]] std::chrono::milliseconds refresh_interval() const override { return kLookInterval; }

 private:
  const std::string path_;
  mutable std::mutex mutex_;
  std::shared_ptr<Database> database_;
};

class LocalLogFollower final : public LocalLogReader {
 public:
  explicit LocalLogFollower(std::shared_ptr<LogFollower> follower) : follower_(std::move(follower)) {}

  Result<std::unique_ptr<Source>> subscribe(const std::vector<std::string>& topics,
                                            const SubscribeOptions& options) override {
    if (const auto refreshed = follower_->refresh(); !refreshed) return refreshed.error();
    return open_source(follower_, topics, options);
  }

  Result<std::vector<TopicSpec>> topics() override {
    if (const auto refreshed = follower_->refresh(); !refreshed) return refreshed.error();
    std::vector<TopicSpec> specs;
    for (const Topic& topic : follower_->catalog().topics()) specs.push_back(topic.spec);
    return specs;
  }

  Result<std::map<TopicPartition, int64_t>> earliest(const std::string& name) override {
    if (const auto refreshed = follower_->refresh(); !refreshed) return refreshed.error();
    const auto topic = follower_->catalog().find(name);
    if (!topic) return Error{ErrorCode::kNotFound, fmt::format("there is no topic {} in the local log", name), {}};
    std::map<TopicPartition, int64_t> offsets;
    for (int32_t partition = 0; partition < topic->spec.partitions; ++partition) {
      offsets[{name, partition}] = follower_->catalog().bounds({topic->id, partition}).earliest;
    }
    return offsets;
  }

  Result<std::map<TopicPartition, Position>> positions(const std::string& group) override {
    if (const auto refreshed = follower_->refresh(); !refreshed) return refreshed.error();
    return read_positions(*follower_->database(), group);
  }

 private:
  const std::shared_ptr<LogFollower> follower_;
};

}  // namespace

Result<std::unique_ptr<LocalLogReader>> open_local_log_reader(const std::string& path) {
  auto follower = std::make_shared<LogFollower>(path);
  if (const auto refreshed = follower->refresh(); !refreshed) return refreshed.error();
  return std::unique_ptr<LocalLogReader>(std::make_unique<LocalLogFollower>(std::move(follower)));
}

}  // namespace earshot::local
