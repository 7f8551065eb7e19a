// MentionMemory: which posts of one input partition matched, and whom, so that a repeat counts once, an edit corrects
// what it changes, and a deletion takes back what was said. Bounded as DedupWindow is, and rebuilt as that is: by
// reading the input again. One thread at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "operators/dedup/dedup_window.h"
#include "operators/dedup/listener_sets.h"

namespace earshot::dedup {

// One sighting of a post. Listeners are numbers that stay theirs for as long as the memory lives.
struct Sighting {
  uint64_t post_id = 0;                      // hash
  int64_t offset = 0;                        // of its record; never descends
  uint64_t content = 0;                      // hash of the text
  int64_t edited_at_ms = 0;                  // 0: never, or not told
  bool is_edit = false;                      // the platform says so
  std::span<const uint32_t> listeners = {};  // that it matches, in ascending order
};

class MentionMemory {
 public:
  enum class Verdict : uint8_t {
    kNew,     // nothing is known of it
    kRepeat,  // it says nothing new: seen before, or of an older edit, or deleted meanwhile
    kEdited,  // it was known, and is another text now
  };

  explicit MentionMemory(size_t capacity) : window_(capacity) {}

  // A post that matches somebody. Of an edit `before()` are those whom it matched until now.
  Verdict see_match(const Sighting& sighting);

  // An edit that matches nobody any more: kEdited with before(), else kRepeat; kNew when nothing is known of the post.
  Verdict see_unmatched_edit(const Sighting& sighting);

  // A deletion: true when the post is known and was not deleted before; before() are those whom it matched.
  bool see_deletion(uint64_t post_id, int64_t offset);

  // Good until the next call; in ascending order.
  [[nodiscard]] std::span<const uint32_t> before() const { return before_; }

  // Of an edit: those whom the post matched in any of its texts until now, so that it counted for them.
  [[nodiscard]] std::span<const uint32_t> counted() const { return counted_; }

  [[nodiscard]] std::optional<int64_t> rewind_offset() const { return window_.rewind_offset(); }

 private:
  void release(const DedupWindow::Memory& memory);
  Verdict see_edit(DedupWindow::Memory& known, const Sighting& sighting);

  DedupWindow window_;
  ListenerSets sets_;
  std::vector<uint32_t> before_;
  std::vector<uint32_t> counted_;
};

}  // namespace earshot::dedup
