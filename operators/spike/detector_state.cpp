// What a detector keeps over a restart.
#include <algorithm>
#include <string>

#include "operators/spike/detector.h"

namespace earshot::spike {

void Detector::save(wire::DetectorState& out) const {
  out.Clear();
  out.set_version(1);
  out.set_next_pane(next_pane_);
  out.set_first_pane(first_pane_);
  out.set_block(block_);
  out.set_block_count(block_count_);
  out.set_block_known_ms(block_known_ms_);
  out.mutable_recent()->Add(recent_.begin(), recent_.end());
  for (const Scale& scale : scales_) {
    wire::ScaleState& saved = *out.add_scales();
    saved.set_sum(scale.sum);
    saved.mutable_dispersion()->set_excess(scale.dispersion.excess);
    saved.mutable_dispersion()->set_mean_squares(scale.dispersion.mean_squares);
  }
  tail_.save(*out.mutable_tail());
  drift_tail_.save(*out.mutable_drift_tail());
  out.set_drift(drift_);
  likelihood_.save(out);
  gate_.save(out);
  hour_.save(*out.mutable_hour());
  six_hours_.save(*out.mutable_six_hours());
  out.set_level(static_cast<uint32_t>(level_));
  out.set_surge_level(static_cast<uint32_t>(surge_level_));
  baseline_.save(*out.mutable_baseline());
  for (const HeldBlock& block : held_) {
    wire::HeldBlockState& saved = *out.add_held();
    saved.set_start_ms(block.start_ms);
    saved.set_count(block.count);
  }
}

Result<void> Detector::restore(const wire::DetectorState& state) {
  if (state.version() != 1 || state.baseline().version() != 1) {
    return Error{
        ErrorCode::kCorrupt, "detector state of version " + std::to_string(state.version()) + ", expected 1", {}};
  }
  if (static_cast<size_t>(state.recent_size()) != recent_.size() || state.scales_size() != kScales) {
    return Error{ErrorCode::kCorrupt, "detector state was kept for another pane length", {}};
  }
  next_pane_ = state.next_pane();
  first_pane_ = state.first_pane();
  block_ = state.block();
  block_count_ = state.block_count();
  block_known_ms_ = state.block_known_ms();
  std::copy(state.recent().begin(), state.recent().end(), recent_.begin());
  for (size_t i = 0; i < kScales; ++i) {
    const wire::ScaleState& saved = state.scales(static_cast<int>(i));
    scales_[i].sum = saved.sum();
    scales_[i].dispersion = {saved.dispersion().excess(), saved.dispersion().mean_squares()};
  }
  tail_.restore(state.tail());
  drift_tail_.restore(state.drift_tail());
  drift_ = state.drift();
  likelihood_.restore(state);
  gate_.restore(state);
  hour_.restore(state.hour());
  six_hours_.restore(state.six_hours());
  level_ = static_cast<int>(state.level());
  surge_level_ = static_cast<int>(state.surge_level());
  baseline_.restore(state.baseline());
  held_.clear();
  for (const wire::HeldBlockState& saved : state.held()) held_.push_back({saved.start_ms(), saved.count()});
  return {};
}

}  // namespace earshot::spike
