#include "tests/faults/fault_plan.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>

namespace earshot::faults {
namespace {

uint64_t number_from(const char* variable, uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

std::string commit_of_the_source() {
  FILE* pipe = popen("git -C '" EARSHOT_SOURCE_DIR "' rev-parse HEAD 2> /dev/null", "r");
  if (pipe == nullptr) return "unknown";
  std::array<char, 64> line{};
  const bool is_read = std::fgets(line.data(), line.size(), pipe) != nullptr;
  pclose(pipe);
  return is_read ? std::string(line.data(), 12) : "unknown";
}

}  // namespace

FaultPlan fault_plan(int rounds_in_ci) {
  FaultPlan plan;
  plan.seed = number_from("EARSHOT_FAULTS_SEED", 1);
  plan.rounds = static_cast<int>(number_from("EARSHOT_FAULTS_ROUNDS", static_cast<uint64_t>(rounds_in_ci)));
  return plan;
}

std::string FaultPlan::replay() const {
  const auto* test = testing::UnitTest::GetInstance()->current_test_info();
  const std::string name = std::string(test->test_suite_name()) + "." + test->name();
  return "seed " + std::to_string(seed) + " at commit " + commit_of_the_source() +
         "; again: EARSHOT_FAULTS_SEED=" + std::to_string(seed) + " EARSHOT_FAULTS_ROUNDS=" + std::to_string(rounds) +
         " bin/tests/test_faults --gtest_filter=" + name;
}

}  // namespace earshot::faults
