// The simulation: what DETECT and INCIDENT make of a world, with the settings that earshot ships with.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "bench/crises/world.h"
#include "schemas/alert.h"

namespace earshot::crises {

struct SimulationOptions {
  size_t threads = 1;  // the outcome is the same for any number
};

struct SimulationOutcome {
  std::vector<Alert> alerts;          // of the hub, in order
  std::vector<int64_t> threshold_ms;  // by crisis: when one who knows the usual rate would see it; -1: never
  uint64_t mentions = 0;
  uint64_t signals = 0;
};

SimulationOutcome simulate(const World& world, const SimulationOptions& options);

}  // namespace earshot::crises
