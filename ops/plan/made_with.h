// MadeWith: what the state on a log was made with, as a record on that log: the options whose edit would rob it of its
// meaning. `earshot run` and `earshot check` compare it with the configuration at hand.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "ops/plan/plan.h"
#include "ops/settings/settings.h"

namespace earshot::plan {

// A JSON object: {"version":1,"options":{"windows.pane":["10s"],…}}. Where the log itself lies is left out: whoever
// reads the record has found it.
[[nodiscard]] std::string made_with(Settings settings);

// The edits since then that need a state reset. An option that the record does not know is none. kCorrupt: not a record
// of a version that is known.
[[nodiscard]] Result<std::vector<Edit>> resets_since(std::string_view record, Settings settings);

}  // namespace earshot::plan
