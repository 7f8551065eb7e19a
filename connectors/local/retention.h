// Retention: deletes records by the time they were appended. Marks ("all records before this offset were appended by
// then") are set at intervals, so that finding what has expired reads no record. Called under the writer's lock.
#pragma once

#include <rocksdb/write_batch.h>

#include <cstdint>
#include <deque>
#include <map>
#include <vector>

#include "connectors/local/catalog.h"
#include "connectors/local/database.h"

namespace earshot::local {

class Retention {
 public:
  // Reads the marks that earlier runs have set.
  Result<void> load(const Database& database);

  // Adds to the batch, and to `changes`, what is due at `now_ms`, after all that the commit appends was added to both;
  // settle() when it is written, drop() when it is not.
  void plan(const Database& database, const Catalog& catalog, int64_t now_ms, rocksdb::WriteBatch& batch,
            BoundsChanges& changes);
  // Answers the segments that lost a batch, once for each.
  std::vector<uint64_t> settle();
  void drop();

 private:
  struct Mark {
    int64_t time_ms;
    int64_t offset;
  };
  using Marks = std::deque<Mark>;

  void plan_partition(const Database& database, PartitionId id, int64_t retention_ms, const Bounds& bounds,
                      int64_t now_ms, rocksdb::WriteBatch& batch, BoundsChanges& changes);

  void gather_segments(const Database& database, PartitionId id, int64_t from, int64_t to);

  std::map<PartitionId, Marks> marks_;
  std::map<PartitionId, Marks> planned_;
  std::vector<uint64_t> planned_segments_;
};

}  // namespace earshot::local
