#include "tests/faults/damage.h"

#include <algorithm>
#include <fstream>
#include <vector>

namespace earshot::faults {
namespace {

namespace fs = std::filesystem;

// What RocksDB only tells to people, and the lock that a process makes anew.
bool is_beside_the_point(const fs::path& file) {
  const std::string name = file.filename().string();
  return name == "LOCK" || name == "LOG" || name.starts_with("LOG.old") || name.ends_with(".lock");
}

std::vector<fs::path> files_of(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const bool has_content = entry.is_regular_file() && entry.file_size() > 0;
    if (has_content && !is_beside_the_point(entry.path())) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

void overwrite(const fs::path& file, uint64_t position, const std::string& bytes) {
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  stream.seekp(static_cast<std::streamoff>(position));
  stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

char byte_at(const fs::path& file, uint64_t position) {
  std::ifstream stream(file, std::ios::binary);
  stream.seekg(static_cast<std::streamoff>(position));
  return static_cast<char>(stream.get());
}

std::string damage_file(const fs::path& file, std::mt19937_64& random) {
  const uint64_t size = fs::file_size(file);
  const uint64_t position = random() % size;
  const std::string where = file.filename().string() + "@" + std::to_string(position);
  switch (random() % 4) {
    case 0:
      fs::resize_file(file, position);
      return "cut short " + where;
    case 1: {
      const auto flipped = static_cast<char>(byte_at(file, position) ^ (1 << random() % 8));
      overwrite(file, position, std::string(1, flipped));
      return "flipped a bit of " + where;
    }
    case 2:
      overwrite(file, position, std::string(std::min<uint64_t>(4096, size - position), '\0'));
      return "blanked " + where;
    default:
      fs::remove(file);
      return "deleted " + where;
  }
}

}  // namespace

std::string damage_folder(const fs::path& folder, std::mt19937_64& random) {
  std::string done;
  const uint64_t count = random() % 4 == 0 ? 3 : 1;
  for (uint64_t i = 0; i < count; ++i) {
    const auto files = files_of(folder);
    if (files.empty()) break;
    done += (done.empty() ? "" : ", ") + damage_file(files[random() % files.size()], random);
  }
  return done;
}

}  // namespace earshot::faults
