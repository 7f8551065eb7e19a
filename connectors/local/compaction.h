// Compaction of one partition of a compacted topic: of each key the last record stays, with its offset. After the
// cleaner of Apache Kafka: the keys of the part not compacted yet are gathered, then all batches before its end are
// rewritten without the records that a later one replaces. Memory is bounded: what exceeds it is left to the next call.
#pragma once

#include <cstdint>
#include <vector>

#include "connectors/local/catalog.h"
#include "connectors/local/database.h"

namespace earshot::local {

struct CompactionLimits {
  size_t keys_bytes_max = 64 << 20;                     // keys held in memory at once
  int64_t tombstone_retention_ms = 24LL * 3600 * 1000;  // how long an empty value outlives the key that it ended
};

struct Compacted {
  Bounds bounds;                           // with compacted_to moved on
  int64_t records_kept = 0;                // below compacted_to
  std::vector<uint64_t> dropped_segments;  // that lost a batch, once for each: what stays of it lies in the database
};

// Called under the writer's lock. After an error the last record of each key is still there; a part may have been
// compacted.
Result<Compacted> compact(Database& database, PartitionId id, const Bounds& bounds, int64_t now_ms,
                          const CompactionLimits& limits);

}  // namespace earshot::local
