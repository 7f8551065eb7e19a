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
  // nothing. So does a time more than a week ahead, such as a date from next year, until the next one bears it out.
  SpikeScore observe(int64_t time_ms, double value);

 private:
  static constexpr int64_t kNoTime = INT64_MIN;
  static constexpr int64_t kBelievedAheadMs = 7LL * 24 * 3'600'000;

  [[nodiscard]] bool is_believed(int64_t time_ms);

  int64_t pane_ms_;
  int64_t origin_ms_ = kNoTime;
  int64_t last_ms_ = kNoTime;
  int64_t doubtful_ms_ = kNoTime;  // a time far ahead that nothing has borne out yet
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
