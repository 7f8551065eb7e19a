// Topology: what LISTEN, DETECT and INCIDENT each implement and the runtime drives:
// fetch → process in parallel → apply in order per partition → commit once.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/flow/log.h"
#include "engine/flow/record_batch.h"
#include "engine/flow/source.h"

namespace earshot {

// What process() makes of one batch. It owns the batch, so views into it live until apply() is done.
struct Work {
  explicit Work(std::unique_ptr<RecordBatch> owned) : batch(std::move(owned)) {}
  virtual ~Work() = default;
  std::unique_ptr<RecordBatch> batch;
};

// Outputs of the open transaction.
class Outbox {
 public:
  virtual ~Outbox() = default;
  virtual Result<void> produce(const OutputRecord& record) = 0;
};

class Topology {
 public:
  virtual ~Topology() = default;

  // A partition was assigned to this process. Answers the offset to read from: the committed one, an earlier one
  // (records up to the committed offset then only rebuild memory), or nullopt for the source's default.
  virtual Result<std::optional<int64_t>> assigned(const TopicPartition& partition,
                                                  const std::optional<Position>& committed) = 0;

  // The partition is no longer ours: drop its memory. Its state was committed before, unless it was lost.
  virtual void revoked(const TopicPartition& partition) = 0;

  // Between two commits: no batch is in work and nothing is gathered. What may change while a topology runs changes
  // here.
  virtual void begin_interval() {}

  // Pure: runs on many threads at once, one batch each.
  virtual std::unique_ptr<Work> process(std::unique_ptr<RecordBatch> batch) const = 0;

  // One at a time, in offset order within a partition.
  virtual Result<void> apply(Work& work, Outbox& outbox) = 0;

  // Called once before each commit: hand out what was gathered since the last. `caught_up` lists the partitions whose
  // source had nothing more; `at_end` is true after the last record of a bounded source.
  virtual Result<void> before_commit(const std::vector<TopicPartition>& caught_up, bool at_end, Outbox& outbox) = 0;

  // Metadata to commit with the partition's position (LISTEN: its watermark).
  virtual std::string position_metadata(const TopicPartition& partition) const = 0;

  // Stores whose pending changes belong to the commit.
  virtual std::vector<StateStore*> stores() = 0;
};

}  // namespace earshot
