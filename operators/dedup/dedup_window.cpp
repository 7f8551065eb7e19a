#include "operators/dedup/dedup_window.h"

#include <algorithm>

namespace earshot::dedup {

DedupWindow::DedupWindow(size_t capacity) : capacity_(std::clamp<size_t>(capacity, 1, kNone - 1)) {}

bool DedupWindow::insert(uint64_t id_hash, int64_t offset) {
  if (const auto found = by_id_.find(id_hash); found != by_id_.end()) {
    slots_[found->second].offset = offset;
    unlink(found->second);
    link_as_newest(found->second);
    return false;
  }
  SlotIndex slot = oldest_;
  if (slots_.size() < capacity_) {
    slot = static_cast<SlotIndex>(slots_.size());
    slots_.emplace_back();
  } else {
    unlink(slot);
    by_id_.erase(slots_[slot].id_hash);
  }
  slots_[slot].id_hash = id_hash;
  slots_[slot].offset = offset;
  link_as_newest(slot);
  by_id_.emplace(id_hash, slot);
  return true;
}

void DedupWindow::unlink(SlotIndex slot) {
  const Slot& leaving = slots_[slot];
  (leaving.older == kNone ? oldest_ : slots_[leaving.older].newer) = leaving.newer;
  (leaving.newer == kNone ? newest_ : slots_[leaving.newer].older) = leaving.older;
}

void DedupWindow::link_as_newest(SlotIndex slot) {
  slots_[slot].older = newest_;
  slots_[slot].newer = kNone;
  (newest_ == kNone ? oldest_ : slots_[newest_].newer) = slot;
  newest_ = slot;
}

std::optional<int64_t> DedupWindow::rewind_offset() const {
  if (oldest_ == kNone) return std::nullopt;
  return slots_[oldest_].offset;
}

}  // namespace earshot::dedup
