// ToldSets: sets of listeners as records carry them: each listener by name once, each distinct set once. One thread at
// a time.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/result.h"
#include "operators/dedup/listener_sets.h"
#include "ops/topologies/listener_numbers.h"
#include "schemas/proto/post_changes.pb.h"

namespace earshot {

// Writes the sets of one record.
class ToldSetsWriter {
 public:
  // Which set it is, see wire::ToldSets; a new one is added to `out`, which must be the same for all sets of a record.
  // `numbers`: listeners as `names` numbers them, in ascending order.
  uint32_t place_of(std::span<const uint32_t> numbers, const ListenerNumbers& names, wire::ToldSets& out);

  // About as many bytes as the sets take.
  [[nodiscard]] size_t bytes() const { return bytes_; }

 private:
  dedup::ListenerSets sets_;  // nothing is given back, so that its numbers are the places
  boost::unordered_flat_map<uint32_t, uint32_t> place_of_listener_;
  size_t bytes_ = 0;
};

// The sets of a record by their places, the first being nobody, as numbers that `names` gives, ascending. kCorrupt: a
// set names a listener that is not there.
[[nodiscard]] Result<std::vector<std::vector<uint32_t>>> read_told_sets(const wire::ToldSets& told,
                                                                        ListenerNumbers& names);

}  // namespace earshot
