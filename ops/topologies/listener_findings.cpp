#include "ops/topologies/listener_findings.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>

#include "engine/time/watermark.h"

namespace earshot {
namespace {

constexpr uint32_t kStateVersion = 1;
constexpr int64_t kBlockMs = silence::MentionDrop::kBlockMs;
constexpr int64_t kHourMs = silence::MentionDrop::kHourMs;
constexpr int64_t kQuarterMs = silence::MentionDrop::kQuarterMs;
constexpr int64_t kWeekMs = 168 * kHourMs;

double expected_in(const baseline::Baseline& baseline, int64_t end_ms, int64_t window_ms) {
  double expected = 0;
  for (int64_t at = end_ms - window_ms; at < end_ms; at += kBlockMs) {
    expected += baseline.at(at + kBlockMs / 2).rate_per_ms * static_cast<double>(kBlockMs);
  }
  return expected;
}

silence::DropWindow drop_window(const baseline::Baseline& baseline, int64_t end_ms, int64_t window_ms) {
  const baseline::Expectation now = baseline.at(end_ms - window_ms / 2);
  // Neighbouring blocks are neither independent nor equal: the spread of a window lies between.
  const double shrunk = std::sqrt(static_cast<double>(kBlockMs) / static_cast<double>(window_ms));
  return {.length_ms = window_ms,
          .expected = expected_in(baseline, end_ms, window_ms),
          .dispersion = now.dispersion * shrunk + now.uncertainty,
          .same_time_last_week = baseline.same_time_last_week(end_ms, window_ms)};
}

}  // namespace

ListenerFindings::ListenerFindings(std::string name, const Listener* listener, const FindingOptions& options,
                                   int64_t pane_ms)
    : name_(std::move(name)),
      options_(options),
      pane_ms_(pane_ms),
      drop_(options.drop),
      sentiment_shift_(options.sentiment_shift),
      viral_post_(options.viral_post),
      emerging_term_(listener ? listener->query : std::string(), options.emerging_term) {
  if (!listener) return;
  spoke_ = listener->spoke;
  is_enabled_ = listener->alert.enabled;
}

void ListenerFindings::observe(int64_t pane_start_ms, const CountSums& counts, std::span<const SampledMention> sample,
                               const spike::ListenerMonitor& monitor, std::vector<wire::Signal>& signals) {
  if (!is_enabled_) return;
  if (options_.finds_drops && counts.mentions > 0) {
    drop_.add(pane_start_ms, counts.mentions);
    const int64_t tick_ms = pane_start(pane_start_ms, kTickMs);
    if (tick_ms > checked_ms_) {
      checked_ms_ = tick_ms;
      const double rate = monitor.baseline().at(pane_start_ms).rate_per_ms;
      if (rate * static_cast<double>(kHourMs) >= options_.drop.expected_min) loud_ms_ = tick_ms;
    }
  }
  if (counts.mentions == 0) return;
  const int64_t end_ms = pane_start_ms + pane_ms_;
  if (options_.finds_shifts) {
    tell_shift(sentiment_shift_.observe(pane_start_ms, counts.mentions, counts.negative), end_ms, monitor, signals);
  }
  if (options_.finds_viral_posts) {
    tell_viral_post(viral_post_.observe(pane_start_ms, pane_ms_, counts.mentions, sample), end_ms, monitor, signals);
  }
  if (options_.finds_terms) {
    tell_terms(emerging_term_.observe(pane_start_ms, sample, monitor.is_active()), end_ms, monitor, signals);
  }
}

void ListenerFindings::add_to(HeardTogether& hour, HeardTogether& quarter, int64_t end_ms,
                              const spike::ListenerMonitor& monitor) const {
  hour.observed += drop_.observed(end_ms, kHourMs);
  hour.expected += expected_in(monitor.baseline(), end_ms, kHourMs);
  quarter.observed += drop_.observed(end_ms, kQuarterMs);
  quarter.expected += expected_in(monitor.baseline(), end_ms, kQuarterMs);
}

void ListenerFindings::tick(int64_t end_ms, const HeardTogether& hour, const HeardTogether& quarter,
                            const spike::ListenerMonitor& monitor, std::vector<wire::Signal>& signals) {
  if (!is_enabled_) return;
  if (options_.finds_shifts && sentiment_shift_.is_active()) {
    tell_shift(sentiment_shift_.pass_quiet_until(end_ms), end_ms, monitor, signals);
  }
  if (options_.finds_viral_posts && viral_post_.is_active()) {
    tell_viral_post(viral_post_.pass_quiet_until(end_ms), end_ms, monitor, signals);
  }
  if (options_.finds_terms && emerging_term_.is_active()) {
    tell_terms(emerging_term_.pass_quiet_until(end_ms, monitor.is_active()), end_ms, monitor, signals);
  }
  if (!options_.finds_drops) return;
  std::array<silence::DropWindow, 2> windows{drop_window(monitor.baseline(), end_ms, kQuarterMs),
                                             drop_window(monitor.baseline(), end_ms, kHourMs)};
  const auto set_others = [&](silence::DropWindow& window, const HeardTogether& all) {
    window.others_observed = all.observed - drop_.observed(end_ms, window.length_ms);
    window.others_expected = all.expected - window.expected;
  };
  set_others(windows[0], quarter);
  set_others(windows[1], hour);
  if (const auto finding = drop_.judge(end_ms, windows)) signals.push_back(signal_of(*finding, end_ms, monitor));
}

void ListenerFindings::tell_shift(std::optional<Finding> finding, int64_t end_ms, const spike::ListenerMonitor& monitor,
                                  std::vector<wire::Signal>& signals) const {
  if (!finding) return;
  finding->expected = expected_in(monitor.baseline(), pane_start(end_ms, kBlockMs), kHourMs);
  signals.push_back(signal_of(*finding, end_ms, monitor));
}

// The post itself first if it is at hand, then whoever passes it on.
void ListenerFindings::tell_viral_post(const std::optional<viral_post::ViralPostFinding>& found, int64_t end_ms,
                                       const spike::ListenerMonitor& monitor,
                                       std::vector<wire::Signal>& signals) const {
  if (!found) return;
  const auto place = [&](const EvidencePlace& piece) {
    if (piece.tie == found->post) return 0;
    return found->text != 0 && piece.text_hash == found->text ? 1 : 2;
  };
  signals.push_back(signal_of(found->finding, end_ms, monitor, place));
}

void ListenerFindings::tell_terms(std::optional<emerging_term::EmergingTermFinding> found, int64_t end_ms,
                                  const spike::ListenerMonitor& monitor, std::vector<wire::Signal>& signals) const {
  if (!found) return;
  found->finding.expected = expected_in(monitor.baseline(), pane_start(end_ms, kBlockMs), kHourMs);
  wire::Signal& signal = signals.emplace_back(signal_of(found->finding, end_ms, monitor));
  signal.set_observed(std::accumulate(signal.last_hour_mentions().begin(), signal.last_hour_mentions().end(), 0.0));
  for (wire::Term& term : found->terms) *signal.add_terms() = std::move(term);
}

bool ListenerFindings::wants_ticks(int64_t now_ms) const {
  if (!is_enabled_) return false;
  const bool is_watched = loud_ms_ != 0 && now_ms - loud_ms_ <= kWeekMs;
  return (options_.finds_drops && (is_watched || drop_.is_active())) || needs_quiet_panes();
}

wire::Signal ListenerFindings::signal_of(const Finding& finding, int64_t end_ms, const spike::ListenerMonitor& monitor,
                                         const std::function<int(const EvidencePlace&)>& place_of) const {
  wire::Signal signal;
  signal.set_listener(name_);
  signal.set_spoke(spoke_);
  signal.set_pane_start_ms(end_ms - pane_ms_);
  signal.set_pane_ms(pane_ms_);
  signal.set_kind(std::string(to_string(finding.kind)));
  signal.set_reason(finding.reason);
  signal.set_score(finding.score);
  signal.set_level(static_cast<uint32_t>(finding.level));
  signal.set_is_final(finding.is_final);
  signal.set_observed(finding.observed);
  signal.set_expected(finding.expected);
  signal.set_window_ms(finding.window_ms);
  signal.set_probability(1);  // of as many mentions: their number is not what is unusual
  signal.set_same_time_last_week(monitor.baseline().same_time_last_week(end_ms, finding.window_ms));
  signal.set_confidence(monitor.baseline().at(end_ms).confidence);
  signal.set_usual_negative_share(sentiment_shift_.usual_share());
  monitor.recent().window(end_ms, spike::RecentMentions::kHorizonMs).write_to(*signal.mutable_counts());
  monitor.last_hour().write_to(signal, end_ms);
  std::vector<const RankedEvidence*> pieces;
  for (const auto& piece : monitor.recent().evidence()) {
    if (piece.pane_start_ms >= end_ms - spike::RecentMentions::kHorizonMs) pieces.push_back(&piece.evidence);
  }
  if (place_of) {
    std::ranges::stable_sort(pieces, {}, [&](const RankedEvidence* piece) { return place_of(piece->place); });
  }
  for (const RankedEvidence* piece : pieces) {
    wire::Evidence post = read_evidence(*piece);
    ++(*signal.mutable_platforms())[post.platform()];
    if (!post.lang().empty()) ++(*signal.mutable_languages())[post.lang()];
    if (!post.country().empty()) ++(*signal.mutable_countries())[post.country()];
    if (static_cast<size_t>(signal.evidence_size()) < options_.evidence_max) *signal.add_evidence() = std::move(post);
  }
  return signal;
}

std::string ListenerFindings::save() const {
  wire::FindingsState state;
  state.set_version(kStateVersion);
  state.set_loud_ms(loud_ms_);
  state.set_checked_ms(checked_ms_);
  drop_.save(*state.mutable_drop());
  sentiment_shift_.save(*state.mutable_sentiment());
  viral_post_.save(*state.mutable_viral_post());
  emerging_term_.save(*state.mutable_emerging_term());
  return state.SerializeAsString();
}

Result<void> ListenerFindings::restore(std::string_view bytes) {
  wire::FindingsState state;
  const bool is_read = state.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  if (!is_read || state.version() != kStateVersion) {
    return Error{ErrorCode::kCorrupt, "findings about listener '" + name_ + "' are not a record of version 1", {}};
  }
  loud_ms_ = state.loud_ms();
  checked_ms_ = state.checked_ms();
  drop_.restore(state.drop());
  sentiment_shift_.restore(state.sentiment());
  viral_post_.restore(state.viral_post());
  emerging_term_.restore(state.emerging_term());
  return {};
}

}  // namespace earshot
