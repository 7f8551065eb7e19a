#include "operators/spike/series.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>
#include <optional>

#include "engine/time/timestamp.h"
#include "engine/time/watermark.h"

namespace earshot::spike {
namespace {

DetectorOptions with_pane(DetectorOptions options, int64_t pane_ms) {
  options.pane_ms = pane_ms;
  return options;
}

std::string_view trim(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::optional<double> parse_number(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(number)) return std::nullopt;
  return number;
}

std::optional<int64_t> parse_time_ms(std::string_view text) {
  constexpr double kSecondsMax = 2.5e11;  // year 9999
  if (const auto seconds = parse_number(text)) {
    if (std::abs(*seconds) > kSecondsMax) return std::nullopt;
    return static_cast<int64_t>(std::llround(*seconds * 1000));
  }
  if (const auto time = parse_rfc3339_ms(text)) return time;
  return parse_rfc3339_ms(std::string(text) + "Z");
}

}  // namespace

SeriesDetector::SeriesDetector(int64_t pane_ms, const DetectorOptions& options)
    : pane_ms_(pane_ms), detector_(with_pane(options, pane_ms)) {}

bool SeriesDetector::is_believed(int64_t time_ms) {
  const auto is_near = [&](int64_t before_ms) { return time_ms - before_ms <= kBelievedAheadMs; };
  if (last_ms_ == kNoTime || is_near(last_ms_)) {
    doubtful_ms_ = kNoTime;
    return true;
  }
  const bool is_borne_out = doubtful_ms_ != kNoTime && time_ms >= doubtful_ms_ && is_near(doubtful_ms_);
  doubtful_ms_ = is_borne_out ? kNoTime : time_ms;
  return is_borne_out;
}

SpikeScore SeriesDetector::observe(int64_t time_ms, double value) {
  if (!is_believed(time_ms)) return {};
  if (origin_ms_ == kNoTime) origin_ms_ = time_ms;
  last_ms_ = std::max(last_ms_, time_ms);
  const int64_t panes_since = pane_start(time_ms - origin_ms_ + pane_ms_ / 2, pane_ms_);
  const int64_t start_ms = pane_start(origin_ms_, pane_ms_) + panes_since;
  detector_.skip_unknown_until(start_ms);
  return detector_.observe(start_ms, value);
}

Result<void> SpikeCsv::transform(std::string_view line, std::string& out) {
  ++line_number_;
  const bool has_return = !line.empty() && line.back() == '\r';
  if (has_return) line.remove_suffix(1);
  out.append(line);
  const auto finish = [&](std::string_view columns) {
    out.append(columns);
    if (has_return) out.push_back('\r');
  };
  if (trim(line).empty()) {
    finish("");
    return {};
  }
  const size_t comma = line.find(',');
  const std::string_view first = trim(line.substr(0, comma));
  std::string_view second = comma == std::string_view::npos ? std::string_view{} : line.substr(comma + 1);
  second = trim(second.substr(0, second.find(',')));
  const auto value = parse_number(second);
  if (!value && line_number_ == 1) {
    finish(",score,alert,level");
    return {};
  }
  const auto time_ms = parse_time_ms(first);
  if (!value || *value < 0 || !time_ms) {
    finish(",,,");
    const std::string problem =
        time_ms ? fmt::format("'{}' is not a value: expected a number of at least 0", second)
                : fmt::format("'{}' is not a timestamp: expected RFC 3339 or seconds since the epoch", first);
    return invalid(problem, fmt::format("line {}", line_number_));
  }
  const SpikeScore judged = detector_.observe(*time_ms, *value);
  finish(fmt::format(",{:.6f},{},{}", judged.score, judged.is_alert ? 1 : 0, judged.surge_level));
  return {};
}

}  // namespace earshot::spike
