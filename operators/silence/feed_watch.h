// FeedWatch: notices that the input has stopped, as a whole or in some of its partitions, and that it is back. A feed
// that stops moves no event time, so this goes by the clock, and is for operations: it is no part of what a replay
// repeats. History that is read again is never silent: only a partition whose posts were news for an hour can be.
// Constant memory for each partition. One thread at a time.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "schemas/finding.h"
#include "schemas/proto/partial.pb.h"

namespace earshot::silence {

struct FeedWatchOptions {
  int64_t silent_after_ms = 600'000;    // without news, at least …
  double usual_gaps = 1.5;              // … and this many times the longest gap but one
  int64_t live_within_ms = 900'000;     // a post this much older than the clock is history that is being read
  int64_t live_for_ms = 3'600'000;      // before a partition's silence says anything
  int64_t gap_memory_ms = 604'800'000;  // in which a gap fades to a third
  int64_t repeat_ms = 1'800'000;        // between two words while it lasts
};

class FeedWatch {
 public:
  explicit FeedWatch(const FeedWatchOptions& options) : options_(options) {}

  // What LISTEN says of a partition of the input. `now_ms`: the clock, here and below; it may jump.
  void observe(const wire::Partial& partial, int64_t now_ms);

  // Answers what is to be told now, if anything. Observed and expected are partitions that bring something.
  std::optional<Finding> judge(int64_t now_ms);

  // There is something to save that is worth a write.
  [[nodiscard]] bool is_dirty() const { return is_dirty_; }
  [[nodiscard]] std::string save();

  // `now_ms`: nobody listened before, so nothing is silent for longer. kCorrupt: a record of another version.
  Result<void> restore(std::string_view bytes, int64_t now_ms);

 private:
  struct Partition {
    int64_t watermark_ms = 0;
    int64_t last_news_ms = 0;
    int64_t live_since_ms = 0;  // 0: it lags behind the clock
    int64_t longest_gap_ms = 0;
    int64_t second_gap_ms = 0;
    bool is_idle = false;
    bool is_silent = false;
  };

  void take_news(Partition& partition, int64_t watermark_ms, int64_t now_ms);
  void learn_gap(Partition& partition, int64_t gap_ms) const;
  [[nodiscard]] bool is_silent(const Partition& partition, int64_t now_ms) const;
  [[nodiscard]] std::string reason(int64_t now_ms) const;

  FeedWatchOptions options_;
  std::map<int32_t, Partition> partitions_;
  int64_t awake_since_ms_ = 0;
  int64_t silent_since_ms_ = 0;
  int64_t last_told_ms_ = 0;
  int level_ = 0;
  bool is_dirty_ = false;
};

}  // namespace earshot::silence
