#include "connectors/local/local_source.h"

#include <fmt/format.h>

#include <algorithm>

#include "connectors/local/keys.h"
#include "connectors/local/stored_batch.h"

namespace earshot::local {

using Clock = std::chrono::steady_clock;

namespace {

// Room for a stored batch, which exceeds its target by its last record.
constexpr size_t kBatchCapacityBytes = kBatchTargetBytes + (64 << 10);

// Retention may delete a file between the look at the index and the read; after a refresh the index knows.
constexpr int kReadRetries = 5;

Error damaged_batch() {
  return {ErrorCode::kCorrupt, "a stored batch of the local log is damaged", {}};
}

}  // namespace

LocalSource::LocalSource(std::shared_ptr<LogView> view, std::vector<std::string> topics, SubscribeOptions options)
    : view_(std::move(view)),
      topics_(std::move(topics)),
      options_(options),
      bounded_(options.until_end),
      segments_(view_->database()->segments_folder()) {}

// Assigns what is not ours yet: everything at first, later the partitions that a topic has grown by.
void LocalSource::find_new_partitions() {
  const uint64_t version = view_->catalog().version();
  if (version == seen_version_) return;
  seen_version_ = version;
  const bool first = partitions_.empty();
  for (const std::string& name : topics_) {
    const std::optional<Topic> topic = view_->catalog().find(name);
    if (!topic) continue;
    for (int32_t number = 0; number < topic->spec.partitions; ++number) {
      const PartitionId id{topic->id, number};
      const bool known = std::any_of(partitions_.begin(), partitions_.end(), [&](const auto& p) { return p.id == id; });
      if (known || (bounded_ && !first)) continue;
      Partition partition{{name, number}, id, std::nullopt};
      if (bounded_) partition.stop = view_->catalog().bounds(id).end;
      partitions_.push_back(partition);
      rebalancing_ = true;
    }
  }
}

Rebalance LocalSource::take_rebalance() {
  Rebalance rebalance;
  for (const Partition& partition : partitions_) {
    if (!partition.started) rebalance.assigned.push_back(partition.name);
  }
  return rebalance;
}

Result<void> LocalSource::finish_rebalance(const std::map<TopicPartition, std::optional<int64_t>>& starts) {
  for (Partition& partition : partitions_) {
    if (partition.started) continue;
    const Bounds bounds = view_->catalog().bounds(partition.id);
    const auto start = starts.find(partition.name);
    if (start != starts.end() && start->second) {
      if (*start->second > bounds.end) {
        return invalid(fmt::format("cannot start at offset {}: the partition ends at {}", *start->second, bounds.end),
                       partition.name.to_string());
      }
      partition.next_offset = std::max(*start->second, bounds.earliest);
    } else {
      partition.next_offset = options_.from_latest ? partition.stop.value_or(bounds.end) : bounds.earliest;
    }
    partition.started = true;
  }
  rebalancing_ = false;
  return {};
}

// A segment that the log still points to after a fresh look was not taken by retention: it is lost.
Error LocalSource::without_segment(Error error) {
  if (error.code == ErrorCode::kNotFound) error.code = ErrorCode::kCorrupt;
  return error;
}

Result<Polled> LocalSource::poll(std::chrono::milliseconds timeout) {
  const auto deadline = Clock::now() + timeout;
  int failed_reads = 0;
  if (const auto refreshed = view_->refresh(); !refreshed) return refreshed.error();
  while (true) {
    const uint64_t version = view_->catalog().version();
    find_new_partitions();
    if (rebalancing_) return Polled{PollStatus::kRebalance, nullptr};
    auto batch = read_next();
    if (!batch) {
      const ErrorCode code = batch.error().code;
      const bool may_pass = code == ErrorCode::kUnavailable || code == ErrorCode::kNotFound;
      if (!may_pass || ++failed_reads > kReadRetries) return without_segment(batch.error());
      if (const auto refreshed = view_->refresh(); !refreshed) return refreshed.error();
      continue;
    }
    if (*batch) return Polled{PollStatus::kBatch, std::move(*batch)};
    if (bounded_ && all_done()) return Polled{PollStatus::kEndOfInput, nullptr};
    const auto now = Clock::now();
    if (woken_.exchange(false) || now >= deadline) return Polled{PollStatus::kIdle, nullptr};
    view_->catalog().wait(version, std::min(deadline, now + view_->refresh_interval()), woken_);
    if (const auto refreshed = view_->refresh(); !refreshed) return refreshed.error();
  }
}

Result<std::unique_ptr<RecordBatch>> LocalSource::read_next() {
  for (size_t tried = 0; tried < partitions_.size(); ++tried) {
    Partition& partition = partitions_[turn_];
    turn_ = (turn_ + 1) % partitions_.size();
    auto batch = read(partition, view_->catalog().bounds(partition.id));
    if (!batch || *batch) return batch;
  }
  return std::unique_ptr<RecordBatch>();
}

Result<std::unique_ptr<RecordBatch>> LocalSource::read(Partition& partition, const Bounds& bounds) {
  const int64_t end = partition.stop.value_or(bounds.end);
  partition.next_offset = std::max(partition.next_offset, std::min(bounds.earliest, end));
  if (partition.next_offset >= end) return std::unique_ptr<RecordBatch>();

  const std::shared_ptr<Database> database = view_->database();
  const std::string prefix = partition_key(partition.id);
  const std::string upper_key = batch_key(partition.id, end);
  const rocksdb::Slice lower(prefix);
  const rocksdb::Slice upper(upper_key);
  rocksdb::ReadOptions options;
  options.iterate_lower_bound = &lower;
  options.iterate_upper_bound = &upper;
  options.fill_cache = false;
  const std::unique_ptr<rocksdb::Iterator> batches(database->rocks().NewIterator(options, database->records()));
  const std::string wanted = batch_key(partition.id, partition.next_offset);
  batches->Seek(wanted);
  if (batches->status().ok() && (!batches->Valid() || batches->key() != rocksdb::Slice(wanted))) {
    batches->SeekForPrev(wanted);  // the offset lies inside a batch, or in a gap behind one
    if (batches->status().ok() && !batches->Valid()) batches->Seek(wanted);
  }
  auto batch = std::make_unique<RecordBatch>(partition.name, kBatchCapacityBytes);
  if (const auto read = append_batches(*batches, partition, end, *batch); !read) return read.error();
  if (batch->empty()) batch.reset();  // compaction took what was left up to the end
  return batch;
}

Result<void> LocalSource::append_batches(rocksdb::Iterator& batches, Partition& partition, int64_t end,
                                         RecordBatch& into) {
  int64_t next_offset = end;  // what follows the last batch, if the target is not reached first
  for (; batches.Valid(); batches.Next()) {
    const std::string_view value = batches.value().ToStringView();
    const int64_t base_offset = base_offset_of(batches.key().ToStringView());
    if (!into.empty() && into.bytes_used() + stored_batch_bytes(value).value_or(0) > kBatchTargetBytes) {
      next_offset = base_offset;
      break;
    }
    if (auto appended = append_records(value, base_offset, partition, end, into); !appended) {
      Error error = appended.error();
      error.where = fmt::format("{}@{}{}{}", partition.name.to_string(), base_offset, error.where.empty() ? "" : ", ",
                                error.where);
      return error;
    }
  }
  if (!batches.status().ok()) {
    Error error = view_->database()->to_error(batches.status(), "be read");
    error.where = fmt::format("{}@{}", partition.name.to_string(), partition.next_offset);
    return error;
  }
  into.set_next_offset(next_offset);
  partition.next_offset = next_offset;
  return {};
}

// Brings the stored batch into the arena as it is and cuts the wanted records out of it there.
Result<void> LocalSource::append_records(std::string_view value, int64_t base_offset, const Partition& partition,
                                         int64_t end, RecordBatch& into) {
  const std::optional<size_t> bytes = stored_batch_bytes(value);
  if (!bytes) return damaged_batch();
  const size_t start = into.bytes_used();
  if (const auto loaded = segments_.load(value, into.reserve(*bytes)); !loaded) return loaded;
  into.take(*bytes);
  auto stored = StoredBatchReader::open({into.data() + start, *bytes}, base_offset);
  if (!stored) return damaged_batch();
  while (const std::optional<RecordView> record = stored->next()) {
    if (record->offset < partition.next_offset || record->offset >= end) continue;
    const auto key_start = static_cast<size_t>(record->key.data() - into.data());
    into.slice(key_start, record->key.size(), record->value.size(), record->offset, record->timestamp_ms);
  }
  return stored->complete() ? Result<void>() : damaged_batch();
}

int32_t LocalSource::partition_count() const {
  int32_t count = 0;
  for (const std::string& name : topics_) {
    const std::optional<Topic> topic = view_->catalog().find(name);
    if (topic) count += topic->spec.partitions;
  }
  return count;
}

int64_t LocalSource::end_of(const Partition& partition) const {
  return partition.stop.value_or(view_->catalog().bounds(partition.id).end);
}

bool LocalSource::all_done() const {
  return std::all_of(partitions_.begin(), partitions_.end(),
                     [&](const Partition& partition) { return partition.next_offset >= end_of(partition); });
}

std::map<TopicPartition, int64_t> LocalSource::lag() const {
  std::map<TopicPartition, int64_t> lag;
  for (const Partition& partition : partitions_) {
    if (partition.started) lag[partition.name] = std::max<int64_t>(end_of(partition) - partition.next_offset, 0);
  }
  return lag;
}

bool LocalSource::caught_up(const TopicPartition& partition) const {
  const auto found = std::find_if(partitions_.begin(), partitions_.end(),
                                  [&](const Partition& candidate) { return candidate.name == partition; });
  return found != partitions_.end() && found->started && found->next_offset >= end_of(*found);
}

Result<std::unique_ptr<Source>> open_source(const std::shared_ptr<LogView>& view,
                                            const std::vector<std::string>& topics, const SubscribeOptions& options) {
  if (topics.empty()) return invalid("a subscription to the local log needs at least one topic");
  for (const std::string& topic : topics) {
    if (view->catalog().find(topic)) continue;
    return Error{ErrorCode::kNotFound,
                 fmt::format("there is no topic {} in the local log at {}", topic, view->database()->path()),
                 {}};
  }
  return std::unique_ptr<Source>(std::make_unique<LocalSource>(view, topics, options));
}

Result<void> LocalSource::stop_at_end() {
  if (const auto refreshed = view_->refresh(); !refreshed) return refreshed;
  find_new_partitions();
  bounded_ = true;
  for (Partition& partition : partitions_) partition.stop = view_->catalog().bounds(partition.id).end;
  return {};
}

void LocalSource::wake() {
  woken_ = true;
  view_->catalog().wake_all();
}

}  // namespace earshot::local
