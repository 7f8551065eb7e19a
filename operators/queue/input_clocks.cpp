#include "operators/queue/input_clocks.h"

#include <algorithm>
#include <string>

#include "engine/time/watermark.h"

namespace earshot::queue {
namespace {

std::string state_key(int64_t source) {
  return "c" + std::to_string(source);
}

}  // namespace

Result<void> InputClocks::restore() {
  Result<void> outcome;
  auto scanned = store_.scan("c", [&](std::string_view key, std::string_view value) {
    const auto record = read_engagement(value);
    if (!record || !record->clock) {
      outcome =
          Error{ErrorCode::kCorrupt, "the clock of an input is not a record of ours", "key '" + std::string(key) + "'"};
      return false;
    }
    sources_ = record->clock->sources;
    clocks_.emplace(record->clock->source, *record->clock);
    return true;
  });
  return scanned ? outcome : scanned;
}

int64_t InputClocks::tell(const InputClock& clock) {
  if (clock.sources != sources_) {  // the input was divided anew: one that is gone must not hold back the time
    for (const auto& [source, gone] : clocks_) store_.erase(state_key(source));
    clocks_.clear();
    sources_ = clock.sources;
  }
  clocks_.insert_or_assign(clock.source, clock);
  std::string value;
  append_input_clock_json(value, clock);
  store_.put(state_key(clock.source), value);
  return reached_ms();
}

int64_t InputClocks::reached_ms() const {
  if (static_cast<int64_t>(clocks_.size()) < sources_) return kNoWatermark;
  int64_t slowest_ms = kEndOfTime;
  int64_t farthest_ms = kNoWatermark;
  for (const auto& [source, clock] : clocks_) {
    farthest_ms = std::max(farthest_ms, clock.watermark_ms);
    if (!clock.is_idle) slowest_ms = std::min(slowest_ms, clock.watermark_ms);
  }
  return slowest_ms == kEndOfTime ? farthest_ms : slowest_ms;
}

}  // namespace earshot::queue
