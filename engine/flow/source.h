// Source: where records come from. One thread drives a source; nothing here calls back.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/flow/record_batch.h"

namespace earshot {

// Where a consumer group stands in a partition. `metadata` is opaque to connectors and committed with the offset.
struct Position {
  int64_t next_offset = 0;
  std::string metadata;
};

struct Rebalance {
  std::vector<TopicPartition> revoked;   // commit what is done of these, then drop their tasks
  std::vector<TopicPartition> assigned;  // give each a start in finish_rebalance()
  std::vector<TopicPartition> lost;      // already owned by somebody else: drop their tasks without a commit
};

enum class PollStatus {
  kBatch,      // `batch` holds at least one record
  kIdle,       // nothing arrived before the timeout
  kRebalance,  // call take_rebalance(), settle the tasks, then finish_rebalance(); no records come before that
  kEndOfInput  // a bounded source has given its last record of every partition (and says so again at each call)
};

struct Polled {
  PollStatus status = PollStatus::kIdle;
  std::unique_ptr<RecordBatch> batch;
};

class Source {
 public:
  virtual ~Source() = default;

  // Waits at most `timeout` for records. The first call of a source's life answers kRebalance with its assignment.
  virtual Result<Polled> poll(std::chrono::milliseconds timeout) = 0;

  virtual Rebalance take_rebalance() = 0;

  // Starts reading each assigned partition at the given offset; nullopt means the source's own default (its earliest
  // record).
  virtual Result<void> finish_rebalance(const std::map<TopicPartition, std::optional<int64_t>>& starts) = 0;

  // Partitions of the whole topic, over all members of the group. Event time closes at the minimum over these.
  [[nodiscard]] virtual int32_t partition_count() const = 0;

  // Records (files: bytes) between what was polled and the end, per assigned partition; -1 where unknown.
  [[nodiscard]] virtual std::map<TopicPartition, int64_t> lag() const = 0;

  // True when the partition has handed out everything that it holds right now.
  [[nodiscard]] virtual bool caught_up(const TopicPartition& partition) const = 0;

  // Bounds an unbounded source: it ends (kEndOfInput) at the end offsets that its partitions have now.
  virtual Result<void> stop_at_end() = 0;

  // Wakes a poll() that waits; the one call that another thread may make.
  virtual void wake() {}
};

}  // namespace earshot
