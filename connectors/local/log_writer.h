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
#include <string_view>
#include <vector>

#include "connectors/local/log_view.h"
#include "connectors/local/output_buffer.h"
#include "connectors/local/retention.h"
#include "connectors/local/segment.h"
#include "engine/flow/log.h"

namespace earshot::local {

class LogWriter final : public LogView {
 public:
  static Result<std::shared_ptr<LogWriter>> open(const LocalLogOptions& options);

  [[nodiscard]] const LocalLogOptions& options() const { return options_; }
  [[nodiscard]] std::shared_ptr<Database> database() const override { return database_; }
  Result<void> refresh() override { return {}; }
  [[nodiscard]] std::chrono::milliseconds refresh_interval() const override { return std::chrono::hours(1); }

  Result<void> ensure_topics(std::span<const TopicSpec> topics);

  // The producer's generation: an earlier producer of the same id is fenced from then on.
  uint64_t register_producer(const std::string& transactional_id);

  // Recovers from an earlier fault, or says that it lasts; kFenced for a producer that was replaced.
  Result<void> check_ready(const std::string& transactional_id, uint64_t generation);

  // All or nothing. Takes the stores' pending changes when it succeeds; `outputs` is left to the caller to clear.
  Result<void> commit(const std::string& transactional_id, uint64_t generation, OutputBuffer& outputs,
                      const CommitRequest& request);

 private:
  LogWriter(const LocalLogOptions& options, std::shared_ptr<Database> database)
      : options_(options), database_(std::move(database)), usage_(database_->segments_folder()) {}

  Result<void> check_generation(const std::string& transactional_id, uint64_t generation) const;
  Result<void> ensure_topic(const TopicSpec& spec);
  Result<void> open_segments();
  Result<void> add_outputs(OutputBuffer& outputs, int64_t now_ms, BoundsChanges& changes);
  Result<void> add_batch(const std::string& key, std::string_view stored);
  void give_up();
  void drop_from_segments(const std::vector<uint64_t>& segments);
  void add_positions(const CommitRequest& request);
  void add_state(const CommitRequest& request);
  Result<void> write_and_publish(BoundsChanges changes);
  Result<void> expire(int64_t now_ms);
  void compact_when_due(int64_t now_ms);
  [[nodiscard]] int64_t now_ms() const;

  const LocalLogOptions options_;
  const std::shared_ptr<Database> database_;

  std::mutex mutex_;  // guards all that follows
  rocksdb::WriteBatch batch_;
  SegmentWriter segments_;
  SegmentUsage usage_;
  std::vector<uint64_t> batch_segments_;  // of the pointers in batch_, one for each
  Retention retention_;
  int64_t next_check_ms_ = 0;
  // Left by the last compaction: how much growth makes the next worth it.
  std::map<PartitionId, int64_t> compacted_records_;
  std::map<std::string, uint64_t> generations_;
  bool faulted_ = false;
  // Of work done after a commit that itself was good; told at the next begin().
  std::optional<Error> maintenance_error_;
};

}  // namespace earshot::local
