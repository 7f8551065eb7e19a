// Finding: what a detector other than the one for surges has found out about a listener, or about the feed itself, and
// the course that it takes: told when it begins and when it gets worse, now and then while it lasts, and once when it
// is over.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "schemas/proto/state_detect.pb.h"

namespace earshot {

enum class FindingKind : uint8_t {
  kSurge,           // many more mentions than usual
  kFeedSilence,     // the input brings nothing: an operations alert, about no listener
  kMentionsDrop,    // a listener is hardly mentioned while others are
  kSentimentShift,  // the same number of mentions, many more of them negative
  kViralPost,       // one post is passed on and answered far more often than any before
  kEmergingTerm,    // a word that hardly anybody used is in many mentions
};

// As signals and alerts write it: surge, feed_silence, mentions_drop, sentiment_shift, viral_post, emerging_term.
std::string_view to_string(FindingKind kind);

// Stands for the feed where alerts name a listener.
inline constexpr std::string_view kFeedName = "(feed)";

struct Finding {
  FindingKind kind = FindingKind::kSurge;
  int level = 0;          // 0 calm, 1 alert, 2 critical
  bool is_final = false;  // the last one of its course
  double score = 0;       // 0.5 at the threshold, 1 beyond doubt
  std::string reason;     // in plain words with its numbers; empty when calm
  double observed = 0;    // mentions in the window that was judged; of a viral post: references to it
  double expected = 0;    // usual ones in it; of a viral post: the most that is usual
  int64_t window_ms = 0;
};

struct EpisodeOptions {
  int64_t repeat_ms = 1'800'000;      // between two words while it lasts, so that it does not count as abandoned
  int64_t calm_ms = 1'800'000;        // after which it is over
  int64_t cool_down_ms = 21'600'000;  // from the beginning of one to that of the next
};

// The course of one kind of finding. Times go up.
class FindingEpisode {
 public:
  explicit FindingEpisode(const EpisodeOptions& options = {}) : options_(options) {}

  struct Notice {
    int level = 0;
    bool is_final = false;
  };

  // Takes what the detector says now (level 0: nothing). Answers what is to be told, if anything.
  std::optional<Notice> advance(int64_t time_ms, int level);

  [[nodiscard]] bool is_active() const { return is_active_; }
  [[nodiscard]] int64_t began_ms() const { return began_ms_; }  // the last one; 0: there was none

  // The cool-down of the last one has passed, so that another may begin.
  [[nodiscard]] bool may_begin(int64_t time_ms) const {
    return began_ms_ == 0 || time_ms - began_ms_ >= options_.cool_down_ms;
  }

  void save(wire::EpisodeState& out) const;
  void restore(const wire::EpisodeState& state);

 private:
  EpisodeOptions options_;
  bool is_active_ = false;
  int64_t began_ms_ = 0;  // 0: never
  int64_t calm_since_ms_ = 0;
  int64_t last_told_ms_ = 0;
  int level_ = 0;
};

}  // namespace earshot
