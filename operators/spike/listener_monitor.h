// ListenerMonitor: everything DETECT keeps about one listener. It takes the listener's closed panes in order of time
// and says when a signal is due. One thread at a time; the same panes give the same signals, wherever they are cut by a
// restart.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "operators/spike/detector.h"
#include "operators/spike/last_hour.h"
#include "operators/spike/recent_mentions.h"
#include "operators/spike/term_background.h"
#include "schemas/listener.h"
#include "schemas/proto/signal.pb.h"
#include "schemas/proto/state_detect.pb.h"

namespace earshot::spike {

struct MonitorOptions {
  DetectorOptions detector;
  int64_t signal_interval_ms = 60'000;  // between the signals of a surge, unless its level rises
  int64_t resolve_after_ms = 900'000;   // of calm
  double negative_shift = 0.25;         // rise of the negative share that makes an alert critical
  size_t evidence_max = 10;
  size_t terms_max = 8;
};

class ListenerMonitor {
 public:
  // `listener` is null when the rules that made the mentions are not the ones at hand: the default policy then holds.
  ListenerMonitor(std::string name, const Listener* listener, const MonitorOptions& options);

  // The listener has been heard, and was quiet, since `pane_start_ms`. Only the first call counts.
  void start_at(int64_t pane_start_ms);

  // Judges a closed pane. Panes between this and the last one were quiet; while is_active() the caller passes quiet
  // panes too, one by one. Moves the evidence in. Answers a signal when one is due; hub and rule_version are the
  // caller's to fill.
  std::optional<wire::Signal> observe(int64_t pane_start_ms, const CountSums& counts,
                                      std::span<RankedEvidence> evidence);

  // Takes posts out of what signals show, or puts what an edit makes of one in its place. Both answer whether anything
  // changed.
  bool forget_evidence(const std::function<bool(uint64_t post)>& is_gone) { return recent_.forget_evidence(is_gone); }
  bool change_evidence(const wire::EvidenceChange& change) { return recent_.change_evidence(change); }

  // In a surge or easing from one: must see every pane, quiet ones too.
  [[nodiscard]] bool is_active() const { return is_active_; }
  [[nodiscard]] int64_t next_pane_start_ms() const { return detector_.next_pane_start_ms(); }
  // The panes before it were not heard: neither quiet nor loud.
  void skip_unknown_until(int64_t pane_start_ms) { detector_.skip_unknown_until(pane_start_ms); }
  [[nodiscard]] const baseline::Baseline& baseline() const { return detector_.baseline(); }
  [[nodiscard]] const RecentMentions& recent() const { return recent_; }
  [[nodiscard]] const LastHour& last_hour() const { return hour_; }

  [[nodiscard]] std::string save() const;
  Result<void> restore(std::string_view bytes);

 private:
  bool is_signal_due(int64_t end_ms, int level);
  [[nodiscard]] bool is_negative_surge(const SpikeScore& judged, const CountSums& counts) const;
  int raised_by_negativity(int level, const CountSums& counts) const;
  void learn_usual(int64_t pane_start_ms, const CountSums& counts, std::span<const RankedEvidence> evidence);
  wire::Signal make_signal(int64_t pane_start_ms, const SpikeScore& judged, int level, const CountSums& counts) const;
  void add_terms_and_evidence(wire::Signal& signal) const;
  [[nodiscard]] double usual_negative_share() const;

  std::string name_;
  std::string spoke_;
  std::string query_;
  bool is_enabled_ = true;
  double mentions_min_;
  MonitorOptions options_;
  Detector detector_;
  RecentMentions recent_;
  LastHour hour_;
  TermBackground terms_;
  double usual_negative_ = 0;
  double usual_mentions_ = 0;
  bool is_active_ = false;
  bool is_final_ = false;
  int64_t calm_since_ms_ = 0;
  int64_t last_signal_ms_ = 0;
  int last_level_ = 0;
  int64_t last_learnt_ms_ = std::numeric_limits<int64_t>::min() / 2;
};

}  // namespace earshot::spike
