// ToldPosts: the posts that something was learned of last: whom they were told to, and what became of them. Kept in a
// state store, which gets what came since the last checkpoint, so that a commit costs what it brings. What is
// remembered follows from the order of put() alone, not from where commits fall. One thread at a time.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/state/state_store.h"
#include "operators/dedup/listener_sets.h"
#include "ops/topologies/listener_numbers.h"
#include "schemas/proto/post_changes.pb.h"

namespace earshot {

// What became of a post after it was told.
struct PostFate {
  bool is_deleted = false;    // else it was edited
  std::vector<uint32_t> now;  // of an edit: whom it matches, ascending
  int64_t edited_at_ms = 0;   // 0: not told
  int64_t time_ms = 0;
  uint64_t rule_version = 0;
  std::string id;
  std::string platform;
};

class ToldPosts {
 public:
  // Owns the keys that begin with `prefix`. `posts_max`: how many are remembered, at about 72 bytes each and 300 more
  // for one with a fate; a post counts as often as something was learned of it. The references outlive this.
  ToldPosts(StateStore& store, std::string prefix, size_t posts_max, ListenerNumbers& names, dedup::ListenerSets& sets)
      : store_(store), prefix_(std::move(prefix)), posts_max_(posts_max), names_(names), sets_(sets) {}

  // Takes up what the store holds. kCorrupt: a record of another version, or one that contradicts itself.
  Result<void> restore();

  struct Known {
    std::span<const uint32_t> told;        // ascending; twice who was told twice
    std::shared_ptr<const PostFate> fate;  // null: none
  };
  // Good until the next put(); nullopt when nothing is known.
  [[nodiscard]] std::optional<Known> find(uint64_t post) const;

  // What holds of the post from now on; it is the newest.
  void put(uint64_t post, std::span<const uint32_t> told, std::shared_ptr<const PostFate> fate);

  [[nodiscard]] size_t size() const { return entries_.size(); }

  // Writes what came to the store, and drops from it what is forgotten.
  void checkpoint();

 private:
  struct Entry {
    uint64_t place = 0;  // its last
    uint32_t told = dedup::ListenerSets::kEmpty;
    std::shared_ptr<const PostFate> fate;
  };

  [[nodiscard]] std::string key_of(uint64_t first_place) const;
  Result<void> restore_block(uint64_t first_place, std::string_view bytes);
  // Writes the block that begins at `place`; answers where it ends.
  uint64_t save_block(uint64_t place);
  void forget_oldest();
  [[nodiscard]] uint64_t end_place() const { return first_place_ + posts_.size(); }

  StateStore& store_;
  std::string prefix_;
  size_t posts_max_;
  ListenerNumbers& names_;
  dedup::ListenerSets& sets_;
  uint64_t first_place_ = 0;
  uint64_t saved_until_ = 0;     // places before it are in the store
  std::deque<uint64_t> posts_;   // by their places, from first_place_ on
  std::deque<uint64_t> blocks_;  // first places of the store's, oldest first
  boost::unordered_flat_map<uint64_t, Entry> entries_;
};

}  // namespace earshot
