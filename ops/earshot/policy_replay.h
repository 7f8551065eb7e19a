// PolicyReplay: one listener's history through LISTEN, DETECT and INCIDENT at once, to see when a policy would have
// opened incidents. Event time alone counts: all of the history is on time.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/base/result.h"
#include "ops/settings/settings.h"
#include "schemas/alert.h"
#include "schemas/listener.h"

namespace earshot {

struct ReplaySpan {
  int64_t from_ms = 0;  // what is older is learned from and opens nothing that counts
  int64_t to_ms = 0;    // what is younger is left out
};

struct ReplayedHistory {
  std::vector<Alert> alerts;  // of incidents that were opened in the span
  uint64_t posts = 0;         // read, before `to`
  uint64_t mentions = 0;      // of the listener
  int64_t first_ms = 0;       // of the earliest mention
};

// Reads the input that `settings` name, as far as it is still there. kInvalid: stdin, or a query that cannot be read.
// Precondition: `alone` has one listener.
Result<ReplayedHistory> replay_policy(const Settings& settings, std::shared_ptr<const ListenerSet> alone,
                                      const ReplaySpan& span);

}  // namespace earshot
