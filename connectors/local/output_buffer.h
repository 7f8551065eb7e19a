// OutputBuffer: the outputs of an open transaction, encoded per partition, until the commit gives them their offsets.
// Memory is kept from one transaction to the next as far as the last one used it. Of one producer, so of one thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "connectors/local/keys.h"
#include "connectors/local/stored_batch.h"
#include "engine/flow/log.h"

namespace earshot::local {

class OutputBuffer {
 public:
  void append(PartitionId id, const OutputRecord& record);

  // Partitions with output, in no particular order, each once.
  [[nodiscard]] std::span<const PartitionId> touched() const { return touched_; }
  [[nodiscard]] std::span<StoredBatchWriter> batches(PartitionId id);
  [[nodiscard]] int64_t bytes() const { return bytes_; }

  void clear();

 private:
  struct Partition {
    std::vector<StoredBatchWriter> batches;
    size_t used = 0;
  };
  Partition& at(PartitionId id);

  std::vector<std::vector<Partition>> topics_;
  std::vector<PartitionId> touched_;
  int64_t bytes_ = 0;
};

}  // namespace earshot::local
