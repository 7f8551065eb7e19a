#include "ops/earshot/topics.h"

#include <filesystem>
#include <set>
#include <system_error>

#include "operators/queue/service_queue.h"

namespace earshot {
namespace {

std::set<std::string> spokes_of(const ListenerSet& listeners) {
  std::set<std::string> spokes;
  for (const Listener& listener : listeners.listeners) spokes.insert(listener.spoke);
  return spokes;
}

}  // namespace

Topics::Topics(const std::string& prefix)
    : partials(prefix + "partials"),
      signals(prefix + "signals"),
      engagements(prefix + "engagements"),
      post_changes(prefix + "post-changes"),
      standings(prefix + "standings"),
      queue_prefix(prefix + "queue."),
      windows(prefix + "windows"),
      late(prefix + "late"),
      dead_letters(prefix + "dead-letters"),
      audit(prefix + "audit"),
      rule_changes(prefix + "rule-changes"),
      incident_control(prefix + "incident-control"),
      alerts(prefix + "alerts"),
      alerts_prefix(prefix + "alerts."),
      mentions_prefix(prefix + "mentions.") {}

std::vector<std::string> Topics::mentions_of(const ListenerSet& listeners) const {
  std::vector<std::string> topics;
  for (const std::string& spoke : spokes_of(listeners)) topics.push_back(mentions_prefix + spoke);
  return topics;
}

// A single file is a single partition. A folder may get more files.
bool uses_post_changes(const Settings& settings) {
  if (!settings.outputs.mentions && !settings.desk.enabled) return false;
  if (settings.source.keyed_by_post) return false;
  if (settings.source.connector != SourceConnector::kFile || settings.source.paths.size() > 1) return true;
  std::error_code unknown;
  const auto& path = settings.source.paths.empty() ? settings.source.path : settings.source.paths.front();
  return std::filesystem::is_directory(path, unknown);
}

std::string consumer_group(const Settings& settings, const std::string& stage) {
  return settings.name + "-" + stage;
}

std::vector<TopicSpec> topic_specs(const Topics& topics, const Settings& settings, const ListenerSet& listeners) {
  const auto partitions = static_cast<int32_t>(settings.log.partitions);
  const int64_t output_ms = settings.log.retention.count();
  const int64_t internal_ms = settings.log.internal_retention.count();
  // Incidents are few and a reader wants them in order: one partition, and the last event of each stays.
  const auto incident_topic = [](const std::string& name) { return TopicSpec{name, 1, kRetainForever.count(), true}; };
  std::vector<TopicSpec> specs{
      {topics.partials, partitions, internal_ms},
      {topics.signals, 1, internal_ms},
      {topics.windows, partitions, output_ms},
      {topics.late, partitions, output_ms},
      {topics.dead_letters, partitions, output_ms},
      {topics.audit, partitions, output_ms},
      {topics.rule_changes, 1, kRetainForever.count()},
      {topics.incident_control, 1, kRetainForever.count()},
      incident_topic(topics.alerts),
  };
  for (const std::string& spoke : spokes_of(listeners)) {
    specs.push_back(incident_topic(topics.alerts_prefix + spoke));
    specs.push_back({topics.mentions_prefix + spoke, partitions, output_ms});
  }
  if (uses_post_changes(settings)) specs.push_back({topics.post_changes, partitions, internal_ms});
  if (!settings.desk.enabled) return specs;
  specs.push_back({topics.engagements, partitions, internal_ms});
  specs.push_back({topics.standings, partitions, output_ms});
  for (const std::string& spoke : spokes_of(listeners)) {
    specs.push_back({topics.queue_prefix + spoke, static_cast<int32_t>(queue::kBands), output_ms});
  }
  return specs;
}

}  // namespace earshot
