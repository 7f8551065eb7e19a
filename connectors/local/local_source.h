// LocalSource: reads all partitions of its topics in turn, a megabyte of one partition at a time.
#pragma once

#include <rocksdb/iterator.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "connectors/local/log_view.h"
#include "connectors/local/segment.h"
#include "engine/flow/log.h"

namespace earshot::local {

class LocalSource final : public Source {
 public:
  // Precondition: `topics` are in the view's catalog.
  LocalSource(std::shared_ptr<LogView> view, std::vector<std::string> topics, SubscribeOptions options);

  Result<Polled> poll(std::chrono::milliseconds timeout) override;
  Rebalance take_rebalance() override;
  Result<void> finish_rebalance(const std::map<TopicPartition, std::optional<int64_t>>& starts) override;
  [[nodiscard]] int32_t partition_count() const override;
  [[nodiscard]] std::map<TopicPartition, int64_t> lag() const override;
  [[nodiscard]] bool caught_up(const TopicPartition& partition) const override;
  Result<void> stop_at_end() override;
  void wake() override;

 private:
  struct Partition {
    TopicPartition name;
    PartitionId id;
    std::optional<int64_t> stop;  // bounded: the end when it was assigned, or when stop_at_end() was called
    bool started = false;
    int64_t next_offset = 0;
  };

  void find_new_partitions();
  [[nodiscard]] int64_t end_of(const Partition& partition) const;
  [[nodiscard]] bool all_done() const;
  static Error without_segment(Error error);
  Result<std::unique_ptr<RecordBatch>> read_next();
  Result<std::unique_ptr<RecordBatch>> read(Partition& partition, const Bounds& bounds);
  Result<void> append_batches(rocksdb::Iterator& batches, Partition& partition, int64_t end, RecordBatch& into);
  Result<void> append_records(std::string_view value, int64_t base_offset, const Partition& partition, int64_t end,
                              RecordBatch& into);

  const std::shared_ptr<LogView> view_;
  const std::vector<std::string> topics_;
  const SubscribeOptions options_;
  bool bounded_;
  SegmentReader segments_;
  std::vector<Partition> partitions_;
  bool rebalancing_ = false;
  uint64_t seen_version_ = 0;
  size_t turn_ = 0;
  std::atomic<bool> woken_ = false;
};

// kNotFound names a topic that the view does not know.
Result<std::unique_ptr<Source>> open_source(const std::shared_ptr<LogView>& view,
                                            const std::vector<std::string>& topics, const SubscribeOptions& options);

}  // namespace earshot::local
