#include "operators/silence/feed_watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/time/watermark.h"

namespace earshot::silence {
namespace {

constexpr uint32_t kStateVersion = 1;
constexpr int64_t kMinuteMs = 60'000;

}  // namespace

void FeedWatch::observe(const wire::Partial& partial, int64_t now_ms) {
  if (partial.watermark_ms() == kEndOfTime) {  // it has ended: nobody waits for more
    is_dirty_ |= partitions_.erase(partial.source_partition()) > 0;
    return;
  }
  const auto [entry, is_new] = partitions_.try_emplace(partial.source_partition());
  Partition& partition = entry->second;
  if (is_new || partial.panes_size() > 0 || partial.watermark_ms() > partition.watermark_ms) {
    take_news(partition, partial.watermark_ms(), now_ms);
  }
  is_dirty_ |= partition.is_idle != partial.idle();
  partition.is_idle = partial.idle();
}

void FeedWatch::take_news(Partition& partition, int64_t watermark_ms, int64_t now_ms) {
  const int64_t gap_ms = now_ms - std::max(partition.last_news_ms, awake_since_ms_);
  if (partition.live_since_ms != 0 && gap_ms > 0) learn_gap(partition, gap_ms);
  partition.watermark_ms = std::max(partition.watermark_ms, watermark_ms);
  partition.last_news_ms = now_ms;
  partition.is_silent = false;
  const bool is_live = std::abs(now_ms - partition.watermark_ms) <= options_.live_within_ms;
  const bool was_live = partition.live_since_ms != 0;
  if (is_live == was_live) return;
  partition.live_since_ms = is_live ? now_ms : 0;
  is_dirty_ = true;
}

// The longest gap may have been an outage; what has come twice is usual.
void FeedWatch::learn_gap(Partition& partition, int64_t gap_ms) const {
  const double keep = std::exp(-static_cast<double>(gap_ms) / static_cast<double>(options_.gap_memory_ms));
  const auto fade = [&](int64_t& gap) { gap = static_cast<int64_t>(static_cast<double>(gap) * keep); };
  fade(partition.longest_gap_ms);
  fade(partition.second_gap_ms);
  if (gap_ms > partition.longest_gap_ms) {
    partition.second_gap_ms = partition.longest_gap_ms;
    partition.longest_gap_ms = gap_ms;
  } else {
    partition.second_gap_ms = std::max(partition.second_gap_ms, gap_ms);
  }
}

bool FeedWatch::is_silent(const Partition& partition, int64_t now_ms) const {
  const bool was_live =
      partition.live_since_ms != 0 && partition.last_news_ms - partition.live_since_ms >= options_.live_for_ms;
  if (!partition.is_idle || !was_live) return false;
  const auto usual_ms = static_cast<int64_t>(options_.usual_gaps * static_cast<double>(partition.second_gap_ms));
  return now_ms - std::max(partition.last_news_ms, awake_since_ms_) >= std::max(options_.silent_after_ms, usual_ms);
}

std::string FeedWatch::reason(int64_t now_ms) const {
  constexpr size_t kNamedMax = 8;
  size_t silent = 0;
  int64_t since_ms = now_ms;
  std::string names;
  for (const auto& [number, partition] : partitions_) {
    if (!partition.is_silent) continue;
    since_ms = std::min(since_ms, partition.last_news_ms);
    if (++silent <= kNamedMax) names += (names.empty() ? "" : ", ") + std::to_string(number);
  }
  if (silent > kNamedMax) names += ", …";
  const std::string minutes = fmt::format("{} min", (now_ms - since_ms) / kMinuteMs);
  if (silent == partitions_.size()) return "the input has brought nothing for " + minutes;
  return fmt::format("{} of {} partitions of the input have brought nothing, the longest for {}: {}", silent,
                     partitions_.size(), minutes, names);
}

std::optional<Finding> FeedWatch::judge(int64_t now_ms) {
  size_t silent = 0;
  for (auto& [number, partition] : partitions_) {
    partition.is_silent = partition.is_silent || is_silent(partition, now_ms);
    silent += partition.is_silent;
  }
  const int level = silent == 0 ? 0 : silent == partitions_.size() ? 2 : 1;
  const bool is_over = level == 0 && level_ > 0;
  const bool is_due = level > level_ || (level > 0 && now_ms - last_told_ms_ >= options_.repeat_ms);
  if (!is_over && !is_due) return std::nullopt;
  if (level_ == 0) silent_since_ms_ = now_ms;
  Finding finding{.kind = FindingKind::kFeedSilence,
                  .level = level,
                  .is_final = is_over,
                  .score = 1,
                  .observed = static_cast<double>(partitions_.size() - silent),
                  .expected = static_cast<double>(partitions_.size()),
                  .window_ms = std::max(kMinuteMs, now_ms - silent_since_ms_)};
  if (level > 0) finding.reason = reason(now_ms);
  level_ = level;
  last_told_ms_ = now_ms;
  is_dirty_ = true;
  return finding;
}

std::string FeedWatch::save() {
  wire::FeedWatchState state;
  state.set_version(kStateVersion);
  for (const auto& [number, partition] : partitions_) {
    wire::FeedPartition& saved = *state.add_partitions();
    saved.set_partition(number);
    saved.set_watermark_ms(partition.watermark_ms);
    saved.set_last_news_ms(partition.last_news_ms);
    saved.set_live_since_ms(partition.live_since_ms);
    saved.set_longest_gap_ms(partition.longest_gap_ms);
    saved.set_second_gap_ms(partition.second_gap_ms);
    saved.set_is_idle(partition.is_idle);
    saved.set_is_silent(partition.is_silent);
  }
  state.set_silent_since_ms(silent_since_ms_);
  state.set_last_told_ms(last_told_ms_);
  state.set_level(static_cast<uint32_t>(level_));
  is_dirty_ = false;
  return state.SerializeAsString();
}

Result<void> FeedWatch::restore(std::string_view bytes, int64_t now_ms) {
  wire::FeedWatchState state;
  const bool is_read = state.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  if (!is_read || state.version() != kStateVersion) {
    return Error{ErrorCode::kCorrupt, "state of the watch over the feed is not a record of version 1", {}};
  }
  awake_since_ms_ = now_ms;
  partitions_.clear();
  for (const wire::FeedPartition& saved : state.partitions()) {
    partitions_[saved.partition()] = {.watermark_ms = saved.watermark_ms(),
                                      .last_news_ms = saved.last_news_ms(),
                                      .live_since_ms = saved.live_since_ms(),
                                      .longest_gap_ms = saved.longest_gap_ms(),
                                      .second_gap_ms = saved.second_gap_ms(),
                                      .is_idle = saved.is_idle(),
                                      .is_silent = saved.is_silent()};
  }
  silent_since_ms_ = state.silent_since_ms();
  last_told_ms_ = state.last_told_ms();
  level_ = static_cast<int>(state.level());
  is_dirty_ = false;
  return {};
}

}  // namespace earshot::silence
