#include "bench/crises/simulation.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <thread>

#include "operators/incident/incident_operator.h"
#include "operators/spike/negative_binomial.h"
#include "ops/settings/settings.h"
#include "ops/topologies/detect.h"

namespace earshot::crises {
namespace {

using StateTable = std::map<std::string, std::string, std::less<>>;

class TableBackend : public StateBackend {
 public:
  explicit TableBackend(const StateTable& table) : table_(table) {}
  Result<std::optional<std::string>> get(std::string_view key) const override {
    const auto found = table_.find(key);
    return found == table_.end() ? std::optional<std::string>() : std::optional(found->second);
  }
  Result<void> scan(std::string_view prefix,
                    const std::function<bool(std::string_view, std::string_view)>& visit) const override {
    for (auto entry = table_.lower_bound(prefix); entry != table_.end(); ++entry) {
      if (!entry->first.starts_with(prefix) || !visit(entry->first, entry->second)) break;
    }
    return {};
  }

 private:
  const StateTable& table_;
};

void commit(StateStore& store, StateTable& table) {
  for (const auto& [key, value] : store.pending()) {
    if (value) {
      table.insert_or_assign(key, *value);
    } else {
      table.erase(key);
    }
  }
  store.mark_committed();
}

struct NullOutbox : Outbox {
  Result<void> produce(const OutputRecord&) override { return {}; }
};

void require(const Result<void>& done) {
  if (!done) throw std::runtime_error(done.error().to_string());
}

// Sums of one listener's last 15 minutes, against the rate that is usual without the crisis.
class Oracle {
 public:
  Oracle(const World& world, const Crisis& crisis) : world_(world), crisis_(crisis) {}

  void observe(int64_t pane_start_ms, uint64_t count) {
    const bool can_see = pane_start_ms >= crisis_.start_ms && pane_start_ms < crisis_.end_ms && threshold_ms_ < 0;
    if (pane_start_ms < crisis_.start_ms - static_cast<int64_t>(kPanes) * kPaneMs) return;
    counts_.push_back(static_cast<double>(count));
    rates_.push_back(world_.usual_rate(crisis_.listener, pane_start_ms));
    if (!can_see) return;
    for (const size_t panes : {size_t{6}, size_t{30}, kPanes}) {
      if (counts_.size() < panes) break;
      const auto from = static_cast<std::ptrdiff_t>(counts_.size() - panes);
      double observed = 0;
      double mean = 0;
      for (auto i = from; i < static_cast<std::ptrdiff_t>(counts_.size()); ++i) {
        observed += counts_[static_cast<size_t>(i)];
        mean += rates_[static_cast<size_t>(i)];
      }
      constexpr double kCountMin = 10;
      constexpr double kOnceInAMillion = 1e-6;
      const bool is_seen =
          observed >= kCountMin &&
          spike::upper_tail_probability(observed, mean, world_.burstiness(crisis_.listener)) < kOnceInAMillion;
      if (is_seen) threshold_ms_ = pane_start_ms + kPaneMs;
    }
  }
  [[nodiscard]] int64_t threshold_ms() const { return threshold_ms_; }

 private:
  static constexpr size_t kPanes = 90;
  const World& world_;
  const Crisis& crisis_;
  std::vector<double> counts_;
  std::vector<double> rates_;
  int64_t threshold_ms_ = -1;
};

DetectOptions detect_options() {
  const DetectSettings shipped;
  DetectOptions options;
  options.writes_windows = false;
  options.window.lengths_ms = {kHourMs};
  options.monitor.detector.false_alarms_per_week = shipped.false_alarms_per_week;
  options.monitor.detector.count_min = static_cast<double>(shipped.min_mentions);
  options.monitor.detector.warm_up_ms = static_cast<double>(shipped.warm_up.count());
  options.monitor.detector.cool_down_ms = static_cast<double>(shipped.cool_down.count());
  return options;
}

// One share of the listeners, from the first day to the last.
struct Share {
  std::vector<wire::Signal> signals;
  std::map<size_t, int64_t> threshold_ms;  // by crisis
  uint64_t mentions = 0;
};

Share detect_share(const World& world, size_t first, size_t step) {
  StateTable table;
  NullOutbox outbox;
  const DetectOptions options = detect_options();
  DetectTask task(options, std::make_shared<const ListenerDirectory>(world.listeners()),
                  std::make_unique<StateStore>("detect", 0, std::make_unique<TableBackend>(table)));
  require(task.restore());
  std::vector<std::pair<size_t, ListenerFeed>> feeds;
  for (size_t i = first; i < world.listeners()->listeners.size(); i += step)
    feeds.emplace_back(i, ListenerFeed(world, i));
  std::vector<std::pair<size_t, Oracle>> oracles;
  for (size_t i = 0; i < world.crises().size(); ++i) oracles.emplace_back(i, Oracle(world, world.crises()[i]));
  Share share;
  for (int64_t pane_ms = kStartMs; pane_ms < world.end_ms(); pane_ms += kPaneMs) {
    wire::Partial partial;
    partial.set_source_partitions(1);
    partial.set_rule_version(1);
    partial.set_watermark_ms(pane_ms + kPaneMs);
    for (auto& [listener, feed] : feeds) {
      const uint64_t count = feed.add_pane(pane_ms, partial);
      share.mentions += count;
      for (auto& [crisis, oracle] : oracles) {
        if (world.crises()[crisis].listener == listener) oracle.observe(pane_ms, count);
      }
    }
    require(task.add(partial));
    require(task.close(share.signals, outbox));
    if ((pane_ms + kPaneMs) % kHourMs != 0) continue;
    require(task.checkpoint());
    commit(task.store(), table);
  }
  for (auto& [crisis, oracle] : oracles) {
    if (world.crises()[crisis].listener % step == first) share.threshold_ms[crisis] = oracle.threshold_ms();
  }
  return share;
}

incident::IncidentOptions incident_options() {
  const IncidentSettings shipped;
  incident::IncidentOptions options;
  options.lifecycle.escalate_factor = shipped.escalate_factor;
  options.lifecycle.evidence_max = static_cast<size_t>(shipped.evidence);
  options.open_score = shipped.open_score;
  options.volume_score = shipped.volume_score;
  options.reopen_within_ms = shipped.reopen_within.count();
  options.storm_listeners = static_cast<size_t>(shipped.storm_listeners);
  options.storm_within_ms = shipped.storm_within.count();
  return options;
}

}  // namespace

SimulationOutcome simulate(const World& world, const SimulationOptions& options) {
  std::vector<Share> shares(std::max<size_t>(1, options.threads));
  {
    std::vector<std::jthread> threads;
    for (size_t i = 0; i < shares.size(); ++i) {
      threads.emplace_back([&, i] { shares[i] = detect_share(world, i, shares.size()); });
    }
  }
  SimulationOutcome outcome;
  outcome.threshold_ms.assign(world.crises().size(), -1);
  std::vector<wire::Signal> signals;
  for (Share& share : shares) {
    outcome.mentions += share.mentions;
    for (const auto& [crisis, threshold_ms] : share.threshold_ms) outcome.threshold_ms[crisis] = threshold_ms;
    std::ranges::move(share.signals, std::back_inserter(signals));
  }
  std::ranges::stable_sort(signals, {}, [](const wire::Signal& signal) {
    return std::pair(signal.pane_start_ms(), std::string_view(signal.listener()));
  });
  outcome.signals = signals.size();
  StateTable table;
  StateStore store("incident", 0, std::make_unique<TableBackend>(table));
  incident::IncidentOperator incidents(incident_options(), store);
  for (wire::Signal& signal : signals) {
    signal.set_hub("hub");
    for (Alert& alert : incidents.apply(signal)) {
      if (alert.parent.empty()) outcome.alerts.push_back(std::move(alert));
    }
    incidents.checkpoint();
    commit(store, table);
  }
  return outcome;
}

}  // namespace earshot::crises
