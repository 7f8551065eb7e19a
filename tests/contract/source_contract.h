// What every source promises. A connector's test includes this once, says how to make its source, and instantiates the
// suite:
//
//   INSTANTIATE_TEST_SUITE_P(File, SourceContract, testing::Values(SourceFactory{"file", make_file_harness}),
//   factory_name);
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <ostream>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "engine/flow/source.h"
#include "tests/contract/drain.h"

namespace earshot::contract {

// One input that can be opened again and again.
class SourceHarness {
 public:
  virtual ~SourceHarness() = default;
  // Appends the values to the numbered partition; what is open sees them.
  virtual void append(int32_t partition, const std::vector<std::string>& values) = 0;
  // A new reader of the same input; bounded: it ends where the input ends now.
  virtual std::unique_ptr<Source> open(bool bounded) = 0;
};

struct SourceFactory {
  std::string name;
  std::function<std::unique_ptr<SourceHarness>(int32_t partitions)> make;  // each partition is there, and empty
  friend std::ostream& operator<<(std::ostream& out, const SourceFactory& factory) { return out << factory.name; }
};

inline std::string factory_name(const testing::TestParamInfo<SourceFactory>& info) {
  return info.param.name;
}

class SourceContract : public testing::TestWithParam<SourceFactory> {
 protected:
  static std::vector<std::string> numbered(int from, int to, const std::string& what = "record") {
    std::vector<std::string> values;
    for (int i = from; i < to; ++i) values.push_back(what + " " + std::to_string(i));
    return values;
  }
};

TEST_P(SourceContract, AnswersItsAssignmentFirstAndNoRecordBeforeItIsSettled) {
  const auto input = GetParam().make(2);
  input->append(0, numbered(0, 5));
  const auto source = input->open(true);
  auto polled = source->poll(std::chrono::seconds(30));
  ASSERT_TRUE(polled.ok()) << polled.error().to_string();
  EXPECT_EQ(polled->status, PollStatus::kRebalance);
  const Rebalance rebalance = source->take_rebalance();
  EXPECT_EQ(rebalance.assigned.size(), 2u);
  EXPECT_TRUE(rebalance.revoked.empty());
  EXPECT_TRUE(rebalance.lost.empty());
  for (int i = 0; i < 3; ++i) {
    polled = source->poll(std::chrono::milliseconds(10));
    ASSERT_TRUE(polled.ok()) << polled.error().to_string();
    EXPECT_EQ(polled->batch, nullptr);
  }
  EXPECT_EQ(source->partition_count(), 2);
}

TEST_P(SourceContract, GivesEachPartitionsRecordsInOrderAndThenEnds) {
  const auto input = GetParam().make(3);
  for (int32_t partition = 0; partition < 3; ++partition) {
    input->append(partition, numbered(0, 1000, "of " + std::to_string(partition)));
  }
  const auto source = input->open(true);
  const auto assigned = settle(*source);
  ASSERT_EQ(assigned.size(), 3u);
  const Drained drained = drain(*source);
  EXPECT_EQ(drained.last, PollStatus::kEndOfInput);
  for (const TopicPartition& partition : assigned) {
    EXPECT_EQ(drained.values(partition), numbered(0, 1000, "of " + std::to_string(partition.partition)));
  }
  const auto again = source->poll(std::chrono::milliseconds(10));
  ASSERT_TRUE(again.ok()) << again.error().to_string();
  EXPECT_EQ(again->status, PollStatus::kEndOfInput);
}

TEST_P(SourceContract, NumbersRecordsUpwardsAndTheNextOffsetAfterTheLast) {
  const auto input = GetParam().make(1);
  input->append(0, numbered(0, 500));
  const auto source = input->open(true);
  settle(*source);
  const Drained drained = drain(*source);
  ASSERT_EQ(drained.count(), 500u);
  const auto& [partition, records] = *drained.records.begin();
  for (size_t i = 1; i < records.size(); ++i) ASSERT_GT(records[i].offset, records[i - 1].offset);
  EXPECT_GT(drained.next_offsets.at(partition), records.back().offset);
}

TEST_P(SourceContract, ResumesFromAnyRecordWithExactlyTheRest) {
  const auto input = GetParam().make(1);
  input->append(0, numbered(0, 200));
  const auto first = input->open(true);
  const TopicPartition partition = settle(*first).at(0);
  const Drained all = drain(*first);
  ASSERT_EQ(all.count(), 200u);
  for (const size_t at : {size_t{0}, size_t{1}, size_t{99}, size_t{199}}) {
    const auto source = input->open(true);
    settle(*source, {{partition, all.records.at(partition)[at].offset}});
    EXPECT_EQ(drain(*source).values(partition), numbered(static_cast<int>(at), 200));
  }
  const auto source = input->open(true);
  settle(*source, {{partition, all.next_offsets.at(partition)}});
  const Drained rest = drain(*source);
  EXPECT_EQ(rest.count(), 0u);
  EXPECT_EQ(rest.last, PollStatus::kEndOfInput);
}

TEST_P(SourceContract, ResumesBehindEachBatchWithoutGapOrRepetition) {
  const auto input = GetParam().make(2);
  input->append(0, numbered(0, 300));
  input->append(1, numbered(300, 600));
  std::set<std::string> seen;
  Starts starts;
  for (int openings = 0; openings < 1000; ++openings) {
    const auto source = input->open(true);
    settle(*source, starts);
    const auto polled = source->poll(std::chrono::seconds(10));
    ASSERT_TRUE(polled.ok()) << polled.error().to_string();
    if (polled->status == PollStatus::kEndOfInput) break;
    ASSERT_EQ(polled->status, PollStatus::kBatch);
    for (size_t i = 0; i < polled->batch->size(); ++i) {
      EXPECT_TRUE(seen.insert(std::string((*polled->batch)[i].value)).second) << "twice: " << (*polled->batch)[i].value;
    }
    starts[polled->batch->partition()] = polled->batch->next_offset();
  }
  EXPECT_EQ(seen.size(), 600u);
}

TEST_P(SourceContract, SaysWhatIsLeftAndWhenItHasCaughtUp) {
  const auto input = GetParam().make(1);
  input->append(0, numbered(0, 100));
  const auto source = input->open(true);
  const TopicPartition partition = settle(*source).at(0);
  EXPECT_FALSE(source->caught_up(partition));
  const auto lag = source->lag();
  ASSERT_TRUE(lag.contains(partition));
  EXPECT_NE(lag.at(partition), 0);
  drain(*source);
  EXPECT_TRUE(source->caught_up(partition));
  EXPECT_LE(source->lag().at(partition), 0);
}

TEST_P(SourceContract, SeesWhatIsAppendedWhileItReads) {
  const auto input = GetParam().make(1);
  input->append(0, numbered(0, 10));
  const auto source = input->open(false);
  const TopicPartition partition = settle(*source).at(0);
  EXPECT_EQ(drain(*source, std::chrono::seconds(10), 10).values(partition), numbered(0, 10));
  input->append(0, numbered(10, 20));
  EXPECT_EQ(drain(*source, std::chrono::seconds(10), 10).values(partition), numbered(10, 20));
}

TEST_P(SourceContract, EndsWhereItsInputEndsWhenItIsToldToStop) {
  const auto input = GetParam().make(2);
  input->append(0, numbered(0, 10));
  const auto source = input->open(false);
  settle(*source);
  EXPECT_EQ(drain(*source, std::chrono::seconds(10), 10).count(), 10u);
  EXPECT_EQ(drain(*source, std::chrono::milliseconds(200)).last, PollStatus::kIdle);
  input->append(1, numbered(10, 20));
  const auto stopped = source->stop_at_end();
  ASSERT_TRUE(stopped.ok()) << stopped.error().to_string();
  const Drained rest = drain(*source);
  EXPECT_EQ(rest.count(), 10u);
  EXPECT_EQ(rest.last, PollStatus::kEndOfInput);
}

TEST_P(SourceContract, WaitsNoLongerThanItsTimeoutAndIsWokenFromAnotherThread) {
  const auto input = GetParam().make(1);
  const auto source = input->open(false);
  settle(*source);
  const auto began = std::chrono::steady_clock::now();
  const auto idle = source->poll(std::chrono::milliseconds(50));
  ASSERT_TRUE(idle.ok()) << idle.error().to_string();
  EXPECT_EQ(idle->status, PollStatus::kIdle);
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(5));
  std::thread waker([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    source->wake();
  });
  const auto waited_from = std::chrono::steady_clock::now();
  const auto woken = source->poll(std::chrono::seconds(60));
  waker.join();
  ASSERT_TRUE(woken.ok()) << woken.error().to_string();
  EXPECT_EQ(woken->status, PollStatus::kIdle);
  EXPECT_LT(std::chrono::steady_clock::now() - waited_from, std::chrono::seconds(30));
}

TEST_P(SourceContract, GivesValuesWithReadableBytesBehindThem) {
  const auto input = GetParam().make(1);
  input->append(0, numbered(0, 100));
  const auto source = input->open(true);
  settle(*source);
  size_t values = 0;
  unsigned sum = 0;
  while (true) {
    const auto polled = source->poll(std::chrono::seconds(10));
    ASSERT_TRUE(polled.ok()) << polled.error().to_string();
    if (polled->status != PollStatus::kBatch) break;
    const RecordBatch& batch = *polled->batch;
    for (size_t i = 0; i < batch.size(); ++i, ++values) {
      const std::string_view value = batch[i].value;
      const auto end = static_cast<size_t>(value.data() + value.size() - batch.data());
      ASSERT_LE(end + RecordBatch::kPadding, batch.capacity_bytes() + RecordBatch::kPadding);
      for (size_t byte = 0; byte < RecordBatch::kPadding; ++byte)
        sum += static_cast<unsigned char>(batch.data()[end + byte]);
    }
  }
  EXPECT_EQ(values, 100u);
  RecordProperty("sum_of_padding", static_cast<int>(sum));  // keeps the reads; a sanitizer judges them
}

}  // namespace earshot::contract
