#include "operators/dedup/dedup_window.h"

#include <algorithm>
#include <utility>

namespace earshot::dedup {

DedupWindow::DedupWindow(size_t capacity) : capacity_(std::clamp<size_t>(capacity, 1, kNone - 1)) {}

bool DedupWindow::insert(uint64_t id_hash, int64_t offset) {
  forgotten_.reset();
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
    forgotten_ = slots_[slot].memory;
    slots_[slot].memory = {};
    if (const auto unchanged = std::exchange(slots_[slot].unchanged_offset, std::nullopt)) {
      unchanged_offsets_.extract(*unchanged);
    }
  }
  slots_[slot].id_hash = id_hash;
  slots_[slot].offset = offset;
  link_as_newest(slot);
  by_id_.emplace(id_hash, slot);
  return true;
}

DedupWindow::Memory* DedupWindow::find(uint64_t id_hash) {
  const auto found = by_id_.find(id_hash);
  return found == by_id_.end() ? nullptr : &slots_[found->second].memory;
}

void DedupWindow::change(uint64_t id_hash, int64_t offset) {
  const SlotIndex slot = by_id_.at(id_hash);
  Slot& changed = slots_[slot];
  if (!changed.unchanged_offset) {
    changed.unchanged_offset = changed.offset;
    unchanged_offsets_.insert(changed.offset);
  }
  changed.offset = offset;
  unlink(slot);
  link_as_newest(slot);
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
  const int64_t oldest = slots_[oldest_].offset;
  return unchanged_offsets_.empty() ? oldest : std::min(oldest, *unchanged_offsets_.begin());
}

}  // namespace earshot::dedup
