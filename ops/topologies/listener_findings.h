// ListenerFindings: the detectors beside the one for surges, for one listener: what they are given, and the signals
// that come of what they find. One thread at a time; the same panes give the same signals, wherever they are cut by a
// restart.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "operators/emerging_term/emerging_term.h"
#include "operators/sentiment_shift/sentiment_shift.h"
#include "operators/silence/mention_drop.h"
#include "operators/spike/listener_monitor.h"
#include "operators/viral_post/viral_post.h"
#include "schemas/counts.h"
#include "schemas/listener.h"

namespace earshot {

struct FindingOptions {
  bool finds_drops = true;
  bool finds_shifts = true;
  bool finds_viral_posts = true;
  bool finds_terms = true;
  size_t evidence_max = 10;
  silence::MentionDropOptions drop;
  sentiment_shift::SentimentShiftOptions sentiment_shift;
  viral_post::ViralPostOptions viral_post;
  emerging_term::EmergingTermOptions emerging_term;
};

// Mentions of all listeners of a task in a window, as far as their silence is watched.
struct HeardTogether {
  double observed = 0;
  double expected = 0;
};

class ListenerFindings {
 public:
  static constexpr int64_t kTickMs = silence::MentionDrop::kBlockMs;

  // `listener` as for the monitor.
  ListenerFindings(std::string name, const Listener* listener, const FindingOptions& options, int64_t pane_ms);

  // Takes a closed pane that the monitor has seen.
  void observe(int64_t pane_start_ms, const CountSums& counts, std::span<const SampledMention> sample,
               const spike::ListenerMonitor& monitor, std::vector<wire::Signal>& signals);

  // Adds what is heard of the listener in the hour and the quarter of an hour that end at `end_ms`.
  void add_to(HeardTogether& hour, HeardTogether& quarter, int64_t end_ms, const spike::ListenerMonitor& monitor) const;

  // Judges what ends at `end_ms`, a multiple of kTickMs, also when there was nothing. The sums are of all that are
  // watched, this listener included.
  void tick(int64_t end_ms, const HeardTogether& hour, const HeardTogether& quarter,
            const spike::ListenerMonitor& monitor, std::vector<wire::Signal>& signals);

  // Something goes on.
  [[nodiscard]] bool is_active() const { return drop_.is_active() || needs_quiet_panes(); }

  // It is heard often enough, or was within a week, that its silence would say something; or something goes on.
  [[nodiscard]] bool wants_ticks(int64_t now_ms) const;

  [[nodiscard]] std::string save() const;
  Result<void> restore(std::string_view bytes);

 private:
  // Of those that end by what is not said any more.
  [[nodiscard]] bool needs_quiet_panes() const {
    return sentiment_shift_.is_active() || viral_post_.is_active() || emerging_term_.is_active();
  }
  // Evidence is shown by `place_of` its pieces, then as it ranks.
  [[nodiscard]] wire::Signal signal_of(const Finding& finding, int64_t end_ms, const spike::ListenerMonitor& monitor,
                                       const std::function<int(const EvidencePlace&)>& place_of = {}) const;
  void tell_shift(std::optional<Finding> finding, int64_t end_ms, const spike::ListenerMonitor& monitor,
                  std::vector<wire::Signal>& signals) const;
  void tell_viral_post(const std::optional<viral_post::ViralPostFinding>& found, int64_t end_ms,
                       const spike::ListenerMonitor& monitor, std::vector<wire::Signal>& signals) const;
  void tell_terms(std::optional<emerging_term::EmergingTermFinding> found, int64_t end_ms,
                  const spike::ListenerMonitor& monitor, std::vector<wire::Signal>& signals) const;

  std::string name_;
  std::string spoke_;
  bool is_enabled_ = true;
  FindingOptions options_;
  int64_t pane_ms_;
  silence::MentionDrop drop_;
  sentiment_shift::SentimentShift sentiment_shift_;
  viral_post::ViralPost viral_post_;
  emerging_term::EmergingTerm emerging_term_;
  int64_t loud_ms_ = 0;     // when it was last heard often enough to be watched; 0: never
  int64_t checked_ms_ = 0;  // the tick at which that was looked at
};

}  // namespace earshot
