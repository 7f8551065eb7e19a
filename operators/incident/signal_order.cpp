#include "operators/incident/signal_order.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "engine/time/watermark.h"
#include "operators/incident/evidence_changes.h"
#include "operators/incident/severity.h"

namespace earshot::incident {
namespace {

constexpr std::string_view kHeldPrefix = "o";
constexpr std::string_view kProgressPrefix = "p";

std::string held_key(uint64_t arrival) {
  return fmt::format("{}{:016x}", kHeldPrefix, arrival);
}

std::string progress_key(int32_t partition) {
  return fmt::format("{}{}", kProgressPrefix, partition);
}

template <typename Number>
bool read_number(std::string_view text, Number& number, int base = 10) {
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number, base);
  return read.ec == std::errc() && read.ptr == text.data() + text.size();
}

}  // namespace

void SignalOrder::add(wire::Signal signal, int64_t now_ms) {
  const Place place{end_of(signal), signal.listener(), arrivals_++};
  held_.insert_or_assign(place, Held{std::move(signal), now_ms});
}

void SignalOrder::note_progress(int32_t partition, int64_t closed_until_ms) {
  if (partition < 0 || partition >= options_.partitions) return;
  progress_.insert_or_assign(partition, Progress{closed_until_ms});
}

void SignalOrder::take_back(const wire::Signal& changes) {
  const PostHashes deleted = deleted_posts(changes);
  for (auto& [place, held] : held_) {
    auto& evidence = *held.signal.mutable_evidence();
    held.is_dirty |= erase_deleted(deleted, evidence);
    for (const wire::EvidenceChange& change : changes.changes()) {
      if (change.listener() == place.listener) held.is_dirty |= change_post(change, evidence);
    }
  }
}

int64_t SignalOrder::closed_until_ms() const {
  if (options_.partitions <= 1) return kEndOfTime;
  if (progress_.size() < static_cast<size_t>(options_.partitions)) return kNoWatermark;
  int64_t earliest_ms = kEndOfTime;
  for (const auto& [partition, progress] : progress_) earliest_ms = std::min(earliest_ms, progress.closed_until_ms);
  return earliest_ms;
}

std::vector<wire::Signal> SignalOrder::take(int64_t now_ms) {
  std::vector<wire::Signal> taken;
  if (held_.empty()) return taken;
  const int64_t closed_ms = closed_until_ms();
  auto last = held_.begin();
  for (auto entry = held_.begin(); entry != held_.end(); ++entry) {
    const int64_t held_for_ms = std::abs(now_ms - entry->second.since_ms);  // a clock that was set back waits no longer
    if (entry->first.end_ms <= closed_ms || held_for_ms >= options_.hold_max_ms) last = std::next(entry);
  }
  for (auto entry = held_.begin(); entry != last; ++entry) {
    if (entry->second.is_stored) erased_keys_.push_back(held_key(entry->first.arrival));
    taken.push_back(std::move(entry->second.signal));
  }
  held_.erase(held_.begin(), last);
  return taken;
}

void SignalOrder::checkpoint() {
  for (const std::string& key : erased_keys_) store_.erase(key);
  erased_keys_.clear();
  for (auto& [place, held] : held_) {
    if (held.is_dirty) store_.put(held_key(place.arrival), held.signal.SerializeAsString());
    held.is_stored = true;
    held.is_dirty = false;
  }
  for (auto& [partition, progress] : progress_) {
    if (progress.is_dirty) store_.put(progress_key(partition), std::to_string(progress.closed_until_ms));
    progress.is_dirty = false;
  }
}

Result<void> SignalOrder::restore(int64_t now_ms) {
  Result<void> outcome;
  auto scanned = store_.scan(kHeldPrefix, [&](std::string_view key, std::string_view value) {
    Held held{.signal = {}, .since_ms = now_ms, .is_stored = true, .is_dirty = false};
    uint64_t arrival = 0;
    if (!read_number(key.substr(kHeldPrefix.size()), arrival, 16) ||
        !held.signal.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
      outcome = Error{ErrorCode::kCorrupt, "a signal that waits for its turn cannot be read", std::string(key)};
      return false;
    }
    const Place place{end_of(held.signal), held.signal.listener(), arrival};
    held_.insert_or_assign(place, std::move(held));
    arrivals_ = std::max(arrivals_, arrival + 1);
    return true;
  });
  if (!scanned) return scanned;
  return outcome ? restore_progress() : outcome;
}

Result<void> SignalOrder::restore_progress() {
  Result<void> outcome;
  auto scanned = store_.scan(kProgressPrefix, [&](std::string_view key, std::string_view value) {
    int32_t partition = 0;
    Progress progress{.closed_until_ms = 0, .is_dirty = false};
    if (!read_number(key.substr(kProgressPrefix.size()), partition) || !read_number(value, progress.closed_until_ms)) {
      outcome = Error{ErrorCode::kCorrupt, "how far a partition of DETECT is cannot be read", std::string(key)};
      return false;
    }
    if (partition >= 0 && partition < options_.partitions) progress_.insert_or_assign(partition, progress);
    return true;
  });
  return scanned ? outcome : scanned;
}

}  // namespace earshot::incident
