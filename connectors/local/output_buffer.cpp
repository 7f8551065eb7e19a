#include "connectors/local/output_buffer.h"

namespace earshot::local {

OutputBuffer::Partition& OutputBuffer::at(PartitionId id) {
  if (id.topic >= topics_.size()) topics_.resize(id.topic + 1);
  auto& partitions = topics_[id.topic];
  const auto index = static_cast<size_t>(id.partition);
  if (index >= partitions.size()) partitions.resize(index + 1);
  return partitions[index];
}

void OutputBuffer::append(PartitionId id, const OutputRecord& record) {
  Partition& partition = at(id);
  if (partition.used == 0) touched_.push_back(id);
  if (partition.used == 0 || partition.batches[partition.used - 1].size_bytes() >= kBatchTargetBytes) {
    if (partition.used == partition.batches.size()) partition.batches.emplace_back();
    ++partition.used;
  }
  StoredBatchWriter& batch = partition.batches[partition.used - 1];
  const size_t before = batch.size_bytes();
  batch.append(batch.records(), record.key, record.value, record.timestamp_ms);
  bytes_ += static_cast<int64_t>(batch.size_bytes() - before);
}

std::span<StoredBatchWriter> OutputBuffer::batches(PartitionId id) {
  Partition& partition = at(id);
  return {partition.batches.data(), partition.used};
}

void OutputBuffer::clear() {
  for (const PartitionId id : touched_) {
    Partition& partition = at(id);
    partition.batches.resize(partition.used);
    for (StoredBatchWriter& batch : partition.batches) batch.clear();
    partition.used = 0;
  }
  touched_.clear();
  bytes_ = 0;
}

}  // namespace earshot::local
