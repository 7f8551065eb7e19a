// DedupWindow: the ids of the most recent mentions of one input partition. It needs no changelog: after a restart it is
// rebuilt by reading the input again from rewind_offset(), and then holds exactly what it held.
#pragma once

#include <boost/unordered/unordered_flat_set.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace earshot::dedup {

class DedupWindow {
 public:
  // `capacity`: how many ids are remembered; the oldest is forgotten first. At 16 bytes each, plus the set.
  explicit DedupWindow(size_t capacity);

  // True when the id was not there yet; it then is. `offset` is that of the id's record and never descends.
  bool insert(uint64_t id_hash, int64_t offset);

  // Offset of the oldest id held: reading from there rebuilds the window. nullopt while it is empty.
  [[nodiscard]] std::optional<int64_t> rewind_offset() const;

  [[nodiscard]] size_t size() const { return ids_.size(); }

 private:
  struct Entry {
    uint64_t id_hash;
    int64_t offset;
  };

  size_t capacity_;
  size_t oldest_ = 0;  // place in the ring once it is full
  std::vector<Entry> ring_;
  boost::unordered_flat_set<uint64_t> ids_;
};

}  // namespace earshot::dedup
