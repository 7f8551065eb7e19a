#include "connectors/kafka/fetched_batches.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace earshot::kafka {

FetchedBatches::Slot& FetchedBatches::slot_of(const rd_kafka_message_t& message) {
  const auto matches = [&](const Slot& slot) {
    return slot.topic == message.rkt && slot.partition.partition == message.partition;
  };
  if (last_slot_ < slots_.size() && matches(slots_[last_slot_])) return slots_[last_slot_];
  const auto found = std::find_if(slots_.begin(), slots_.end(), matches);
  last_slot_ = static_cast<size_t>(found - slots_.begin());
  if (found == slots_.end()) {
    slots_.push_back({message.rkt, {rd_kafka_topic_name(message.rkt), message.partition}, 0, nullptr});
  }
  return slots_[last_slot_];
}

void FetchedBatches::add(std::span<rd_kafka_message_t* const> messages,
                         const std::function<bool(const RecordBatch&)>& keeps) {
  for (const rd_kafka_message_t* message : messages) slot_of(*message).bytes += message->key_len + message->len;
  for (const rd_kafka_message_t* message : messages) {
    Slot& slot = slot_of(*message);
    if (!slot.batch) slot.batch = std::make_unique<RecordBatch>(slot.partition, slot.bytes);
    rd_kafka_timestamp_type_t type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
    const int64_t timestamp_ms = rd_kafka_message_timestamp(message, &type);
    slot.batch->append({static_cast<const char*>(message->key), message->key_len},
                       {static_cast<const char*>(message->payload), message->len}, message->offset,
                       type == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE ? kNoTimestamp : timestamp_ms);
  }
  for (Slot& slot : slots_) {
    slot.bytes = 0;
    if (!slot.batch) continue;
    if (keeps(*slot.batch)) ready_.push_back(std::move(slot.batch));
    slot.batch.reset();
  }
}

std::unique_ptr<RecordBatch> FetchedBatches::pop() {
  auto batch = std::move(ready_.front());
  ready_.pop_front();
  return batch;
}

std::optional<int64_t> FetchedBatches::first_offset(const TopicPartition& partition) const {
  for (const auto& batch : ready_) {
    if (batch->partition() == partition) return (*batch)[0].offset;
  }
  return std::nullopt;
}

void FetchedBatches::drop(const TopicPartition& partition) {
  std::erase_if(ready_, [&](const auto& batch) { return batch->partition() == partition; });
}

}  // namespace earshot::kafka
