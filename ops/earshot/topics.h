// Topics: the names on the log, and what kind of topic each one is.
#pragma once

#include <string>
#include <vector>

#include "engine/flow/log.h"
#include "ops/settings/settings.h"
#include "schemas/listener.h"

namespace earshot {

struct Topics {
  explicit Topics(const std::string& prefix);

  // The mentions topic of every spoke that a listener names.
  [[nodiscard]] std::vector<std::string> mentions_of(const ListenerSet& listeners) const;

  std::string partials;      // internal: LISTEN to DETECT
  std::string signals;       // internal: DETECT to INCIDENT
  std::string engagements;   // internal: LISTEN to DESK
  std::string post_changes;  // internal: LISTEN to POST-CHANGES
  std::string standings;     // who speaks well of a listener, or ill
  std::string queue_prefix;  // the spoke's name follows
  std::string windows;
  std::string late;
  std::string dead_letters;
  std::string audit;             // internal: what became of the posts of each commit
  std::string rule_changes;      // what became of changed listeners
  std::string incident_control;  // what people decided about incidents
  std::string alerts;            // of the hub
  std::string alerts_prefix;     // the spoke's name follows
  std::string mentions_prefix;   // the spoke's name follows
};

// Whether mentions are taken back by way of the topic of post changes: a post and its deletion may come on two
// partitions of the input, and somebody is told of mentions.
bool uses_post_changes(const Settings& settings);

// The group under which a stage (listen, detect, incident) reads and commits.
std::string consumer_group(const Settings& settings, const std::string& stage);

// Every topic that the pipeline writes, with its partitions and retention.
std::vector<TopicSpec> topic_specs(const Topics& topics, const Settings& settings, const ListenerSet& listeners);

}  // namespace earshot
