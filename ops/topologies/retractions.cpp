#include "ops/topologies/retractions.h"

namespace earshot {

Result<void> tell_retraction(const Retraction& retraction, uint64_t rule_version, int64_t time_ms,
                             const RetractionTopics& topics, std::string& scratch, Outbox& outbox) {
  if (topics.mentions.empty() && topics.engagements.empty()) return {};
  scratch.clear();
  append_retraction_json(scratch, retraction, rule_version);
  for (const std::string_view topic : {topics.engagements, topics.mentions}) {
    if (topic.empty()) continue;
    auto told = outbox.produce({.topic = topic, .key = retraction.listener, .value = scratch, .timestamp_ms = time_ms});
    if (!told) return told;
  }
  return {};
}

}  // namespace earshot
