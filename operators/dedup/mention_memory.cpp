#include "operators/dedup/mention_memory.h"

#include <algorithm>
#include <iterator>

namespace earshot::dedup {

MentionMemory::Verdict MentionMemory::see_match(const Sighting& sighting) {
  before_.clear();
  if (DedupWindow::Memory* edited = sighting.is_edit ? window_.find(sighting.post_id) : nullptr) {
    const Verdict verdict = see_edit(*edited, sighting);
    if (verdict == Verdict::kRepeat) window_.insert(sighting.post_id, sighting.offset);
    return verdict;
  }
  const bool is_new = window_.insert(sighting.post_id, sighting.offset);
  if (const auto& forgotten = window_.forgotten()) release(*forgotten);
  if (!is_new) return Verdict::kRepeat;
  *window_.find(sighting.post_id) = {
      .content = sighting.content, .edited_at_ms = sighting.edited_at_ms, .listeners = sets_.take(sighting.listeners)};
  if (sighting.is_edit) window_.change(sighting.post_id, sighting.offset);  // a repeat of what it was is not it
  return Verdict::kNew;
}

MentionMemory::Verdict MentionMemory::see_unmatched_edit(const Sighting& sighting) {
  before_.clear();
  DedupWindow::Memory* known = window_.find(sighting.post_id);
  return known == nullptr ? Verdict::kNew : see_edit(*known, sighting);
}

// An edit that comes after a later one is told by its time, where the platform gives one.
MentionMemory::Verdict MentionMemory::see_edit(DedupWindow::Memory& known, const Sighting& sighting) {
  const bool is_older = sighting.edited_at_ms != 0 && sighting.edited_at_ms < known.edited_at_ms;
  if (known.is_deleted || is_older || sighting.content == known.content) return Verdict::kRepeat;
  const auto listeners = sets_.of(known.listeners);
  before_.assign(listeners.begin(), listeners.end());
  const auto counted = sets_.of(known.counted == ListenerSets::kEmpty ? known.listeners : known.counted);
  counted_.assign(counted.begin(), counted.end());
  std::vector<uint32_t> all;
  std::ranges::set_union(counted_, sighting.listeners, std::back_inserter(all));
  const DedupWindow::Memory edited{.content = sighting.content,
                                   .edited_at_ms = sighting.edited_at_ms,
                                   .listeners = sets_.take(sighting.listeners),
                                   .counted = sets_.take(all)};
  release(known);
  known = edited;
  window_.change(sighting.post_id, sighting.offset);
  return Verdict::kEdited;
}

void MentionMemory::release(const DedupWindow::Memory& memory) {
  sets_.release(memory.listeners);
  sets_.release(memory.counted);
}

bool MentionMemory::see_deletion(uint64_t post_id, int64_t offset) {
  before_.clear();
  DedupWindow::Memory* known = window_.find(post_id);
  if (known == nullptr || known->is_deleted) return false;
  const auto listeners = sets_.of(known->listeners);
  before_.assign(listeners.begin(), listeners.end());
  sets_.release(known->listeners);
  known->listeners = ListenerSets::kEmpty;
  known->is_deleted = true;
  window_.change(post_id, offset);
  return true;
}

}  // namespace earshot::dedup
