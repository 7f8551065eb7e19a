// MemoryLog: state that outlives a topology, and an outbox that keeps what a commit made final.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/flow/log.h"
#include "engine/runtime/topology.h"

namespace earshot {

using StateTable = std::map<std::string, std::string, std::less<>>;

class MemoryState : public StateBackend {
 public:
  explicit MemoryState(std::shared_ptr<StateTable> table) : table_(std::move(table)) {}

  Result<std::optional<std::string>> get(std::string_view key) const override {
    const auto found = table_->find(key);
    if (found == table_->end()) return std::optional<std::string>();
    return std::optional(found->second);
  }

  Result<void> scan(std::string_view prefix,
                    const std::function<bool(std::string_view, std::string_view)>& visit) const override {
    for (auto entry = table_->lower_bound(prefix); entry != table_->end(); ++entry) {
      if (!std::string_view(entry->first).starts_with(prefix) || !visit(entry->first, entry->second)) break;
    }
    return {};
  }

 private:
  std::shared_ptr<StateTable> table_;
};

struct Output {
  std::string topic;
  std::string key;
  std::string value;
  int64_t timestamp_ms = 0;

  friend bool operator==(const Output&, const Output&) = default;
};

// Holds outputs until commit() makes them and the stores' changes final.
class MemoryOutbox : public Outbox {
 public:
  Result<void> produce(const OutputRecord& record) override {
    open_.push_back(
        {std::string(record.topic), std::string(record.key), std::string(record.value), record.timestamp_ms});
    return {};
  }
  void commit() {
    committed_.insert(committed_.end(), open_.begin(), open_.end());
    open_.clear();
  }
  void abort() { open_.clear(); }

  [[nodiscard]] std::vector<Output> of(const std::string& topic) const {
    std::vector<Output> outputs;
    for (const Output& output : committed_) {
      if (output.topic == topic) outputs.push_back(output);
    }
    return outputs;
  }

 private:
  std::vector<Output> open_;
  std::vector<Output> committed_;
};

class MemoryLog : public Log {
 public:
  Result<std::unique_ptr<StateStore>> open_state(const std::string& store, int32_t partition) override {
    auto& table = tables_[{store, partition}];
    if (!table) table = std::make_shared<StateTable>();
    return std::make_unique<StateStore>(store, partition, std::make_unique<MemoryState>(table));
  }

  void commit(const std::vector<StateStore*>& stores) {
    for (StateStore* store : stores) {
      StateTable& table = *tables_.at({store->name(), store->partition()});
      for (const auto& [key, value] : store->pending()) {
        if (value) {
          table.insert_or_assign(key, *value);
        } else {
          table.erase(key);
        }
      }
      store->mark_committed();
    }
  }

  [[nodiscard]] const StateTable& table(const std::string& store, int32_t partition) const {
    return *tables_.at({store, partition});
  }
  StateTable& table(const std::string& store, int32_t partition) { return *tables_.at({store, partition}); }

  Result<void> ensure_topics(std::span<const TopicSpec>) override { return failed("no topics here"); }
  Result<std::unique_ptr<Source>> subscribe(const std::string&, const std::vector<std::string>&,
                                            const SubscribeOptions&) override {
    return failed("no sources here");
  }
  Result<std::map<TopicPartition, Position>> committed(const std::string&, Source&,
                                                       std::span<const TopicPartition>) override {
    return failed("no positions here");
  }
  Result<std::unique_ptr<Producer>> open_producer(const std::string&) override { return failed("no producers here"); }

 private:
  std::map<std::pair<std::string, int32_t>, std::shared_ptr<StateTable>> tables_;
};

// A batch of serialized records of one partition.
inline std::unique_ptr<RecordBatch> batch_of(const std::string& topic, const std::vector<std::string>& values,
                                             int64_t first_offset = 0) {
  auto batch = std::make_unique<RecordBatch>(TopicPartition{topic, 0}, 4096);
  for (const std::string& value : values) batch->append("key", value, first_offset++, 0);
  return batch;
}

}  // namespace earshot
