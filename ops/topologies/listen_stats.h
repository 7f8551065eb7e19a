// ListenStats: where every post and every microsecond of LISTEN went. Written by the pipeline, read by metrics and
// progress.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string_view>

namespace earshot {

// in = matched + unmatched + late + duplicate + dead_lettered; records that are no post (a like) are counted apart.
struct ListenStats {
  std::atomic<uint64_t> posts_in = 0;
  std::atomic<uint64_t> matched = 0;
  std::atomic<uint64_t> unmatched = 0;
  std::atomic<uint64_t> late = 0;
  std::atomic<uint64_t> duplicate = 0;
  std::atomic<uint64_t> dead_lettered = 0;
  std::atomic<uint64_t> not_posts = 0;
  std::atomic<uint64_t> deleted = 0;      // of the unmatched: notices that a post is gone
  std::atomic<uint64_t> mentions = 0;     // one for each listener that a matched post met
  std::atomic<uint64_t> retracted = 0;    // mentions that were taken back
  std::atomic<uint64_t> corrections = 0;  // mentions of a pane that had closed
  std::atomic<int64_t> watermark_ms = 0;  // the lowest among the assigned partitions

  enum Stage { kParse, kMatch, kSentiment, kTriage, kRender, kApply, kStages };
  static constexpr std::array<std::string_view, kStages> kStageNames{"parse",  "match",   "sentiment",
                                                                     "triage", "mention", "dedup_summarise"};
  std::array<std::atomic<uint64_t>, kStages> stage_ns{};
  std::array<std::atomic<uint64_t>, kStages> stage_posts{};
};

}  // namespace earshot
