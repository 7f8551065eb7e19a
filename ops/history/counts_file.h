// Counts of the past, as `earshot baseline import` reads them: CSV with the columns listener, pane_start, count and, if
// there is one, negative; or NDJSON, an object a line with members of the same names. A time is RFC 3339 or seconds
// since the epoch.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <map>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "ops/topologies/detect_history.h"
#include "schemas/listener.h"

namespace earshot::history {

struct CountsFileOptions {
  std::string name;              // for messages
  int64_t every_ms = 10'000;     // a row stands for so much time, and begins at a multiple of it
  int64_t now_ms = 0;            // nothing is counted yet that comes after it
  size_t rows_max = 50'000'000;  // of the file
};

// By listener, each in order of time. kInvalid: every fault, a line each, "NAME:LINE: message", the first twenty of
// them. Faults: a row that cannot be read, a listener that the set does not have, a time that begins no pane or lies in
// the future, more negative mentions than there are, a listener's pane that is given twice, no row at all.
Result<std::map<std::string, std::vector<HistoryPane>>> read_counts(std::istream& in, const ListenerSet& listeners,
                                                                    const CountsFileOptions& options);

}  // namespace earshot::history
