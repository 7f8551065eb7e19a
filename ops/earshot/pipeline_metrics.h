// PipelineMetrics: what a running pipeline shows to Prometheus: rates, time per operator, lag, watermark lag, commit
// time and the balance in = matched + unmatched + late + duplicate + dead_lettered.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "engine/observe/metrics.h"
#include "engine/runtime/runner.h"
#include "operators/queue/service_queue.h"
#include "ops/earshot/rule_trail.h"
#include "ops/topologies/listen_stats.h"

namespace earshot {

class PipelineMetrics {
 public:
  explicit PipelineMetrics(Metrics& metrics) : metrics_(metrics) {}

  // Events that count for one stage.
  RunnerEvents runner_events(const std::string& stage);

  // Shows the stats at each scrape; they outlive the metrics' last scrape.
  void show(const ListenStats& stats, uint64_t rule_version, size_t listeners);

  // Shows the memory of the log's state at each scrape; the log outlives the metrics' last scrape.
  void show_memory(const Log& log);

  // Counts each change in the queue and how long the answered waited.
  std::function<void(const queue::QueueChange& change)> queue_changes();

  // Counts what becomes of changed rules, too.
  std::shared_ptr<RuleTrail> rule_trail(Log& log, const std::string& topic, const std::string& producer_id,
                                        const std::string& process) {
    return std::make_shared<RuleTrail>(log, metrics_, topic, producer_id, process);
  }

 private:
  void show_lag(const std::string& stage, const Source& source);

  Metrics& metrics_;
};

}  // namespace earshot
