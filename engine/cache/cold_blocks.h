// ColdBlocks: keeps a block cache of RocksDB from filling with what nobody will read again.
#pragma once

#include <rocksdb/cache.h>
#include <rocksdb/listener.h>

#include <chrono>
#include <memory>
#include <mutex>

namespace earshot {

// The blocks of a deleted table stay in an LRU cache until it is full, so that a process whose state is small grows for
// hours towards a bound that it does not need. As a listener of the databases of a cache it has the cache forget the
// quarter that was not read for longest, at most once an interval and only when tables were deleted: what is left of
// deleted ones goes within a few intervals, and what is still read comes back with one read each. Any thread may call.
class ColdBlocks : public rocksdb::EventListener {
 public:
  explicit ColdBlocks(std::shared_ptr<rocksdb::Cache> cache,
                      std::chrono::steady_clock::duration interval = std::chrono::minutes(5));

  void OnTableFileDeleted(const rocksdb::TableFileDeletionInfo& deleted) override;

 private:
  std::shared_ptr<rocksdb::Cache> cache_;
  std::chrono::steady_clock::duration interval_;
  std::mutex mutex_;  // guards what follows, and the cache's capacity while it is lowered
  std::chrono::steady_clock::time_point last_;
};

}  // namespace earshot
