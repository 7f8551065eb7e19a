// WindowOperator: merges what the input's partitions say of each listener and pane, closes panes and windows by event
// time, and mends closed windows when late mentions come in.
//
// What comes out is the same whatever the order in which partitions interleave and however partials are cut: sums are
// integers, sketches are ORed, evidence and samples are merged by a total order, and panes and windows close in order
// of time, then listener. Owns the keys "m", "p…" and "w…" of its store. One thread at a time.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/hash.h"
#include "engine/base/result.h"
#include "engine/state/state_store.h"
#include "engine/time/watermark.h"
#include "operators/window/source_progress.h"
#include "schemas/counts.h"
#include "schemas/evidence.h"
#include "schemas/mention_sample.h"
#include "schemas/proto/partial.pb.h"

namespace earshot::window {

struct WindowOptions {
  int64_t pane_ms = 10'000;
  std::vector<int64_t> lengths_ms = {60'000, 900'000, 3'600'000};  // multiples of the pane
  int64_t retention_ms = 10'800'000;  // how long after its end a pane still takes corrections
  size_t evidence_per_pane = 3;       // as many as LISTEN keeps: more would depend on how partials are cut
};

struct PaneSum {
  CountSums counts;                      // of on-time mentions
  std::vector<RankedEvidence> evidence;  // best first
  std::vector<SampledMention> sample;    // of on-time mentions, by post
  bool is_dirty = true;                  // differs from what the store holds
  bool is_stored = false;                // the store holds it
};

struct NamedPane {
  std::string listener;
  PaneSum sum;
};

struct ClosedWindow {
  std::string listener;
  int64_t start_ms = 0;
  int64_t length_ms = 0;
  CountSums counts;
  uint64_t revision = 0;
};

class WindowOperator {
 public:
  // `store` outlives the operator.
  WindowOperator(WindowOptions options, StateStore& store) : options_(std::move(options)), store_(store) {}

  // Takes up what the store holds. kCorrupt: a record of another version.
  Result<void> restore();

  // Moves the evidence out of the partial.
  Result<void> add(wire::Partial& partial);

  // Takes posts out of the open panes' evidence, and puts what an edit makes of one in its place.
  void forget_evidence(const std::function<bool(uint64_t post)>& is_gone);
  void change_evidence(const wire::EvidenceChange& change);

  // Start of the earliest pane that holds mentions and that event time has closed.
  [[nodiscard]] std::optional<int64_t> next_closed_pane() const;

  // Takes that pane, by listener.
  std::vector<NamedPane> take_pane(int64_t pane_start_ms);

  // Everything before it is closed; panes that arrive for it are corrections. kNoWatermark before the first.
  [[nodiscard]] int64_t closed_until_ms() const { return closed_until_ms_; }

  // Event time to which panes may be closed, a multiple of the pane; kNoWatermark before the first.
  [[nodiscard]] int64_t closable_until_ms() const { return closable_until_ms_; }

  // Call once every pane before closable_until_ms() is taken: the windows that are closed now, in order of their end,
  // length and listener, then the closed ones that were mended since.
  std::vector<ClosedWindow> take_windows();

  // Writes what changed to the store and drops expired windows from it.
  Result<void> checkpoint();

  [[nodiscard]] uint64_t dropped_corrections() const { return dropped_corrections_; }
  [[nodiscard]] size_t panes_in_memory() const;
  [[nodiscard]] size_t windows_in_memory() const { return windows_.size(); }

 private:
  using ListenerId = uint32_t;  // place in names_
  struct WindowKey {
    int64_t end_ms;
    int64_t length_ms;
    ListenerId listener;
    friend bool operator==(const WindowKey&, const WindowKey&) = default;
    friend size_t hash_value(const WindowKey& key) {
      return mix_64(static_cast<uint64_t>(key.end_ms) ^ 0x9e3779b97f4a7c15ULL,
                    static_cast<uint64_t>(key.length_ms) << 32 ^ key.listener ^ 0xe7037ed1a0b428dbULL);
    }
  };
  struct WindowSum {
    CountSums counts;
    uint64_t revision = 0;
    bool is_dirty = true;
    bool is_mended = false;  // closed before, to be emitted again
  };
  using Panes = boost::unordered_flat_map<ListenerId, PaneSum>;

  static std::string pane_key(int64_t start_ms, std::string_view listener);
  [[nodiscard]] std::string window_key(const WindowKey& key) const;
  ListenerId id_of(std::string_view listener);
  // Keys of windows that end at or before `end_ms`, in order of end, length and listener.
  [[nodiscard]] std::vector<WindowKey> windows_until(int64_t end_ms) const;
  Result<void> add_pane(wire::PanePartial& pane);
  Result<void> add_to_windows(const wire::PanePartial& pane, ListenerId listener, bool is_correction);
  Result<WindowSum*> find_window(const WindowKey& key);
  Result<void> restore_panes();
  Result<void> restore_windows();
  void write_panes();
  void write_windows();
  Result<void> expire_windows();
  void advance();

  WindowOptions options_;
  StateStore& store_;
  SourceProgress progress_;
  std::deque<std::string> names_;  // of every listener heard of since the start; they stay where they are
  boost::unordered_flat_map<std::string_view, ListenerId> ids_;
  std::map<int64_t, Panes> panes_;                           // open ones, by start
  boost::unordered_flat_map<WindowKey, WindowSum> windows_;  // open ones, and closed ones until the next checkpoint
  std::set<int64_t> stored_window_ends_;
  std::vector<std::string> erased_keys_;  // of panes that were taken since the last checkpoint
  int64_t closable_until_ms_ = kNoWatermark;
  int64_t closed_until_ms_ = kNoWatermark;
  int64_t emitted_until_ms_ = kNoWatermark;
  uint64_t dropped_corrections_ = 0;
};

}  // namespace earshot::window
