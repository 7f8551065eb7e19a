#include "tests/faults/kill_points.h"

#include <cstdlib>

namespace earshot::faults {

Finished run_into_kill_point(std::string_view name, uint64_t count, const std::vector<std::string>& arguments) {
  const std::string place = std::string(name) + ":" + std::to_string(count);
  setenv("EARSHOT_KILL_AT", place.c_str(), 1);
  EngineProcess engine(arguments, {}, EARSHOT_WITH_KILL_POINTS);
  unsetenv("EARSHOT_KILL_AT");
  return engine.wait();
}

}  // namespace earshot::faults
