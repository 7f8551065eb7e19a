// The whole pipeline on a real Apache Kafka: posts from a topic, alerts to topics, the roles together and apart.
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "tests/contract/drain.h"
#include "tests/integration/pipeline/kafka_deployment.h"

namespace earshot {
namespace {

constexpr int32_t kPartitions = 3;

class KafkaRun : public KafkaDeployment {
 protected:
  void SetUp() override {
    KafkaDeployment::SetUp();
    if (log_) load_posts();
  }

  void load_posts() {
    const std::vector<TopicSpec> topics{{prefix_ + "posts", kPartitions}};
    ASSERT_TRUE(log_->ensure_topics(topics));
    Result<void> loaded = failed("not tried");
    // A broker on a busy machine may need a second try; a transaction that failed left nothing.
    for (int attempt = 0; attempt < 4 && !loaded; ++attempt) loaded = load_in_one_transaction();
    ASSERT_TRUE(loaded) << loaded.error().to_string();
  }

  Result<void> load_in_one_transaction() {
    auto producer = log_->open_producer(prefix_ + "loader");
    if (!producer) return producer.error();
    if (auto begun = (*producer)->begin(); !begun) return begun;
    const std::string topic = prefix_ + "posts";
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const int64_t now_ms = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
    int32_t partition = 0;
    for (const std::string& line : lines_of(Workspace::posts())) {
      partition = (partition + 1) % kPartitions;
      auto produced =
          (*producer)->produce({.topic = topic, .partition = partition, .value = line, .timestamp_ms = now_ms});
      if (!produced) return produced;
    }
    return (*producer)->commit({.group = "loader"});
  }

  // Each run has its own names and output topics over the same posts.
  std::string configure(const std::string& name, const std::string& process = {}, const std::string& more = {}) const {
    const std::string text =
        "source: {connector: kafka, topics: [" + prefix_ + "posts]}\nlog: {connector: kafka, topic_prefix: " + prefix_ +
        name + "-, partitions: 2}\nkafka: {bootstrap.servers: '" + brokers_ + "', session.timeout.ms: 6000}\n" + more;
    const std::string path = workspace_.configure(name + process, text);
    std::string content = contents(path);
    content.replace(content.find("name: test"), 10, "name: " + prefix_ + name);
    std::ofstream(path) << content;
    return path;
  }

  static std::string contents(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  std::vector<std::string> records_of(const std::string& name, const std::string& topic) {
    auto source =
        log_->subscribe(prefix_ + name + "-reader-" + topic, {prefix_ + name + "-" + topic}, {.until_end = true});
    if (!source) {
      ADD_FAILURE() << source.error().to_string();
      return {};
    }
    contract::settle(**source);
    std::vector<std::string> values;
    for (const auto& [partition, records] : contract::drain(**source).records) {
      for (const auto& record : records) values.push_back(record.value);
    }
    std::sort(values.begin(), values.end());
    return values;
  }

  // The hub's topic is compacted: what it surely holds is the last event of each incident.
  std::vector<std::string> last_alerts_of(const std::string& name) {
    std::map<std::string, std::pair<int64_t, std::string>> last;
    for (const std::string& line : records_of(name, "alerts")) {
      const auto event = nlohmann::json::parse(line);
      auto& kept = last[event["subject"]];
      kept = std::max(kept, std::pair(event["data"]["sequence"].get<int64_t>(), line));
    }
    std::vector<std::string> lines;
    for (const auto& [incident, event] : last) lines.push_back(event.second);
    return lines;
  }

  // Names what differs, not the thousands that agree.
  static std::string difference(const std::vector<std::string>& expected, const std::vector<std::string>& actual) {
    std::vector<std::string> missing;
    std::vector<std::string> surplus;
    std::set_difference(expected.begin(), expected.end(), actual.begin(), actual.end(), std::back_inserter(missing));
    std::set_difference(actual.begin(), actual.end(), expected.begin(), expected.end(), std::back_inserter(surplus));
    std::string text;
    if (!missing.empty()) text += std::to_string(missing.size()) + " missing, such as " + missing.front() + '\n';
    if (!surplus.empty()) text += std::to_string(surplus.size()) + " surplus, such as " + surplus.front() + '\n';
    return text;
  }
};

TEST_F(KafkaRun, GivesTheSameWindowsAndAlertsTogetherApartAndAfterAKill) {
  const auto together = run_earshot({"run", "--config", configure("together"), "--until-end"});
  ASSERT_EQ(together.status, 0) << together.err;
  const auto windows = records_of("together", "windows");
  const auto alerts = last_alerts_of("together");
  EXPECT_GT(windows.size(), 100u);
  EXPECT_GT(alerts.size(), 0u);

  const std::string apart = configure("apart");
  for (const std::string role : {"listen", "detect", "incident"}) {
    const auto ran = run_earshot({"run", "--config", apart, "--until-end", "--only", role});
    ASSERT_EQ(ran.status, 0) << role << ": " << ran.err;
  }
  EXPECT_EQ(difference(windows, records_of("apart", "windows")), "");
  EXPECT_EQ(difference(alerts, last_alerts_of("apart")), "");

  const std::string killed = configure("killed");
  {
    EngineProcess engine({"run", "--config", killed});
    std::this_thread::sleep_for(std::chrono::seconds(4));
    engine.signal(SIGKILL);
    engine.wait();
  }
  const auto torn = run_earshot({"audit", "--config", killed});
  EXPECT_EQ(torn.status, 0) << torn.out << torn.err;
  const auto resumed = run_earshot({"run", "--config", killed, "--until-end"});
  ASSERT_EQ(resumed.status, 0) << resumed.err;
  EXPECT_EQ(difference(windows, records_of("killed", "windows")), "");
  EXPECT_EQ(difference(alerts, last_alerts_of("killed")), "");
  const auto whole = run_earshot({"audit", "--config", killed});
  EXPECT_EQ(whole.status, 0) << whole.out << whole.err;
  const std::string posts = std::to_string(lines_of(Workspace::posts()).size());
  EXPECT_NE(whole.out.find("input: " + posts + " records read again"), std::string::npos) << whole.out;
}

TEST_F(KafkaRun, ShowsTheAlertsOfTheHubAndOfASpoke) {
  const std::string config = configure("shown");
  const auto ran = run_earshot({"run", "--config", config, "--until-end"});
  ASSERT_EQ(ran.status, 0) << ran.err;
  const auto hub = run_earshot({"alerts", "tail", "--config", config, "--from-beginning", "--until-end", "--json"});
  EXPECT_EQ(hub.status, 0) << hub.err;
  EXPECT_NE(hub.out.find("io.earshot.incident."), std::string::npos);
  const auto spoke = run_earshot(
      {"alerts", "tail", "--config", config, "--spoke", "crisis-desk", "--from-beginning", "--until-end", "--json"});
  std::istringstream lines(spoke.out);
  size_t told = 0;
  for (std::string line; std::getline(lines, line); ++told) {
    const auto event = nlohmann::json::parse(line);
    EXPECT_NE(hub.out.find(event["data"]["parent"].get<std::string>()), std::string::npos) << line;
  }
  EXPECT_EQ(told, static_cast<size_t>(std::count(hub.out.begin(), hub.out.end(), '\n')));
}

TEST_F(KafkaRun, AccountsForEveryPostAcrossProcessesThatComeAndDie) {
  const std::string slow = "runtime: {threads: 1, in_flight_batches: 1, commit_interval: 50ms}\n";
  const std::string first = configure("shared", "-first", slow);
  const std::string second = configure("shared", "-second", slow);
  EngineProcess dying({"run", "--config", first});
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));
  {
    EngineProcess staying({"run", "--config", second});
    std::this_thread::sleep_for(std::chrono::seconds(4));
    dying.signal(SIGKILL);
    dying.wait();
    const auto beside = run_earshot({"audit", "--config", second});
    EXPECT_EQ(beside.status, 0) << beside.out << beside.err;
    staying.signal(SIGTERM);
    const auto stayed = staying.wait();
    EXPECT_EQ(stayed.status, 0) << stayed.err;
  }
  const auto finished = run_earshot({"run", "--config", second, "--until-end"});
  ASSERT_EQ(finished.status, 0) << finished.err;
  const auto whole = run_earshot({"audit", "--config", second});
  EXPECT_EQ(whole.status, 0) << whole.out << whole.err;
  const std::string posts = std::to_string(lines_of(Workspace::posts()).size());
  EXPECT_NE(whole.out.find("input: " + posts + " records read again"), std::string::npos) << whole.out;
}

TEST_F(KafkaRun, RefusesAResetBesideAnotherProcess) {
  const std::string config = configure("crowded");
  const std::string edited = configure("crowded", "-edited", "windows: {pane: 5s}\n");
  const auto begun = run_earshot({"run", "--config", config, "--until-end"});
  ASSERT_EQ(begun.status, 0) << begun.err;
  EngineProcess engine({"run", "--config", config});
  std::this_thread::sleep_for(std::chrono::seconds(3));
  const auto refused = run_earshot({"run", "--config", edited, "--until-end", "--accept-state-reset"});
  EXPECT_EQ(refused.status, 1);
  EXPECT_NE(refused.err.find("other processes are members of the group"), std::string::npos) << refused.err;
  engine.signal(SIGTERM);
  EXPECT_EQ(engine.wait().status, 0);
  EXPECT_EQ(run_earshot({"check", "--config", config}).status, 0);
}

TEST_F(KafkaRun, ReplaysDeadLettersToTheirTopic) {
  const std::string config = configure("replayed");
  const auto ran = run_earshot({"run", "--config", config, "--until-end"});
  ASSERT_EQ(ran.status, 0) << ran.err;
  const size_t letters = records_of("replayed", "dead-letters").size();
  ASSERT_GT(letters, 0u);
  const auto list = run_earshot({"dead-letters", "list", "--config", config});
  EXPECT_NE(list.out.find(std::to_string(letters) + " dead letters"), std::string::npos) << list.out << list.err;
  const auto replayed = run_earshot({"dead-letters", "replay", "--config", config});
  EXPECT_NE(replayed.err.find(std::to_string(letters) + " replayed"), std::string::npos) << replayed.err;
  const auto again = run_earshot({"run", "--config", config, "--until-end"});
  ASSERT_EQ(again.status, 0) << again.err;
  const auto doubled = run_earshot({"dead-letters", "list", "--config", config});
  EXPECT_NE(doubled.out.find(std::to_string(2 * letters) + " dead letters"), std::string::npos) << doubled.out;
  const auto audited = run_earshot({"audit", "--config", config});
  EXPECT_EQ(audited.status, 0) << audited.out << audited.err;
}

TEST_F(KafkaRun, RefusesAnEditThatStateDoesNotSurviveUntilItIsAccepted) {
  const std::string config = configure("edited");
  const auto ran = run_earshot({"run", "--config", config, "--until-end"});
  ASSERT_EQ(ran.status, 0) << ran.err;
  std::ofstream(config, std::ios::app) << "windows: {pane: 5s}\n";
  const auto checked = run_earshot({"check", "--config", config});
  EXPECT_EQ(checked.status, 1) << checked.out;
  EXPECT_NE(checked.err.find("windows.pane: the state was made with 10s"), std::string::npos) << checked.err;
  EXPECT_EQ(run_earshot({"run", "--config", config, "--until-end"}).err, checked.err);
  const auto reset = run_earshot({"run", "--config", config, "--until-end", "--accept-state-reset"});
  EXPECT_EQ(reset.status, 0) << reset.err;
  EXPECT_EQ(run_earshot({"check", "--config", config}).status, 0);
}

}  // namespace
}  // namespace earshot
