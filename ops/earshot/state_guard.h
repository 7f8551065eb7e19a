// StateGuard: keeps state from being read by a configuration that it was not made for. What it was made with is a
// record on the log; `run` and `check` compare it with the configuration at hand by the same function.
#pragma once

#include <chrono>
#include <vector>

#include "engine/base/result.h"
#include "engine/flow/log.h"
#include "ops/earshot/topics.h"
#include "ops/plan/plan.h"
#include "ops/settings/settings.h"

namespace earshot {

struct StateVerdict {
  bool is_current = false;         // and says what the configuration says
  std::vector<plan::Edit> resets;  // edits that the state does not survive
};

// Reads the record from beside a running engine; writes nothing. A log that is not there yet has no record.
Result<StateVerdict> judge_state(const Settings& settings,
                                 std::chrono::milliseconds patience = std::chrono::seconds(30));

// An error that names each edit, when there is one.
Result<void> refuse_resets(const StateVerdict& verdict);

// Drops what no longer has a meaning, if anything, and writes down what the state is made with from now on. To be
// called before any stage runs; topics exist. kUnavailable: other processes of this name are at work, so that it is not
// safe.
Result<void> settle_state(Log& log, const Settings& settings, const Topics& topics, const StateVerdict& verdict);

// Of the record's topic.
TopicSpec made_with_topic(const Settings& settings);

}  // namespace earshot
