// Resident memory of an engine.
#pragma once

#include <chrono>

#include "tests/integration/pipeline/engine_process.h"

namespace earshot::faults {

// MiB that the process holds now; 0 when it is gone.
double resident_mib(const EngineProcess& engine);

// Waits until the engine ends, at most for `limit`; the most that it held until then, in MiB.
double peak_memory_mib(const EngineProcess& engine, std::chrono::seconds limit);

}  // namespace earshot::faults
