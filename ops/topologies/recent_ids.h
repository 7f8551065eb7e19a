// RecentIds: the ids that came last, kept in a state store. It writes what came since the last checkpoint as one
// record, so that a commit costs what it brings. One thread at a time.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/state/state_store.h"

namespace earshot {

class RecentIds {
 public:
  // Owns the keys that begin with `prefix`. `ids_max`: how many are remembered, at about 40 bytes each; whole records
  // are forgotten, so that it may be fewer by what one checkpoint brought.
  RecentIds(StateStore& store, std::string prefix, size_t ids_max)
      : store_(store), prefix_(std::move(prefix)), ids_max_(ids_max) {}

  // Takes up what the store holds. kCorrupt: a record of another version.
  Result<void> restore();

  void add(uint64_t id);
  [[nodiscard]] bool contains(uint64_t id) const { return block_of_.contains(id); }
  [[nodiscard]] size_t size() const { return block_of_.size(); }

  // Writes what came to the store, and forgets what is too much.
  void checkpoint();

 private:
  struct Block {
    uint64_t number;
    std::vector<uint64_t> ids;
  };

  [[nodiscard]] std::string key_of(uint64_t number) const;
  void forget_oldest();

  StateStore& store_;
  std::string prefix_;
  size_t ids_max_;
  std::deque<Block> blocks_;  // oldest first
  std::vector<uint64_t> new_ids_;
  uint64_t next_block_ = 0;
  size_t kept_ids_ = 0;                                     // in blocks_
  boost::unordered_flat_map<uint64_t, uint64_t> block_of_;  // the newest block that has the id
};

}  // namespace earshot
