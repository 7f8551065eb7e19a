// What DETECT would know of a listener, had it heard its past: from counts that were kept elsewhere.
#pragma once

#include <cstdint>
#include <span>

#include "engine/base/result.h"
#include "engine/state/state_store.h"
#include "ops/topologies/detect.h"
#include "schemas/listener.h"

namespace earshot {

// A stretch of the past. Its mentions are spread evenly over its panes.
struct HistoryPane {
  int64_t start_ms = 0;
  uint64_t mentions = 0;
  uint64_t negative = 0;
};

struct HistoryOptions {
  int64_t every_ms = 10'000;  // length of each stretch, a multiple of the pane
  bool replaces = false;      // what is known of the listener already
};

// Learns from `history`, in order of time, where a stretch that is missing was quiet, into the pending changes of
// `store`. kInvalid: something is known of the listener already, and is not to be replaced.
Result<void> learn_history(const Listener& listener, std::span<const HistoryPane> history,
                           const HistoryOptions& options, const DetectOptions& detect, StateStore& store);

}  // namespace earshot
