// Tail: shows the records of an output topic as they are committed, until a signal or the end that was asked for.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "ops/settings/settings.h"

namespace earshot {

struct TailOptions {
  std::string topic;
  bool from_beginning = false;
  bool until_end = false;  // stop at the end of what is there instead of waiting for more
};

// `show` makes the text of one record, without the last newline. Answers the exit status.
int tail_topic(const Settings& settings, const TailOptions& options,
               const std::function<std::string(std::string_view value)>& show);

}  // namespace earshot
