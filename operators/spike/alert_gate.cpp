#include "operators/spike/alert_gate.h"

namespace earshot::spike {

bool AlertGate::pass(int64_t time_ms, double rarity) {
  const bool is_wanted = rarity <= 1;
  const bool is_high = rarity <= options_.over_rarity;
  const bool is_cool = last_alert_ms_ == 0 || static_cast<double>(time_ms - last_alert_ms_) >= options_.cool_down_ms;
  const bool is_over = static_cast<double>(time_ms - last_high_ms_) >= options_.over_after_ms;
  if (is_surge_ && !is_high && is_over) is_surge_ = false;
  const bool goes_out = is_wanted && is_cool && !is_surge_;
  if (goes_out) {
    last_alert_ms_ = time_ms;
    is_surge_ = true;
  }
  if (is_wanted || (is_surge_ && is_high)) last_high_ms_ = time_ms;
  return goes_out;
}

void AlertGate::save(wire::DetectorState& out) const {
  out.set_gate_time_ms(last_alert_ms_);
  out.set_gate_high_ms(last_high_ms_);
  out.set_gate_is_surge(is_surge_);
}

void AlertGate::restore(const wire::DetectorState& state) {
  last_alert_ms_ = state.gate_time_ms();
  last_high_ms_ = state.gate_high_ms();
  is_surge_ = state.gate_is_surge();
}

}  // namespace earshot::spike
