// RecentMentions: what a listener's last quarter of an hour held, so that a signal can say what its window is made of.
// Bounded: panes of 15 minutes, sketches of as many minutes, and the best evidence.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <span>
#include <vector>

#include "schemas/counts.h"
#include "schemas/evidence.h"
#include "schemas/proto/state_detect.pb.h"

namespace earshot::spike {

class RecentMentions {
 public:
  static constexpr int64_t kHorizonMs = 900'000;
  static constexpr size_t kEvidenceMax = 16;

  struct Piece {
    int64_t pane_start_ms;  // of the last pane that had it or a copy
    RankedEvidence evidence;
  };

  // Adds a pane with mentions and moves its evidence in; panes come in order of time.
  void add(int64_t pane_start_ms, const CountSums& counts, std::span<RankedEvidence> evidence);

  // Forgets what lies more than the horizon before `now_ms`.
  void forget_before_horizon(int64_t now_ms);

  // Sums of the panes in [end_ms - window_ms, end_ms). Sketches are kept by the minute, so distinct counts are of the
  // whole minutes that the window touches.
  [[nodiscard]] CountSums window(int64_t end_ms, int64_t window_ms) const;

  // Takes posts out of the evidence. Answers whether it had any.
  bool forget_evidence(const std::function<bool(uint64_t post)>& is_gone);

  // Puts what an edit makes of a post in its place, or takes it out. Answers whether it was there.
  bool change_evidence(const wire::EvidenceChange& change);

  // Best first, copies folded.
  [[nodiscard]] const std::deque<Piece>& evidence() const { return evidence_; }

  void save(wire::ListenerState& out) const;
  void restore(const wire::ListenerState& state);

 private:
  struct Pane {
    int64_t start_ms;
    CountSums counts;  // without sketches
  };
  struct MinuteSketches {
    int64_t minute;
    CountSums::Sketch authors{};
    CountSums::Sketch texts{};
    CountSums::Sketch shapes{};
  };

  void add_evidence(int64_t pane_start_ms, RankedEvidence& offered);

  std::deque<Pane> panes_;
  std::deque<MinuteSketches> sketches_;
  std::deque<Piece> evidence_;
};

}  // namespace earshot::spike
