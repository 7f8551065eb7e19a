#include "ops/topologies/post_change_batch.h"

#include <utility>

namespace earshot {

bool is_taken_back_elsewhere(const Post& post) {
  constexpr size_t kBytesMax = 1024;
  return post.id.size() + post.platform.size() <= kBytesMax;
}

void PostChangeBatch::add_told(uint64_t post, std::span<const uint32_t> listeners, const ListenerNumbers& names) {
  constexpr size_t kPostBytes = 11;
  Part& part = part_of(post);
  part.open.add_posts(post);
  part.open.add_told(part.sets.place_of(listeners, names, *part.open.mutable_told_sets()));
  part.bytes += kPostBytes;
  close_when_full(part);
}

// Within a record the posts come before the changes, which have an order among themselves.
void PostChangeBatch::add_change(const Change& change, const ListenerNumbers& names) {
  constexpr size_t kChangeBytes = 48;
  Part& part = part_of(change.post_id);
  wire::ToldSets& sets = *part.open.mutable_told_sets();
  wire::PostChange& out = *part.open.add_changes();
  out.set_post(change.post_id);
  out.set_is_deleted(change.post->change == PostChange::kDeleted);
  out.set_before(part.sets.place_of(change.before, names, sets));
  out.set_after(part.sets.place_of(change.after, names, sets));
  out.set_edited_at_ms(change.post->edited_at_ms);
  out.set_time_ms(change.time_ms);
  out.set_rule_version(change.rule_version);
  out.set_id(change.post->id.data(), change.post->id.size());
  out.set_platform(change.post->platform.data(), change.post->platform.size());
  part.bytes += kChangeBytes + change.post->id.size() + change.post->platform.size();
  close_when_full(part);
}

void PostChangeBatch::close_when_full(Part& part) const {
  if (part.bytes + part.sets.bytes() >= record_bytes_max_) close(part);
}

void PostChangeBatch::close(Part& part) {
  part.open.set_version(kPostChangesVersion);
  part.open.SerializeToString(&part.full.emplace_back());
  part.open.Clear();
  part.sets = {};
  part.bytes = 0;
}

Result<void> PostChangeBatch::drain(const Emit& emit) {
  for (size_t i = 0; i < parts_.size(); ++i) {
    Part& part = parts_[i];
    if (part.bytes > 0) close(part);
    for (const std::string& record : part.full) {
      if (auto emitted = emit(static_cast<int32_t>(i), record); !emitted) return emitted;
    }
    part.full.clear();
  }
  return {};
}

}  // namespace earshot
