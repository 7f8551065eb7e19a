// DatabaseFiles: compiled databases as files of a folder. A file that was cut short, changed or made by another version
// fails its checksum and counts as not there.
#pragma once

#include <filesystem>
#include <string>

#include "operators/match/database_cache.h"

namespace earshot::rules {

class DatabaseFiles final : public match::DatabaseCache {
 public:
  // `folder` need not be there yet. Of its files about the `files_max` newest stay: a set has a few databases, and a
  // small one for each regex.
  explicit DatabaseFiles(std::filesystem::path folder, size_t files_max = 4096)
      : folder_(std::move(folder)), files_max_(files_max) {}

  std::optional<std::string> find(const std::string& key) override;

  // Whole or not at all, also when the process ends meanwhile. A folder that cannot be written keeps nothing.
  void keep(const std::string& key, std::string_view database) override;

 private:
  [[nodiscard]] std::filesystem::path path_of(const std::string& key) const { return folder_ / (key + ".db"); }
  void drop_oldest() const;

  std::filesystem::path folder_;
  size_t files_max_;
  size_t kept_ = 0;
};

}  // namespace earshot::rules
