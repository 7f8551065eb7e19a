#include "connectors/local/database.h"

#include <fmt/format.h>
#include <rocksdb/cache.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/listener.h>
#include <rocksdb/options.h>
#include <rocksdb/table.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

#include "connectors/local/framing.h"
#include "connectors/local/keys.h"
#include "engine/cache/cold_blocks.h"

namespace earshot::local {
namespace {

constexpr std::string_view kFormat = "earshot-local-log 1";
constexpr std::string_view kFormatName = "earshot-local-log ";
constexpr std::array<const char*, 4> kFamilies{"default", "records", "positions", "state"};

// A full disk is waited for by closing and opening again. RocksDB's own recovery would write to a log whose last write
// failed, which its writer takes for a bug and ends the process.
class NoRecoveryOfItsOwn : public rocksdb::EventListener {
 public:
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason, rocksdb::Status, bool* recovers) override {
    *recovers = false;
  }
};

rocksdb::DBOptions writer_options() {
  rocksdb::DBOptions options;
  options.create_if_missing = true;
  options.create_missing_column_families = true;
  options.max_background_jobs = 2;
  options.max_open_files = 512;
  options.bytes_per_sync = 1 << 20;
  options.info_log_level = rocksdb::WARN_LEVEL;
  options.keep_log_file_num = 2;
  options.max_log_file_size = 8 << 20;
  options.stats_dump_period_sec = 0;
  options.listeners.push_back(std::make_shared<NoRecoveryOfItsOwn>());
  return options;
}

enum class Access { kScans, kLookUps };

// Index and filters lie in the cache, in parts: held by the tables they would grow with the log.
rocksdb::ColumnFamilyOptions family_options(size_t write_buffer_bytes, std::shared_ptr<rocksdb::Cache> cache,
                                            Access access) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = std::move(cache);
  table.cache_index_and_filter_blocks = true;
  table.cache_index_and_filter_blocks_with_high_priority = true;
  table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
  if (access == Access::kLookUps) {
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
    table.partition_filters = true;
  }
  rocksdb::ColumnFamilyOptions options;
  options.write_buffer_size = write_buffer_bytes;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  CommitTally::prepare(options);
  return options;
}

// The name of the current manifest, which changes when the writer opens the log anew.
std::string current_manifest(const std::string& path) {
  std::ifstream in(path + "/CURRENT");
  return {std::istreambuf_iterator<char>(in), {}};
}

Error wrong_folder(const std::string& path) {
  return invalid(fmt::format("{} holds files, but not a local log of earshot: name an empty or a new folder", path));
}

// RocksDB adds our families one by one, so a log that is being made has the first few.
bool has_first_families(const std::vector<std::string>& families) {
  return families.size() <= kFamilies.size() && std::equal(families.begin(), families.end(), kFamilies.begin());
}

Error no_log_yet(const std::string& path) {
  return {ErrorCode::kNotFound, fmt::format("there is no local log at {} yet", path), {}};
}

// What a process that died early left is all empty. Another program's database may have the same names.
Result<void> check_unfinished(const std::string& path) {
  rocksdb::DB* opened = nullptr;
  if (!rocksdb::DB::OpenForReadOnly(rocksdb::Options(), path, &opened).ok()) return {};  // open() says what is wrong
  const std::unique_ptr<rocksdb::DB> db(opened);
  const std::unique_ptr<rocksdb::Iterator> entries(db->NewIterator(rocksdb::ReadOptions()));
  entries->SeekToFirst();
  return entries->Valid() ? wrong_folder(path) : Result<void>();
}

// Finds out, before RocksDB writes anything there, whether the folder is new or ours.
Result<void> check_folder(const std::string& path) {
  std::error_code error;
  if (std::filesystem::create_directories(path, error); error) {
    return failed(fmt::format("cannot create the local log's folder {}: {}", path, error.message()));
  }
  std::filesystem::directory_iterator entries(path, error);
  if (error) return failed(fmt::format("cannot read the local log's folder {}: {}", path, error.message()));
  if (entries == std::filesystem::directory_iterator()) return {};
  if (!std::filesystem::exists(path + "/CURRENT")) {
    // A process that died while it made the log leaves RocksDB's first files alone.
    const bool only_ours = std::all_of(begin(entries), end(entries), [](const auto& entry) {
      const std::string name = entry.path().filename().string();
      return name.starts_with("LOG") || name.starts_with("LOCK") || name.starts_with("IDENTITY") ||
             name.starts_with("MANIFEST-") || name.ends_with(".dbtmp") || name.ends_with(".log");
    });
    return only_ours ? Result<void>() : wrong_folder(path);
  }
  std::vector<std::string> families;
  if (!rocksdb::DB::ListColumnFamilies(rocksdb::DBOptions(), path, &families).ok())
    return {};  // open() says what is wrong
  if (!has_first_families(families)) return wrong_folder(path);
  return families.size() == kFamilies.size() ? Result<void>() : check_unfinished(path);
}

bool is_lock_held(const rocksdb::Status& status) {
  const std::string text = status.ToString();
  return status.IsIOError() && text.find("lock") != std::string::npos && text.find("/LOCK") != std::string::npos;
}

}  // namespace

Error Database::to_error(const rocksdb::Status& status, std::string_view doing) const {
  ErrorCode code = ErrorCode::kFailed;
  if (status.IsCorruption()) code = ErrorCode::kCorrupt;
  if (status.IsIOError() || status.IsBusy() || status.IsTryAgain() || status.IsIncomplete())
    code = ErrorCode::kUnavailable;
  return {code, fmt::format("the local log at {} could not {}: {}", path_, doing, status.ToString()), {}};
}

rocksdb::Status Database::connect(rocksdb::DBOptions options, bool secondary) {
  const auto write_buffer = static_cast<size_t>(write_buffer_bytes_);
  const auto state_cache = rocksdb::NewLRUCache(static_cast<size_t>(cache_bytes_));
  options.listeners.push_back(std::make_shared<ColdBlocks>(state_cache));
  // A family that is seldom written would hold back old write-ahead logs for ever.
  options.max_total_wal_size = 4 * static_cast<uint64_t>(write_buffer_bytes_);
  std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
  for (const std::string_view name : kFamilies) {
    const bool is_state = name == std::string_view(kFamilies.back());
    // Readers of the log stay near its end, so that more than a few of its blocks would be read once only.
    const auto cache = is_state ? state_cache : rocksdb::NewLRUCache(static_cast<size_t>(cache_bytes_) / 64);
    const auto access = is_state ? Access::kLookUps : Access::kScans;
    descriptors.emplace_back(std::string(name), family_options(write_buffer, cache, access));
  }
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status =
      secondary ? rocksdb::DB::OpenAsSecondary(options, path_, scratch_path_, descriptors, &handles, &db)
                : rocksdb::DB::Open(options, path_, descriptors, &handles, &db);
  if (!status.ok()) return status;
  db_.reset(db);
  std::copy(handles.begin(), handles.end(), families_.begin());
  return status;
}

Result<std::shared_ptr<Database>> Database::open(const LocalLogOptions& options) {
  if (options.path.empty()) return invalid("the local log needs a path: a folder of its own");
  if (const auto checked = check_folder(options.path); !checked) return checked.error();
  const std::shared_ptr<Database> database(new Database(options.path));
  database->sync_ = options.sync;
  database->write_buffer_bytes_ = std::max<int64_t>(options.memory_budget_bytes / 64, 1 << 20);
  database->cache_bytes_ = std::max<int64_t>(options.memory_budget_bytes / 4, 1 << 20);
  const rocksdb::Status status = database->connect(writer_options(), false);
  if (is_lock_held(status)) {
    return Error{ErrorCode::kUnavailable,
                 fmt::format("the local log at {} is already open for writing, in another process or in this one: stop "
                             "that one, or name "
                             "another path ({})",
                             options.path, status.ToString()),
                 {}};
  }
  if (status.IsInvalidArgument()) return wrong_folder(options.path);
  if (!status.ok()) return database->to_error(status, "be opened");
  if (const auto checked = database->check_format(); !checked) return checked.error();
  if (const auto whole = database->tally_.load(*database->db_, database->families_); !whole) {
    return Error{whole.error().code,
                 fmt::format("the local log at {} could not be opened: {}", options.path, whole.error().message),
                 {}};
  }
  return database;
}

Result<std::shared_ptr<Database>> Database::open_secondary(const std::string& path) {
  const std::string manifest = current_manifest(path);
  if (manifest.empty()) return Error{ErrorCode::kNotFound, fmt::format("there is no local log at {}", path), {}};
  if (const auto checked = check_framing(path); !checked) return checked.error();
  const std::shared_ptr<Database> database(new Database(path));
  std::error_code error;
  std::string scratch = (std::filesystem::temp_directory_path(error) / "earshot-reader-XXXXXX").string();
  if (error || mkdtemp(scratch.data()) == nullptr) {
    return failed(fmt::format("cannot create a temporary folder for reading the local log: {}", scratch));
  }
  database->scratch_path_ = scratch;
  database->manifest_ = manifest;
  database->write_buffer_bytes_ = 32 << 20;
  database->cache_bytes_ = 8 << 20;
  rocksdb::DBOptions options;
  options.max_open_files = -1;  // keeps deleted tables readable
  options.info_log_level = rocksdb::ERROR_LEVEL;
  options.stats_dump_period_sec = 0;
  const rocksdb::Status status = database->connect(options, true);
  if (status.IsInvalidArgument()) {
    if (const auto checked = check_folder(path); !checked) return checked.error();
    return no_log_yet(path);
  }
  if (!status.ok()) return database->to_error(status, "be opened for reading");
  if (const auto caught_up = database->catch_up(); !caught_up) return caught_up.error();
  if (const auto checked = database->check_format(); !checked) return checked.error();
  return database;
}

Database::~Database() {
  if (db_) {
    for (rocksdb::ColumnFamilyHandle* family : families_) db_->DestroyColumnFamilyHandle(family);
    db_.reset();
  }
  std::error_code ignored;
  if (!scratch_path_.empty()) std::filesystem::remove_all(scratch_path_, ignored);
}

Result<void> Database::check_format() {
  std::string format;
  const rocksdb::Status found =
      db_->Get(rocksdb::ReadOptions(), facts(), rocksdb::Slice(kFormatKey.data(), kFormatKey.size()), &format);
  if (found.ok() && format == kFormat) return {};
  if (found.ok() && format.starts_with(kFormatName)) {
    return invalid(fmt::format("the local log at {} was written by a newer earshot (format {}; this one knows {})",
                               path_, format.substr(kFormatName.size()), kFormat.substr(kFormatName.size())));
  }
  if (found.ok()) return wrong_folder(path_);
  if (!found.IsNotFound()) return to_error(found, "be read");
  if (!scratch_path_.empty()) return no_log_yet(path_);
  for (rocksdb::ColumnFamilyHandle* family : families_) {
    const std::unique_ptr<rocksdb::Iterator> entries(db_->NewIterator(rocksdb::ReadOptions(), family));
    entries->SeekToFirst();
    if (entries->Valid()) return wrong_folder(path_);
    if (!entries->status().ok()) return to_error(entries->status(), "be read");
  }
  rocksdb::WriteBatch batch;
  batch.Put(facts(), rocksdb::Slice(kFormatKey.data(), kFormatKey.size()),
            rocksdb::Slice(kFormat.data(), kFormat.size()));
  return write(batch);
}

Result<void> Database::write(rocksdb::WriteBatch& batch) {
  rocksdb::WriteOptions options;
  options.sync = sync_;
  batch.SetSavePoint();
  tally_.add_to(batch, families_);
  const rocksdb::Status status = db_->Write(options, &batch);
  if (!status.ok()) {
    batch.RollbackToSavePoint();  // the caller may write it again
    return to_error(status, "be written");
  }
  batch.PopSavePoint();
  tally_.written();
  return {};
}

Result<void> Database::make_durable() {
  if (sync_) return {};
  const rocksdb::Status status = db_->SyncWAL();
  if (!status.ok()) return to_error(status, "be written");
  return {};
}

Result<void> Database::recover() {
  const rocksdb::Status status = db_->Resume();
  if (status.ok()) return {};
  if (status.IsBusy()) {
    return Error{
        ErrorCode::kUnavailable,
        fmt::format("the local log at {} met a full disk and looks every few seconds whether there is room again",
                    path_),
        {}};
  }
  Error error = to_error(status, "recover from a fault of the disk");
  if (status.severity() >= rocksdb::Status::kFatalError) {
    error.code = ErrorCode::kFailed;
    error.message += " (free the disk of its fault and start again: the log opens as of its last commit)";
  }
  return error;
}

StateMemoryUse Database::memory_use() const {
  const auto sum_of = [this](const std::string& property) {
    uint64_t sum = 0;
    for (rocksdb::ColumnFamilyHandle* family : families_) {
      uint64_t bytes = 0;
      if (db_->GetIntProperty(family, property, &bytes)) sum += bytes;
    }
    return sum;
  };
  return {.cache = sum_of(rocksdb::DB::Properties::kBlockCacheUsage),
          .write_buffers = sum_of(rocksdb::DB::Properties::kSizeAllMemTables),
          .tables = sum_of(rocksdb::DB::Properties::kEstimateTableReadersMem)};
}

Result<void> Database::catch_up() {
  // RocksDB 7.8 loses track when the manifest changes more than once between two looks, so a change means a new
  // instance.
  if (current_manifest(path_) != manifest_) {
    return Error{ErrorCode::kUnavailable, fmt::format("the local log at {} was opened anew by its writer", path_), {}};
  }
  const rocksdb::Status status = db_->TryCatchUpWithPrimary();
  if (!status.ok()) return to_error(status, "be followed");
  return {};
}

}  // namespace earshot::local
