// Two members of one group share the partitions and hand them over without a gap or a repetition.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <iterator>
#include <numeric>
#include <set>
#include <thread>

#include "tests/contract/drain.h"
#include "tests/integration/kafka/kafka_cluster.h"

namespace earshot::kafka {

namespace {

using std::chrono::milliseconds;

// Reads, passes each record on to the output topic and commits, as a task of the runtime does.
class Member {
 public:
  Member(const TestCluster& cluster, const std::string& name, const std::string& group, const std::string& input,
         std::string output)
      : log_(cluster.open_log()), group_(group), output_(std::move(output)) {
    auto source = log_->subscribe(group, {input}, {});
    auto producer = log_->open_producer(cluster.unique(name));
    EXPECT_TRUE(source.ok() && producer.ok());
    source_ = std::move(*source);
    producer_ = std::move(*producer);
  }

  void step() {
    auto polled = source_->poll(milliseconds(20));
    ASSERT_TRUE(polled.ok()) << polled.error().to_string();
    if (polled->status == PollStatus::kRebalance) return settle();
    if (polled->status == PollStatus::kBatch) pass_on(*polled->batch);
  }

  [[nodiscard]] const std::set<TopicPartition>& owned() const { return owned_; }
  [[nodiscard]] const std::set<TopicPartition>& ever_revoked() const { return ever_revoked_; }
  [[nodiscard]] bool has_lost() const { return has_lost_; }

 private:
  void settle() {
    const Rebalance rebalance = source_->take_rebalance();
    for (const TopicPartition& partition : rebalance.revoked) {
      EXPECT_EQ(owned_.erase(partition), 1u);
      ever_revoked_.insert(partition);
    }
    has_lost_ = has_lost_ || !rebalance.lost.empty();
    const auto committed = log_->committed(group_, *source_, rebalance.assigned);
    ASSERT_TRUE(committed.ok()) << committed.error().to_string();
    contract::Starts starts;
    for (const TopicPartition& partition : rebalance.assigned) {
      owned_.insert(partition);
      const auto position = committed->find(partition);
      if (position != committed->end()) starts[partition] = position->second.next_offset;
    }
    const auto finished = source_->finish_rebalance(starts);
    ASSERT_TRUE(finished.ok()) << finished.error().to_string();
  }

  void pass_on(const RecordBatch& batch) {
    EXPECT_TRUE(owned_.contains(batch.partition())) << batch.partition().to_string() << " is not ours";
    ASSERT_TRUE(producer_->begin().ok());
    for (size_t i = 0; i < batch.size(); ++i) ASSERT_TRUE(producer_->produce({output_, 0, {}, batch[i].value}).ok());
    const auto committed =
        producer_->commit({group_, source_.get(), {{batch.partition(), {batch.next_offset(), ""}}}, {}});
    ASSERT_TRUE(committed.ok()) << committed.error().to_string();
  }

  std::unique_ptr<Log> log_;
  std::string group_;
  std::string output_;
  std::unique_ptr<Source> source_;
  std::unique_ptr<Producer> producer_;
  std::set<TopicPartition> owned_;
  std::set<TopicPartition> ever_revoked_;
  bool has_lost_ = false;
};

TEST(KafkaRebalance, SharesPartitionsCooperativelyAndPassesEachRecordOnExactlyOnce) {
  EARSHOT_NEEDS_KAFKA();
  constexpr int kPartitions = 4;
  const TestCluster cluster;
  const auto log = cluster.open_log();
  const std::string input = cluster.unique("posts");
  const std::string output = cluster.unique("mentions");
  const std::string group = cluster.unique("listen");
  const std::vector<TopicSpec> specs{{input, kPartitions}, {output, 1}};
  ASSERT_SUCCEEDS(log->ensure_topics(specs));
  auto feeder = log->open_producer(cluster.unique("feeder"));
  ASSERT_SUCCEEDS(feeder);
  int produced = 0;
  const auto feed = [&] {
    ASSERT_SUCCEEDS((*feeder)->begin());
    for (int i = 0; i < 40; ++i, ++produced) {
      ASSERT_SUCCEEDS((*feeder)->produce({input, produced % kPartitions, {}, std::to_string(produced)}));
    }
    ASSERT_SUCCEEDS((*feeder)->commit({}));
  };

  Member first(cluster, "first", group, input, output);
  const auto run_until = [&](const std::function<bool()>& is_done, Member* second) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!is_done() && std::chrono::steady_clock::now() < deadline) {
      feed();
      first.step();
      if (second != nullptr) second->step();
    }
    EXPECT_TRUE(is_done());
  };
  run_until([&] { return first.owned().size() == kPartitions; }, nullptr);
  {
    Member second(cluster, "second", group, input, output);
    run_until([&] { return first.owned().size() == 2 && second.owned().size() == 2; }, &second);
    EXPECT_EQ(first.ever_revoked().size(), 2u) << "cooperative: what stays is never taken away";
    for (int i = 0; i < 20; ++i) {
      feed();
      first.step();
      second.step();
    }
  }
  run_until([&] { return first.owned().size() == kPartitions; }, nullptr);
  EXPECT_FALSE(first.has_lost());

  std::vector<int> passed_on;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  auto reader = log->subscribe(cluster.unique("reader"), {output}, {});
  ASSERT_SUCCEEDS(reader);
  contract::settle(**reader);
  while (static_cast<int>(passed_on.size()) < produced && std::chrono::steady_clock::now() < deadline) {
    first.step();
    auto polled = (*reader)->poll(milliseconds(20));
    ASSERT_TRUE(polled.ok());
    for (size_t i = 0; polled->batch && i < polled->batch->size(); ++i) {
      passed_on.push_back(std::stoi(std::string((*polled->batch)[i].value)));
    }
  }
  std::sort(passed_on.begin(), passed_on.end());
  std::vector<int> expected(static_cast<size_t>(produced));
  std::iota(expected.begin(), expected.end(), 0);
  std::vector<int> missing;
  std::set_difference(expected.begin(), expected.end(), passed_on.begin(), passed_on.end(),
                      std::back_inserter(missing));
  EXPECT_THAT(missing, testing::IsEmpty());
  EXPECT_EQ(passed_on.size(), expected.size()) << "some came twice";
}

// Settles every rebalance and answers the values of the records that `source` gives until its end.
std::vector<std::string> values_until_end(Source& source, const std::function<void()>& after_first_batch) {
  std::vector<std::string> values;
  bool has_begun = false;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (std::chrono::steady_clock::now() < deadline) {
    auto polled = source.poll(milliseconds(100));
    if (!polled) {
      EXPECT_EQ(polled.error().code, ErrorCode::kUnavailable) << polled.error().to_string();
      continue;
    }
    if (polled->status == PollStatus::kEndOfInput) return values;
    if (polled->status == PollStatus::kRebalance) {
      source.take_rebalance();
      EXPECT_TRUE(source.finish_rebalance({}).ok());
    }
    if (polled->status != PollStatus::kBatch) continue;
    for (size_t i = 0; i < polled->batch->size(); ++i) values.emplace_back((*polled->batch)[i].value);
    if (!std::exchange(has_begun, true)) after_first_batch();
  }
  ADD_FAILURE() << "no end within 60 s";
  return values;
}

TEST(KafkaRebalance, DoesNotTakeTheLossOfItsPartitionsForTheEndOfInput) {
  EARSHOT_NEEDS_KAFKA();
  const TestCluster cluster;
  KafkaOptions options = cluster.options();
  options.properties["session.timeout.ms"] = "2000";
  options.properties["max.poll.interval.ms"] = "2000";
  options.fetch_records_max = 10;
  const auto log = TestCluster::open_log(options);
  const std::string topic = cluster.unique("posts");
  ASSERT_SUCCEEDS(log->ensure_topics(std::vector<TopicSpec>{{topic, 1}}));
  const auto producer = log->open_producer(cluster.unique("producer"));
  ASSERT_SUCCEEDS(producer);
  ASSERT_SUCCEEDS((*producer)->begin());
  for (int i = 0; i < 100; ++i) ASSERT_SUCCEEDS((*producer)->produce({topic, 0, {}, std::to_string(i)}));
  ASSERT_SUCCEEDS((*producer)->commit({}));

  const auto source = log->subscribe(cluster.unique("group"), {topic}, {.until_end = true});
  ASSERT_SUCCEEDS(source);
  const auto values = values_until_end(**source, [] { std::this_thread::sleep_for(std::chrono::seconds(4)); });
  // What came before the loss may come again, as nothing was committed.
  EXPECT_EQ(std::set<std::string>(values.begin(), values.end()).size(), 100u);
}

TEST(KafkaRebalance, EndsForAMemberThatIsLeftWithoutPartitions) {
  EARSHOT_NEEDS_KAFKA();
  const TestCluster cluster;
  const auto log = cluster.open_log();
  const std::string topic = cluster.unique("posts");
  ASSERT_SUCCEEDS(log->ensure_topics(std::vector<TopicSpec>{{topic, 1}}));
  std::vector<std::jthread> members;
  for (int i = 0; i < 3; ++i) {
    members.emplace_back([&] {
      const auto source = log->subscribe(cluster.unique("group"), {topic}, {.until_end = true});
      ASSERT_SUCCEEDS(source);
      EXPECT_TRUE(values_until_end(**source, [] {}).empty());
    });
  }
}

}  // namespace

}  // namespace earshot::kafka
