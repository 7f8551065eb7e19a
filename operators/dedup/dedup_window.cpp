#include "operators/dedup/dedup_window.h"

#include <algorithm>

namespace earshot::dedup {

DedupWindow::DedupWindow(size_t capacity) : capacity_(std::max<size_t>(capacity, 1)) {}

bool DedupWindow::insert(uint64_t id_hash, int64_t offset) {
  if (!ids_.insert(id_hash).second) return false;
  if (ring_.size() < capacity_) {
    ring_.push_back({id_hash, offset});
    return true;
  }
  ids_.erase(ring_[oldest_].id_hash);
  ring_[oldest_] = {id_hash, offset};
  oldest_ = (oldest_ + 1) % capacity_;
  return true;
}

std::optional<int64_t> DedupWindow::rewind_offset() const {
  if (ring_.empty()) return std::nullopt;
  return ring_[oldest_].offset;
}

}  // namespace earshot::dedup
