// Labelled series of the Numenta Anomaly Benchmark: CSV files of "timestamp,value" beside a windows.json.
#pragma once

#include <filesystem>
#include <vector>

#include "bench/spikes/nab_score.h"
#include "engine/base/result.h"

namespace earshot::bench {

// Runs every *.csv of the folder, in name order, through a detector of panes of `pane_ms` as `earshot try spike` does,
// and labels it from windows.json. Errors name the file and what was expected.
Result<std::vector<ScoredSeries>> score_folder(const std::filesystem::path& folder, int64_t pane_ms);

}  // namespace earshot::bench
