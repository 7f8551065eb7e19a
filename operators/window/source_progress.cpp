#include "operators/window/source_progress.h"

#include <algorithm>

namespace earshot::window {

void SourceProgress::observe(const wire::Partial& partial) {
  sources_[partial.source_partition()] = {partial.watermark_ms(), partial.idle()};
  source_partitions_ = std::max(source_partitions_, partial.source_partitions());
}

int64_t SourceProgress::event_time_ms() const {
  if (sources_.empty() || sources_.size() < static_cast<size_t>(source_partitions_)) return kNoWatermark;
  int64_t slowest_ms = kEndOfTime;
  int64_t furthest_idle_ms = kNoWatermark;
  bool is_any_live = false;
  for (const auto& [partition, source] : sources_) {
    if (source.is_idle) {
      furthest_idle_ms = std::max(furthest_idle_ms, source.watermark_ms);
      continue;
    }
    is_any_live = true;
    slowest_ms = std::min(slowest_ms, source.watermark_ms);
  }
  return is_any_live ? slowest_ms : furthest_idle_ms;
}

void SourceProgress::save(wire::WindowProgress& out) const {
  out.set_source_partitions(source_partitions_);
  for (const auto& [partition, source] : sources_) {
    wire::SourceProgress& saved = *out.add_sources();
    saved.set_partition(partition);
    saved.set_watermark_ms(source.watermark_ms);
    saved.set_idle(source.is_idle);
  }
}

void SourceProgress::restore(const wire::WindowProgress& state) {
  source_partitions_ = state.source_partitions();
  for (const wire::SourceProgress& saved : state.sources()) {
    sources_[saved.partition()] = {saved.watermark_ms(), saved.idle()};
  }
}

}  // namespace earshot::window
