// DedupWindow: the ids most recently seen in one input partition. It needs no changelog: after a restart it is rebuilt
// by reading the input again from rewind_offset(), and then holds exactly what it held. That is why a repeat counts as
// seen again (least recently seen is forgotten first): what the window holds depends on the last sightings alone.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace earshot::dedup {

class DedupWindow {
 public:
  // `capacity`: how many ids are remembered, at about 48 bytes each.
  explicit DedupWindow(size_t capacity);

  // True when the id was not there. `offset` is that of the id's record and never descends.
  bool insert(uint64_t id_hash, int64_t offset);

  // Reading from this offset on rebuilds the window. nullopt while it is empty.
  [[nodiscard]] std::optional<int64_t> rewind_offset() const;

  [[nodiscard]] size_t size() const { return slots_.size(); }

 private:
  using SlotIndex = uint32_t;
  static constexpr SlotIndex kNone = UINT32_MAX;

  struct Slot {
    uint64_t id_hash;
    int64_t offset;
    SlotIndex older;
    SlotIndex newer;
  };

  void unlink(SlotIndex slot);
  void link_as_newest(SlotIndex slot);

  size_t capacity_;
  SlotIndex oldest_ = kNone;
  SlotIndex newest_ = kNone;
  std::vector<Slot> slots_;
  boost::unordered_flat_map<uint64_t, SlotIndex> by_id_;
};

}  // namespace earshot::dedup
