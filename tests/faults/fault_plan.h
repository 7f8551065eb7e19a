// FaultPlan: how many rounds of a scenario, from which seed, and how to play a failure again.
#pragma once

#include <cstdint>
#include <string>

namespace earshot::faults {

struct FaultPlan {
  uint64_t seed = 1;  // EARSHOT_FAULTS_SEED
  int rounds = 1;     // EARSHOT_FAULTS_ROUNDS, else what CI runs

  // Seed, commit and the command that runs this test again with both; for a failure's message.
  [[nodiscard]] std::string replay() const;
};

FaultPlan fault_plan(int rounds_in_ci);

}  // namespace earshot::faults
