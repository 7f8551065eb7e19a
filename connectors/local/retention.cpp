#include "connectors/local/retention.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "connectors/local/segment.h"

namespace earshot::local {
namespace {

constexpr int64_t kMarksPerRetention = 32;

}  // namespace

Result<void> Retention::load(const Database& database) {
  const std::string limit = after_prefix(std::string(kMarkPrefix));
  const rocksdb::Slice upper(limit);
  rocksdb::ReadOptions options;
  options.iterate_upper_bound = &upper;
  const std::unique_ptr<rocksdb::Iterator> facts(database.rocks().NewIterator(options, database.facts()));
  for (facts->Seek(rocksdb::Slice(kMarkPrefix.data(), kMarkPrefix.size())); facts->Valid(); facts->Next()) {
    const std::string_view key = facts->key().ToStringView().substr(kMarkPrefix.size());
    if (key.size() != kPartitionKeyBytes + 8 || facts->value().size() != 8) {
      return Error{ErrorCode::kCorrupt, "a retention mark is damaged in " + database.path(), {}};
    }
    const PartitionId id{read_big_endian<uint32_t>(key.data()), read_big_endian<int32_t>(key.data() + 4)};
    marks_[id].push_back(
        {read_big_endian<int64_t>(key.data() + kPartitionKeyBytes), read_big_endian<int64_t>(facts->value().data())});
  }
  if (!facts->status().ok()) return database.to_error(facts->status(), "be read");
  return {};
}

void Retention::plan(const Database& database, const Catalog& catalog, int64_t now_ms, rocksdb::WriteBatch& batch,
                     BoundsChanges& changes) {
  for (const Topic& topic : catalog.topics()) {
    if (topic.spec.retention_ms < 0) continue;
    for (int32_t partition = 0; partition < topic.spec.partitions; ++partition) {
      const PartitionId id{topic.id, partition};
      const auto changed = changes.find(id);
      const Bounds bounds = changed == changes.end() ? catalog.bounds(id) : changed->second;
      plan_partition(database, id, topic.spec.retention_ms, bounds, now_ms, batch, changes);
    }
  }
}

// A mark set now expires in a later call at the earliest, so what the commit at hand appends is safe.
void Retention::plan_partition(const Database& database, PartitionId id, int64_t retention_ms, const Bounds& bounds,
                               int64_t now_ms, rocksdb::WriteBatch& batch, BoundsChanges& changes) {
  const auto known = marks_.find(id);
  Marks marks = known == marks_.end() ? Marks() : known->second;
  const Mark last = marks.empty() ? Mark{0, bounds.earliest} : marks.back();
  now_ms = std::max(now_ms, last.time_ms);
  const bool due = marks.empty() || now_ms - last.time_ms > retention_ms / kMarksPerRetention;
  bool changed = false;
  if (due && bounds.end > last.offset) {
    std::string offset;
    append_big_endian(offset, bounds.end);
    batch.Put(database.facts(), mark_key(id, now_ms), offset);
    marks.push_back({now_ms, bounds.end});
    changed = true;
  }
  int64_t earliest = bounds.earliest;
  while (!marks.empty() && marks.front().time_ms < now_ms - retention_ms) {
    earliest = std::max(earliest, marks.front().offset);
    batch.Delete(database.facts(), mark_key(id, marks.front().time_ms));
    marks.pop_front();
    changed = true;
  }
  if (changed) planned_[id] = std::move(marks);
  if (earliest == bounds.earliest) return;
  gather_segments(database, id, bounds.earliest, earliest);
  batch.DeleteRange(database.records(), batch_key(id, bounds.earliest), batch_key(id, earliest));
  Bounds& after = changes.try_emplace(id, bounds).first->second;
  after.earliest = earliest;
  after.compacted_to = std::max(after.compacted_to, earliest);
}

// What can't be read is counted anew when the log is opened.
void Retention::gather_segments(const Database& database, PartitionId id, int64_t from, int64_t to) {
  const std::string upper_key = batch_key(id, to);
  const rocksdb::Slice upper(upper_key);
  rocksdb::ReadOptions options;
  options.iterate_upper_bound = &upper;
  const std::unique_ptr<rocksdb::Iterator> batches(database.rocks().NewIterator(options, database.records()));
  for (batches->Seek(batch_key(id, from)); batches->Valid(); batches->Next()) {
    if (const auto pointer = decode_pointer(batches->value().ToStringView()))
      planned_segments_.push_back(pointer->segment);
  }
}

std::vector<uint64_t> Retention::settle() {
  for (auto& [id, marks] : planned_) marks_[id] = std::move(marks);
  planned_.clear();
  return std::exchange(planned_segments_, {});
}

void Retention::drop() {
  planned_.clear();
  planned_segments_.clear();
}

}  // namespace earshot::local
