// Reading a source to its end, as the runtime would, for contract tests.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/flow/source.h"

namespace earshot::contract {

struct ReadRecord {
  std::string key;
  std::string value;
  int64_t offset = 0;
  int64_t timestamp_ms = 0;
};

struct Drained {
  std::map<TopicPartition, std::vector<ReadRecord>> records;
  std::map<TopicPartition, int64_t> next_offsets;  // after the last batch of each partition
  PollStatus last = PollStatus::kIdle;

  [[nodiscard]] size_t count() const {
    size_t total = 0;
    for (const auto& [partition, read] : records) total += read.size();
    return total;
  }
  [[nodiscard]] std::vector<std::string> values(const TopicPartition& partition) const {
    std::vector<std::string> values;
    const auto found = records.find(partition);
    if (found == records.end()) return values;
    for (const ReadRecord& record : found->second) values.push_back(record.value);
    return values;
  }
};

using Starts = std::map<TopicPartition, std::optional<int64_t>>;

// Polls until the source assigns its partitions, and starts them at `starts` (the source's default where none is
// given). Answers what was assigned.
inline std::vector<TopicPartition> settle(Source& source, const Starts& starts = {}) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (std::chrono::steady_clock::now() < deadline) {
    const auto polled = source.poll(std::chrono::milliseconds(100));
    if (!polled) {
      ADD_FAILURE() << polled.error().to_string();
      return {};
    }
    EXPECT_EQ(polled->batch, nullptr) << "records came before finish_rebalance()";
    if (polled->status != PollStatus::kRebalance) continue;
    const Rebalance rebalance = source.take_rebalance();
    Starts all;
    for (const TopicPartition& partition : rebalance.assigned) {
      const auto start = starts.find(partition);
      all[partition] = start == starts.end() ? std::nullopt : start->second;
    }
    const auto finished = source.finish_rebalance(all);
    EXPECT_TRUE(finished.ok()) << (finished ? "" : finished.error().to_string());
    if (!rebalance.assigned.empty()) return rebalance.assigned;
  }
  ADD_FAILURE() << "no partition was assigned within 30 s";
  return {};
}

// Reads until the source ends, is idle for `patience`, or has given `count_max` records or more.
inline Drained drain(Source& source, std::chrono::milliseconds patience = std::chrono::seconds(10),
                     size_t count_max = SIZE_MAX) {
  Drained drained;
  while (drained.count() < count_max) {
    auto polled = source.poll(patience);
    if (!polled) {
      ADD_FAILURE() << polled.error().to_string();
      return drained;
    }
    drained.last = polled->status;
    if (polled->status != PollStatus::kBatch) return drained;
    const RecordBatch& batch = *polled->batch;
    EXPECT_FALSE(batch.empty()) << "kBatch came without a record";
    for (size_t i = 0; i < batch.size(); ++i) {
      const RecordView record = batch[i];
      drained.records[batch.partition()].push_back(
          {std::string(record.key), std::string(record.value), record.offset, record.timestamp_ms});
    }
    drained.next_offsets[batch.partition()] = batch.next_offset();
  }
  return drained;
}

}  // namespace earshot::contract
