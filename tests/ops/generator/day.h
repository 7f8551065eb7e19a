// Day: all lines of a generated day, for tests that look at the whole.
#pragma once

#include <cstdlib>
#include <vector>

#include "ops/generator/generator.h"

namespace earshot::generator {

inline std::vector<Line> whole_day(const DayPlan& plan) {
  Result<Generator> generator = Generator::create(plan);
  if (!generator) std::abort();
  std::vector<Line> lines;
  Line line;
  while (generator->next(line)) lines.push_back(line);
  return lines;
}

}  // namespace earshot::generator
