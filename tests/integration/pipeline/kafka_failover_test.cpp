// What a reader of the windows notices when one of two processes dies under load.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "engine/time/timestamp.h"
#include "tests/contract/drain.h"
#include "tests/integration/pipeline/kafka_deployment.h"

namespace earshot {
namespace {

using Clock = std::chrono::system_clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int32_t kPartitions = 4;
constexpr int kBrands = 8;

int64_t now_ms() {
  return std::chrono::duration_cast<milliseconds>(Clock::now().time_since_epoch()).count();
}

// Posts about every brand on every partition, ten times a second, with the time of now.
class LivePosts {
 public:
  LivePosts(Log& log, std::string topic)
      : topic_(std::move(topic)), thread_([this, &log](const std::stop_token& stop) { produce(log, stop); }) {}

 private:
  void produce(Log& log, const std::stop_token& stop) {
    auto producer = log.open_producer(topic_ + "-live");
    for (int64_t id = 0; producer && !stop.stop_requested(); std::this_thread::sleep_for(milliseconds(100))) {
      if (!(*producer)->begin()) continue;
      const int64_t time_ms = now_ms();
      for (int32_t partition = 0; partition < kPartitions; ++partition) {
        for (int brand = 0; brand < kBrands; ++brand, ++id) {
          const std::string post = fmt::format(
              R"({{"id":"{0}","platform":"x","created_at":"{1}","text":"brand{2} is fine {0}","author":{{"id":"a{0}"}}}})",
              id, format_rfc3339(time_ms), brand);
          static_cast<void>(
              (*producer)
                  ->produce({.topic = topic_, .partition = partition, .value = post, .timestamp_ms = time_ms})
                  .ok());
        }
      }
      static_cast<void>((*producer)->commit({.group = "live"}).ok());
    }
  }

  std::string topic_;
  std::jthread thread_;
};

class KafkaFailover : public KafkaDeployment {
 protected:
  void SetUp() override {
    KafkaDeployment::SetUp();
    if (!log_) return;
    const std::vector<TopicSpec> topics{{prefix_ + "posts", kPartitions}};
    ASSERT_TRUE(log_->ensure_topics(topics));
    std::ofstream listeners(workspace_.path("listeners") / "brands.yaml");
    listeners << "listeners:\n";
    for (int brand = 0; brand < kBrands; ++brand) {
      listeners << fmt::format("  - {{name: brand{0}, spoke: desk, owner: test, query: brand{0}}}\n", brand);
    }
  }

  // The same deployment for each `process`, which has a data folder of its own.
  [[nodiscard]] std::string configure(const std::string& process, int standbys) const {
    const std::string path = workspace_.configure(
        process, fmt::format("source: {{connector: kafka, topics: [{0}posts]}}\n"
                             "log: {{connector: kafka, topic_prefix: {0}, partitions: 4, standbys: {1}}}\n"
                             "time: {{disorder: 200ms, idle_timeout: 5m}}\nwindows: {{pane: 1s, sizes: [1s]}}\n"
                             "kafka: {{bootstrap.servers: '{2}', {3}}}\n",
                             prefix_, standbys, brokers_, session_));
    std::ifstream file(path);
    std::string content{std::istreambuf_iterator<char>(file), {}};
    content.replace(content.find("name: test"), 10, "name: " + prefix_ + "engine");
    std::ofstream(path) << content;
    return path;
  }

  // Waits until each brand has a window that starts at `from_ms` or later.
  bool wait_for_windows(Source& windows, int64_t from_ms, seconds patience) {
    std::set<std::string> heard;
    const auto deadline = Clock::now() + patience;
    while (heard.size() < kBrands && Clock::now() < deadline) {
      const auto polled = windows.poll(milliseconds(50));
      if (!polled || !polled->batch) continue;
      for (size_t i = 0; i < polled->batch->size(); ++i) {
        const auto window = nlohmann::json::parse((*polled->batch)[i].value);
        const auto start_ms = parse_rfc3339_ms(window["start"].get<std::string>());
        if (start_ms && *start_ms >= from_ms) heard.insert(window["listener"]);
      }
    }
    return heard.size() == kBrands;
  }

  // Longest time from a window's end to its arrival while `meanwhile` runs.
  double longest_delay(Source& windows, const std::function<void()>& meanwhile) {
    std::atomic<bool> is_done = false;
    std::jthread other([&] {
      meanwhile();
      is_done = true;
    });
    double longest = 0;
    while (!is_done) {
      const auto polled = windows.poll(milliseconds(50));
      if (!polled || !polled->batch) continue;
      for (size_t i = 0; i < polled->batch->size(); ++i) {
        const auto window = nlohmann::json::parse((*polled->batch)[i].value);
        const auto end_ms = parse_rfc3339_ms(window["end"].get<std::string>());
        if (end_ms) longest = std::max(longest, static_cast<double>(now_ms() - *end_ms) / 1000);
      }
    }
    return longest;
  }

  std::unique_ptr<EngineProcess> start(const std::string& process) const {
    return std::make_unique<EngineProcess>(std::vector<std::string>{"run", "--config", configure(process, 0)});
  }

  double seconds_to_recover(int standbys) {
    const LivePosts posts(*log_, prefix_ + "posts");
    EngineProcess survivor({"run", "--config", configure("survivor", standbys)});
    EngineProcess victim({"run", "--config", configure("victim", standbys)});
    std::this_thread::sleep_for(seconds(3));  // the windows topic is made by the engines
    auto windows = log_->subscribe(prefix_ + "reader", {prefix_ + "windows"}, {.from_latest = true});
    EXPECT_TRUE(windows) << windows.error().to_string();
    contract::settle(**windows);
    EXPECT_TRUE(wait_for_windows(**windows, now_ms(), seconds(60))) << "never started";
    std::this_thread::sleep_for(seconds(8));  // partitions spread, copies warm
    const int64_t killed_ms = now_ms();
    victim.signal(SIGKILL);
    EXPECT_TRUE(wait_for_windows(**windows, killed_ms, seconds(60))) << "did not recover";
    const double taken = static_cast<double>(now_ms() - killed_ms) / 1000;
    victim.wait();
    survivor.signal(SIGTERM);
    const auto ended = survivor.wait();
    EXPECT_EQ(ended.status, 0) << ended.err;
    return taken;
  }

  std::string session_ = "session.timeout.ms: 6000";  // as by default
};

TEST_F(KafkaFailover, GivesWindowsAgainWithinTenSecondsOfAKill) {
  const double taken = seconds_to_recover(0);
  std::cout << "recovered after " << taken << " s\n";
  EXPECT_LT(taken, 10);
}

// A death is noticed no sooner than the session allows; the brokers of ops/kafka take one of a second.
TEST_F(KafkaFailover, GivesWindowsAgainWithinSecondsWithAShortSessionAndAStandby) {
  session_ = "session.timeout.ms: 1200, heartbeat.interval.ms: 300";
  const double taken = seconds_to_recover(1);
  std::cout << "recovered after " << taken << " s\n";
  EXPECT_LT(taken, 5);  // 3 on a machine that does nothing else
}

TEST_F(KafkaFailover, DelaysNoWindowByTenSecondsInARollingRestart) {
  const LivePosts posts(*log_, prefix_ + "posts");
  std::map<std::string, std::unique_ptr<EngineProcess>> engines;
  for (const std::string process : {"one", "two", "three"}) engines[process] = start(process);
  std::this_thread::sleep_for(seconds(3));
  auto windows = log_->subscribe(prefix_ + "reader", {prefix_ + "windows"}, {.from_latest = true});
  ASSERT_TRUE(windows) << windows.error().to_string();
  contract::settle(**windows);
  ASSERT_TRUE(wait_for_windows(**windows, now_ms() + 5'000, seconds(60))) << "never started";
  const double longest = longest_delay(**windows, [&] {
    for (auto& [process, engine] : engines) {
      engine->signal(SIGTERM);
      const auto ended = engine->wait();
      EXPECT_EQ(ended.status, 0) << ended.err;
      engine = start(process);
      std::this_thread::sleep_for(seconds(4));
    }
  });
  std::cout << "longest delay " << longest << " s\n";
  EXPECT_LT(longest, 10);
  EXPECT_GT(longest, 0);
}

}  // namespace
}  // namespace earshot
