// DeadLetterReplay: where the records of dead letters are sent again: to the input, or to a file.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "engine/base/result.h"
#include "ops/settings/settings.h"
#include "schemas/dead_letter.h"

namespace earshot {

class DeadLetterReplay {
 public:
  virtual ~DeadLetterReplay() = default;
  virtual Result<void> send(const DeadLetterPart& letter) = 0;
  virtual Result<void> finish() = 0;
  [[nodiscard]] virtual uint64_t sent() const = 0;  // and final
};

// To the topic and partition that each record came from, in transactions of a thousand. kInvalid when the input is
// files; kUnavailable when a local log is open in a running engine.
Result<std::unique_ptr<DeadLetterReplay>> open_input_replay(const Settings& settings);

// To a new file, or to stdout for "-", each with a newline behind it.
Result<std::unique_ptr<DeadLetterReplay>> open_file_replay(const std::string& path);

}  // namespace earshot
