// The kill points that the engine has, by what they are part of, and running an engine into one.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "tests/integration/pipeline/engine_process.h"

namespace earshot::faults {

inline constexpr std::array<std::string_view, 8> kLocalKillPoints{
    "local-before-segments", "local-between-segments", "local-after-segments",     "local-after-write",
    "outputs-before-commit", "outputs-after-commit",   "runner-between-intervals", "runner-after-assignment"};

inline constexpr std::array<std::string_view, 5> kKafkaKillPoints{"kafka-before-changelog", "kafka-before-offsets",
                                                                  "kafka-after-offsets", "kafka-after-commit",
                                                                  "kafka-after-store-write"};

inline std::string kill_point_test_name(const testing::TestParamInfo<std::string_view>& point) {
  std::string name(point.param);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

// Runs the engine that has kill points until the one of that name is reached for the `count`th time, or to its end.
Finished run_into_kill_point(std::string_view name, uint64_t count, const std::vector<std::string>& arguments);

}  // namespace earshot::faults
