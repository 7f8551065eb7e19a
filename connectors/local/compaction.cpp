#include "connectors/local/compaction.h"

#include <fmt/format.h>

#include <memory>
#include <string>
#include <unordered_map>
#include <utility>

#include "connectors/local/segment.h"
#include "connectors/local/stored_batch.h"

namespace earshot::local {
namespace {

constexpr size_t kKeyOverheadBytes = 64;
constexpr size_t kWriteBytes = 8 << 20;

Error damaged(const Database& database, PartitionId id, int64_t base_offset) {
  return {ErrorCode::kCorrupt, fmt::format("a stored batch of the local log at {} is damaged", database.path()),
          fmt::format("topic #{}/{}@{}", id.topic, id.partition, base_offset)};
}

// Calls `visit(base offset, value in the database, stored batch)` for the batches in [from, to) until it answers false
// or an error.
template <class Visit>
Result<void> each_batch(const Database& database, PartitionId id, int64_t from, int64_t to, Visit visit) {
  const std::string upper_key = batch_key(id, to);
  const rocksdb::Slice upper(upper_key);
  rocksdb::ReadOptions options;
  options.iterate_upper_bound = &upper;
  options.fill_cache = false;
  const std::unique_ptr<rocksdb::Iterator> batches(database.rocks().NewIterator(options, database.records()));
  SegmentReader segments(database.segments_folder());
  std::vector<char> bytes;
  for (batches->Seek(batch_key(id, from)); batches->Valid(); batches->Next()) {
    const int64_t base_offset = base_offset_of(batches->key().ToStringView());
    const std::string_view value = batches->value().ToStringView();
    const std::optional<size_t> size = stored_batch_bytes(value);
    if (!size) return damaged(database, id, base_offset);
    bytes.resize(*size);
    if (const auto loaded = segments.load(value, bytes.data()); !loaded) return loaded;
    auto stored = StoredBatchReader::open({bytes.data(), bytes.size()}, base_offset);
    if (!stored) return damaged(database, id, base_offset);
    const Result<bool> more = visit(base_offset, value, *stored);
    if (!more) return more.error();
    if (!*more) return {};
  }
  if (!batches->status().ok()) return database.to_error(batches->status(), "be read");
  return {};
}

class PartitionCompaction {
 public:
  PartitionCompaction(Database& database, PartitionId id, const Bounds& bounds, int64_t now_ms,
                      const CompactionLimits& limits)
      : database_(database), id_(id), bounds_(bounds), now_ms_(now_ms), limits_(limits) {}

  Result<Compacted> run() {
    if (const auto gathered = gather_last_offsets(); !gathered) return gathered.error();
    const auto rewritten = each_batch(database_, id_, bounds_.earliest, gathered_to_,
                                      [&](int64_t base_offset, std::string_view value, StoredBatchReader& stored) {
                                        return rewrite(base_offset, value, stored);
                                      });
    if (!rewritten) return rewritten.error();
    Bounds after = bounds_;
    after.compacted_to = gathered_to_;
    write_.Put(database_.facts(), bounds_key(id_), encode_bounds(after));
    if (const auto written = database_.write(write_); !written) return written.error();
    return Compacted{after, records_kept_, std::move(dropped_segments_)};
  }

 private:
  Result<void> gather_last_offsets() {
    size_t held_bytes = 0;
    gathered_to_ = bounds_.end;
    return each_batch(database_, id_, bounds_.compacted_to, bounds_.end,
                      [&](int64_t base_offset, std::string_view /*value*/, StoredBatchReader& stored) -> Result<bool> {
                        if (held_bytes > limits_.keys_bytes_max) {
                          gathered_to_ = base_offset;
                          return false;
                        }
                        while (const auto record = stored.next()) {
                          const auto [at, added] =
                              last_offsets_.insert_or_assign(std::string(record->key), record->offset);
                          if (added) held_bytes += at->first.size() + kKeyOverheadBytes;
                        }
                        if (!stored.complete()) return damaged(database_, id_, base_offset);
                        return true;
                      });
  }

  [[nodiscard]] bool stays(const RecordView& record, int64_t appended_at_ms) const {
    if (record.value.empty() && appended_at_ms < now_ms_ - limits_.tombstone_retention_ms) return false;
    const auto last = last_offsets_.find(std::string(record.key));
    return last == last_offsets_.end() || last->second <= record.offset;
  }

  // Ascending, in writes that each keep the partition whole: what a tombstone ended is gone before the tombstone.
  Result<bool> rewrite(int64_t base_offset, std::string_view value, StoredBatchReader& stored) {
    kept_.clear();
    while (const auto record = stored.next()) {
      if (!stays(*record, stored.header().appended_at_ms)) continue;
      kept_.append(static_cast<uint32_t>(record->offset - base_offset), record->key, record->value,
                   record->timestamp_ms);
    }
    if (!stored.complete()) return damaged(database_, id_, base_offset);
    records_kept_ += kept_.records();
    if (kept_.records() == stored.header().records) return true;
    if (const auto pointer = decode_pointer(value)) dropped_segments_.push_back(pointer->segment);
    const std::string key = batch_key(id_, base_offset);
    if (kept_.records() == 0) {
      write_.Delete(database_.records(), key);
    } else {
      const std::string_view kept = kept_.finish(stored.header().span, stored.header().appended_at_ms);
      write_.Put(database_.records(), key, std::string(kInlineTag).append(kept));
    }
    if (write_.GetDataSize() < kWriteBytes) return true;
    const auto written = database_.write(write_);
    write_.Clear();
    if (!written) return written.error();
    return true;
  }

  Database& database_;
  const PartitionId id_;
  const Bounds bounds_;
  const int64_t now_ms_;
  const CompactionLimits limits_;
  std::unordered_map<std::string, int64_t> last_offsets_;
  int64_t gathered_to_ = 0;
  StoredBatchWriter kept_;
  int64_t records_kept_ = 0;
  std::vector<uint64_t> dropped_segments_;
  rocksdb::WriteBatch write_;
};

}  // namespace

Result<Compacted> compact(Database& database, PartitionId id, const Bounds& bounds, int64_t now_ms,
                          const CompactionLimits& limits) {
  return PartitionCompaction(database, id, bounds, now_ms, limits).run();
}

}  // namespace earshot::local
