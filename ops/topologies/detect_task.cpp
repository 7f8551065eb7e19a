#include <algorithm>
#include <cstdlib>

#include "ops/topologies/detect.h"
#include "ops/topologies/detect_keys.h"
#include "ops/topologies/wire_work.h"
#include "schemas/window.h"

namespace earshot {
namespace {

using namespace detect_keys;

}  // namespace

DetectTask::DetectTask(const DetectOptions& options, std::shared_ptr<const ListenerDirectory> listeners,
                       std::unique_ptr<StateStore> store)
    : options_(options),
      store_(std::move(store)),
      hearings_(*store_, options.partitions),
      windows_(options.window, *store_),
      deleted_(*store_, kDeletedPrefix, options.deleted_posts_max),
      shown_(*store_, kShownPrefix, options.shown_posts_max),
      feed_(options.feed) {
  adopt(std::move(listeners));
}

void DetectTask::adopt(std::shared_ptr<const ListenerDirectory> listeners) {
  monitors_.clear();  // each is read from the store when it is needed, under the new policy
  listeners_ = std::move(listeners);
  hearings_.adopt(listeners_);
}

Result<void> DetectTask::restore() {
  if (auto restored = windows_.restore(); !restored) return restored;
  if (auto restored = deleted_.restore(); !restored) return restored;
  if (auto restored = shown_.restore(); !restored) return restored;
  if (auto restored = restore_feed(); !restored) return restored;
  return restore_active();
}

Result<void> DetectTask::restore_feed() {
  auto stored = store_->get(kFeedKey);
  if (!stored) return stored.error();
  return stored->has_value() ? feed_.restore(**stored, options_.now_ms()) : Result<void>();
}

Result<void> DetectTask::restore_active() {
  auto scanned = store_->scan(kActivePrefix, [&](std::string_view key, std::string_view) {
    active_.emplace(key.substr(kActivePrefix.size()));
    return true;
  });
  if (!scanned) return scanned;
  scanned = store_->scan(kWatchedPrefix, [&](std::string_view key, std::string_view) {
    watched_.emplace(key.substr(kWatchedPrefix.size()));
    return true;
  });
  if (!scanned) return scanned;
  // Ticks until there were judged before the last commit.
  const int64_t closed_ms = windows_.closed_until_ms();
  if (closed_ms != kNoWatermark) {
    next_tick_ms_ = pane_start(closed_ms, ListenerFindings::kTickMs) + ListenerFindings::kTickMs;
  }
  for (const std::string& name : active_) {
    auto monitored = monitor_of(name);
    if (!monitored) return monitored.error();
    next_pane_ms_ = std::max(next_pane_ms_, (*monitored)->monitor->next_pane_start_ms());
  }
  return {};
}

Result<void> DetectTask::add(wire::Partial& partial) {
  is_changed_ = true;
  rule_version_ = partial.rule_version();
  if (options_.watches_feed) feed_.observe(partial, options_.now_ms());
  if (auto added = windows_.add(partial); !added) return added;
  if (partial.deleted_size() > 0) take_back(partial);
  for (const wire::EvidenceChange& change : partial.changes()) {
    if (auto changed = change_evidence(change); !changed) return changed;
  }
  return {};
}

// Deleted posts leave all evidence at once; what comes of them later, from another partition, is held back by deleted_.
void DetectTask::take_back(const wire::Partial& partial) {
  for (const uint64_t post : partial.deleted()) {
    deleted_.add(post);
    if (shown_.contains(post)) changes_.add_deleted(post);
  }
  const auto is_gone = [this](uint64_t post) { return deleted_.contains(post); };
  windows_.forget_evidence(is_gone);
  for (auto& [name, monitored] : monitors_) monitored.is_dirty |= monitored.monitor->forget_evidence(is_gone);
}

Result<void> DetectTask::change_evidence(const wire::EvidenceChange& change) {
  if (shown_.contains(change.post())) *changes_.add_changes() = change;
  windows_.change_evidence(change);
  auto found = monitor_of(change.listener());
  if (!found) return found.error();
  (*found)->is_dirty |= (*found)->monitor->change_evidence(change);
  return {};
}

void DetectTask::tell_changes(std::vector<wire::Signal>& signals) {
  if (changes_.deleted_size() == 0 && changes_.changes_size() == 0) return;
  changes_.set_hub(options_.hub);
  changes_.set_pane_ms(options_.window.pane_ms);
  if (windows_.closed_until_ms() != kNoWatermark) {
    changes_.set_pane_start_ms(windows_.closed_until_ms() - options_.window.pane_ms);
  }
  signals.push_back(changes_);
  changes_.Clear();
}

// The earliest pane that event time has closed and that somebody must see.
std::optional<int64_t> DetectTask::next_pane() const {
  auto next = windows_.next_closed_pane();
  const bool is_tick_due = !active_.empty() && next_pane_ms_ < windows_.closable_until_ms();
  if (is_tick_due && (!next || next_pane_ms_ < *next)) next = next_pane_ms_;
  return next;
}

Result<void> DetectTask::close(std::vector<wire::Signal>& signals, Outbox& outbox) {
  const size_t first = signals.size();
  if (auto closed = close_panes(signals); !closed) return closed;
  finish(signals, first);
  tell_changes(signals);
  return emit_windows(outbox);
}

// Panes and ticks in the order of time, so that it does not matter how many of them one commit closes.
Result<void> DetectTask::close_panes(std::vector<wire::Signal>& signals) {
  while (const auto pane = next_pane()) {
    if (auto ticked = tick_until(*pane, signals); !ticked) return ticked;
    if (auto closed = close_pane(*pane, signals); !closed) return closed;
  }
  const int64_t closable_ms = windows_.closable_until_ms();
  return closable_ms == kNoWatermark ? Result<void>() : tick_until(closable_ms, signals);
}

// Says who found it and by which rules, and remembers which posts it shows.
void DetectTask::finish(std::vector<wire::Signal>& signals, size_t first) {
  for (size_t i = first; i < signals.size(); ++i) {
    wire::Signal& signal = signals[i];
    for (const wire::Evidence& shown : signal.evidence()) shown_.add(post_hash(shown.post_id(), shown.platform()));
    signal.set_hub(options_.hub);
    signal.set_rule_version(rule_version_);
  }
}

Result<void> DetectTask::tick_until(int64_t until_ms, std::vector<wire::Signal>& signals) {
  constexpr int64_t kTickMs = ListenerFindings::kTickMs;
  if (next_tick_ms_ == kNoWatermark || watched_.empty()) {
    next_tick_ms_ = std::max(next_tick_ms_, pane_start(until_ms, kTickMs) + kTickMs);
    return {};
  }
  for (; next_tick_ms_ <= until_ms && !watched_.empty(); next_tick_ms_ += kTickMs) {
    if (auto ticked = tick(next_tick_ms_, signals); !ticked) return ticked;
  }
  next_tick_ms_ = std::max(next_tick_ms_, pane_start(until_ms, kTickMs) + kTickMs);
  return {};
}

Result<void> DetectTask::tick(int64_t end_ms, std::vector<wire::Signal>& signals) {
  HeardTogether hour;
  HeardTogether quarter;
  for (const std::string& name : watched_) {
    auto found = monitor_of(name);
    if (!found) return found.error();
    (*found)->findings->add_to(hour, quarter, end_ms, *(*found)->monitor);
  }
  const std::set<std::string> names = watched_;  // some leave it
  for (const std::string& name : names) {
    Monitored& monitored = monitors_.at(name);
    monitored.is_dirty |= monitored.findings->is_active();  // calm counts too
    monitored.findings->tick(end_ms, hour, quarter, *monitored.monitor, signals);
    monitored.is_dirty |= monitored.findings->is_active();
    set_watched(name, listeners_->find(name) != nullptr && monitored.findings->wants_ticks(end_ms));
  }
  return {};
}

void DetectTask::set_watched(const std::string& name, bool is_watched) {
  if (is_watched && watched_.insert(name).second) store_->put(key_of(kWatchedPrefix, name), "");
  if (!is_watched && watched_.erase(name) > 0) store_->erase(key_of(kWatchedPrefix, name));
}

void DetectTask::watch_feed(std::vector<wire::Signal>& signals) {
  constexpr int64_t kJudgeEveryMs = 1'000;
  const int64_t now_ms = options_.now_ms();
  if (!options_.watches_feed || std::abs(now_ms - feed_judged_ms_) < kJudgeEveryMs) return;
  feed_judged_ms_ = now_ms;
  if (const auto finding = feed_.judge(now_ms)) {
    wire::Signal& signal = signals.emplace_back();
    signal.set_listener(std::string(kFeedName));
    signal.set_pane_ms(options_.window.pane_ms);
    signal.set_pane_start_ms(now_ms - options_.window.pane_ms);  // each later than the last, also within a pane
    signal.set_kind(std::string(to_string(finding->kind)));
    signal.set_reason(finding->reason);
    signal.set_score(finding->score);
    signal.set_level(static_cast<uint32_t>(finding->level));
    signal.set_is_final(finding->is_final);
    signal.set_observed(finding->observed);
    signal.set_expected(finding->expected);
    signal.set_window_ms(finding->window_ms);
    signal.set_probability(1);
    signal.set_same_time_last_week(-1);
    signal.set_usual_negative_share(-1);
    signal.set_confidence(1);
    signal.set_hub(options_.hub);
    signal.set_rule_version(rule_version_);
  }
  if (feed_.is_dirty()) store_->put(kFeedKey, feed_.save());
}

Result<void> DetectTask::close_pane(int64_t pane_start_ms, std::vector<wire::Signal>& signals) {
  if (auto heard = hearings_.hear_pane(pane_start_ms); !heard) return heard;
  auto panes = windows_.take_pane(pane_start_ms);
  const size_t loud = panes.size();
  for (const std::string& name : active_) {
    const auto found = std::ranges::lower_bound(panes.begin(), panes.begin() + static_cast<std::ptrdiff_t>(loud), name,
                                                {}, &window::NamedPane::listener);
    const bool is_loud = found != panes.begin() + static_cast<std::ptrdiff_t>(loud) && found->listener == name;
    if (!is_loud) panes.push_back({name, {}});  // quiet, but must be seen
  }
  if (panes.size() > loud) std::ranges::sort(panes, {}, &window::NamedPane::listener);
  for (auto& [name, pane] : panes) {
    if (auto observed = observe(name, pane_start_ms, pane, signals); !observed) return observed;
  }
  next_pane_ms_ = pane_start_ms + options_.window.pane_ms;
  return {};
}

Result<void> DetectTask::observe(const std::string& name, int64_t pane_start_ms, window::PaneSum& pane,
                                 std::vector<wire::Signal>& signals) {
  auto found = monitor_of(name);
  if (!found) return found.error();
  Monitored& monitored = **found;
  monitored.is_dirty = true;
  monitored.touched_ms = pane_start_ms;
  std::erase_if(pane.evidence, [&](const RankedEvidence& piece) { return deleted_.contains(piece.place.tie); });
  if (monitored.follows_history) {
    monitored.monitor->skip_unknown_until(pane_start_ms);
    store_->erase(key_of(kHistoryPrefix, name));
    monitored.follows_history = false;
  }
  auto signal = monitored.monitor->observe(pane_start_ms, pane.counts, pane.evidence);
  set_active(name, monitored.monitor->is_active());
  if (signal) signals.push_back(std::move(*signal));
  monitored.findings->observe(pane_start_ms, pane.counts, pane.sample, *monitored.monitor, signals);
  if (monitored.findings->wants_ticks(pane_start_ms)) set_watched(name, true);
  return {};
}

void DetectTask::set_active(const std::string& name, bool is_active) {
  if (is_active && active_.insert(name).second) store_->put(key_of(kActivePrefix, name), "");
  if (!is_active && active_.erase(name) > 0) store_->erase(key_of(kActivePrefix, name));
}

Result<void> DetectTask::emit_windows(Outbox& outbox) {
  for (const window::ClosedWindow& window : windows_.take_windows()) {
    if (!options_.writes_windows) continue;
    const Listener* listener = listeners_->find(window.listener);
    scratch_.clear();
    append_window_json(scratch_, {.listener = window.listener,
                                  .spoke = listener ? std::string_view(listener->spoke) : std::string_view(),
                                  .start_ms = window.start_ms,
                                  .length_ms = window.length_ms,
                                  .counts = &window.counts,
                                  .revision = window.revision});
    auto produced = outbox.produce({.topic = options_.windows_topic,
                                    .key = window.listener,
                                    .value = scratch_,
                                    .timestamp_ms = window.start_ms + window.length_ms});
    if (!produced) return produced;
  }
  return {};
}

Result<DetectTask::Monitored*> DetectTask::monitor_of(const std::string& name) {
  const auto [entry, is_new] = monitors_.try_emplace(name);
  Monitored& monitored = entry->second;
  if (!is_new) return &monitored;
  const Listener* listener = listeners_->find(name);
  monitored.monitor = std::make_unique<spike::ListenerMonitor>(name, listener, options_.monitor);
  monitored.findings = std::make_unique<ListenerFindings>(name, listener, options_.findings, options_.window.pane_ms);
  if (auto restored = restore_monitored(name, monitored); !restored) return restored.error();
  return &monitored;
}

Result<void> DetectTask::restore_monitored(const std::string& name, Monitored& monitored) {
  auto findings = store_->get(key_of(kFindingsPrefix, name));
  if (!findings) return findings.error();
  if (findings->has_value()) {
    if (auto restored = monitored.findings->restore(**findings); !restored) return restored;
  }
  auto stored = store_->get(key_of(kMonitorPrefix, name));
  if (!stored) return stored.error();
  if (stored->has_value()) {
    if (auto restored = monitored.monitor->restore(**stored); !restored) return restored;
    monitored.monitor->forget_evidence([this](uint64_t post) { return deleted_.contains(post); });
    const auto history = store_->get(key_of(kHistoryPrefix, name));
    if (!history) return history.error();
    monitored.follows_history = history->has_value();
    return {};
  }
  const auto since_ms = hearings_.since(name);
  if (!since_ms) return since_ms.error();
  if (since_ms->has_value()) monitored.monitor->start_at(pane_start(**since_ms, options_.window.pane_ms));
  return {};
}

Result<void> DetectTask::checkpoint() {
  for (auto& [name, monitored] : monitors_) {
    if (!monitored.is_dirty) continue;
    store_->put(key_of(kMonitorPrefix, name), monitored.monitor->save());
    store_->put(key_of(kFindingsPrefix, name), monitored.findings->save());
    monitored.is_dirty = false;
  }
  if (auto written = hearings_.checkpoint(); !written) return written;
  deleted_.checkpoint();
  shown_.checkpoint();
  forget_quiet();
  is_changed_ = false;
  return windows_.checkpoint();
}

void DetectTask::forget_quiet() {
  const int64_t now_ms = windows_.closed_until_ms();
  std::erase_if(monitors_, [&](const auto& entry) {
    return !active_.contains(entry.first) && !watched_.contains(entry.first) &&
           entry.second.touched_ms + options_.forget_after_ms < now_ms;
  });
  for (auto entry = monitors_.begin(); entry != monitors_.end() && monitors_.size() > options_.monitors_max;) {
    entry = active_.contains(entry->first) ? std::next(entry) : monitors_.erase(entry);
  }
}

}  // namespace earshot
