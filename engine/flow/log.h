// Log: the durable, partitioned log that internal topics, outputs and committed positions live on: Kafka on a cluster,
// the local log on one machine. Producer is one transaction after another on it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/result.h"
#include "engine/flow/source.h"
#include "engine/state/state_store.h"

namespace earshot {

struct TopicSpec {
  std::string name;
  int32_t partitions = 1;
  int64_t retention_ms = -1;  // -1: for ever
  bool compacted = false;     // keeps the last record of each key
};

struct SubscribeOptions {
  bool until_end = false;    // stop (kEndOfInput) at the end offsets that the topics have when the source is assigned
  bool from_latest = false;  // default start when nothing is committed: the end instead of the earliest record
};

struct OutputRecord {
  std::string_view topic;
  int32_t partition = -1;  // -1: by hash of the key
  std::string_view key;
  std::string_view value;
  int64_t timestamp_ms = 0;  // of the event; a log may keep the time of appending instead
  std::span<const std::pair<std::string_view, std::string_view>> headers = {};  // a log without headers drops them
};

// What one commit makes final together: the outputs produced since begin(), the state changes, the source's positions.
struct CommitRequest {
  std::string_view group;
  Source* source = nullptr;  // a log that can, binds the commit to this source's membership of its group
  std::map<TopicPartition, Position> positions;
  std::vector<StateStore*> stores;  // their pending changes become final with the commit and are taken from the store
};

// Lifecycle: begin, produce…, then commit or abort. One thread at a time.
class Producer {
 public:
  virtual ~Producer() = default;
  virtual Result<void> begin() = 0;
  virtual Result<void> produce(const OutputRecord& record) = 0;
  // kUnavailable: nothing became final, abort and retry from the last commit; kFenced: drop the task.
  virtual Result<void> commit(const CommitRequest& request) = 0;
  virtual Result<void> abort() = 0;
};

// Asks that other processes keep warm copies of a store whose tasks belong to the members of `group` that read `topic`.
struct StandbyRequest {
  std::string group;
  std::string topic;
  std::string store;
  size_t copies = 1;  // of each partition, beside its owner's
};

// Bytes that the state's database holds in memory.
struct StateMemoryUse {
  uint64_t cache = 0;          // blocks of its tables, with their indexes and filters
  uint64_t write_buffers = 0;  // what was written lately
  uint64_t tables = 0;         // held by open tables beside the cache
};

class Log {
 public:
  virtual ~Log() = default;

  // Any thread may ask.
  [[nodiscard]] virtual StateMemoryUse memory_use() const { return {}; }

  // From now on this process keeps those copies that fall to it. A log on one machine has nobody to stand by.
  virtual void keep_standbys(const StandbyRequest&) {}

  // Creates what is missing; an existing topic with fewer partitions or another cleanup policy is an error that says
  // so.
  virtual Result<void> ensure_topics(std::span<const TopicSpec> topics) = 0;

  virtual Result<std::unique_ptr<Source>> subscribe(const std::string& group, const std::vector<std::string>& topics,
                                                    const SubscribeOptions& options) = 0;

  // Committed positions of `group` for the partitions, wherever this log keeps them for such a source.
  virtual Result<std::map<TopicPartition, Position>> committed(const std::string& group, Source& source,
                                                               std::span<const TopicPartition> partitions) = 0;

  // `transactional_id` names the writer: a second producer with the same id fences the first (on Kafka).
  virtual Result<std::unique_ptr<Producer>> open_producer(const std::string& transactional_id) = 0;

  // The state of one partition of a named store, as of the last commit.
  virtual Result<std::unique_ptr<StateStore>> open_state(const std::string& store, int32_t partition) = 0;
};

}  // namespace earshot
