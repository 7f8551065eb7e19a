#include "connectors/local/database.h"

#include <gtest/gtest.h>

#include "connectors/local/keys.h"
#include "tests/connectors/local/open_log.h"
#include "tests/connectors/temporary_folder.h"

namespace earshot::local {
namespace {

// Of the open tables of a family: what they hold outside the cache.
uint64_t table_memory_bytes(const Database& database, rocksdb::ColumnFamilyHandle* family) {
  uint64_t bytes = 0;
  EXPECT_TRUE(database.rocks().GetIntProperty(family, "rocksdb.estimate-table-readers-mem", &bytes));
  return bytes;
}

TEST(Database, HoldsTheIndexOfAGrownLogInItsCacheAlone) {
  const TemporaryFolder folder;
  const auto database = Database::open(test_options(folder.path()));
  ASSERT_TRUE(database.ok()) << database.error().to_string();
  constexpr int64_t kBatches = 200'000;
  for (int64_t offset = 0; offset < kBatches;) {
    rocksdb::WriteBatch batch;
    for (int i = 0; i < 1000; ++i, ++offset) {
      batch.Put((*database)->records(), batch_key({1, 0}, offset), std::string(300, static_cast<char>('a' + i % 26)));
      batch.Put((*database)->state(), batch_key({2, 0}, offset), std::string(300, static_cast<char>('a' + i % 26)));
    }
    ASSERT_TRUE((*database)->write(batch).ok());
  }
  for (rocksdb::ColumnFamilyHandle* family : {(*database)->records(), (*database)->state()}) {
    ASSERT_TRUE((*database)->rocks().Flush({}, family).ok());
    uint64_t tables_bytes = 0;
    ASSERT_TRUE((*database)->rocks().GetIntProperty(family, "rocksdb.total-sst-files-size", &tables_bytes));
    ASSERT_GT(tables_bytes, 1'000'000u);
    // Index and filters of so many keys take half a megabyte.
    EXPECT_LT(table_memory_bytes(**database, family), 100'000u) << family->GetName();
  }
}

}  // namespace
}  // namespace earshot::local
