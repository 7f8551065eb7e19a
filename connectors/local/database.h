// Database: RocksDB beneath the local log: opening with the right settings, column families, and RocksDB's faults as
// errors that name the path.
#pragma once

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "connectors/local/commit_tally.h"
#include "connectors/local/local_log.h"
#include "engine/base/result.h"

namespace earshot::local {

class Database {
 public:
  // For the one process that writes. A new folder gets the format key; a foreign or newer one is refused.
  static Result<std::shared_ptr<Database>> open(const LocalLogOptions& options);

  // For a process that reads what another one writes; sees its commits up to the last catch_up(). kNotFound when there
  // is no log.
  static Result<std::shared_ptr<Database>> open_secondary(const std::string& path);

  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string segments_folder() const { return path_ + "/segments"; }
  [[nodiscard]] rocksdb::DB& rocks() const { return *db_; }
  [[nodiscard]] rocksdb::ColumnFamilyHandle* facts() const { return families_[0]; }
  [[nodiscard]] rocksdb::ColumnFamilyHandle* records() const { return families_[1]; }
  [[nodiscard]] rocksdb::ColumnFamilyHandle* positions() const { return families_[2]; }
  [[nodiscard]] rocksdb::ColumnFamilyHandle* state() const { return families_[3]; }

  // Writes the batch whole or not at all. After a fault nothing is written until recover() succeeds.
  Result<void> write(rocksdb::WriteBatch& batch);

  // What was written so far is on the disk when it returns, also without sync.
  Result<void> make_durable();

  // Brings the database back after a fault of the disk, if the fault has passed.
  Result<void> recover();

  // Secondary only. kUnavailable when the writer has switched files beneath it: open a new one.
  Result<void> catch_up();

  // Any thread may ask.
  [[nodiscard]] StateMemoryUse memory_use() const;

  // The fault as an error: "the local log at PATH could not DOING: REASON".
  [[nodiscard]] Error to_error(const rocksdb::Status& status, std::string_view doing) const;

 private:
  explicit Database(std::string path) : path_(std::move(path)) {}
  Result<void> check_format();
  rocksdb::Status connect(rocksdb::DBOptions options, bool secondary);

  std::string path_;
  std::string scratch_path_;  // secondary: where RocksDB keeps its own log
  std::string manifest_;      // secondary: the manifest that was current when it was opened
  CommitTally tally_;
  bool sync_ = true;
  int64_t write_buffer_bytes_ = 0;
  int64_t cache_bytes_ = 0;
  std::unique_ptr<rocksdb::DB> db_;
  std::array<rocksdb::ColumnFamilyHandle*, 4> families_{};
};

}  // namespace earshot::local
