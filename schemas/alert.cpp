#include "schemas/alert.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace earshot {
namespace {

std::string count_text(double count) {
  return count < 10 && std::abs(count - std::round(count)) > 0.05 ? fmt::format("{:.1f}", count)
                                                                  : fmt::format("{:.0f}", count);
}

std::string duration_text(int64_t duration_ms) {
  constexpr int64_t kMinuteMs = 60'000;
  if (duration_ms < kMinuteMs) return fmt::format("{} s", duration_ms / 1000);
  if (duration_ms < 120 * kMinuteMs) return fmt::format("{} min", duration_ms / kMinuteMs);
  return fmt::format("{:.1f} h", static_cast<double>(duration_ms) / 3.6e6);
}

std::string volume_text(double observed, double expected, int64_t window_ms) {
  constexpr double kNoneIsUsual = 0.5;  // a multiple of next to nothing says nothing
  if (expected < kNoneIsUsual) {
    return fmt::format("{} mentions in {} where hardly any is usual", count_text(observed), duration_text(window_ms));
  }
  const double multiple = observed / expected;
  const std::string counts =
      fmt::format("({} in {}, {} expected)", count_text(observed), duration_text(window_ms), count_text(expected));
  return fmt::format("{} times the usual mentions {}", count_text(multiple), counts);
}

std::string words_text(const std::vector<wire::Term>& terms) {
  constexpr size_t kWordsMax = 3;
  std::string words;
  for (size_t i = 0; i < std::min(terms.size(), kWordsMax); ++i)
    words += (i == 0 ? "; words: " : ", ") + terms[i].text();
  return words;
}

// What the incident was at its worst, or began with when it was no surge.
std::string look_back(const Alert& alert) {
  if (!alert.kind.empty()) return "it began with: " + alert.opening_reason;
  const IncidentTimeline& line = alert.timeline;
  return "at its peak " + volume_text(line.peak_observed, line.peak_expected, line.peak_window_ms);
}

std::string crowd_text(const Alert& alert) {
  if (alert.listener_count < 2) return {};
  return alert.is_storm ? fmt::format("{} listeners at once; here ", alert.listener_count)
                        : fmt::format("with {} more listeners; here ", alert.listener_count - 1);
}

}  // namespace

std::string_view to_string(IncidentEvent event) {
  switch (event) {
    case IncidentEvent::kOpened:
      return "opened";
    case IncidentEvent::kEscalated:
      return "escalated";
    case IncidentEvent::kEasing:
      return "easing";
    case IncidentEvent::kResolved:
      return "resolved";
    case IncidentEvent::kReopened:
      return "reopened";
    case IncidentEvent::kUpdated:
      return "updated";
  }
  return "opened";
}

double Severity::score() const {
  double sum = 0;
  for (size_t i = 0; i < kFactors; ++i) sum += kWeights[i] * values[i];
  return sum;
}

int Severity::level() const {
  return std::clamp(1 + static_cast<int>(score() * 5), 1, 5);
}

double Severity::share(Factor factor) const {
  const double sum = score();
  return sum <= 0 ? 0.25 : kWeights[factor] * values[factor] / sum;
}

double Alert::multiple() const {
  return observed / std::max(expected, 0.1);
}

std::string alert_headline(const Alert& alert) {
  const std::string cause = alert.cause.empty() ? "" : alert.cause + "; ";
  const std::string lasted = duration_text(alert.time_ms - alert.timeline.opened_ms);
  if (alert.event == IncidentEvent::kResolved && !alert.cause.empty()) {
    return fmt::format("{}: {}; {}", alert.listener, alert.cause, look_back(alert));
  }
  if (alert.event == IncidentEvent::kResolved) {
    return fmt::format("{}: back to usual after {}; {}", alert.listener, lasted, look_back(alert));
  }
  if (alert.event == IncidentEvent::kEasing) {
    return fmt::format("{}: easing after {}; {}", alert.listener, lasted, look_back(alert));
  }
  std::string headline = alert.listener + ": " + cause + crowd_text(alert);
  if (!alert.finding.empty()) return headline + (alert.reason.empty() ? alert.opening_reason : alert.reason);
  headline += volume_text(alert.observed, alert.expected, alert.window_ms);
  if (alert.counts.mentions() > 0) {
    const auto mentions = static_cast<double>(alert.counts.mentions());
    headline += fmt::format(", {:.0f} % negative", 100 * static_cast<double>(alert.counts.negative()) / mentions);
  }
  headline += words_text(alert.terms);
  const std::string_view origin = origin_phrase(alert.origin.reading);
  return origin.empty() ? headline : headline.append("; ").append(origin);
}

}  // namespace earshot
