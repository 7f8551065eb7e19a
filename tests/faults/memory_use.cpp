#include "tests/faults/memory_use.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>

namespace earshot::faults {

double resident_mib(const EngineProcess& engine) {
  constexpr double kKibPerMib = 1'024;
  std::ifstream status("/proc/" + std::to_string(engine.pid()) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::strtod(line.c_str() + 6, nullptr) / kKibPerMib;
  }
  return 0;
}

double peak_memory_mib(const EngineProcess& engine, std::chrono::seconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  double peak = 0;
  while (engine.is_running() && std::chrono::steady_clock::now() < deadline) {
    peak = std::max(peak, resident_mib(engine));
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return peak;
}

}  // namespace earshot::faults
