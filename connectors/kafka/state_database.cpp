#include "connectors/kafka/state_database.h"

#include <fcntl.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>
#include <sys/file.h>
#include <unistd.h>

#include <charconv>
#include <cstring>
#include <fstream>

namespace earshot::kafka {

namespace {

constexpr std::string_view kMarkKey = "m";
constexpr char kDataPrefix = 'd';
// Left in the directory when a read found damage: the next open rebuilds.
constexpr const char* kDamagedFile = "DAMAGED";

// "<next offset> <saved at> <identity>"
std::string encode(const StateMark& mark) {
  return std::to_string(mark.next_offset) + ' ' + std::to_string(mark.saved_at_ms) + ' ' + mark.identity;
}

std::optional<StateMark> decode(std::string_view text) {
  StateMark mark;
  const char* end = text.data() + text.size();
  const auto offset = std::from_chars(text.data(), end, mark.next_offset);
  if (offset.ec != std::errc() || offset.ptr == end) return std::nullopt;
  const auto saved = std::from_chars(offset.ptr + 1, end, mark.saved_at_ms);
  if (saved.ec != std::errc() || saved.ptr == end) return std::nullopt;
  mark.identity.assign(saved.ptr + 1, end);
  return mark;
}

rocksdb::Options database_options(const StateMemory& memory) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = memory.cache;
  table.cache_index_and_filter_blocks = true;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.format_version = 5;
  rocksdb::Options options;
  options.create_if_missing = true;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.write_buffer_manager = memory.write_buffers;
  options.write_buffer_size = 16 << 20;
  options.max_write_buffer_number = 3;
  options.compression = rocksdb::kLZ4Compression;
  options.max_open_files = 512;
  options.info_log_level = rocksdb::ERROR_LEVEL;
  options.keep_log_file_num = 2;
  options.max_manifest_file_size = 16 << 20;
  options.listeners.push_back(memory.cold_blocks);
  return options;
}

}  // namespace

StateMemory::StateMemory(int64_t bytes)
    : cache(rocksdb::NewLRUCache(static_cast<size_t>(bytes))),
      // Write buffers are charged to the cache, so that `bytes` bounds both.
      write_buffers(std::make_shared<rocksdb::WriteBufferManager>(static_cast<size_t>(bytes) / 2, cache)),
      cold_blocks(std::make_shared<ColdBlocks>(cache)) {}

Result<DirectoryLock> DirectoryLock::acquire(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  if (descriptor < 0) return failed("cannot create lock file: " + std::string(std::strerror(errno)), file.string());
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    ::close(descriptor);
    return Error{ErrorCode::kUnavailable, "this state is in use by another task or process", file.string()};
  }
  return DirectoryLock(descriptor);
}

DirectoryLock::~DirectoryLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<void> StateDatabase::wipe(const std::filesystem::path& directory) {
  std::error_code error;
  // Without this file there is no database: a crash halfway cannot leave one that looks whole.
  std::filesystem::remove(directory / "CURRENT", error);
  std::filesystem::remove_all(directory, error);
  if (error) return failed("cannot delete damaged state: " + error.message(), directory.string());
  return {};
}

Result<std::unique_ptr<StateDatabase>> StateDatabase::open(const std::filesystem::path& directory,
                                                           const StateMemory& memory) {
  if (std::filesystem::exists(directory / kDamagedFile)) {
    return Error{ErrorCode::kCorrupt, "a read found damage in it", directory.string()};
  }
  std::error_code created;
  std::filesystem::create_directories(directory, created);
  if (created) return failed("cannot create the state folder: " + created.message(), directory.string());
  rocksdb::DB* raw = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(database_options(memory), directory.string(), &raw);
  if (status.ok())
    return std::unique_ptr<StateDatabase>(new StateDatabase(directory, std::unique_ptr<rocksdb::DB>(raw)));
  const ErrorCode code = status.IsNoSpace() ? ErrorCode::kUnavailable : ErrorCode::kCorrupt;
  return Error{code, "cannot open state: " + status.ToString(), directory.string()};
}

std::string StateDatabase::data_key(std::string_view key) {
  std::string prefixed(1, kDataPrefix);
  prefixed.append(key);
  return prefixed;
}

// Damage is remembered on disk and mended by the next open, so to the caller it is a passing fault.
Error StateDatabase::read_error(const rocksdb::Status& status) const {
  std::ofstream(directory_ / kDamagedFile) << status.ToString() << '\n';
  return {ErrorCode::kUnavailable,
          "state is damaged, its next open rebuilds it from the changelog: " + status.ToString(), directory_.string()};
}

Result<std::optional<StateMark>> StateDatabase::mark() const {
  std::string text;
  const rocksdb::Status status = db_->Get({}, to_slice(kMarkKey), &text);
  if (status.IsNotFound()) return std::optional<StateMark>();
  if (!status.ok()) return Error{ErrorCode::kCorrupt, status.ToString(), directory_.string()};
  auto mark = decode(text);
  if (!mark) return Error{ErrorCode::kCorrupt, "the state's mark is unreadable", directory_.string()};
  return mark;
}

Result<std::optional<std::string>> StateDatabase::get(std::string_view key) const {
  std::string value;
  const rocksdb::Status status = db_->Get({}, data_key(key), &value);
  if (status.IsNotFound()) return std::optional<std::string>();
  if (!status.ok()) return read_error(status);
  return std::optional(std::move(value));
}

Result<void> StateDatabase::scan(std::string_view prefix,
                                 const std::function<bool(std::string_view key, std::string_view value)>& visit) const {
  const std::string first = data_key(prefix);
  const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator({}));
  for (at->Seek(first); at->Valid() && at->key().starts_with(first); at->Next()) {
    const rocksdb::Slice key = at->key();
    if (!visit({key.data() + 1, key.size() - 1}, {at->value().data(), at->value().size()})) return {};
  }
  if (!at->status().ok()) return read_error(at->status());
  return {};
}

Result<void> StateDatabase::write(const StateMark& mark) {
  batch_.Put(to_slice(kMarkKey), encode(mark));
  rocksdb::WriteOptions options;
  options.disableWAL = true;
  const rocksdb::Status status = db_->Write(options, &batch_);
  batch_.Clear();
  if (status.ok()) return {};
  return Error{ErrorCode::kUnavailable, "cannot write state: " + status.ToString(), directory_.string()};
}

}  // namespace earshot::kafka
