#include "operators/spike/listener_monitor.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "engine/time/watermark.h"
#include "operators/spike/negative_binomial.h"

namespace earshot::spike {
namespace {

constexpr uint32_t kStateVersion = 1;

DetectorOptions with_policy(DetectorOptions options, const Listener* listener) {
  if (!listener) return options;
  options.count_min = static_cast<double>(listener->alert.min_mentions);
  options.false_alarms_per_week *= std::max(1e-6, listener->alert.sensitivity);
  return options;
}

}  // namespace

ListenerMonitor::ListenerMonitor(std::string name, const Listener* listener, const MonitorOptions& options)
    : name_(std::move(name)),
      mentions_min_(with_policy(options.detector, listener).count_min),
      options_(options),
      detector_(with_policy(options.detector, listener)) {
  if (!listener) return;
  spoke_ = listener->spoke;
  query_ = listener->query;
  is_enabled_ = listener->alert.enabled;
}

void ListenerMonitor::start_at(int64_t pane_start_ms) {
  if (!detector_.has_started()) detector_.pass_quiet_until(pane_start_ms);
}

std::optional<wire::Signal> ListenerMonitor::observe(int64_t pane_start_ms, const CountSums& counts,
                                                     std::span<RankedEvidence> evidence) {
  if (detector_.has_started() && pane_start_ms < detector_.next_pane_start_ms()) return std::nullopt;
  const int64_t end_ms = pane_start_ms + options_.detector.pane_ms;
  recent_.forget_before_horizon(end_ms);
  const SpikeScore judged = detector_.observe(pane_start_ms, static_cast<double>(counts.mentions));
  const bool may_be_surge = judged.observed >= mentions_min_ && judged.observed > 2 * judged.expected;
  if (judged.level == 0 && !is_active_ && !may_be_surge && counts.mentions > 0) {
    learn_usual(pane_start_ms, counts, evidence);
  }
  if (counts.mentions > 0) recent_.add(pane_start_ms, counts, evidence);
  if (counts.mentions > 0) hour_.add(pane_start_ms, counts.mentions, counts.negative);
  if (!is_enabled_ || (judged.level == 0 && !is_active_ && !may_be_surge)) return std::nullopt;

  const CountSums window = recent_.window(end_ms, judged.window_ms);
  const int loudness = std::max(judged.level, is_negative_surge(judged, window) ? 1 : 0);
  if (loudness == 0 && !is_active_) return std::nullopt;
  const int level = raised_by_negativity(loudness, window);
  if (!is_signal_due(end_ms, level)) return std::nullopt;
  return make_signal(pane_start_ms, judged, level, window);
}

bool ListenerMonitor::is_signal_due(int64_t end_ms, int level) {
  const bool is_new = !is_active_;
  const bool is_raised = level > last_level_;
  is_active_ = true;
  is_final_ = false;
  if (level > 0) {
    calm_since_ms_ = end_ms;
  } else if (end_ms - calm_since_ms_ >= options_.resolve_after_ms) {
    is_final_ = true;
    is_active_ = false;
    last_level_ = 0;
    return true;
  }
  if (!is_new && !is_raised && end_ms - last_signal_ms_ < options_.signal_interval_ms) return false;
  last_signal_ms_ = end_ms;
  last_level_ = level;
  return true;
}

// What a restless listener's own tail forgives may still be a crisis: many more mentions, and far more negative ones.
bool ListenerMonitor::is_negative_surge(const SpikeScore& judged, const CountSums& counts) const {
  constexpr double kMultiple = 3;
  constexpr double kNegativeMultiple = 9;
  constexpr double kNegativeMin = 14;
  constexpr double kNegativeShareOfAnyone = 0.2;
  const double usual = usual_negative_share() < 0 ? kNegativeShareOfAnyone : usual_negative_share();
  const auto negative = static_cast<double>(counts.negative);
  return !judged.is_warming_up && judged.observed >= mentions_min_ && judged.observed >= kMultiple * judged.expected &&
         negative >= kNegativeMin && negative >= kNegativeMultiple * usual * judged.expected;
}

double ListenerMonitor::usual_negative_share() const {
  constexpr double kMentionsMin = 20;
  return usual_mentions_ < kMentionsMin ? -1 : usual_negative_ / usual_mentions_;
}

int ListenerMonitor::raised_by_negativity(int level, const CountSums& counts) const {
  const double usual = usual_negative_share();
  if (level != 1 || usual < 0 || counts.mentions == 0) return level;
  const auto mentions = static_cast<double>(counts.mentions);
  const double shift = static_cast<double>(counts.negative) / mentions - usual;
  constexpr double kDeviations = 3;
  const double spread = std::sqrt((usual * (1 - usual) + 1 / mentions) / mentions);
  return shift >= options_.negative_shift && shift >= kDeviations * spread ? 2 : level;
}

void ListenerMonitor::learn_usual(int64_t pane_start_ms, const CountSums& counts,
                                  std::span<const RankedEvidence> evidence) {
  constexpr double kMentionsMax = 5'000;
  usual_negative_ += static_cast<double>(counts.negative);
  usual_mentions_ += static_cast<double>(counts.mentions);
  if (usual_mentions_ > kMentionsMax) {
    usual_negative_ /= 2;
    usual_mentions_ /= 2;
  }
  // A text now and then is sample enough of what is usual.
  constexpr int64_t kLearnEveryMs = 300'000;
  if (evidence.empty() || pane_start_ms < last_learnt_ms_ + kLearnEveryMs) return;
  last_learnt_ms_ = pane_start_ms;
  terms_.learn(read_evidence(evidence.front()).text());
}

wire::Signal ListenerMonitor::make_signal(int64_t pane_start_ms, const SpikeScore& judged, int level,
                                          const CountSums& counts) const {
  wire::Signal signal;
  signal.set_listener(name_);
  signal.set_spoke(spoke_);
  signal.set_pane_start_ms(pane_start_ms);
  signal.set_pane_ms(options_.detector.pane_ms);
  signal.set_score(judged.surprise);
  signal.set_level(static_cast<uint32_t>(level));
  signal.set_observed(judged.observed);
  signal.set_expected(judged.expected);
  signal.set_window_ms(judged.window_ms);
  const int64_t end_ms = pane_start_ms + options_.detector.pane_ms;
  signal.set_same_time_last_week(detector_.baseline().same_time_last_week(end_ms, judged.window_ms));
  signal.set_probability(upper_tail_probability(judged.observed, judged.expected, judged.dispersion));
  signal.set_warming_up(judged.is_warming_up || !detector_.baseline().at(pane_start_ms).has_season);
  signal.set_confidence(judged.confidence);
  signal.set_is_final(is_final_);
  signal.set_usual_negative_share(usual_negative_share());
  counts.write_to(*signal.mutable_counts());
  hour_.write_to(signal, end_ms);
  add_terms_and_evidence(signal);
  return signal;
}

void ListenerMonitor::add_terms_and_evidence(wire::Signal& signal) const {
  struct Candidate {
    uint64_t rank;
    wire::Evidence evidence;
  };
  std::vector<Candidate> candidates;
  for (const auto& [pane_start_ms, evidence] : recent_.evidence()) {
    candidates.push_back({evidence.place.rank, read_evidence(evidence)});
  }
  std::vector<std::string_view> texts;
  std::set<std::string> own_words = terms_of(query_);
  for (const auto& [rank, evidence] : candidates) {
    texts.push_back(evidence.text());
    for (const std::string& clause : evidence.clauses()) own_words.merge(terms_of(clause));
    ++(*signal.mutable_platforms())[evidence.platform()];
    if (!evidence.lang().empty()) ++(*signal.mutable_languages())[evidence.lang()];
    if (!evidence.country().empty()) ++(*signal.mutable_countries())[evidence.country()];
  }
  for (wire::Term& term : terms_.rising(texts, own_words, options_.terms_max)) *signal.add_terms() = std::move(term);
  for (auto& [rank, evidence] : candidates) {
    const std::set<std::string> words = terms_of(evidence.text());
    constexpr int kNewWordsMax = 3;
    const auto new_words = std::count_if(signal.terms().begin(), signal.terms().end(),
                                         [&](const wire::Term& term) { return words.contains(term.text()); });
    rank *= static_cast<uint64_t>(2 + std::min<int64_t>(new_words, kNewWordsMax));
  }
  std::ranges::stable_sort(candidates, std::greater(), &Candidate::rank);
  for (auto& [rank, evidence] : candidates) {
    if (static_cast<size_t>(signal.evidence_size()) == options_.evidence_max) break;
    *signal.add_evidence() = std::move(evidence);
  }
}

std::string ListenerMonitor::save() const {
  wire::ListenerState state;
  state.set_version(kStateVersion);
  detector_.save(*state.mutable_detector());
  recent_.save(state);
  hour_.save(state);
  terms_.save(state);
  state.set_usual_negative(usual_negative_);
  state.set_usual_mentions(usual_mentions_);
  state.set_is_active(is_active_);
  state.set_calm_since_ms(calm_since_ms_);
  state.set_last_signal_ms(last_signal_ms_);
  state.set_last_level(static_cast<uint32_t>(last_level_));
  state.set_last_learnt_ms(last_learnt_ms_);
  return state.SerializeAsString();
}

Result<void> ListenerMonitor::restore(std::string_view bytes) {
  wire::ListenerState state;
  const bool is_read = state.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  if (!is_read || state.version() != kStateVersion) {
    return Error{ErrorCode::kCorrupt, "state of listener '" + name_ + "' is not a record of version 1", {}};
  }
  if (auto restored = detector_.restore(state.detector()); !restored) return restored;
  recent_.restore(state);
  hour_.restore(state);
  terms_.restore(state);
  usual_negative_ = state.usual_negative();
  usual_mentions_ = state.usual_mentions();
  is_active_ = state.is_active();
  calm_since_ms_ = state.calm_since_ms();
  last_signal_ms_ = state.last_signal_ms();
  last_level_ = static_cast<int>(state.last_level());
  last_learnt_ms_ = state.last_learnt_ms();
  return {};
}

}  // namespace earshot::spike
