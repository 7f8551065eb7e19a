// SignalOrder: puts the signals of DETECT's partitions, which come in the order of their commits, into the order of
// event time, so that the same crises make the same incidents whoever commits first. A signal is held until every
// partition has closed its pane; one that is held for too long, because a partition stands still, goes on all the same.
// Owns the keys "o…" (signals) and "p…" (partitions) of its store. One thread at a time.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/state/state_store.h"
#include "schemas/proto/signal.pb.h"

namespace earshot::incident {

struct SignalOrderOptions {
  int32_t partitions = 1;        // of DETECT; the signals of a single one need no order
  int64_t hold_max_ms = 30'000;  // by the clock
};

class SignalOrder {
 public:
  // `store` outlives the order.
  SignalOrder(SignalOrderOptions options, StateStore& store) : options_(options), store_(store) {}

  // Takes up what the store holds, as if it had come at `now_ms`. kCorrupt: a record that cannot be read.
  Result<void> restore(int64_t now_ms);

  void add(wire::Signal signal, int64_t now_ms);

  // A partition has closed its panes until a time; kEndOfTime: it has no input that could say more.
  void note_progress(int32_t partition, int64_t closed_until_ms);

  // Takes deleted posts out of the signals that are held, and puts what an edit makes of one in its place.
  void take_back(const wire::Signal& changes);

  // The signals that no earlier one can follow, and those that were held for too long with all before them: in order of
  // their panes' end, then listener, then arrival.
  std::vector<wire::Signal> take(int64_t now_ms);

  // Writes what changed to the store.
  void checkpoint();

  [[nodiscard]] size_t held() const { return held_.size(); }

 private:
  struct Place {
    int64_t end_ms = 0;
    std::string listener;
    uint64_t arrival = 0;
    friend auto operator<=>(const Place&, const Place&) = default;
  };
  struct Held {
    wire::Signal signal;
    int64_t since_ms = 0;
    bool is_stored = false;
    bool is_dirty = true;
  };
  struct Progress {
    int64_t closed_until_ms = 0;
    bool is_dirty = true;
  };

  [[nodiscard]] int64_t closed_until_ms() const;
  Result<void> restore_progress();

  SignalOrderOptions options_;
  StateStore& store_;
  std::map<Place, Held> held_;
  std::map<int32_t, Progress> progress_;  // by partition of DETECT
  std::vector<std::string> erased_keys_;
  uint64_t arrivals_ = 0;
};

}  // namespace earshot::incident
