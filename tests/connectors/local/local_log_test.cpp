// What the local log promises beyond the contract of every log.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "tests/connectors/local/open_log.h"
#include "tests/connectors/temporary_folder.h"
#include "tests/contract/drain.h"

namespace earshot::local {
namespace {

contract::Drained read_all(Log& log, const std::string& topic) {
  const auto source = log.subscribe("reader", {topic}, {.until_end = true});
  contract::settle(**source);
  return contract::drain(**source);
}

TEST(LocalLog, KeepsPositionsOfSourcesThatAreNotItsOwn) {
  const TemporaryFolder folder;
  const std::vector<TopicPartition> files{{"/data/posts.ndjson", 0}, {"/data/more.ndjson", 1}};
  {
    const auto log = open_or_fail(test_options(folder.path()));
    const auto producer = log->open_producer("listen");
    ASSERT_TRUE((*producer)->begin().ok());
    ASSERT_TRUE((*producer)->commit({"listen", nullptr, {{files[0], {4711, "watermark"}}}, {}}).ok());
  }
  const auto log = open_or_fail(test_options(folder.path()));
  make_topic(*log, {"any"});
  const auto source = log->subscribe("listen", {"any"}, {});
  const auto positions = log->committed("listen", **source, files);
  ASSERT_TRUE(positions.ok()) << positions.error().to_string();
  ASSERT_EQ(positions->size(), 1u);
  EXPECT_EQ(positions->at(files[0]).next_offset, 4711);
  EXPECT_EQ(positions->at(files[0]).metadata, "watermark");
  EXPECT_TRUE(log->committed("another group", **source, files)->empty());
}

TEST(LocalLog, RefusesRecordsThatItCannotPlace) {
  const TemporaryFolder folder;
  auto options = test_options(folder.path());
  options.max_record_bytes = 100;
  options.max_transaction_bytes = 1000;
  const auto log = open_or_fail(options);
  make_topic(*log, {"plain", 2});
  make_topic(*log, {"incidents", 1, -1, true});
  const auto producer = log->open_producer("test");
  EXPECT_FALSE((*producer)->produce({"plain", 0, "", "before begin()"}).ok());
  EXPECT_FALSE((*producer)->commit({}).ok());
  ASSERT_TRUE((*producer)->begin().ok());
  EXPECT_FALSE((*producer)->begin().ok());
  const auto unknown = (*producer)->produce({"unknown", 0, "", "x"});
  ASSERT_FALSE(unknown.ok());
  EXPECT_NE(unknown.error().message.find("unknown"), std::string::npos);
  EXPECT_FALSE((*producer)->produce({"plain", 2, "", "no such partition"}).ok());
  EXPECT_FALSE((*producer)->produce({"incidents", 0, "", "no key in a compacted topic"}).ok());
  const auto large = (*producer)->produce({"plain", 0, "", std::string(101, 'x')});
  ASSERT_FALSE(large.ok());
  EXPECT_NE(large.error().message.find("max_record_bytes"), std::string::npos);
  Result<void> produced;
  int accepted = 0;
  while ((produced = (*producer)->produce({"plain", 0, "", std::string(100, 'x')})).ok()) ++accepted;
  EXPECT_GE(accepted, 8);
  EXPECT_LE(accepted, 10);
  EXPECT_NE(produced.error().message.find("max_transaction_bytes"), std::string::npos);
}

TEST(LocalLog, SaysWhichTopicASubscriptionMisses) {
  const TemporaryFolder folder;
  const auto log = open_or_fail(test_options(folder.path()));
  const auto source = log->subscribe("group", {"missing"}, {});
  ASSERT_FALSE(source.ok());
  EXPECT_EQ(source.error().code, ErrorCode::kNotFound);
  EXPECT_NE(source.error().message.find("missing"), std::string::npos);
}

TEST(LocalLog, StartsAtTheLatestRecordWhenAsked) {
  const TemporaryFolder folder;
  const auto log = open_or_fail(test_options(folder.path()));
  make_topic(*log, {"posts"});
  append(*log, "posts", 0, {{"", "old"}});
  const auto source = log->subscribe("group", {"posts"}, {.from_latest = true});
  contract::settle(**source);
  append(*log, "posts", 0, {{"", "new"}});
  EXPECT_EQ(contract::drain(**source, std::chrono::seconds(5), 1).values({"posts", 0}),
            std::vector<std::string>{"new"});
}

TEST(LocalLog, RefusesToStartBehindTheEnd) {
  const TemporaryFolder folder;
  const auto log = open_or_fail(test_options(folder.path()));
  make_topic(*log, {"posts"});
  const auto source = log->subscribe("group", {"posts"}, {});
  ASSERT_TRUE((*source)->poll(std::chrono::milliseconds(0)).ok());
  const auto finished = (*source)->finish_rebalance({{{"posts", 0}, 7}});
  ASSERT_FALSE(finished.ok());
  EXPECT_EQ(finished.error().where, "posts/0");
}

TEST(LocalLog, AssignsThePartitionsThatATopicGrowsBy) {
  const TemporaryFolder folder;
  const auto log = open_or_fail(test_options(folder.path()));
  make_topic(*log, {"posts", 1});
  const auto source = log->subscribe("group", {"posts"}, {});
  EXPECT_EQ(contract::settle(**source).size(), 1u);
  make_topic(*log, {"posts", 3});
  append(*log, "posts", 2, {{"", "in a new partition"}});
  EXPECT_EQ(contract::settle(**source), (std::vector<TopicPartition>{{"posts", 1}, {"posts", 2}}));
  EXPECT_EQ((*source)->partition_count(), 3);
  EXPECT_EQ(contract::drain(**source, std::chrono::seconds(5), 1).count(), 1u);
}

TEST(LocalLog, GivesBackLargeRecordsAndManyBatches) {
  const TemporaryFolder folder;
  std::vector<KeyAndValue> records;
  for (int i = 0; i < 40; ++i) records.emplace_back("k", std::to_string(i) + std::string(300'000, 'x'));
  records.emplace_back("k", "40" + std::string(9'000'000, 'y'));
  for (const bool reopened : {false, true}) {
    const auto log = open_or_fail(test_options(folder.path()));
    if (!reopened) {
      make_topic(*log, {"posts"});
      append(*log, "posts", 0, records);  // more than the write buffers hold: it goes through blob files
    }
    const auto values = read_all(*log, "posts").values({"posts", 0});
    ASSERT_EQ(values.size(), records.size());
    for (size_t i = 0; i < values.size(); ++i) EXPECT_EQ(values[i], records[i].second) << i;
  }
}

TEST(LocalLog, OrdersTheCommitsOfProducersOnSeveralThreads) {
  const TemporaryFolder folder;
  const auto log = open_or_fail(test_options(folder.path()));
  make_topic(*log, {"shared", 2});
  std::vector<std::thread> threads;
  for (int writer = 0; writer < 3; ++writer) {
    threads.emplace_back([&log, writer] {
      const auto producer = log->open_producer("writer " + std::to_string(writer));
      for (int i = 0; i < 200; ++i) {
        ASSERT_TRUE((*producer)->begin().ok());
        const std::string value = std::to_string(writer) + ":" + std::to_string(i);
        ASSERT_TRUE((*producer)->produce({"shared", 0, "", value}).ok());
        ASSERT_TRUE((*producer)->produce({"shared", 1, "", value}).ok());
        ASSERT_TRUE((*producer)->commit({}).ok());
      }
    });
  }
  const auto source = log->subscribe("group", {"shared"}, {});
  contract::settle(**source);
  const auto drained = contract::drain(**source, std::chrono::seconds(10), 1200);
  for (std::thread& thread : threads) thread.join();
  const auto first = drained.values({"shared", 0});
  EXPECT_EQ(first.size(), 600u);
  EXPECT_EQ(first, drained.values({"shared", 1})) << "the partitions saw the commits in different orders";
  std::map<char, int> next;
  for (const std::string& value : first) EXPECT_EQ(value.substr(2), std::to_string(next[value[0]]++));
}

TEST(LocalLog, OutlivesItsHandle) {
  const TemporaryFolder folder;
  auto log = open_or_fail(test_options(folder.path()));
  make_topic(*log, {"posts"});
  append(*log, "posts", 0, {{"", "one"}});
  auto source = log->subscribe("group", {"posts"}, {.until_end = true});
  const auto store = log->open_state("panes", 0);
  log.reset();
  contract::settle(**source);
  EXPECT_EQ(contract::drain(**source).count(), 1u);
  EXPECT_FALSE((*store)->get("key")->has_value());
}

TEST(LocalLogReader, ListsTopicsAndSaysWhenThereIsNoLog) {
  const TemporaryFolder folder;
  const auto missing = open_local_log_reader(folder / "none");
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  const auto log = open_or_fail(test_options(folder / "log"));
  make_topic(*log, {"alerts", 2, 1000});
  const auto reader = open_local_log_reader(folder / "log");
  ASSERT_TRUE(reader.ok()) << reader.error().to_string();
  const auto topics = (*reader)->topics();
  ASSERT_TRUE(topics.ok()) << topics.error().to_string();
  ASSERT_EQ(topics->size(), 1u);
  EXPECT_EQ(topics->front().name, "alerts");
  EXPECT_EQ(topics->front().partitions, 2);
  EXPECT_EQ(topics->front().retention_ms, 1000);
  EXPECT_EQ((*reader)->subscribe({"later"}, {}).error().code, ErrorCode::kNotFound);
  make_topic(*log, {"later"});
  EXPECT_TRUE((*reader)->subscribe({"later"}, {}).ok());
}

TEST(LocalLogReader, SeesCommitsWithinASecond) {
  const TemporaryFolder folder;
  const auto log = open_or_fail(test_options(folder.path()));
  make_topic(*log, {"alerts"});
  const auto reader = open_local_log_reader(folder.path());
  const auto source = (*reader)->subscribe({"alerts"}, {});
  contract::settle(**source);
  for (int i = 0; i < 5; ++i) {
    const std::string value = std::to_string(i);
    append(*log, "alerts", 0, {{"", value}});
    const auto polled = (*source)->poll(std::chrono::seconds(1));
    ASSERT_TRUE(polled.ok()) << polled.error().to_string();
    ASSERT_EQ(polled->status, PollStatus::kBatch);
    EXPECT_EQ((*polled->batch)[0].value, value);
  }
}

}  // namespace
}  // namespace earshot::local
