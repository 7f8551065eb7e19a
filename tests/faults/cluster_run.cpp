#include "tests/faults/cluster_run.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <iostream>
#include <random>
#include <thread>
#include <utility>

#include "connectors/kafka/kafka_log.h"
#include "engine/base/hash.h"
#include "tests/faults/local_run.h"

namespace earshot::faults {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::system_clock;

int64_t now_ms() {
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

}  // namespace

int64_t ClusterRun::start_ms() {
  constexpr int64_t kHourMs = 3'600'000;
  return (now_ms() / kHourMs - 20 * 24) * kHourMs;  // a post takes 50 ms of event time: the end must not be ahead of now
}

ClusterRun::ClusterRun(std::string servers) : servers_(std::move(servers)) {
  std::random_device random;
  prefix_ = "faults-" + std::to_string(getpid()) + "-" + std::to_string(random()) + "-";
  std::ofstream(workspace_.path("listeners") / "brands.yaml") << PostScript::listeners_yaml();
  kafka::KafkaOptions options;
  options.properties = {{"bootstrap.servers", servers_}};
  options.topic_prefix = prefix_;
  auto log = kafka::open_kafka_log(options);
  if (!log) throw std::runtime_error(log.error().to_string());
  log_ = std::move(*log);
  const std::vector<TopicSpec> topics{{prefix_ + "posts", kPostPartitions}};
  if (auto made = log_->ensure_topics(topics); !made) throw std::runtime_error(made.error().to_string());
}

std::string ClusterRun::configure(const std::string& run, const std::string& member, const std::string& file) const {
  const std::string source =
      file.empty() ? "{connector: kafka, topics: [" + prefix_ + "posts]}" : "{connector: file, path: '" + file + "'}";
  const std::string config = workspace_.path(run + "-" + member + ".yaml").string();
  std::ofstream(config) << "name: " << name_of(run) << "\ndata_dir: " << run << "-" << member << '\n'
                        << shared_settings() << "source: " << source << '\n'
                        << "log: {connector: kafka, topic_prefix: " << name_of(run) << "-, partitions: 3}\n"
                        << "kafka: {bootstrap.servers: '" << servers_
                        << "', session.timeout.ms: 3000, heartbeat.interval.ms: 500}\n"
                        << "runtime: {commit_interval: 100ms}\n";
  return config;
}

Result<void> ClusterRun::write_once(const std::vector<NumberedPost>& posts) {
  if (!producer_) {
    auto producer = log_->open_producer(prefix_ + "feed");
    if (!producer) return producer.error();
    producer_ = std::move(*producer);
  }
  if (auto begun = producer_->begin(); !begun) return begun;
  const std::string topic = prefix_ + "posts";
  for (const NumberedPost& post : posts) {
    const auto partition = static_cast<int32_t>(hash_64(post.id) % kPostPartitions);
    auto produced = producer_->produce(
        {.topic = topic, .partition = partition, .key = post.id, .value = post.json, .timestamp_ms = now_ms()});
    if (!produced) return produced;
  }
  return producer_->commit({.group = prefix_ + "feed"});
}

void ClusterRun::write(const std::vector<NumberedPost>& posts) {
  // A commit of unknown outcome may write them twice: dedup is there for that.
  while (!write_once(posts)) {
    producer_.reset();
    std::this_thread::sleep_for(milliseconds(100));
  }
}

OpenSource ClusterRun::open_topics(const std::string& run, const std::vector<std::string>& topics,
                                   bool until_end) const {
  std::vector<std::string> names;
  for (const std::string& topic : topics) names.push_back(name_of(run) + "-" + topic);
  return [this, names, until_end] {
    std::random_device random;
    return log_->subscribe(prefix_ + "reader-" + std::to_string(random()), names, {.until_end = until_end});
  };
}

OpenSource ClusterRun::open_outputs(const std::string& run, bool until_end) const {
  return open_topics(run, {"windows", "mentions.service", "mentions.sales"}, until_end);
}

void ClusterRun::compare_outputs(const std::string& run, const PostScript& script, uint64_t posts,
                                 CommittedReader& reader) {
  const Oracle oracle = oracle_of(script, posts);
  const Records final = read_all(open_outputs(run, true));
  EXPECT_EQ(compare(oracle, values_of(final, "windows"), values_of(final, "mentions.")), "");
  EXPECT_EQ(find_revisions(values_of(final, "windows")), "");
  EXPECT_EQ(compare_records(reader.finish(count_of(final)), final), "");
  std::cout << posts << " posts, " << oracle.mentions().size() << " mentions, " << oracle.windows().size()
            << " windows\n";
}

void ClusterRun::finish_and_compare(const std::string& run, const PostScript& script, uint64_t posts,
                                    CommittedReader& reader) {
  const auto resumed = run_earshot({"run", "--config", configure(run, "last"), "--until-end"});
  ASSERT_EQ(resumed.status, 0) << resumed.err;
  SCOPED_TRACE(resumed.err);
  compare_outputs(run, script, posts, reader);

  const auto undisturbed = run_earshot({"run", "--config", configure("undisturbed", "only"), "--until-end"});
  ASSERT_EQ(undisturbed.status, 0) << undisturbed.err;
  const auto alerts = values_of(read_all(open_topics("undisturbed", {"alerts"}, true)), "alerts");
  constexpr uint64_t kPostsUntilAlerts = 80'000;  // the first surges of the script come before there is a baseline
  if (posts >= kPostsUntilAlerts) {
    EXPECT_GT(alerts.size(), 0u);
  }
  EXPECT_EQ(compare_lines(alerts, values_of(read_all(open_topics(run, {"alerts"}, true)), "alerts")), "");
  std::cout << alerts.size() << " alerts\n";
}

}  // namespace earshot::faults
