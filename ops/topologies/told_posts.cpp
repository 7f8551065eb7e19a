#include "ops/topologies/told_posts.h"

#include <algorithm>
#include <map>
#include <utility>

#include "ops/topologies/ordered_number.h"
#include "ops/topologies/told_sets.h"

namespace earshot {
namespace {

constexpr uint32_t kVersion = 1;

Error corrupt(const std::string& key) {
  return {ErrorCode::kCorrupt, "posts that were told are not a record of version 1", "key '" + key + "'"};
}

std::shared_ptr<const PostFate> read_fate(const wire::PostFate& wire, std::vector<uint32_t> now) {
  PostFate fate{.is_deleted = wire.is_deleted(),
                .now = std::move(now),
                .edited_at_ms = wire.edited_at_ms(),
                .time_ms = wire.time_ms(),
                .rule_version = wire.rule_version(),
                .id = wire.id(),
                .platform = wire.platform()};
  return std::make_shared<const PostFate>(std::move(fate));
}

void write_fate(const PostFate& fate, uint32_t place, uint32_t now, wire::PostFate& out) {
  out.set_place(place);
  out.set_is_deleted(fate.is_deleted);
  out.set_now(now);
  out.set_edited_at_ms(fate.edited_at_ms);
  out.set_time_ms(fate.time_ms);
  out.set_rule_version(fate.rule_version);
  out.set_id(fate.id);
  out.set_platform(fate.platform);
}

}  // namespace

std::string ToldPosts::key_of(uint64_t first_place) const {
  std::string key = prefix_;
  append_ordered_number(key, first_place);
  return key;
}

Result<void> ToldPosts::restore() {
  Result<void> outcome;
  auto scanned = store_.scan(prefix_, [&](std::string_view key, std::string_view value) {
    if (key.size() != prefix_.size() + kOrderedNumberBytes) {
      outcome = corrupt(prefix_);
    } else {
      outcome = restore_block(read_ordered_number(key.substr(prefix_.size())), value);
    }
    return outcome.ok();
  });
  saved_until_ = end_place();
  return scanned ? outcome : scanned;
}

Result<void> ToldPosts::restore_block(uint64_t first_place, std::string_view bytes) {
  wire::PostBlock block;
  const bool is_read = block.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  if (!is_read || block.version() != kVersion || block.posts_size() != block.told_size()) return corrupt(prefix_);
  auto sets = read_told_sets(block.told_sets(), names_);
  if (!sets) return sets.error();
  std::map<uint32_t, std::shared_ptr<const PostFate>> fates;
  for (const wire::PostFate& fate : block.fates()) {
    if (fate.now() >= sets->size()) return corrupt(prefix_);
    fates[fate.place()] = read_fate(fate, (*sets)[fate.now()]);
  }
  if (blocks_.empty()) first_place_ = first_place;
  if (first_place != end_place()) return corrupt(prefix_);
  blocks_.push_back(first_place);
  for (int i = 0; i < block.posts_size(); ++i) {
    if (block.told(i) >= sets->size()) return corrupt(prefix_);
    const auto fate = fates.find(static_cast<uint32_t>(i));
    put(block.posts(i), (*sets)[block.told(i)], fate == fates.end() ? nullptr : fate->second);
  }
  return {};
}

std::optional<ToldPosts::Known> ToldPosts::find(uint64_t post) const {
  const auto found = entries_.find(post);
  if (found == entries_.end()) return std::nullopt;
  return Known{sets_.of(found->second.told), found->second.fate};
}

void ToldPosts::put(uint64_t post, std::span<const uint32_t> told, std::shared_ptr<const PostFate> fate) {
  const uint32_t set = sets_.take(told);  // before the old one goes: `told` may be of it
  Entry& entry = entries_[post];
  sets_.release(entry.told);
  entry = {end_place(), set, std::move(fate)};
  posts_.push_back(post);
  while (posts_.size() > posts_max_) forget_oldest();
}

void ToldPosts::forget_oldest() {
  const auto found = entries_.find(posts_.front());
  if (found != entries_.end() && found->second.place == first_place_) {
    sets_.release(found->second.told);
    entries_.erase(found);
  }
  posts_.pop_front();
  ++first_place_;
}

void ToldPosts::checkpoint() {
  for (uint64_t place = std::max(saved_until_, first_place_); place < end_place();) place = save_block(place);
  saved_until_ = end_place();
  while (!blocks_.empty()) {
    const uint64_t end = blocks_.size() > 1 ? blocks_[1] : saved_until_;
    if (end > first_place_) break;
    store_.erase(key_of(blocks_.front()));
    blocks_.pop_front();
  }
}

// A record of a changelog has a size that brokers take.
uint64_t ToldPosts::save_block(uint64_t place) {
  constexpr size_t kBlockBytes = 256 * 1024;
  wire::PostBlock block;
  block.set_version(kVersion);
  ToldSetsWriter sets;
  const uint64_t first = place;
  for (size_t bytes = 0; place < end_place() && bytes + sets.bytes() < kBlockBytes; ++place) {
    const uint64_t post = posts_[place - first_place_];
    const auto found = entries_.find(post);
    const bool is_last = found != entries_.end() && found->second.place == place;
    const Entry entry = is_last ? found->second : Entry{};  // what was learned later stands further on
    block.add_posts(post);
    block.add_told(sets.place_of(sets_.of(entry.told), names_, *block.mutable_told_sets()));
    bytes += kOrderedNumberBytes + 3;
    if (!entry.fate) continue;
    const auto now = sets.place_of(entry.fate->now, names_, *block.mutable_told_sets());
    write_fate(*entry.fate, static_cast<uint32_t>(place - first), now, *block.add_fates());
    bytes += entry.fate->id.size() + entry.fate->platform.size() + 48;
  }
  blocks_.push_back(first);
  store_.put(key_of(first), block.SerializeAsString());
  return place;
}

}  // namespace earshot
