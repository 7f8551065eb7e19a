// Sink: where committed outputs are copied for a reader outside the log, a file or stdout. Its bytes become final with
// the commit that they belong to, so that a crash leaves neither half a line nor a doubled one.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "engine/base/result.h"

namespace earshot {

class Sink {
 public:
  virtual ~Sink() = default;

  // Drops whatever was written past `position` (what the last commit recorded; 0 at first).
  virtual Result<void> recover(int64_t position) = 0;

  // Adds one record; the newline is the sink's.
  virtual Result<void> write(std::string_view value) = 0;

  // Makes what was written durable and answers the position to record in the commit (bytes written; -1 for a stream
  // that cannot be recovered, such as stdout).
  virtual Result<int64_t> flush() = 0;
};

}  // namespace earshot
