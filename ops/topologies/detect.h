// DETECT: partials → window ─▶ baseline ─▶ spike → signals and windows. One task for each partition of the partials
// topic; its state lives in one store per partition.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/flow/log.h"
#include "engine/runtime/topology.h"
#include "engine/time/wall_clock.h"
#include "operators/silence/feed_watch.h"
#include "operators/spike/listener_monitor.h"
#include "operators/window/window_operator.h"
#include "ops/topologies/first_hearings.h"
#include "ops/topologies/listener_findings.h"
#include "ops/topologies/live_rules.h"
#include "ops/topologies/recent_ids.h"
#include "schemas/listener.h"

namespace earshot {

struct DetectOptions {
  std::string hub = "hub";
  std::string store = "detect";
  int32_t partitions = 1;  // of that store
  std::string signals_topic = "signals";
  std::string windows_topic = "windows";
  bool writes_windows = true;
  bool tells_progress = false;          // to INCIDENT, which puts the signals of several partitions in order
  size_t monitors_max = 10'000;         // listeners kept in memory for each partition; more are read again when needed
  int64_t forget_after_ms = 1'800'000;  // of quiet: the listener's state leaves memory
  size_t deleted_posts_max = 200'000;   // remembered for each partition, for evidence that comes after the deletion
  size_t shown_posts_max = 100'000;     // that signals showed: INCIDENT is told when one of them is deleted or edited
  window::WindowOptions window;
  spike::MonitorOptions monitor;  // its pane follows the window operator's
  FindingOptions findings;
  bool watches_feed = true;
  silence::FeedWatchOptions feed;
  std::function<int64_t()> now_ms = wall_clock_ms;
};

// One partition's part of DETECT. One thread at a time.
class DetectTask {
 public:
  DetectTask(const DetectOptions& options, std::shared_ptr<const ListenerDirectory> listeners,
             std::unique_ptr<StateStore> store);

  Result<void> restore();

  // Precondition: what it has was committed.
  void adopt(std::shared_ptr<const ListenerDirectory> listeners);

  Result<void> add(wire::Partial& partial);  // moves the evidence out of it

  // Closes what event time allows: hands out windows and adds signals to `signals`.
  Result<void> close(std::vector<wire::Signal>& signals, Outbox& outbox);

  // Every pane that ends by then is closed, and its signals were handed out; kNoWatermark before the first.
  [[nodiscard]] int64_t closed_until_ms() const { return windows_.closed_until_ms(); }

  // Goes by the clock, and is to be asked often: tells when the input falls silent and when it is back.
  void watch_feed(std::vector<wire::Signal>& signals);

  // Writes what changed to the store.
  Result<void> checkpoint();

  // Something came in since the last checkpoint.
  [[nodiscard]] bool is_changed() const { return is_changed_; }

  [[nodiscard]] StateStore& store() { return *store_; }
  [[nodiscard]] const window::WindowOperator& windows() const { return windows_; }
  [[nodiscard]] size_t monitors_in_memory() const { return monitors_.size(); }

 private:
  struct Monitored {
    std::unique_ptr<spike::ListenerMonitor> monitor;
    std::unique_ptr<ListenerFindings> findings;
    int64_t touched_ms = 0;
    bool is_dirty = false;
    bool follows_history = false;  // what is known was imported, and nothing was heard since
  };

  void take_back(const wire::Partial& partial);
  Result<void> change_evidence(const wire::EvidenceChange& change);
  void tell_changes(std::vector<wire::Signal>& signals);

  Result<Monitored*> monitor_of(const std::string& name);
  [[nodiscard]] std::optional<int64_t> next_pane() const;
  Result<void> restore_active();
  Result<void> restore_monitored(const std::string& name, Monitored& monitored);
  Result<void> restore_feed();
  void finish(std::vector<wire::Signal>& signals, size_t first);
  void set_watched(const std::string& name, bool is_watched);
  Result<void> close_panes(std::vector<wire::Signal>& signals);
  // Judges the silence of listeners at every tick until `until_ms`.
  Result<void> tick_until(int64_t until_ms, std::vector<wire::Signal>& signals);
  Result<void> tick(int64_t end_ms, std::vector<wire::Signal>& signals);
  Result<void> close_pane(int64_t pane_start_ms, std::vector<wire::Signal>& signals);
  Result<void> observe(const std::string& name, int64_t pane_start_ms, window::PaneSum& pane,
                       std::vector<wire::Signal>& signals);
  Result<void> emit_windows(Outbox& outbox);
  void set_active(const std::string& name, bool is_active);
  void forget_quiet();

  const DetectOptions& options_;
  std::shared_ptr<const ListenerDirectory> listeners_;
  std::unique_ptr<StateStore> store_;
  FirstHearings hearings_;
  window::WindowOperator windows_;
  std::unordered_map<std::string, Monitored> monitors_;
  RecentIds deleted_;                    // posts
  RecentIds shown_;                      // posts that signals had as evidence
  wire::Signal changes_;                 // for INCIDENT, since the last close()
  std::set<std::string> active_;         // listeners in a surge: they see every pane
  std::set<std::string> watched_;        // listeners whose silence would say something: they see every tick
  int64_t next_tick_ms_ = kNoWatermark;  // end of the next stretch in which silence is looked for
  silence::FeedWatch feed_;
  int64_t feed_judged_ms_ = 0;
  int64_t next_pane_ms_ = kNoWatermark;  // the pane after the last one that active listeners saw
  bool is_changed_ = false;
  uint64_t rule_version_ = 0;  // of the newest partial
  std::string scratch_;
};

class DetectTopology : public Topology {
 public:
  // `log` outlives the topology.
  DetectTopology(DetectOptions options, std::shared_ptr<const ListenerSet> listeners, Log& log);

  // From now on takes up what `live` has, between two commits.
  void follow(std::shared_ptr<const LiveRules> live) { live_ = std::move(live); }

  void begin_interval() override;

  Result<std::optional<int64_t>> assigned(const TopicPartition& partition,
                                          const std::optional<Position>& committed) override;
  void revoked(const TopicPartition& partition) override;
  std::unique_ptr<Work> process(std::unique_ptr<RecordBatch> batch) const override;
  Result<void> apply(Work& work, Outbox& outbox) override;
  Result<void> before_commit(const std::vector<TopicPartition>& caught_up, bool at_end, Outbox& outbox) override;
  std::string position_metadata(const TopicPartition&) const override { return {}; }
  std::vector<StateStore*> stores() override;

  // Late mentions that came after their windows had expired, over the assigned partitions.
  [[nodiscard]] uint64_t dropped_corrections() const;

 private:
  // In order of time over all partitions, so that a desk reads a replay as it came about.
  Result<void> emit_signals(std::vector<wire::Signal>& signals, Outbox& outbox);
  // After the signals of the same commit.
  Result<void> emit_progress(Outbox& outbox);
  Result<void> emit(const wire::Signal& signal, int64_t time_ms, Outbox& outbox);

  DetectOptions options_;
  std::shared_ptr<const ListenerDirectory> listeners_;
  std::shared_ptr<const LiveRules> live_;
  Log& log_;
  std::map<TopicPartition, DetectTask> tasks_;
  std::map<TopicPartition, int64_t> told_until_ms_;
  std::string scratch_;
};

}  // namespace earshot
