// SeriesDetector: the detector on a plain series of values, for `earshot try spike`; SpikeCsv reads and writes it as
// CSV.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "operators/spike/detector.h"

namespace earshot::spike {

class SeriesDetector {
 public:
  explicit SeriesDetector(int64_t pane_ms, const DetectorOptions& options = {});

  // Judges the value of the pane that `time_ms` is nearest to. Panes are aligned to the first time, so that jitter of
  // less than half a pane does no harm; missing panes are unknown, not zero; a repeated pane scores 0 and teaches
  // nothing.
  SpikeScore observe(int64_t time_ms, double value);

 private:
  static constexpr int64_t kNoTime = INT64_MIN;

  int64_t pane_ms_;
  int64_t origin_ms_ = kNoTime;
  Detector detector_;
};

// Adds the columns `score` (0 to 1), `alert` (0 or 1) and `level` (0, 1 alert, 2 critical) to lines of
// `timestamp,value[,…]`. A timestamp is RFC 3339, the same without an offset (then UTC), or seconds since the epoch.
// Quoted fields are not read.
class SpikeCsv {
 public:
  explicit SpikeCsv(int64_t pane_ms) : detector_(pane_ms) {}

  // Appends the line for `line` (both without a newline). A first line that holds no value is the header. An error
  // names the line; the appended line then has its columns empty, so that lines stay in step. A blank line stays
  // blank.
  Result<void> transform(std::string_view line, std::string& out);

 private:
  SeriesDetector detector_;
  int64_t line_number_ = 0;
};

}  // namespace earshot::spike
