#include "engine/cache/cold_blocks.h"

#include <utility>

namespace earshot {

ColdBlocks::ColdBlocks(std::shared_ptr<rocksdb::Cache> cache, std::chrono::steady_clock::duration interval)
    : cache_(std::move(cache)), interval_(interval), last_(std::chrono::steady_clock::now()) {}

void ColdBlocks::OnTableFileDeleted(const rocksdb::TableFileDeletionInfo&) {
  const std::lock_guard lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (now - last_ < interval_) return;
  last_ = now;
  const size_t used = cache_->GetUsage();
  const size_t pinned = cache_->GetPinnedUsage();
  const size_t capacity = cache_->GetCapacity();
  if (used <= pinned) return;
  // A cache evicts, the coldest first, when its capacity is lowered.
  cache_->SetCapacity(used - (used - pinned) / 4);
  cache_->SetCapacity(capacity);
}

}  // namespace earshot
