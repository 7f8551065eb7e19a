#include "engine/cache/cold_blocks.h"

#include <gtest/gtest.h>
#include <rocksdb/cache.h>

#include <string>

namespace earshot {
namespace {

constexpr size_t kCapacity = 1 << 20;
constexpr size_t kBlockBytes = 4096;

void no_deleter(const rocksdb::Slice&, void*) {}

// One shard, so that the order of eviction is the order of use.
std::shared_ptr<rocksdb::Cache> cache_of(int blocks) {
  auto cache = rocksdb::NewLRUCache(kCapacity, 0);
  for (int block = 0; block < blocks; ++block) {
    EXPECT_TRUE(cache->Insert(std::to_string(block), nullptr, kBlockBytes, &no_deleter).ok());
  }
  return cache;
}

bool holds(rocksdb::Cache& cache, int block) {
  rocksdb::Cache::Handle* handle = cache.Lookup(std::to_string(block));
  if (handle != nullptr) cache.Release(handle);
  return handle != nullptr;
}

TEST(ColdBlocks, LeaveAQuarterAtATimeTheLongestUnreadFirst) {
  const auto cache = cache_of(40);
  const size_t before = cache->GetUsage();
  ASSERT_TRUE(holds(*cache, 0));  // read again: no longer the coldest
  ColdBlocks cold(cache, {});
  cold.OnTableFileDeleted({});
  EXPECT_NEAR(static_cast<double>(cache->GetUsage()), 0.75 * static_cast<double>(before), 2.0 * kBlockBytes);
  EXPECT_TRUE(holds(*cache, 0));
  EXPECT_FALSE(holds(*cache, 1));
  EXPECT_FALSE(holds(*cache, 8));
  EXPECT_TRUE(holds(*cache, 39));
}

TEST(ColdBlocks, LeaveTheCacheAsLargeAsItWas) {
  const auto cache = cache_of(40);
  ColdBlocks cold(cache, {});
  cold.OnTableFileDeleted({});
  EXPECT_EQ(cache->GetCapacity(), kCapacity);
}

TEST(ColdBlocks, StayUntilTheIntervalHasPassed) {
  const auto cache = cache_of(40);
  const size_t before = cache->GetUsage();
  ColdBlocks cold(cache, std::chrono::hours(1));
  cold.OnTableFileDeleted({});
  EXPECT_EQ(cache->GetUsage(), before);
}

TEST(ColdBlocks, AreNeverThoseInUse) {
  const auto cache = rocksdb::NewLRUCache(kCapacity, 0);
  rocksdb::Cache::Handle* in_use = nullptr;
  ASSERT_TRUE(cache->Insert("in use", nullptr, kBlockBytes, &no_deleter, &in_use).ok());
  ASSERT_TRUE(cache->Insert("cold", nullptr, kBlockBytes, &no_deleter).ok());
  ColdBlocks cold(cache, {});
  for (int deleted = 0; deleted < 20; ++deleted) cold.OnTableFileDeleted({});
  EXPECT_EQ(cache->GetPinnedUsage(), cache->GetUsage());
  rocksdb::Cache::Handle* again = cache->Lookup("in use");
  EXPECT_NE(again, nullptr);
  cache->Release(again);
  cache->Release(in_use);
}

}  // namespace
}  // namespace earshot
