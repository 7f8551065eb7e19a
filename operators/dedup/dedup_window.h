// DedupWindow: the ids most recently seen in one input partition. It needs no changelog: after a restart it is rebuilt
// by reading the input again from rewind_offset(), and then holds exactly what it held. That is why a repeat counts as
// seen again (least recently seen is forgotten first): what the window holds depends on the last sightings alone. Of an
// id whose post was changed the rewind offset also comes by the sighting before its change.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <vector>

namespace earshot::dedup {

class DedupWindow {
 public:
  // What is remembered of an id's post; the caller's to fill.
  struct Memory {
    uint64_t content = 0;      // hash of its text
    int64_t edited_at_ms = 0;  // 0: never, or not told
    uint32_t listeners = 0;    // number of the set of listeners that it matches
    uint32_t counted = 0;      // of those that it ever matched; 0: the same
    bool is_deleted = false;
  };

  // `capacity`: how many ids are remembered, at about 72 bytes each.
  explicit DedupWindow(size_t capacity);

  // True when the id was not there. `offset` is that of the id's record and never descends.
  bool insert(uint64_t id_hash, int64_t offset);

  // Of the id; null when it is not there. Good until the next insert().
  Memory* find(uint64_t id_hash);

  // The id's post was edited or deleted by the record at `offset`: it counts as seen again. Precondition: it is there.
  void change(uint64_t id_hash, int64_t offset);

  // What was remembered of the id that the last insert() forgot for its own; nullopt when there was room.
  [[nodiscard]] const std::optional<Memory>& forgotten() const { return forgotten_; }

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
    Memory memory{};
    std::optional<int64_t> unchanged_offset{};  // of the last sighting before its first change
  };

  void unlink(SlotIndex slot);
  void link_as_newest(SlotIndex slot);

  size_t capacity_;
  SlotIndex oldest_ = kNone;
  SlotIndex newest_ = kNone;
  std::vector<Slot> slots_;
  boost::unordered_flat_map<uint64_t, SlotIndex> by_id_;
  std::optional<Memory> forgotten_;
  std::multiset<int64_t> unchanged_offsets_;  // of the slots that have one
};

}  // namespace earshot::dedup
