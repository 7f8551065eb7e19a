// ListenerSets: the distinct sets of listeners that posts matched, each kept once: most posts match what others match
// too, so that a post costs a number instead of a list.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <span>
#include <vector>

namespace earshot::dedup {

class ListenerSets {
 public:
  static constexpr uint32_t kEmpty = 0;  // the number of the set without any

  // The number of a set, which counts as used once more. `listeners` in ascending order.
  uint32_t take(std::span<const uint32_t> listeners);

  // One use less; what nobody uses is forgotten, and its number serves again.
  void release(uint32_t set);

  // Good until the next take().
  [[nodiscard]] std::span<const uint32_t> of(uint32_t set) const { return sets_[set].listeners; }

  [[nodiscard]] size_t size() const { return by_hash_.size(); }

 private:
  struct Set {
    std::vector<uint32_t> listeners;
    uint64_t hash = 0;
    uint64_t uses = 0;
  };

  std::vector<Set> sets_{1};
  std::vector<uint32_t> free_;
  boost::unordered_flat_map<uint64_t, uint32_t> by_hash_;
};

}  // namespace earshot::dedup
