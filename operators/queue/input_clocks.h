// InputClocks: the time that the posts of all input partitions of LISTEN have reached, so that an answer that
// nobody gives is told to be overdue although nothing else is said of that listener. Owns the keys "c…" of its store.
// One thread at a time.
#pragma once

#include <cstdint>
#include <map>

#include "engine/base/result.h"
#include "engine/state/state_store.h"
#include "schemas/engagement.h"

namespace earshot::queue {

class InputClocks {
 public:
  // `store` outlives the clocks.
  explicit InputClocks(StateStore& store) : store_(store) {}

  // Takes up what the store holds. kCorrupt: a record that is none of ours.
  Result<void> restore();

  // Takes what an input partition tells; answers the time that all have reached that are not idle. While one of them
  // has told nothing yet it is kNoWatermark.
  int64_t tell(const InputClock& clock);

 private:
  [[nodiscard]] int64_t reached_ms() const;

  StateStore& store_;
  std::map<int64_t, InputClock> clocks_;  // by the partition's number; bounded by their count
  int64_t sources_ = 0;
};

}  // namespace earshot::queue
