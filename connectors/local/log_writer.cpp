#include "connectors/local/log_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "connectors/local/compaction.h"
#include "connectors/local/positions.h"
#include "engine/base/kill_point.h"
#include "engine/time/wall_clock.h"

namespace earshot::local {
namespace {

rocksdb::Slice to_slice(std::string_view text) {
  return {text.data(), text.size()};
}

Result<void> check_name(std::string_view what, std::string_view name) {
  if (name.empty()) return invalid(fmt::format("a {} needs a name", what));
  if (name.size() > kMaxNameBytes) {
    return invalid(
        fmt::format("the name of a {} has {} bytes; at most {} are possible", what, name.size(), kMaxNameBytes));
  }
  return {};
}

std::string cleanup_policy(bool compacted) {
  return compacted ? "compacted" : "not compacted";
}

}  // namespace

Result<std::shared_ptr<LogWriter>> LogWriter::open(const LocalLogOptions& options) {
  auto database = Database::open(options);
  if (!database) return database.error();
  const std::shared_ptr<LogWriter> writer(new LogWriter(options, std::move(*database)));
  if (const auto loaded = writer->catalog_.load(*writer->database_); !loaded) return loaded.error();
  if (const auto loaded = writer->retention_.load(*writer->database_); !loaded) return loaded.error();
  if (const auto opened = writer->open_segments(); !opened) return opened.error();
  const int64_t now_ms = writer->now_ms();
  if (const auto expired = writer->expire(now_ms); !expired) return expired.error();
  writer->compact_when_due(now_ms);
  if (writer->maintenance_error_) return *writer->maintenance_error_;
  return writer;
}

Result<void> LogWriter::open_segments() {
  const rocksdb::ReadOptions options;
  const std::unique_ptr<rocksdb::Iterator> batches(database_->rocks().NewIterator(options, database_->records()));
  for (batches->SeekToFirst(); batches->Valid(); batches->Next()) {
    if (batches->key().size() != kBatchKeyBytes) continue;
    if (const auto pointer = decode_pointer(batches->value().ToStringView())) usage_.add(pointer->segment);
  }
  if (!batches->status().ok()) return database_->to_error(batches->status(), "be read");
  if (const auto opened = segments_.open(database_->segments_folder(), options_.segment_bytes, options_.sync);
      !opened) {
    return opened;
  }
  usage_.delete_strangers();
  return {};
}

int64_t LogWriter::now_ms() const {
  return options_.wall_clock_ms ? options_.wall_clock_ms() : wall_clock_ms();
}

Result<void> LogWriter::ensure_topics(std::span<const TopicSpec> topics) {
  const std::lock_guard lock(mutex_);
  for (const TopicSpec& spec : topics) {
    if (const auto ensured = ensure_topic(spec); !ensured) return ensured;
  }
  return {};
}

Result<void> LogWriter::ensure_topic(const TopicSpec& spec) {
  if (const auto checked = check_name("topic", spec.name); !checked) return checked;
  if (spec.partitions < 1) return invalid(fmt::format("topic {} needs at least one partition", spec.name));
  const std::optional<Topic> existing = catalog_.find(spec.name);
  if (existing && existing->spec.partitions > spec.partitions) {
    return invalid(
        fmt::format("topic {} has {} partitions in {}; {} were asked for, and partitions cannot be taken away",
                    spec.name, existing->spec.partitions, database_->path(), spec.partitions));
  }
  if (existing && existing->spec.compacted != spec.compacted) {
    return invalid(fmt::format("topic {} is {} in {}; it cannot become {}", spec.name,
                               cleanup_policy(existing->spec.compacted), database_->path(),
                               cleanup_policy(spec.compacted)));
  }
  if (existing && existing->spec.partitions == spec.partitions && existing->spec.retention_ms == spec.retention_ms)
    return {};
  const Topic topic{existing ? existing->id : static_cast<uint32_t>(catalog_.topics().size()), spec};
  rocksdb::WriteBatch batch;
  batch.Put(database_->facts(), topic_key(spec.name), encode_topic(topic));
  if (const auto written = database_->write(batch); !written) {
    faulted_ = true;
    return written;
  }
  catalog_.put(topic);
  return {};
}

uint64_t LogWriter::register_producer(const std::string& transactional_id) {
  const std::lock_guard lock(mutex_);
  return ++generations_[transactional_id];
}

Result<void> LogWriter::check_generation(const std::string& transactional_id, uint64_t generation) const {
  if (generations_.at(transactional_id) == generation) return {};
  return Error{
      ErrorCode::kFenced, fmt::format("a newer producer took over the transactional id {}", transactional_id), {}};
}

Result<void> LogWriter::check_ready(const std::string& transactional_id, uint64_t generation) {
  const std::lock_guard lock(mutex_);
  if (const auto checked = check_generation(transactional_id, generation); !checked) return checked;
  if (faulted_) {
    if (const auto recovered = database_->recover(); !recovered) return recovered;
    faulted_ = false;
  }
  if (!maintenance_error_) return {};
  const Error error = *maintenance_error_;
  maintenance_error_.reset();
  return error;
}

Result<void> LogWriter::commit(const std::string& transactional_id, uint64_t generation, OutputBuffer& outputs,
                               const CommitRequest& request) {
  if (!request.positions.empty()) {
    if (const auto checked = check_name("consumer group", request.group); !checked) return checked;
  }
  const std::lock_guard lock(mutex_);
  if (const auto checked = check_generation(transactional_id, generation); !checked) return checked;
  const int64_t time_ms = now_ms();
  BoundsChanges changes;
  EARSHOT_KILL_POINT("local-before-segments");
  if (const auto added = add_outputs(outputs, time_ms, changes); !added) {
    give_up();
    return added;
  }
  EARSHOT_KILL_POINT("local-after-segments");
  add_positions(request);
  add_state(request);
  if (time_ms >= next_check_ms_) {
    retention_.plan(*database_, catalog_, time_ms, batch_, changes);
    next_check_ms_ = time_ms + options_.retention_check_interval_ms;
  }
  if (const auto written = write_and_publish(std::move(changes)); !written) return written;
  for (StateStore* store : request.stores) store->mark_committed();
  compact_when_due(time_ms);
  return {};
}

Result<void> LogWriter::add_outputs(OutputBuffer& outputs, int64_t now_ms, BoundsChanges& changes) {
  for (const PartitionId id : outputs.touched()) {
    Bounds& bounds = changes.try_emplace(id, catalog_.bounds(id)).first->second;
    for (StoredBatchWriter& stored : outputs.batches(id)) {
      const uint32_t records = stored.records();
      if (const auto added = add_batch(batch_key(id, bounds.end), stored.finish(records, now_ms)); !added) return added;
      bounds.end += records;
    }
  }
  return segments_.settle();
}

Result<void> LogWriter::add_batch(const std::string& key, std::string_view stored) {
  if (stored.size() < kSegmentBatchBytesMin) {
    const std::array<rocksdb::Slice, 2> value{to_slice(kInlineTag), to_slice(stored)};
    const rocksdb::Slice key_slice(key);
    batch_.Put(database_->records(), {&key_slice, 1}, {value.data(), 2});
    return {};
  }
  const auto pointer = segments_.append(stored);
  if (!pointer) return pointer.error();
  batch_.Put(database_->records(), key, encode_pointer(*pointer));
  batch_segments_.push_back(pointer->segment);
  EARSHOT_KILL_POINT("local-between-segments");
  return {};
}

void LogWriter::add_positions(const CommitRequest& request) {
  for (const auto& [partition, position] : request.positions) {
    batch_.Put(database_->positions(), position_key(request.group, partition), encode_position(position));
  }
}

void LogWriter::add_state(const CommitRequest& request) {
  for (const StateStore* store : request.stores) {
    std::string key = state_prefix(store->name(), store->partition());
    const size_t prefix_bytes = key.size();
    for (const auto& [name, value] : store->pending()) {
      key.resize(prefix_bytes);
      key.append(name);
      if (value) {
        batch_.Put(database_->state(), key, *value);
      } else {
        batch_.Delete(database_->state(), key);
      }
    }
  }
}

Result<void> LogWriter::write_and_publish(BoundsChanges changes) {
  for (const auto& [id, bounds] : changes) batch_.Put(database_->facts(), bounds_key(id), encode_bounds(bounds));
  const Result<void> written = batch_.Count() == 0 ? Result<void>() : database_->write(batch_);
  if (!written) {
    faulted_ = true;
    give_up();
    return written;
  }
  EARSHOT_KILL_POINT("local-after-write");
  for (const uint64_t segment : batch_segments_) usage_.add(segment);
  batch_.Clear();
  batch_segments_.clear();
  catalog_.publish(changes);
  drop_from_segments(retention_.settle());
  return {};
}

// Forgets what was gathered for a commit that failed. What it appended to a segment stays there without a pointer.
void LogWriter::give_up() {
  batch_.Clear();
  batch_segments_.clear();
  retention_.drop();
  next_check_ms_ = 0;
}

void LogWriter::drop_from_segments(const std::vector<uint64_t>& segments) {
  for (const uint64_t segment : segments) usage_.drop(segment);
  if (!usage_.has_garbage(segments_.current_segment())) return;
  // The pointers must not come back after a power cut when their files are gone.
  if (database_->make_durable()) usage_.delete_garbage(segments_.current_segment());
}

Result<void> LogWriter::expire(int64_t now_ms) {
  BoundsChanges changes;
  retention_.plan(*database_, catalog_, now_ms, batch_, changes);
  return write_and_publish(std::move(changes));
}

void LogWriter::compact_when_due(int64_t now_ms) {
  for (const Topic& topic : catalog_.topics()) {
    if (!topic.spec.compacted) continue;
    for (int32_t partition = 0; partition < topic.spec.partitions; ++partition) {
      const PartitionId id{topic.id, partition};
      const Bounds bounds = catalog_.bounds(id);
      const int64_t growth = bounds.end - bounds.compacted_to;
      if (growth == 0 || growth < std::max(options_.compaction_min_records, compacted_records_[id])) continue;
      const auto compacted = compact(*database_, id, bounds, now_ms, CompactionLimits{});
      if (!compacted) {
        faulted_ = true;
        maintenance_error_ = compacted.error();
        return;
      }
      compacted_records_[id] = compacted->records_kept;
      catalog_.publish({{id, compacted->bounds}});
      drop_from_segments(compacted->dropped_segments);
    }
  }
}

}  // namespace earshot::local
