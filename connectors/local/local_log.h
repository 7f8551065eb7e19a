// The local log: a durable, partitioned, ordered log inside the process. One RocksDB WriteBatch is the transaction:
// outputs, state changes and committed positions become final together, so a single machine is exactly-once without a
// broker. Large batches of outputs lie in segment files that the transaction points to (segment.h); everything else
// lies in RocksDB itself.
//
// One process writes a folder; any number of others read it while it is written (open_local_log_reader()). The log, its
// sources, producers and stores may be destroyed in any order; each source, producer and store belongs to one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/flow/log.h"

namespace earshot::local {

struct LocalLogOptions {
  std::string path;  // a folder of its own; created when missing
  // True: a commit returns when it is on the disk. False: it survives the death of the process, not of the machine:
  // a power cut may take the last commits, or leave records that fail their checksum (kCorrupt when they are read).
  bool sync = true;
  int64_t memory_budget_bytes = 512LL << 20;  // RocksDB's write buffers and caches; a commit in progress comes on top
  int64_t max_record_bytes = 16LL << 20;      // key and value of one record
  int64_t max_transaction_bytes = 1LL << 30;  // outputs of one transaction
  int64_t segment_bytes = 128LL << 20;  // of the files that large batches lie in, and that retention deletes whole
  int64_t retention_check_interval_ms = 10'000;
  int64_t compaction_min_records = 10'000;  // records that a compacted partition gathers before old values are dropped
  std::function<int64_t()> wall_clock_ms;   // milliseconds since 1970; empty: the system's clock
};

// Opens the log for reading and writing. Errors name the path: kUnavailable when another process has it open, kInvalid
// when the folder holds something else or a newer format, kCorrupt when RocksDB finds damage.
//
// Records of a topic with `retention_ms` >= 0 go when they were appended longer ago than that (by up to a 32nd of it,
// plus the check interval, later), also when the topic is compacted. In a compacted topic an empty value ends its key:
// the record itself goes a day later. A source that stands before the earliest record goes on at the earliest.
Result<std::unique_ptr<Log>> open_local_log(const LocalLogOptions& options);

// What another process sees of a log that may be written at the same time: commits, whole, shortly after they are made.
class LocalLogReader {
 public:
  virtual ~LocalLogReader() = default;

  // Reads without a group. kNotFound names a topic that is not there (yet: the call may be repeated). The options'
  // default start holds for partitions that finish_rebalance() gives no offset.
  virtual Result<std::unique_ptr<Source>> subscribe(const std::vector<std::string>& topics,
                                                    const SubscribeOptions& options) = 0;

  [[nodiscard]] virtual Result<std::vector<TopicSpec>> topics() = 0;

  // Earliest offset that is still there, for each partition of the topic. kNotFound as above.
  [[nodiscard]] virtual Result<std::map<TopicPartition, int64_t>> earliest(const std::string& topic) = 0;

  // Every committed position of the group.
  [[nodiscard]] virtual Result<std::map<TopicPartition, Position>> positions(const std::string& group) = 0;
};

// kNotFound when there is no log at `path` (yet).
Result<std::unique_ptr<LocalLogReader>> open_local_log_reader(const std::string& path);

}  // namespace earshot::local
