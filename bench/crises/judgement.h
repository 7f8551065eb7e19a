// Judgement: the planted crises against the incidents that were opened.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench/crises/simulation.h"

namespace earshot::crises {

struct FoundCrisis {
  int64_t threshold_ms = -1;
  int64_t opened_ms = -1;       // of the first incident about it; -1: none
  size_t incidents = 0;         // about it, those not counted that were merged into another
  bool has_right_term = false;  // the first word of the evidence is one of the crisis
  std::string reading = "-";    // who is behind it, when it spoke last
  int severity = 0;

  [[nodiscard]] bool is_in_time() const;  // opened at most two minutes after its threshold
};

struct Judgement {
  std::vector<FoundCrisis> found;  // by crisis
  size_t storms = 0;
  size_t merged = 0;
  size_t false_incidents = 0;
  std::vector<std::string> false_headlines;  // of the first of them, with the time
  double listener_weeks = 0;

  [[nodiscard]] size_t in_time() const;
  [[nodiscard]] size_t one_incident_each() const;
  [[nodiscard]] size_t right_terms() const;
  [[nodiscard]] double false_per_100_listener_weeks() const;
  // What is promised: every crisis in time and as one incident, the right terms in nine of ten, few false ones.
  [[nodiscard]] bool keeps_promise() const;
};

Judgement judge(const World& world, const SimulationOutcome& outcome);

// A line for each crisis, then the sums.
std::string to_table(const World& world, const Judgement& judgement);

}  // namespace earshot::crises
