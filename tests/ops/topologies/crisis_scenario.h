// CrisisScenario: six hours of partials from three input partitions about two brands, with one crisis, some copies and
// some late mentions in them. Everything follows from the seed.
#pragma once

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "schemas/listener.h"
#include "schemas/proto/partial.pb.h"

namespace earshot {

struct CrisisScenario {
  static constexpr int kSources = 3;
  static constexpr int64_t kPaneMs = 10'000;
  static constexpr int64_t kStartMs = 1'772'409'600'000;  // 2026-03-02T00:00:00Z
  static constexpr int64_t kHours = 6;
  static constexpr int64_t kCrisisStartMs = kStartMs + 4 * 3'600'000;
  static constexpr int64_t kCrisisMs = 20 * 60'000;

  // One partial for each pane, per source.
  std::vector<std::vector<wire::Partial>> by_source;
  std::shared_ptr<const ListenerSet> listeners;
};

CrisisScenario make_crisis_scenario(uint64_t seed);

// The partials of all sources in one order of many: each source's own order holds; up to `merged_max` neighbouring ones
// of a source come as one partial.
std::vector<std::string> interleave(const CrisisScenario& scenario, uint64_t seed, size_t merged_max);

}  // namespace earshot
