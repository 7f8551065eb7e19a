// The machine's clock, for times that people and other systems read; what must be the same on every run goes by event
// time.
#pragma once

#include <chrono>
#include <cstdint>

namespace earshot {

// Milliseconds since 1970-01-01T00:00:00Z.
inline int64_t wall_clock_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

}  // namespace earshot
