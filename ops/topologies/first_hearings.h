// FirstHearings: since when each listener of one partition of DETECT is heard, so that the silence before its first
// mention counts as heard. One thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "engine/state/state_store.h"
#include "schemas/listener_directory.h"

namespace earshot {

class FirstHearings {
 public:
  // `store`, that of one partition of `partitions`, outlives it.
  FirstHearings(StateStore& store, int32_t partitions) : store_(store), partitions_(partitions) {}

  // From now on listeners are those of this set; the next pane begins to hear those of them that are new.
  void adopt(std::shared_ptr<const ListenerDirectory> listeners);

  // Before each pane, in order of time.
  Result<void> hear_pane(int64_t pane_start_ms);

  // Start, in ms, of the first pane that was heard for a listener; nothing before that.
  Result<std::optional<int64_t>> since(std::string_view listener) const;

  // Writes what is not yet written, of so many listeners that a commit does not become slow by it: a large set takes
  // several commits, and is gone on with by a later process.
  Result<void> checkpoint();

 private:
  Result<void> begin(int64_t pane_start_ms);

  StateStore& store_;
  int32_t partitions_;
  std::shared_ptr<const ListenerDirectory> listeners_;
  bool has_begun_ = false;  // with those listeners
  // Those of them that were not heard before are heard since then; nothing once all of it is written.
  std::optional<int64_t> unwritten_since_ms_;
  size_t next_unwritten_ = 0;  // listener
};

}  // namespace earshot
