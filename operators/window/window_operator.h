// WindowOperator: merges what the input's partitions say of each listener and pane, closes panes and windows by event
// time, and mends closed windows when late mentions come in.
//
// What comes out is the same whatever the order in which partitions interleave and however partials are cut: sums are
// integers, sketches are ORed, evidence is merged by a total order, and panes and windows close in order of time, then
// listener. Owns the keys "m", "p…" and "w…" of its store. One thread at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/base/result.h"
#include "engine/state/state_store.h"
#include "engine/time/watermark.h"
#include "operators/window/source_progress.h"
#include "schemas/proto/partial.pb.h"

namespace earshot::window {

struct WindowOptions {
  int64_t pane_ms = 10'000;
  std::vector<int64_t> lengths_ms = {60'000, 900'000, 3'600'000};  // multiples of the pane
  int64_t retention_ms = 10'800'000;  // how long after its end a pane still takes corrections
  size_t evidence_per_pane = 3;       // as many as LISTEN keeps: more would depend on how partials are cut
};

struct PaneSum {
  wire::Counts counts;                   // of on-time mentions
  std::vector<wire::Evidence> evidence;  // best first
  bool is_dirty = true;                  // differs from what the store holds
};

struct ClosedWindow {
  std::string listener;
  int64_t start_ms = 0;
  int64_t length_ms = 0;
  wire::Counts counts;
  uint64_t revision = 0;
};

class WindowOperator {
 public:
  // `store` outlives the operator.
  WindowOperator(WindowOptions options, StateStore& store) : options_(std::move(options)), store_(store) {}

  // Takes up what the store holds. kCorrupt: a record of another version.
  Result<void> restore();

  Result<void> add(const wire::Partial& partial);

  // Start of the earliest pane that holds mentions and that event time has closed.
  [[nodiscard]] std::optional<int64_t> next_closed_pane() const;

  // Takes that pane, by listener.
  std::map<std::string, PaneSum> take_pane(int64_t pane_start_ms);

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
  [[nodiscard]] size_t panes_in_memory() const { return panes_.size(); }
  [[nodiscard]] size_t windows_in_memory() const { return windows_.size(); }

 private:
  using PaneKey = std::pair<int64_t, std::string>;              // start, listener
  using WindowKey = std::tuple<int64_t, int64_t, std::string>;  // end, length, listener
  struct WindowSum {
    wire::Counts counts;
    uint64_t revision = 0;
    bool is_dirty = true;
    bool is_mended = false;  // closed before, to be emitted again
  };

  static std::string pane_key(const PaneKey& key);
  static std::string window_key(const WindowKey& key);
  Result<void> add_pane(const wire::PanePartial& pane, int64_t source_watermark_ms);
  Result<void> add_to_windows(const wire::PanePartial& pane, bool is_correction);
  Result<WindowSum*> find_window(const WindowKey& key);
  Result<void> restore_panes();
  Result<void> restore_windows();
  Result<void> expire_windows();
  void advance();

  WindowOptions options_;
  StateStore& store_;
  SourceProgress progress_;
  std::map<PaneKey, PaneSum> panes_;        // open ones
  std::map<WindowKey, WindowSum> windows_;  // open ones, and closed ones until the next checkpoint
  std::set<int64_t> stored_window_ends_;
  std::vector<std::string> erased_keys_;  // of panes that were taken since the last checkpoint
  int64_t closable_until_ms_ = kNoWatermark;
  int64_t closed_until_ms_ = kNoWatermark;
  int64_t emitted_until_ms_ = kNoWatermark;
  uint64_t dropped_corrections_ = 0;
};

}  // namespace earshot::window
