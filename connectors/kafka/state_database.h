// StateDatabase: committed state of one partition of one store in RocksDB, and the changelog offset that it stands at.
// The changelog is its log, so RocksDB's own is off: after a crash the database is older, whole, and says how old.
#pragma once

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>
#include <rocksdb/write_buffer_manager.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "engine/base/result.h"
#include "engine/cache/cold_blocks.h"
#include "engine/state/state_store.h"

namespace earshot::kafka {

// Shared by all databases of a log, so that their memory has one bound.
struct StateMemory {
  explicit StateMemory(int64_t bytes);
  std::shared_ptr<rocksdb::Cache> cache;
  std::shared_ptr<rocksdb::WriteBufferManager> write_buffers;
  std::shared_ptr<ColdBlocks> cold_blocks;  // of the cache
};

// What the database says of itself.
struct StateMark {
  std::string identity;     // format, cluster, changelog partition
  int64_t next_offset = 0;  // of the changelog
  int64_t saved_at_ms = 0;  // wall clock
};

class DirectoryLock {
 public:
  // kUnavailable while another owner, in this process or another, holds it.
  static Result<DirectoryLock> acquire(const std::filesystem::path& file);
  DirectoryLock(DirectoryLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  ~DirectoryLock();

 private:
  explicit DirectoryLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

class StateDatabase {
 public:
  // Opens or creates the database at `directory`. kCorrupt: it cannot be believed, wipe() it.
  static Result<std::unique_ptr<StateDatabase>> open(const std::filesystem::path& directory, const StateMemory& memory);
  static Result<void> wipe(const std::filesystem::path& directory);

  // nullopt: a new database.
  Result<std::optional<StateMark>> mark() const;

  Result<std::optional<std::string>> get(std::string_view key) const;
  Result<void> scan(std::string_view prefix,
                    const std::function<bool(std::string_view key, std::string_view value)>& visit) const;

  // Changes and mark become readable together. kUnavailable: nothing was written (disk full, say).
  void put(std::string_view key, std::string_view value) { batch_.Put(data_key(key), to_slice(value)); }
  void erase(std::string_view key) { batch_.Delete(data_key(key)); }
  [[nodiscard]] size_t batched_bytes() const { return batch_.GetDataSize(); }
  Result<void> write(const StateMark& mark);

 private:
  StateDatabase(std::filesystem::path directory, std::unique_ptr<rocksdb::DB> db)
      : directory_(std::move(directory)), db_(std::move(db)) {}

  static rocksdb::Slice to_slice(std::string_view text) { return {text.data(), text.size()}; }
  static std::string data_key(std::string_view key);
  Error read_error(const rocksdb::Status& status) const;

  std::filesystem::path directory_;
  std::unique_ptr<rocksdb::DB> db_;
  rocksdb::WriteBatch batch_;
};

}  // namespace earshot::kafka
