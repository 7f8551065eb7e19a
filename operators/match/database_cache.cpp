#include "operators/match/database_cache.h"

#include <fmt/format.h>

#include <cstdlib>
#include <memory>

#include "engine/base/hash.h"

namespace earshot::match {
namespace {

uint64_t hash_of_all(std::string_view purpose, std::span<const std::string> expressions,
                     std::span<const uint32_t> numbers, uint64_t seed) {
  hs_platform_info_t platform{};
  hs_populate_platform(&platform);
  uint64_t hash = hash_64(purpose, hash_64(hs_version(), seed));
  hash = mix_64(hash ^ platform.cpu_features, platform.tune + 0xe7037ed1a0b428dbULL);
  for (size_t i = 0; i < expressions.size(); ++i) {
    hash = hash_64(expressions[i], hash ^ (i < numbers.size() ? numbers[i] : 0U));
  }
  return hash;
}

}  // namespace

std::string database_key(std::string_view purpose, std::span<const std::string> expressions,
                         std::span<const uint32_t> numbers) {
  return fmt::format("{:016x}{:016x}", hash_of_all(purpose, expressions, numbers, 0x9e3779b97f4a7c15ULL),
                     hash_of_all(purpose, expressions, numbers, 0xd6e8feb86659fd93ULL));
}

hs_database_t* find_database(DatabaseCache& cache, const std::string& key) {
  const auto kept = cache.find(key);
  hs_database_t* database = nullptr;
  if (!kept || hs_deserialize_database(kept->data(), kept->size(), &database) != HS_SUCCESS) return nullptr;
  return database;
}

void keep_database(DatabaseCache& cache, const std::string& key, const hs_database_t* database) {
  char* bytes = nullptr;
  size_t count = 0;
  if (hs_serialize_database(database, &bytes, &count) != HS_SUCCESS) return;
  const std::unique_ptr<char, void (*)(void*)> owned(bytes, std::free);
  cache.keep(key, {bytes, count});
}

}  // namespace earshot::match
