// LogWriter: the one place where a local log changes: topics, commits, retention, compaction. Commits of several
// producers take turns at its lock; what they wrote becomes visible to readers, whole, after the database has it.
#pragma once

#include <rocksdb/write_batch.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>

#include "connectors/local/log_view.h"
#include "connectors/local/output_buffer.h"
#include "connectors/local/retention.h"
#include "engine/flow/log.h"

namespace earshot::local {

class LogWriter final : public LogView {
 public:
  static Result<std::shared_ptr<LogWriter>> open(const LocalLogOptions& options);

  [[nodiscard]] const LocalLogOptions& options() const { return options_; }
  [[nodiscard]] std::shared_ptr<Database> database() const override { return database_; }
  Result<void> refresh() override { return {}; }
  [[nodiscard]] std::chrono::milliseconds refresh_interval() const override { return std::chrono::hours(1); }
  [[nodiscard]] int read_retries() const override { return 0; }

  Result<void> ensure_topics(std::span<const TopicSpec> topics);

  // The producer's generation: an earlier producer of the same id is fenced from then on.
  uint64_t register_producer(const std::string& transactional_id);

  // Recovers from an earlier fault, or says that it lasts; kFenced for a producer that was replaced.
  Result<void> check_ready(const std::string& transactional_id, uint64_t generation);

  // All or nothing. Takes the stores' pending changes when it succeeds; `outputs` is left to the caller to clear.
  Result<void> commit(const std::string& transactional_id, uint64_t generation, OutputBuffer& outputs,
                      const CommitRequest& request);

 private:
  explicit LogWriter(const LocalLogOptions& options) : options_(options) {}

  Result<void> check_generation(const std::string& transactional_id, uint64_t generation) const;
  Result<void> ensure_topic(const TopicSpec& spec);
  void add_outputs(OutputBuffer& outputs, int64_t now_ms, BoundsChanges& changes);
  void add_positions(const CommitRequest& request);
  void add_state(const CommitRequest& request);
  Result<void> write_and_publish(BoundsChanges changes);
  Result<void> expire(int64_t now_ms);
  void compact_when_due(int64_t now_ms);
  [[nodiscard]] int64_t now_ms() const;

  const LocalLogOptions options_;
  std::shared_ptr<Database> database_;

  std::mutex mutex_;  // guards all that follows
  rocksdb::WriteBatch batch_;
  Retention retention_;
  int64_t next_check_ms_ = 0;
  std::map<PartitionId, int64_t>
      compacted_records_;  // left by the last compaction: how much growth makes the next worth it
  std::map<std::string, uint64_t> generations_;
  bool faulted_ = false;
  std::optional<Error>
      maintenance_error_;  // of work done after a commit that itself was good; told at the next begin()
};

}  // namespace earshot::local
