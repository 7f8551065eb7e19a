// Scripted doubles of the flow interfaces: a source that plays a script and a log that remembers what became final.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/flow/log.h"
#include "engine/flow/source.h"

namespace earshot {

struct CommittedOutput {
  std::string topic;
  std::string value;
  friend bool operator==(const CommittedOutput&, const CommittedOutput&) = default;
};

// What survives a crash.
struct DurableLog {
  std::vector<CommittedOutput> outputs;
  std::map<TopicPartition, Position> positions;
  std::map<std::string, std::string, std::less<>> state;
  int commits = 0;
  int fail_next_commits = 0;
};

class ScriptedProducer : public Producer {
 public:
  explicit ScriptedProducer(DurableLog& log) : log_(log) {}
  Result<void> begin() override { return {}; }
  Result<void> produce(const OutputRecord& record) override {
    pending_.push_back({std::string(record.topic), std::string(record.value)});
    return {};
  }
  Result<void> commit(const CommitRequest& request) override {
    if (log_.fail_next_commits > 0) {
      --log_.fail_next_commits;
      return Error{ErrorCode::kUnavailable, "the broker is away", ""};
    }
    ++log_.commits;
    for (auto& output : pending_) log_.outputs.push_back(std::move(output));
    pending_.clear();
    for (const auto& [partition, position] : request.positions) log_.positions[partition] = position;
    for (StateStore* store : request.stores) {
      for (const auto& [key, value] : store->pending()) {
        if (value) log_.state[key] = *value;
      }
      store->mark_committed();
    }
    return {};
  }
  Result<void> abort() override {
    pending_.clear();
    return {};
  }

 private:
  DurableLog& log_;
  std::vector<CommittedOutput> pending_;
};

class ScriptedState : public StateBackend {
 public:
  explicit ScriptedState(DurableLog& log) : log_(log) {}
  Result<std::optional<std::string>> get(std::string_view key) const override {
    const auto found = log_.state.find(key);
    if (found == log_.state.end()) return std::optional<std::string>();
    return std::optional(found->second);
  }
  Result<void> scan(std::string_view,
                    const std::function<bool(std::string_view, std::string_view)>& visit) const override {
    for (const auto& [key, value] : log_.state) {
      if (!visit(key, value)) break;
    }
    return {};
  }

 private:
  DurableLog& log_;
};

class ScriptedLog : public Log {
 public:
  explicit ScriptedLog(DurableLog& durable) : durable_(durable) {}
  Result<void> ensure_topics(std::span<const TopicSpec>) override { return {}; }
  Result<std::unique_ptr<Source>> subscribe(const std::string&, const std::vector<std::string>&,
                                            const SubscribeOptions&) override {
    return failed("not part of this script");
  }
  Result<std::map<TopicPartition, Position>> committed(const std::string&, Source&,
                                                       std::span<const TopicPartition> partitions) override {
    std::map<TopicPartition, Position> found;
    for (const TopicPartition& partition : partitions) {
      if (durable_.positions.contains(partition)) found[partition] = durable_.positions[partition];
    }
    return found;
  }
  Result<std::unique_ptr<Producer>> open_producer(const std::string&) override {
    return std::unique_ptr<Producer>(std::make_unique<ScriptedProducer>(durable_));
  }
  Result<std::unique_ptr<StateStore>> open_state(const std::string& store, int32_t partition) override {
    return std::make_unique<StateStore>(store, partition, std::make_unique<ScriptedState>(durable_));
  }

 private:
  DurableLog& durable_;
};

// Holds numbered records "0", "1", … in each partition and hands them out in batches of `batch_records`.
class ScriptedSource : public Source {
 public:
  explicit ScriptedSource(std::map<TopicPartition, int64_t> records, int64_t batch_records = 3)
      : records_(std::move(records)), batch_records_(batch_records) {
    for (const auto& [partition, count] : records_) next_.assigned.push_back(partition);
  }

  // The next poll answers this rebalance.
  void plan(Rebalance rebalance) {
    next_ = std::move(rebalance);
    has_rebalance_ = true;
  }

  Result<Polled> poll(std::chrono::milliseconds) override {
    if (has_rebalance_) return Polled{PollStatus::kRebalance, nullptr};
    if (fail_after_polls_ >= 0 && fail_after_polls_-- == 0) return Error{ErrorCode::kUnavailable, "lost touch", ""};
    for (auto& [partition, offset] : positions_) {
      const int64_t end = records_[partition];
      if (offset >= end) continue;
      auto batch = std::make_unique<RecordBatch>(partition, 1024);
      for (int64_t i = 0; i < batch_records_ && offset < end; ++i, ++offset) {
        batch->append({}, std::to_string(offset), offset, kNoTimestamp);
      }
      return Polled{PollStatus::kBatch, std::move(batch)};
    }
    return Polled{is_bounded_ ? PollStatus::kEndOfInput : PollStatus::kIdle, nullptr};
  }
  Rebalance take_rebalance() override {
    for (const auto& partition : next_.revoked) positions_.erase(partition);
    for (const auto& partition : next_.lost) positions_.erase(partition);
    return next_;
  }
  Result<void> finish_rebalance(const std::map<TopicPartition, std::optional<int64_t>>& starts) override {
    for (const auto& [partition, start] : starts) positions_[partition] = start.value_or(0);
    has_rebalance_ = false;
    return {};
  }
  [[nodiscard]] int32_t partition_count() const override { return static_cast<int32_t>(records_.size()); }
  [[nodiscard]] std::map<TopicPartition, int64_t> lag() const override { return {}; }
  [[nodiscard]] bool caught_up(const TopicPartition& partition) const override {
    return positions_.at(partition) >= records_.at(partition);
  }
  Result<void> stop_at_end() override {
    is_bounded_ = true;
    return {};
  }

  bool is_bounded_ = true;
  int fail_after_polls_ = -1;

 private:
  std::map<TopicPartition, int64_t> records_;
  int64_t batch_records_;
  std::map<TopicPartition, int64_t> positions_;
  Rebalance next_;
  bool has_rebalance_ = true;
};

}  // namespace earshot
