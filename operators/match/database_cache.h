// DatabaseCache: where compiled Hyperscan databases are kept, so that the same rules are compiled once and not at every
// start. Whoever keeps them sees to it that what find() answers is what keep() was given.
#pragma once

#include <hs.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace earshot::match {

class DatabaseCache {
 public:
  virtual ~DatabaseCache() = default;
  virtual std::optional<std::string> find(const std::string& key) = 0;
  virtual void keep(const std::string& key, std::string_view database) = 0;
};

// Names the database that these expressions with these numbers (flags, ids) make with this version of Hyperscan on a CPU
// like this one: 32 digits. `purpose` tells apart what is compiled in different ways.
std::string database_key(std::string_view purpose, std::span<const std::string> expressions,
                         std::span<const uint32_t> numbers);

// The database of that key, or null when the cache has none that this Hyperscan takes. The caller frees it.
hs_database_t* find_database(DatabaseCache& cache, const std::string& key);

void keep_database(DatabaseCache& cache, const std::string& key, const hs_database_t* database);

}  // namespace earshot::match
