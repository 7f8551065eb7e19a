#include "ops/earshot/pipeline_metrics.h"

#include <algorithm>
#include <chrono>

#include "engine/time/wall_clock.h"

namespace earshot {
namespace {

constexpr double kSecondsPerNanosecond = 1e-9;

double seconds(std::chrono::nanoseconds time) {
  return static_cast<double>(time.count()) * kSecondsPerNanosecond;
}

}  // namespace

RunnerEvents PipelineMetrics::runner_events(const std::string& stage) {
  const MetricLabels labels{{"stage", stage}};
  RunnerEvents events;
  events.on_batch = [records = metrics_.counter("earshot_records_total", "Records read.", labels),
                     bytes = metrics_.counter("earshot_read_bytes_total", "Bytes of records read.", labels)](
                        const TopicPartition&, size_t record_count, size_t byte_count) {
    records.add(static_cast<double>(record_count));
    bytes.add(static_cast<double>(byte_count));
  };
  events.on_commit = [time = metrics_.histogram("earshot_commit_seconds", "Time that a commit took.",
                                                {0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10}, labels)](
                         std::chrono::nanoseconds commit_time) { time.observe(seconds(commit_time)); };
  events.on_rebalance = [this, stage,
                         owned = metrics_.gauge("earshot_assigned_partitions", "Partitions this process has.", labels)](
                            const Rebalance& rebalance) {
    owned.add(static_cast<double>(rebalance.assigned.size()) - static_cast<double>(rebalance.revoked.size()) -
              static_cast<double>(rebalance.lost.size()));
    for (const auto* gone : {&rebalance.revoked, &rebalance.lost}) {
      for (const TopicPartition& partition : *gone) {
        metrics_.remove("earshot_lag", {{"stage", stage}, {"partition", partition.to_string()}});
      }
    }
  };
  events.on_interval = [this, stage](const Source& source) { show_lag(stage, source); };
  return events;
}

void PipelineMetrics::show_lag(const std::string& stage, const Source& source) {
  for (const auto& [partition, lag] : source.lag()) {
    metrics_
        .gauge("earshot_lag", "Records (files: bytes) that wait to be read; -1 where unknown.",
               {{"stage", stage}, {"partition", partition.to_string()}})
        .set(static_cast<double>(lag));
  }
}

std::function<void(const queue::QueueChange& change)> PipelineMetrics::queue_changes() {
  return [this](const queue::QueueChange& change) {
    const std::string& spoke = change.waiting.spoke;
    metrics_
        .counter("earshot_queue_changes_total", "Mentions that were queued, overdue, answered or dropped.",
                 {{"spoke", spoke}, {"event", std::string(to_string(change.event))}})
        .add(1);
    if (change.event != queue::QueueEvent::kAnswered) return;
    const auto waited_ms = std::max<int64_t>(0, change.time_ms - change.waiting.asked_ms);
    metrics_
        .histogram("earshot_first_answer_seconds", "Time from a post to the first answer of one of our accounts.",
                   {60, 300, 900, 1800, 3600, 7200, 14'400, 28'800, 86'400, 259'200}, {{"spoke", spoke}})
        .observe(static_cast<double>(waited_ms) / 1000);
  };
}

void PipelineMetrics::show_memory(const Log& log) {
  const auto gauge_of = [this](const std::string& part) {
    return metrics_.gauge("earshot_state_memory_bytes", "Memory that the database of the state holds, by what for.",
                          {{"part", part}});
  };
  metrics_.on_scrape(
      [&log, cache = gauge_of("cache"), write_buffers = gauge_of("write_buffers"), tables = gauge_of("tables")] {
        const StateMemoryUse use = log.memory_use();
        cache.set(static_cast<double>(use.cache));
        write_buffers.set(static_cast<double>(use.write_buffers));
        tables.set(static_cast<double>(use.tables));
      });
}

void PipelineMetrics::show(const ListenStats& stats, uint64_t rule_version, size_t listeners) {
  struct Total {
    Counter counter;
    const std::atomic<uint64_t>* value;
    double factor = 1;
  };
  std::vector<Total> totals;
  totals.push_back(
      {metrics_.counter("earshot_posts_in_total", "Posts read, unreadable ones included."), &stats.posts_in});
  const std::pair<const char*, const std::atomic<uint64_t>*> outcomes[] = {{"matched", &stats.matched},
                                                                           {"unmatched", &stats.unmatched},
                                                                           {"late", &stats.late},
                                                                           {"duplicate", &stats.duplicate},
                                                                           {"dead_lettered", &stats.dead_lettered}};
  for (const auto& [outcome, value] : outcomes) {
    const std::string help = "Posts by what became of them; the outcomes add up to earshot_posts_in_total.";
    totals.push_back({metrics_.counter("earshot_posts_total", help, {{"outcome", outcome}}), value});
  }
  totals.push_back({metrics_.counter("earshot_not_posts_total", "Sound records that carry no post, such as likes."),
                    &stats.not_posts});
  totals.push_back(
      {metrics_.counter("earshot_deleted_posts_total", "Notices that a post was deleted; they are matched by nobody."),
       &stats.deleted});
  totals.push_back(
      {metrics_.counter("earshot_retractions_total",
                        "Mentions that were taken back: their post was deleted, or edited to match no more."),
       &stats.retracted});
  totals.push_back(
      {metrics_.counter("earshot_mentions_total", "Posts times the listeners that they met."), &stats.mentions});
  totals.push_back(
      {metrics_.counter("earshot_corrections_total", "Mentions of a pane that had closed."), &stats.corrections});
  for (size_t stage = 0; stage < ListenStats::kStages; ++stage) {
    const MetricLabels labels{{"operator", std::string(ListenStats::kStageNames[stage])}};
    totals.push_back({metrics_.counter("earshot_operator_seconds_total", "Time spent in an operator.", labels),
                      &stats.stage_ns[stage], kSecondsPerNanosecond});
    totals.push_back({metrics_.counter("earshot_operator_posts_total", "Posts that an operator worked on.", labels),
                      &stats.stage_posts[stage]});
  }
  metrics_.gauge("earshot_listeners", "Listeners in the active set.").set(static_cast<double>(listeners));
  metrics_.gauge("earshot_rule_set_info", "1 for the active set.", {{"version", std::to_string(rule_version)}}).set(1);
  const Gauge watermark_lag = metrics_.gauge("earshot_watermark_lag_seconds",
                                             "Wall clock less the lowest watermark of the assigned partitions.");
  metrics_.on_scrape([totals, &stats, watermark_lag] {
    for (const Total& total : totals) total.counter.raise_to(static_cast<double>(*total.value) * total.factor);
    if (stats.watermark_ms != 0)
      watermark_lag.set((static_cast<double>(wall_clock_ms()) - static_cast<double>(stats.watermark_ms)) / 1000);
  });
}

}  // namespace earshot
