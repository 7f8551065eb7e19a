// BoundedChild: this program once more, as a child with limits, for work that must not be able to take this process
// along.
#pragma once

#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/base/result.h"

namespace earshot {

struct ChildEnd {
  bool is_timed_out = false;  // it was ended after its time
  bool is_stopped = false;    // it was ended because a stop was requested
  int signal = 0;             // that ended it; 0 when it ended by itself
  int status = 0;             // its exit status
  std::string output;         // the last 256 KiB of what it wrote to stdout
};

// Runs `earshot ARGUMENTS…` and waits for its end, at most `time_max`. It sees no file of this process but its stdout.
// kUnavailable: it could not be started.
Result<ChildEnd> run_child(const std::vector<std::string>& arguments, std::chrono::milliseconds time_max,
                           const std::stop_token& stop);

// What the child itself calls first: from now on it has so much address space and processor time, gives way to others,
// and ends when its parent does. Errors: the system does not allow it.
Result<void> bound_this_process(int64_t memory_bytes, std::chrono::seconds processor_time);

}  // namespace earshot
