#include "operators/dedup/listener_sets.h"

#include <algorithm>
#include <string_view>

#include "engine/base/hash.h"

namespace earshot::dedup {

uint32_t ListenerSets::take(std::span<const uint32_t> listeners) {
  if (listeners.empty()) return kEmpty;
  uint64_t hash = hash_64({reinterpret_cast<const char*>(listeners.data()), listeners.size_bytes()});
  // Two sets of one hash are hardly ever met: the second is kept under the next number that is not taken.
  for (auto found = by_hash_.find(hash); found != by_hash_.end(); found = by_hash_.find(++hash)) {
    Set& known = sets_[found->second];
    if (!std::ranges::equal(known.listeners, listeners)) continue;
    ++known.uses;
    return found->second;
  }
  auto number = static_cast<uint32_t>(sets_.size());
  if (free_.empty()) {
    sets_.emplace_back();
  } else {
    number = free_.back();
    free_.pop_back();
  }
  sets_[number].listeners.assign(listeners.begin(), listeners.end());
  sets_[number].hash = hash;
  sets_[number].uses = 1;
  by_hash_.emplace(hash, number);
  return number;
}

void ListenerSets::release(uint32_t set) {
  if (set == kEmpty || --sets_[set].uses > 0) return;
  by_hash_.erase(sets_[set].hash);
  sets_[set].listeners.clear();
  free_.push_back(set);
}

}  // namespace earshot::dedup
