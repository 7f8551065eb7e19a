// FetchedBatches: sorts the messages of one fetch into a padded batch for each partition, every payload copied once.
#pragma once

#include <librdkafka/rdkafka.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "engine/flow/record_batch.h"

namespace earshot::kafka {

class FetchedBatches {
 public:
  // Takes messages that carry no error; asks `keeps` of each batch that they made.
  void add(std::span<rd_kafka_message_t* const> messages, const std::function<bool(const RecordBatch&)>& keeps);

  [[nodiscard]] bool empty() const { return ready_.empty(); }
  // Offset of the first record that waits for the partition.
  [[nodiscard]] std::optional<int64_t> first_offset(const TopicPartition& partition) const;
  std::unique_ptr<RecordBatch> pop();

  // Drops what waits for the partition.
  void drop(const TopicPartition& partition);

  // librdkafka's topic objects may be gone after a rebalance, so what is known by their address is forgotten.
  void forget_topics() { slots_.clear(); }

 private:
  struct Slot {
    const rd_kafka_topic_t* topic;
    TopicPartition partition;
    size_t bytes = 0;
    std::unique_ptr<RecordBatch> batch;
  };

  Slot& slot_of(const rd_kafka_message_t& message);

  std::vector<Slot> slots_;
  size_t last_slot_ = 0;  // messages come in runs of one partition
  std::deque<std::unique_ptr<RecordBatch>> ready_;
};

}  // namespace earshot::kafka
