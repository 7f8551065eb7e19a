#include "tests/simulation/engine.h"

#include <functional>
#include <utility>

#include "engine/runtime/runner.h"
#include "ops/rules/triage_queries.h"
#include "ops/topologies/detect.h"
#include "ops/topologies/incident.h"
#include "ops/topologies/listen.h"
#include "ops/topologies/post_changes.h"

namespace earshot::simulation {
namespace {

using MakeTopology = std::function<std::unique_ptr<Topology>(Log& log, Source& source, ListenStats& stats)>;

struct Role {
  std::string group;
  std::string topic;
  MakeTopology make;
};

Result<void> run_once(Cluster& cluster, const Role& role) {
  ClusterLog log(cluster);
  ListenStats stats;
  auto source = log.subscribe(role.group, {role.topic}, {});
  if (!source) return source.error();
  auto producer = log.open_producer(role.group);
  if (!producer) return producer.error();
  Outputs outputs(std::move(*producer));
  const auto topology = role.make(log, **source, stats);
  RunnerOptions options;
  options.group = role.group;
  options.now = [&cluster] { return cluster.now(); };
  Runner runner(*topology, **source, log, outputs, options, {});
  return runner.run(cluster.stop());
}

void run_role(Cluster& cluster, const Role& role) {
  while (!cluster.stop().stop_requested()) {
    try {
      const auto ran = run_once(cluster, role);
      if (!ran && ran.error().code != ErrorCode::kUnavailable)
        cluster.fail(role.group + ": " + ran.error().to_string());
    } catch (const Death&) {
      // The process starts again.
    }
  }
}

ListenOptions listen_options() {
  ListenOptions options;
  options.topics = {"posts"};
  options.disorder_ms = 5'000;
  options.lateness_ms = 600'000;
  options.longest_window_ms = 300'000;
  options.dedup_mentions = 8;  // few, so that how its memory is rebuilt matters
  options.summarise.partitions = kInternalPartitions;
  options.idle_timeout = std::chrono::hours(1);
  options.post_changes_topic = "post-changes";
  return options;
}

DetectOptions detect_options() {
  DetectOptions options;
  options.window.lengths_ms = {60'000, 300'000};
  options.window.retention_ms = 1'200'000;
  options.monitor.detector.count_min = 5;
  options.monitor.detector.warm_up_ms = 0;
  options.monitor.detector.false_alarms_per_week = 1'000;  // half an hour is too short to be surer
  options.monitor.resolve_after_ms = 120'000;
  options.tells_progress = true;
  options.partitions = kInternalPartitions;
  return options;
}

}  // namespace

void add_topics(Cluster& cluster) {
  cluster.add_topic("posts", kInputPartitions);
  for (const char* topic : {"partials", "signals", "audit", "post-changes"})
    cluster.add_topic(topic, kInternalPartitions);
  for (const char* topic : {"windows", "alerts", "alerts.desk", "mentions.desk", "late", "dead-letters"}) {
    cluster.add_topic(topic, 1);
  }
}

void add_process(Baton& baton, Cluster& cluster, const std::shared_ptr<const match::RuleSet>& rules) {
  const std::vector<Role> roles{
      {"listen", "posts",
       [rules](Log&, Source& source, ListenStats& stats) {
         const auto make_scorer = [] { return std::move(*sentiment::PostScorer::make("vader")); };
         static const auto triage_rules = *triage::TriageRules::builtin(rules::triage_query_compiler());
         return std::make_unique<ListenTopology>(listen_options(), rules, triage_rules, make_scorer, source, stats);
       }},
      {"post-changes", "post-changes",
       [rules](Log& log, Source&, ListenStats&) {
         return std::make_unique<PostChangesTopology>(PostChangesOptions(), rules->directory(), log);
       }},
      {"detect", "partials",
       [rules](Log& log, Source&, ListenStats&) {
         return std::make_unique<DetectTopology>(detect_options(), rules->listeners(), log);
       }},
      {"incident", "signals", [rules](Log& log, Source&, ListenStats&) {
         IncidentOptions options;
         options.order.partitions = kInternalPartitions;
         return std::make_unique<IncidentTopology>(std::move(options), rules->listeners(), log);
       }}};
  for (const Role& role : roles) {
    baton.add([&cluster, role] { run_role(cluster, role); });
  }
}

}  // namespace earshot::simulation
