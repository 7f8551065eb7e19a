#include "ops/rules/database_files.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <functional>
#include <system_error>
#include <vector>

#include "engine/base/hash.h"

namespace earshot::rules {
namespace {

namespace fs = std::filesystem;

// Before the database: what it is, how long it is, and checksums of it and its key.
struct FileHead {
  std::array<char, 8> magic{'e', 'a', 'r', 's', 'h', 'o', 't', '1'};
  uint64_t bytes = 0;
  uint64_t checksum = 0;

  friend bool operator==(const FileHead&, const FileHead&) = default;
};

FileHead head_of(const std::string& key, std::string_view database) {
  FileHead head;
  head.bytes = database.size();
  head.checksum = hash_64(database, hash_64(key));
  return head;
}

}  // namespace

std::optional<std::string> DatabaseFiles::find(const std::string& key) {
  std::ifstream file(path_of(key), std::ios::binary);
  FileHead head;
  if (!file.read(reinterpret_cast<char*>(&head), sizeof(head))) return std::nullopt;
  std::error_code fault;
  const uintmax_t size = fs::file_size(path_of(key), fault);
  if (fault || size < sizeof(head) || head.bytes != size - sizeof(head)) return std::nullopt;
  std::string database(head.bytes, '\0');
  if (!file.read(database.data(), static_cast<std::streamsize>(database.size()))) return std::nullopt;
  if (head != head_of(key, database)) return std::nullopt;
  fs::last_write_time(path_of(key), fs::file_time_type::clock::now(), fault);  // in use: others are older
  return database;
}

void DatabaseFiles::keep(const std::string& key, std::string_view database) {
  std::error_code fault;
  fs::create_directories(folder_, fault);
  fs::permissions(folder_, fs::perms::owner_all, fault);
  const fs::path part = folder_ / (key + "." + std::to_string(getpid()) + ".part");
  {
    std::ofstream file(part, std::ios::binary | std::ios::trunc);
    const FileHead head = head_of(key, database);
    file.write(reinterpret_cast<const char*>(&head), sizeof(head));
    file.write(database.data(), static_cast<std::streamsize>(database.size()));
    file.flush();
    if (!file) {
      fs::remove(part, fault);
      return;
    }
  }
  fs::rename(part, path_of(key), fault);
  if (fault) fs::remove(part, fault);
  // Looking the folder through takes time, which a thousand regexes must not pay each.
  const size_t every = std::max<size_t>(1, files_max_ / 16);
  if (kept_++ % every == 0) drop_oldest();
}

void DatabaseFiles::drop_oldest() const {
  struct Kept {
    fs::path path;
    fs::file_time_type time;
  };
  std::vector<Kept> files;
  std::error_code fault;
  for (auto entry = fs::directory_iterator(folder_, fault); !fault && entry != fs::directory_iterator();
       entry.increment(fault)) {
    std::error_code gone;
    const auto time = entry->last_write_time(gone);
    if (!gone && entry->is_regular_file(gone)) files.push_back({entry->path(), time});
  }
  if (files.size() <= files_max_) return;
  std::ranges::sort(files, std::greater(), &Kept::time);
  for (size_t i = files_max_; i < files.size(); ++i) fs::remove(files[i].path, fault);
}

}  // namespace earshot::rules
