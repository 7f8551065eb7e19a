#include "operators/incident/severity.h"

#include <algorithm>
#include <cmath>

#include "schemas/counts.h"
#include "schemas/finding.h"

namespace earshot::incident {

Severity severity_of(const wire::Signal& signal) {
  const auto unit = [](double value) { return std::clamp(value, 0.0, 1.0); };
  const wire::Counts& counts = signal.counts();
  const auto mentions = static_cast<double>(std::max<uint64_t>(1, counts.mentions()));
  const double multiple = std::max(1.0, signal.observed() / std::max(0.1, signal.expected()));
  constexpr double kNegativeShareOfAnyone = 0.2;
  const double usual = signal.usual_negative_share() < 0 ? kNegativeShareOfAnyone : signal.usual_negative_share();
  const auto authors = static_cast<double>(estimate_distinct(counts.author_bits(), counts.mentions()));
  Severity severity;
  severity.values[Severity::kVolume] = unit(std::log2(multiple) / 5);  // 32 times the usual is full
  const bool is_missed =
      signal.kind() == to_string(FindingKind::kMentionsDrop) || signal.kind() == to_string(FindingKind::kFeedSilence);
  if (is_missed) severity.values[Severity::kVolume] = unit(1 - signal.observed() / std::max(0.1, signal.expected()));
  severity.values[Severity::kSentiment] = unit((static_cast<double>(counts.negative()) / mentions - usual) / 0.6);
  severity.values[Severity::kReach] = unit(std::log10(1 + static_cast<double>(counts.reach())) / 7);  // ten million
  severity.values[Severity::kBreadth] = unit(std::log2(1 + authors) / 10);                            // a thousand
  return severity;
}

Severity severity_of(const wire::IncidentState& state) {
  Severity severity;
  for (int i = 0; i < state.severity_size() && i < Severity::kFactors; ++i) {
    severity.values[static_cast<size_t>(i)] = state.severity(i);
  }
  return severity;
}

double rate_of(const wire::Signal& signal) {
  return signal.observed() / static_cast<double>(std::max<int64_t>(1, signal.window_ms()));
}

int64_t end_of(const wire::Signal& signal) {
  return signal.pane_start_ms() + signal.pane_ms();
}

}  // namespace earshot::incident
