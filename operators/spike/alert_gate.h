// AlertGate: makes one alert of one surge. It opens when rarity falls to the budget, and again only once the surge has
// been over for a while (hysteresis) and the cool-down has passed.
#pragma once

#include <cstdint>

#include "schemas/proto/state_detect.pb.h"

namespace earshot::spike {

struct AlertGateOptions {
  double cool_down_ms = 6.0 * 3'600'000;   // from one alert to the next
  double over_rarity = 2.7;                // multiples of the budget above which a surge is on its way out …
  double over_after_ms = 3.0 * 3'600'000;  // … and after how long of it the surge is over
};

class AlertGate {
 public:
  explicit AlertGate(const AlertGateOptions& options) : options_(options) {}

  // `rarity`: episodes that are as rare a week, in multiples of the budget; 1 or less asks for an alert. Answers
  // whether the alert goes out. Times go up.
  bool pass(int64_t time_ms, double rarity);

  [[nodiscard]] bool is_surge() const { return is_surge_; }

  void save(wire::DetectorState& out) const;
  void restore(const wire::DetectorState& state);

 private:
  AlertGateOptions options_;
  int64_t last_alert_ms_ = 0;  // 0: none yet
  int64_t last_high_ms_ = 0;
  bool is_surge_ = false;
};

}  // namespace earshot::spike
