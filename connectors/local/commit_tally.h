// CommitTally: how many writes each column family holds, told and counted. A manifest that was cut short makes RocksDB
// open the families as they were earlier, and replay a write-ahead log that begins later: the writes between are gone
// without a fault. Told is the number of the last write; counted grows by one with each, so it lacks those that are
// gone.
#pragma once

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <cstdint>
#include <span>
#include <string>

#include "engine/base/result.h"

namespace earshot::local {

class CommitTally {
 public:
  // The families must be opened with this.
  static void prepare(rocksdb::ColumnFamilyOptions& options);

  // Whether every family has counted what it was told. Errors: kCorrupt, naming the family; kFailed for a failed read.
  Result<void> load(rocksdb::DB& db, std::span<rocksdb::ColumnFamilyHandle* const> families);

  // Makes `batch` the next write.
  void add_to(rocksdb::WriteBatch& batch, std::span<rocksdb::ColumnFamilyHandle* const> families) const;
  void written() { ++writes_; }

 private:
  uint64_t writes_ = 0;
};

}  // namespace earshot::local
