#include "ops/topologies/recent_ids.h"

#include <utility>

#include "ops/topologies/ordered_number.h"

namespace earshot {
namespace {

constexpr char kVersion = 1;

}  // namespace

std::string RecentIds::key_of(uint64_t number) const {
  std::string key = prefix_;
  append_ordered_number(key, number);
  return key;
}

Result<void> RecentIds::restore() {
  Result<void> outcome;
  auto scanned = store_.scan(prefix_, [&](std::string_view key, std::string_view value) {
    const bool is_ours = key.size() == prefix_.size() + kOrderedNumberBytes && !value.empty() &&
                         value.front() == kVersion && value.size() % kOrderedNumberBytes == 1;
    if (!is_ours) {
      outcome = Error{ErrorCode::kCorrupt, "a list of post ids is not a record of version 1", "key '" + prefix_ + "'"};
      return false;
    }
    Block block{read_ordered_number(key.substr(prefix_.size())), {}};
    for (value.remove_prefix(1); !value.empty(); value.remove_prefix(kOrderedNumberBytes)) {
      block.ids.push_back(read_ordered_number(value));
    }
    for (const uint64_t id : block.ids) block_of_.insert_or_assign(id, block.number);
    kept_ids_ += block.ids.size();
    next_block_ = block.number + 1;
    blocks_.push_back(std::move(block));
    return true;
  });
  return scanned ? outcome : scanned;
}

void RecentIds::add(uint64_t id) {
  const auto [entry, is_new] = block_of_.try_emplace(id, next_block_);
  if (!is_new && std::exchange(entry->second, next_block_) == next_block_) return;
  new_ids_.push_back(id);
}

void RecentIds::checkpoint() {
  if (new_ids_.empty()) return;
  std::string value(1, kVersion);
  for (const uint64_t id : new_ids_) append_ordered_number(value, id);
  store_.put(key_of(next_block_), std::move(value));
  kept_ids_ += new_ids_.size();
  blocks_.push_back({next_block_++, std::exchange(new_ids_, {})});
  while (kept_ids_ > ids_max_ && blocks_.size() > 1) forget_oldest();
}

void RecentIds::forget_oldest() {
  const Block& oldest = blocks_.front();
  for (const uint64_t id : oldest.ids) {
    const auto found = block_of_.find(id);
    if (found != block_of_.end() && found->second == oldest.number) block_of_.erase(found);
  }
  kept_ids_ -= oldest.ids.size();
  store_.erase(key_of(oldest.number));
  blocks_.pop_front();
}

}  // namespace earshot
