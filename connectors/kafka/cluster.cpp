#include "connectors/kafka/cluster.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <thread>

#include "connectors/kafka/errors.h"
#include "connectors/kafka/handles.h"

namespace earshot::kafka {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds kLeaderPoll{20};

// A broker tells of a new leader a little before that leader serves, and another broker may not know of it yet.
bool is_leader_election(rd_kafka_resp_err_t code) {
  return code == RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION || code == RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE ||
         code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART || code == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION;
}

// Changelogs and incident topics are read from their start, so compaction should be near.
constexpr std::array<std::pair<const char*, const char*>, 2> kCompactedSettings{
    {{"segment.bytes", "67108864"}, {"min.cleanable.dirty.ratio", "0.3"}}};

Result<NewTopic> make_new_topic(const KafkaOptions& options, const TopicSpec& spec) {
  std::array<char, 512> reason{};
  NewTopic topic(rd_kafka_NewTopic_new(spec.name.c_str(), spec.partitions, options.replication_factor, reason.data(),
                                       reason.size()));
  if (!topic) return invalid("cannot create topic '" + spec.name + "': " + reason.data());
  const auto set = [&](const char* name, const std::string& value) {
    rd_kafka_NewTopic_set_config(topic.get(), name, value.c_str());
  };
  set("cleanup.policy", spec.compacted ? "compact" : "delete");
  // Records carry event time in themselves. As Kafka's time it would let retention take a backfill's at once, and the
  // brokers refuse what lies ahead of their clock.
  set("message.timestamp.type", "LogAppendTime");
  if (spec.compacted) {
    set("delete.retention.ms", std::to_string(options.tombstone_retention_ms));
    for (const auto& [name, value] : kCompactedSettings) set(name, value);
  } else {
    set("retention.ms", std::to_string(spec.retention_ms));
  }
  int in_sync = options.min_insync_replicas;
  if (in_sync < 0 && options.replication_factor >= 3) in_sync = 2;
  if (in_sync > 0) set("min.insync.replicas", std::to_string(in_sync));
  return topic;
}

// Runs one admin request: `submit(options, queue)` sends it.
template <class Submit>
Result<EventHandle> ask(Client& client, rd_kafka_admin_op_t operation, int timeout_ms, const std::string& doing,
                        const Submit& submit) {
  const QueueHandle queue(rd_kafka_queue_new(client.handle()));
  const AdminOptions options(rd_kafka_AdminOptions_new(client.handle(), operation));
  std::array<char, 512> reason{};
  rd_kafka_AdminOptions_set_request_timeout(options.get(), timeout_ms, reason.data(), reason.size());
  const bool is_look =
      operation == RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS || operation == RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS;
  if (!is_look) {
    rd_kafka_AdminOptions_set_operation_timeout(options.get(), timeout_ms, reason.data(), reason.size());
  }
  submit(options.get(), queue.get());
  EventHandle event(rd_kafka_queue_poll(queue.get(), timeout_ms + 1'000));
  if (!event) return client.error(RD_KAFKA_RESP_ERR__TIMED_OUT, doing);
  if (const auto code = rd_kafka_event_error(event.get()); code != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return client.error(code, doing, rd_kafka_event_error_string(event.get()));
  }
  return event;
}

std::string cleanup_policy(const rd_kafka_ConfigResource_t* resource) {
  size_t count = 0;
  const rd_kafka_ConfigEntry_t** entries = rd_kafka_ConfigResource_configs(resource, &count);
  for (size_t i = 0; i < count; ++i) {
    const char* value = rd_kafka_ConfigEntry_value(entries[i]);
    if (value != nullptr && std::string_view(rd_kafka_ConfigEntry_name(entries[i])) == "cleanup.policy") return value;
  }
  return {};
}

}  // namespace

Result<std::shared_ptr<Cluster>> Cluster::open(const KafkaOptions& options) {
  if (!options.properties.contains("bootstrap.servers") && !options.properties.contains("metadata.broker.list")) {
    return invalid(
        "Kafka needs the property 'bootstrap.servers': host:port of one broker or more, separated by commas");
  }
  auto client = Client::open(options, ClientRole::kInspector, {});
  if (!client) return client.error();
  std::shared_ptr<Cluster> cluster(new Cluster(options, std::move(*client)));
  char* id = rd_kafka_clusterid(cluster->client_->handle(), options.request_timeout_ms);
  if (id == nullptr) return cluster->client_->error(RD_KAFKA_RESP_ERR__TIMED_OUT, "reach any Kafka broker");
  cluster->id_ = id;
  rd_kafka_mem_free(cluster->client_->handle(), id);
  return cluster;
}

Result<std::optional<int32_t>> Cluster::partition_count(const std::string& topic) {
  return led_partition_count(topic, false);
}

// Without `leaders_only`, counts partitions that have no leader at the moment too.
Result<std::optional<int32_t>> Cluster::led_partition_count(const std::string& topic, bool leaders_only) {
  const TopicHandle handle(rd_kafka_topic_new(client_->handle(), topic.c_str(), nullptr));
  const rd_kafka_metadata_t* raw = nullptr;
  const auto code = rd_kafka_metadata(client_->handle(), 0, handle.get(), &raw, options_.request_timeout_ms);
  const std::string doing = "look up topic '" + topic + "'";
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return client_->error(code, doing);
  const MetadataHandle metadata(raw);
  if (metadata->topic_cnt != 1) return std::optional<int32_t>();
  const rd_kafka_metadata_topic& found = metadata->topics[0];
  if (found.err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) return std::optional<int32_t>();
  if (found.err == RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE && leaders_only) return std::optional<int32_t>(0);
  if (found.err != RD_KAFKA_RESP_ERR_NO_ERROR && found.err != RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE) {
    return client_->error(found.err, doing);
  }
  if (!leaders_only) return std::optional(found.partition_cnt);
  const auto is_led = [](const rd_kafka_metadata_partition& partition) { return partition.leader >= 0; };
  const auto led = std::count_if(found.partitions, found.partitions + found.partition_cnt, is_led);
  return std::optional(static_cast<int32_t>(led));
}

Result<void> Cluster::wait_until_led(const std::string& topic, int32_t partitions) {
  const auto deadline = Clock::now() + milliseconds(options_.request_timeout_ms);
  while (true) {
    const auto led = led_partition_count(topic, true);
    if (!led) return led.error();
    if (led->value_or(0) >= partitions) return {};
    if (Clock::now() >= deadline) {
      return Error{ErrorCode::kUnavailable,
                   "topic '" + topic + "' has a leader for " + std::to_string(led->value_or(0)) + " of " +
                       std::to_string(partitions) + " partitions after " + std::to_string(options_.request_timeout_ms) +
                       " ms: are enough brokers up?",
                   {}};
    }
    std::this_thread::sleep_for(kLeaderPoll);
  }
}

Result<void> Cluster::ensure_topics(std::span<const TopicSpec> topics) {
  std::vector<TopicSpec> missing;
  std::vector<TopicSpec> existing;
  for (const TopicSpec& topic : topics) {
    const auto partitions = partition_count(topic.name);
    if (!partitions) return partitions.error();
    if (!*partitions) {
      missing.push_back(topic);
      continue;
    }
    if (**partitions != topic.partitions) {
      return invalid("topic '" + topic.name + "' has " + std::to_string(**partitions) + " partitions, not " +
                     std::to_string(topic.partitions) +
                     ": keys have their place by that number, so set it to what is there or use another prefix");
    }
    existing.push_back(topic);
  }
  if (auto created = create(missing); !created) return created;
  return verify(existing);
}

Result<void> Cluster::create(std::span<const TopicSpec> missing) {
  if (missing.empty()) return {};
  std::vector<NewTopic> owned;
  std::vector<rd_kafka_NewTopic_t*> topics;
  for (const TopicSpec& spec : missing) {
    auto topic = make_new_topic(options_, spec);
    if (!topic) return topic.error();
    topics.push_back(topic->get());
    owned.push_back(std::move(*topic));
  }
  const auto event = ask(*client_, RD_KAFKA_ADMIN_OP_CREATETOPICS, options_.request_timeout_ms, "create topics",
                         [&](const rd_kafka_AdminOptions_t* options, rd_kafka_queue_t* queue) {
                           rd_kafka_CreateTopics(client_->handle(), topics.data(), topics.size(), options, queue);
                         });
  if (!event) return event.error();
  size_t count = 0;
  const auto* result = rd_kafka_event_CreateTopics_result(event->get());
  const rd_kafka_topic_result_t** results = rd_kafka_CreateTopics_result_topics(result, &count);
  std::vector<TopicSpec> raced;
  for (size_t i = 0; i < count; ++i) {
    const auto code = rd_kafka_topic_result_error(results[i]);
    const std::string name = rd_kafka_topic_result_name(results[i]);
    const auto spec = std::find_if(missing.begin(), missing.end(), [&](const auto& each) { return each.name == name; });
    if (code == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) {
      raced.push_back(*spec);
    } else if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
      const char* reason = rd_kafka_topic_result_error_string(results[i]);
      return client_->error(code, "create topic '" + name + "'", reason == nullptr ? "" : reason);
    }
  }
  for (const TopicSpec& spec : missing) {
    if (auto led = wait_until_led(spec.name, spec.partitions); !led) return led;
  }
  return verify(raced);
}

// The broker that is asked may hear of a new topic later than the one that told us, or die while it is asked.
Result<void> Cluster::verify(std::span<const TopicSpec> existing) {
  if (existing.empty()) return {};
  const auto deadline = Clock::now() + milliseconds(options_.request_timeout_ms);
  while (true) {
    auto verified = compare_settings(existing);
    if (verified || Clock::now() >= deadline) return verified;
    const ErrorCode code = verified.error().code;
    if (code != ErrorCode::kNotFound && code != ErrorCode::kUnavailable) return verified;
    std::this_thread::sleep_for(kLeaderPoll);
  }
}

Result<void> Cluster::compare_settings(std::span<const TopicSpec> existing) {
  std::vector<ConfigResource> owned;
  std::vector<rd_kafka_ConfigResource_t*> resources;
  for (const TopicSpec& spec : existing) {
    owned.emplace_back(rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, spec.name.c_str()));
    resources.push_back(owned.back().get());
  }
  const auto event =
      ask(*client_, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, options_.request_timeout_ms, "read topic settings",
          [&](const rd_kafka_AdminOptions_t* options, rd_kafka_queue_t* queue) {
            rd_kafka_DescribeConfigs(client_->handle(), resources.data(), resources.size(), options, queue);
          });
  if (!event) return event.error();
  size_t count = 0;
  const auto* result = rd_kafka_event_DescribeConfigs_result(event->get());
  const rd_kafka_ConfigResource_t** described = rd_kafka_DescribeConfigs_result_resources(result, &count);
  for (size_t i = 0; i < count; ++i) {
    const std::string name = rd_kafka_ConfigResource_name(described[i]);
    if (const auto code = rd_kafka_ConfigResource_error(described[i]); code != RD_KAFKA_RESP_ERR_NO_ERROR) {
      return client_->error(code, "read the settings of topic '" + name + "'",
                            rd_kafka_ConfigResource_error_string(described[i]));
    }
    const auto spec =
        std::find_if(existing.begin(), existing.end(), [&](const auto& each) { return each.name == name; });
    const std::string wanted = spec->compacted ? "compact" : "delete";
    if (const std::string found = cleanup_policy(described[i]); found != wanted) {
      return invalid("topic '" + name + "' has cleanup.policy=" + found + ", " + wanted +
                     " is needed: alter the topic or use another prefix");
    }
  }
  return {};
}

Result<void> Cluster::ensure_changelog(const std::string& topic, int32_t partitions) {
  auto found = partition_count(topic);
  if (!found) return found.error();
  const TopicSpec spec{.name = topic, .partitions = found->value_or(partitions), .compacted = true};
  if (auto ensured = ensure_topics({&spec, 1}); !ensured) return ensured;
  if (spec.partitions < partitions) return grow(topic, partitions);
  return {};
}

Result<void> Cluster::grow(const std::string& topic, int32_t partitions) {
  std::array<char, 512> reason{};
  NewPartitions wanted(
      rd_kafka_NewPartitions_new(topic.c_str(), static_cast<size_t>(partitions), reason.data(), reason.size()));
  if (!wanted) return invalid("cannot grow topic '" + topic + "': " + reason.data());
  std::array<rd_kafka_NewPartitions_t*, 1> all{wanted.get()};
  const auto event = ask(*client_, RD_KAFKA_ADMIN_OP_CREATEPARTITIONS, options_.request_timeout_ms,
                         "grow topic " + topic, [&](const rd_kafka_AdminOptions_t* options, rd_kafka_queue_t* queue) {
                           rd_kafka_CreatePartitions(client_->handle(), all.data(), all.size(), options, queue);
                         });
  if (!event) return event.error();
  size_t count = 0;
  const auto* result = rd_kafka_event_CreatePartitions_result(event->get());
  const rd_kafka_topic_result_t** results = rd_kafka_CreatePartitions_result_topics(result, &count);
  const auto code = count == 1 ? rd_kafka_topic_result_error(results[0]) : RD_KAFKA_RESP_ERR_NO_ERROR;
  // INVALID_PARTITIONS: another process grew it in between; the wait below decides.
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR && code != RD_KAFKA_RESP_ERR_INVALID_PARTITIONS) {
    return client_->error(code, "grow topic '" + topic + "'");
  }
  return wait_until_led(topic, partitions);
}

Result<OffsetRange> Cluster::offsets(const TopicPartition& partition) {
  const auto deadline = Clock::now() + milliseconds(options_.request_timeout_ms);
  while (true) {
    OffsetRange range;
    const auto code = rd_kafka_query_watermark_offsets(client_->handle(), partition.topic.c_str(), partition.partition,
                                                       &range.low, &range.high, options_.request_timeout_ms);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return range;
    if (!is_leader_election(code) || Clock::now() >= deadline) {
      return client_->error(code, "ask for the end of " + partition.to_string());
    }
    std::this_thread::sleep_for(kLeaderPoll);
  }
}

bool Cluster::answers() const {
  const rd_kafka_metadata_t* metadata = nullptr;
  const auto code = rd_kafka_metadata(client_->handle(), 0, nullptr, &metadata, options_.request_timeout_ms);
  if (metadata != nullptr) rd_kafka_metadata_destroy(metadata);
  return code == RD_KAFKA_RESP_ERR_NO_ERROR;
}

Result<std::vector<GroupMember>> Cluster::members(const std::string& group) {
  std::array<const char*, 1> names{group.c_str()};
  const std::string doing = "look at group '" + group + "'";
  const auto event =
      ask(*client_, RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS, options_.request_timeout_ms, doing,
          [&](const rd_kafka_AdminOptions_t* options, rd_kafka_queue_t* queue) {
            rd_kafka_DescribeConsumerGroups(client_->handle(), names.data(), names.size(), options, queue);
          });
  if (!event) return event.error();
  size_t count = 0;
  const auto* result = rd_kafka_event_DescribeConsumerGroups_result(event->get());
  const rd_kafka_ConsumerGroupDescription_t** groups = rd_kafka_DescribeConsumerGroups_result_groups(result, &count);
  std::vector<GroupMember> members;
  if (count == 0) return members;
  if (const rd_kafka_error_t* error = rd_kafka_ConsumerGroupDescription_error(groups[0])) {
    return client_->error(rd_kafka_error_code(error), doing, rd_kafka_error_string(error));
  }
  for (size_t i = 0; i < rd_kafka_ConsumerGroupDescription_member_count(groups[0]); ++i) {
    const rd_kafka_MemberDescription_t* described = rd_kafka_ConsumerGroupDescription_member(groups[0], i);
    const char* instance = rd_kafka_MemberDescription_group_instance_id(described);
    GroupMember& member = members.emplace_back();
    if (instance != nullptr) member.instance = instance;
    const rd_kafka_topic_partition_list_t* assigned =
        rd_kafka_MemberAssignment_partitions(rd_kafka_MemberDescription_assignment(described));
    for (int j = 0; assigned != nullptr && j < assigned->cnt; ++j) {
      member.partitions.insert({assigned->elems[j].topic, assigned->elems[j].partition});
    }
  }
  return members;
}

}  // namespace earshot::kafka
