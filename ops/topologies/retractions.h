// Retractions: how it is told that a mention holds no more, by whichever stage knows it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "engine/runtime/topology.h"
#include "schemas/mention.h"

namespace earshot {

// Empty: not told there.
struct RetractionTopics {
  std::string_view mentions;     // of the listener's spoke
  std::string_view engagements;  // for DESK
};

// `time_ms`: of what took the mention back, in event time. `scratch` keeps its memory.
Result<void> tell_retraction(const Retraction& retraction, uint64_t rule_version, int64_t time_ms,
                             const RetractionTopics& topics, std::string& scratch, Outbox& outbox);

}  // namespace earshot
