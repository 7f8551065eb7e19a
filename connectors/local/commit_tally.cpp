#include "connectors/local/commit_tally.h"

#include <fmt/format.h>
#include <rocksdb/convenience.h>
#include <rocksdb/merge_operator.h>

#include <algorithm>
#include <stdexcept>

namespace earshot::local {
namespace {

// Behind all other keys of every family.
const rocksdb::Slice kTold("\xff\xff\xff\xff writes told");
const rocksdb::Slice kCounted("\xff\xff\xff\xff writes counted");

// As RocksDB's own counters have it: little-endian.
std::string encode(uint64_t number) {
  std::string bytes;
  for (int shift = 0; shift < 64; shift += 8) bytes.push_back(static_cast<char>(number >> shift & 0xff));
  return bytes;
}

Result<uint64_t> read(rocksdb::DB& db, rocksdb::ColumnFamilyHandle* family, const rocksdb::Slice& key) {
  std::string bytes;
  const rocksdb::Status status = db.Get({}, family, key, &bytes);
  if (status.IsNotFound()) return uint64_t{0};
  if (!status.ok()) {
    return Error{status.IsCorruption() ? ErrorCode::kCorrupt : ErrorCode::kFailed, status.ToString(), {}};
  }
  if (bytes.size() != 8) return Error{ErrorCode::kCorrupt, "a number of writes is damaged", {}};
  uint64_t number = 0;
  for (size_t i = 8; i-- > 0;) number = number << 8 | static_cast<unsigned char>(bytes[i]);
  return number;
}

}  // namespace

void CommitTally::prepare(rocksdb::ColumnFamilyOptions& options) {
  const auto made =
      rocksdb::MergeOperator::CreateFromString(rocksdb::ConfigOptions(), "uint64add", &options.merge_operator);
  if (!made.ok()) throw std::logic_error("RocksDB has no counters: " + made.ToString());
}

Result<void> CommitTally::load(rocksdb::DB& db, std::span<rocksdb::ColumnFamilyHandle* const> families) {
  writes_ = 0;
  for (rocksdb::ColumnFamilyHandle* family : families) {
    const auto told = read(db, family, kTold);
    if (!told) return told.error();
    const auto counted = read(db, family, kCounted);
    if (!counted) return counted.error();
    if (*told != *counted) {
      return Error{ErrorCode::kCorrupt,
                   fmt::format("writes are missing: {} holds {} of {}", family->GetName(), *counted, *told),
                   {}};
    }
    writes_ = std::max(writes_, *told);
  }
  // Each write is in all of them, so one that lags behind was opened as it was earlier.
  for (rocksdb::ColumnFamilyHandle* family : families) {
    const auto told = read(db, family, kTold);
    if (!told) return told.error();
    if (*told == writes_) continue;
    return Error{ErrorCode::kCorrupt,
                 fmt::format("writes are missing: {} ends with {} of {}", family->GetName(), *told, writes_),
                 {}};
  }
  return {};
}

void CommitTally::add_to(rocksdb::WriteBatch& batch, std::span<rocksdb::ColumnFamilyHandle* const> families) const {
  const std::string told = encode(writes_ + 1);
  const std::string one = encode(1);
  for (rocksdb::ColumnFamilyHandle* family : families) {
    batch.Put(family, kTold, told);
    batch.Merge(family, kCounted, one);
  }
}

}  // namespace earshot::local
