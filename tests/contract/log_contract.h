// What every log promises: transactions, positions, state. A connector's test includes this once, says how to make its
// log, and instantiates the suite:
//
//   INSTANTIATE_TEST_SUITE_P(Local, LogContract, testing::Values(LogFactory{"local", make_local_harness}), log_name);
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "engine/flow/log.h"
#include "tests/contract/drain.h"

namespace earshot::contract {

class LogHarness {
 public:
  virtual ~LogHarness() = default;
  virtual Log& log() = 0;
  // Closes the log, as a process that ends does, and opens it again. What came from the old one must be gone by then.
  virtual void reopen() = 0;
  // The name, made unique for this test run where the log outlives it.
  virtual std::string unique(const std::string& name) { return name; }
};

struct LogFactory {
  std::string name;
  std::function<std::unique_ptr<LogHarness>()> make;
  friend std::ostream& operator<<(std::ostream& out, const LogFactory& factory) { return out << factory.name; }
};

inline std::string log_name(const testing::TestParamInfo<LogFactory>& info) {
  return info.param.name;
}

#define EARSHOT_ASSERT_OK(expression)                                         \
  do {                                                                        \
    const auto& outcome_of_call = (expression);                               \
    ASSERT_TRUE(outcome_of_call.ok()) << outcome_of_call.error().to_string(); \
  } while (false)

class LogContract : public testing::TestWithParam<LogFactory> {
 protected:
  void SetUp() override {
    harness_ = GetParam().make();
    topic_ = harness_->unique("mentions");
    group_ = harness_->unique("detect");
    writer_ = harness_->unique("writer");
    make_topic(topic_, 3);
  }

  void make_topic(const std::string& name, int32_t partitions) {
    const std::vector<TopicSpec> specs{{name, partitions, -1, false}};
    EARSHOT_ASSERT_OK(log().ensure_topics(specs));
  }

  Log& log() { return harness_->log(); }

  std::unique_ptr<Producer> producer() {
    auto opened = log().open_producer(writer_);
    EXPECT_TRUE(opened.ok()) << (opened ? "" : opened.error().to_string());
    return opened ? std::move(*opened) : nullptr;
  }

  // All records of the topic that are committed now.
  Drained read_all(const Starts& starts = {}) {
    auto source = log().subscribe(harness_->unique("reader"), {topic_}, {.until_end = true});
    EXPECT_TRUE(source.ok()) << (source ? "" : source.error().to_string());
    if (!source) return {};
    settle(**source, starts);
    return drain(**source);
  }

  OutputRecord record(int32_t partition, std::string_view value, std::string_view key = {}) const {
    return {topic_, partition, key, value, 1'700'000'000'000};
  }

  std::unique_ptr<LogHarness> harness_;
  std::string topic_;
  std::string group_;
  std::string writer_;
};

TEST_P(LogContract, GivesBackKeyValueAndTimeInTheOrderOfProduction) {
  const auto writer = producer();
  for (int commit = 0; commit < 3; ++commit) {
    EARSHOT_ASSERT_OK(writer->begin());
    for (int i = 0; i < 100; ++i) {
      const std::string text = std::to_string(commit * 100 + i);
      EARSHOT_ASSERT_OK(writer->produce({topic_, i % 3, "key " + text, "value " + text, 1000 + i}));
    }
    EARSHOT_ASSERT_OK(writer->commit({}));
  }
  const Drained read = read_all();
  ASSERT_EQ(read.count(), 300u);
  for (const auto& [partition, records] : read.records) {
    for (const ReadRecord& got : records) {
      const int number = std::stoi(got.value.substr(6));
      EXPECT_EQ(got.key, "key " + std::to_string(number));
      constexpr int64_t kLongAfterMs = 1'700'000'000'000;  // when no log had been made
      EXPECT_TRUE(got.timestamp_ms == 1000 + number % 100 || got.timestamp_ms > kLongAfterMs) << got.timestamp_ms;
      EXPECT_EQ(partition.partition, number % 100 % 3);
    }
    for (size_t i = 1; i < records.size(); ++i) {
      EXPECT_LT(std::stoi(records[i - 1].value.substr(6)), std::stoi(records[i].value.substr(6)));
    }
  }
}

TEST_P(LogContract, ShowsNothingOfAnOpenOrAbortedTransaction) {
  const auto writer = producer();
  const auto store = log().open_state(harness_->unique("panes"), 0);
  EARSHOT_ASSERT_OK(store);
  EARSHOT_ASSERT_OK(writer->begin());
  EARSHOT_ASSERT_OK(writer->produce(record(0, "aborted")));
  EXPECT_EQ(read_all().count(), 0u);
  EARSHOT_ASSERT_OK(writer->abort());
  EXPECT_EQ(read_all().count(), 0u);
  EARSHOT_ASSERT_OK(writer->begin());
  EARSHOT_ASSERT_OK(writer->produce(record(0, "committed")));
  EARSHOT_ASSERT_OK(writer->commit({}));
  EXPECT_EQ(read_all().values({topic_, 0}), std::vector<std::string>{"committed"});
}

TEST_P(LogContract, MakesOutputsPositionsAndStateFinalTogether) {
  const std::string input = harness_->unique("posts");
  make_topic(input, 1);
  auto source = log().subscribe(group_, {input}, {});
  EARSHOT_ASSERT_OK(source);
  const auto assigned = settle(**source);
  ASSERT_EQ(assigned.size(), 1u);
  auto store = log().open_state(harness_->unique("panes"), 0);
  EARSHOT_ASSERT_OK(store);
  const auto writer = producer();
  EARSHOT_ASSERT_OK(writer->begin());
  EARSHOT_ASSERT_OK(writer->produce(record(1, "output")));
  (*store)->put("brand", "7");
  auto before = log().committed(group_, **source, assigned);
  EARSHOT_ASSERT_OK(before);
  EXPECT_TRUE(before->empty());
  CommitRequest request{group_, source->get(), {{assigned[0], {42, "watermark 9"}}}, {store->get()}};
  EARSHOT_ASSERT_OK(writer->commit(request));
  EXPECT_TRUE((*store)->pending().empty());
  EXPECT_EQ(read_all().values({topic_, 1}), std::vector<std::string>{"output"});
  auto after = log().committed(group_, **source, assigned);
  EARSHOT_ASSERT_OK(after);
  ASSERT_TRUE(after->contains(assigned[0]));
  EXPECT_EQ(after->at(assigned[0]).next_offset, 42);
  EXPECT_EQ(after->at(assigned[0]).metadata, "watermark 9");
  const auto value = (*store)->get("brand");
  EARSHOT_ASSERT_OK(value);
  EXPECT_EQ(value->value_or("nothing"), "7");
}

TEST_P(LogContract, KeepsWhatIsCommittedAndNothingElseWhenItIsOpenedAgain) {
  const std::string input = harness_->unique("posts");
  const std::string panes = harness_->unique("panes");
  make_topic(input, 1);
  {
    auto source = log().subscribe(group_, {input}, {});
    EARSHOT_ASSERT_OK(source);
    const auto assigned = settle(**source);
    ASSERT_EQ(assigned.size(), 1u);
    auto store = log().open_state(panes, 0);
    EARSHOT_ASSERT_OK(store);
    const auto writer = producer();
    EARSHOT_ASSERT_OK(writer->begin());
    EARSHOT_ASSERT_OK(writer->produce(record(2, "final")));
    (*store)->put("brand", "7");
    EARSHOT_ASSERT_OK(writer->commit({group_, source->get(), {{assigned[0], {5, "m"}}}, {store->get()}}));
    EARSHOT_ASSERT_OK(writer->begin());
    EARSHOT_ASSERT_OK(writer->produce(record(2, "lost")));
    (*store)->put("brand", "8");
  }
  harness_->reopen();
  EXPECT_EQ(read_all().values({topic_, 2}), std::vector<std::string>{"final"});
  auto source = log().subscribe(group_, {input}, {});
  EARSHOT_ASSERT_OK(source);
  const auto assigned = settle(**source);
  ASSERT_EQ(assigned.size(), 1u);
  const auto positions = log().committed(group_, **source, assigned);
  EARSHOT_ASSERT_OK(positions);
  ASSERT_TRUE(positions->contains(assigned[0]));
  EXPECT_EQ(positions->at(assigned[0]).next_offset, 5);
  const auto store = log().open_state(panes, 0);
  EARSHOT_ASSERT_OK(store);
  EXPECT_EQ((*store)->get("brand")->value_or("nothing"), "7");
}

TEST_P(LogContract, SendsEqualKeysToOnePartitionAndDifferentOnesToAll) {
  const auto writer = producer();
  EARSHOT_ASSERT_OK(writer->begin());
  for (int i = 0; i < 300; ++i) {
    EARSHOT_ASSERT_OK(writer->produce(record(-1, std::to_string(i), "listener " + std::to_string(i % 30))));
  }
  EARSHOT_ASSERT_OK(writer->commit({}));
  const Drained read = read_all();
  EXPECT_EQ(read.count(), 300u);
  EXPECT_EQ(read.records.size(), 3u);
  std::map<std::string, int32_t> homes;
  for (const auto& [partition, records] : read.records) {
    for (const ReadRecord& got : records) {
      EXPECT_EQ(homes.emplace(got.key, partition.partition).first->second, partition.partition) << got.key;
    }
  }
}

TEST_P(LogContract, ErasesAndScansStateByPrefix) {
  const std::string panes = harness_->unique("panes");
  const auto writer = producer();
  auto store = log().open_state(panes, 1);
  auto other = log().open_state(panes, 0);
  EARSHOT_ASSERT_OK(store);
  EARSHOT_ASSERT_OK(other);
  for (const char* key : {"a/1", "a/2", "b/1", "a/3"}) (*store)->put(key, std::string("of ") + key);
  (*other)->put("a/9", "another partition's");
  EARSHOT_ASSERT_OK(writer->begin());
  EARSHOT_ASSERT_OK(writer->commit({group_, nullptr, {}, {store->get(), other->get()}}));
  (*store)->erase("a/2");
  EARSHOT_ASSERT_OK(writer->begin());
  EARSHOT_ASSERT_OK(writer->commit({group_, nullptr, {}, {store->get()}}));
  std::vector<std::string> keys;
  EARSHOT_ASSERT_OK((*store)->scan("a/", [&](std::string_view key, std::string_view value) {
    EXPECT_EQ(value, "of " + std::string(key));
    keys.emplace_back(key);
    return true;
  }));
  EXPECT_EQ(keys, (std::vector<std::string>{"a/1", "a/3"}));
}

TEST_P(LogContract, FencesAProducerWhoseIdASecondOneTook) {
  const auto first = producer();
  EARSHOT_ASSERT_OK(first->begin());
  EARSHOT_ASSERT_OK(first->produce(record(0, "of the first")));
  const auto second = producer();
  EARSHOT_ASSERT_OK(second->begin());
  EARSHOT_ASSERT_OK(second->produce(record(0, "of the second")));
  EARSHOT_ASSERT_OK(second->commit({}));
  const auto committed = first->commit({});
  ASSERT_FALSE(committed.ok());
  EXPECT_EQ(committed.error().code, ErrorCode::kFenced) << committed.error().to_string();
  EXPECT_EQ(read_all().values({topic_, 0}), std::vector<std::string>{"of the second"});
}

TEST_P(LogContract, AddsPartitionsButRefusesToTakeThemAwayOrToChangeTheCleanupPolicy) {
  const std::vector<TopicSpec> fewer{{topic_, 2, -1, false}};
  const auto refused = log().ensure_topics(fewer);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().to_string().find(topic_), std::string::npos) << refused.error().to_string();
  const std::vector<TopicSpec> compacted{{topic_, 3, -1, true}};
  EXPECT_FALSE(log().ensure_topics(compacted).ok());
  const std::vector<TopicSpec> same{{topic_, 3, -1, false}};
  EARSHOT_ASSERT_OK(log().ensure_topics(same));
}

}  // namespace earshot::contract
