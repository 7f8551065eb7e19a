#include "ops/topologies/detect_history.h"

#include <algorithm>
#include <vector>

#include "ops/topologies/detect_keys.h"

namespace earshot {
namespace {

using namespace detect_keys;

// A listener's detectors, that hear its past without a word.
class Rehearsal {
 public:
  Rehearsal(const Listener& listener, const DetectOptions& options)
      : pane_ms_(options.window.pane_ms),
        monitor_(listener.name, &listener, with_pane(options)),
        findings_(listener.name, &listener, of_counts_alone(options.findings), pane_ms_) {}

  void begin(int64_t start_ms) { monitor_.start_at(start_ms); }

  void hear(const HistoryPane& stretch, int64_t every_ms) {
    const auto panes = static_cast<uint64_t>(every_ms / pane_ms_);
    const auto part_of = [panes](uint64_t count, uint64_t pane) {
      return count * (pane + 1) / panes - count * pane / panes;
    };
    for (uint64_t pane = 0; pane < panes; ++pane) {
      CountSums counts;
      counts.mentions = part_of(stretch.mentions, pane);
      counts.negative = std::min(counts.mentions, part_of(stretch.negative, pane));
      if (counts.mentions > 0) observe(stretch.start_ms + static_cast<int64_t>(pane) * pane_ms_, counts);
    }
  }

  // A surge at the end of the past was nobody's to tell, and what follows was not heard until earshot begins.
  void save(const std::string& name, StateStore& store) const {
    store.put(key_of(kMonitorPrefix, name), monitor_.save());
    store.put(key_of(kFindingsPrefix, name), findings_.save());
    store.put(key_of(kHistoryPrefix, name), "");
    store.erase(key_of(kActivePrefix, name));
    store.erase(key_of(kWatchedPrefix, name));
  }

 private:
  static spike::MonitorOptions with_pane(const DetectOptions& options) {
    spike::MonitorOptions monitor = options.monitor;
    monitor.detector.pane_ms = options.window.pane_ms;
    return monitor;
  }

  // Nobody knows whether the listener was silent after its past, nor what was said in it.
  static FindingOptions of_counts_alone(FindingOptions findings) {
    findings.finds_drops = false;
    findings.finds_viral_posts = false;
    findings.finds_terms = false;
    return findings;
  }

  void observe(int64_t pane_start_ms, const CountSums& counts) {
    while (monitor_.is_active() && monitor_.next_pane_start_ms() < pane_start_ms) {
      monitor_.observe(monitor_.next_pane_start_ms(), {}, {});
    }
    monitor_.observe(pane_start_ms, counts, {});
    findings_.observe(pane_start_ms, counts, {}, monitor_, unheard_);
    unheard_.clear();
  }

  int64_t pane_ms_;
  spike::ListenerMonitor monitor_;
  ListenerFindings findings_;
  std::vector<wire::Signal> unheard_;
};

}  // namespace

Result<void> learn_history(const Listener& listener, std::span<const HistoryPane> history,
                           const HistoryOptions& options, const DetectOptions& detect, StateStore& store) {
  if (history.empty()) return {};
  if (options.every_ms % detect.window.pane_ms != 0) {
    return invalid("what a row stands for is no multiple of windows.pane, " + std::to_string(detect.window.pane_ms) +
                   " ms");
  }
  const auto known = store.get(key_of(kMonitorPrefix, listener.name));
  if (!known) return known.error();
  if (known->has_value() && !options.replaces) {
    return invalid("something is known of listener '" + listener.name + "' already; --replace puts this in its place");
  }
  Rehearsal rehearsal(listener, detect);
  rehearsal.begin(history.front().start_ms);
  for (const HistoryPane& stretch : history) rehearsal.hear(stretch, options.every_ms);
  rehearsal.save(listener.name, store);
  return {};
}

}  // namespace earshot
