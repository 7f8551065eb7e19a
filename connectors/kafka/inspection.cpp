#include "connectors/kafka/inspection.h"

#include <charconv>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "connectors/kafka/group_positions.h"
#include "connectors/kafka/handles.h"
#include "connectors/kafka/partition_reader.h"
#include "connectors/kafka/position_topic.h"

namespace earshot::kafka {
namespace {

struct Opened {
  KafkaOptions options;
  std::shared_ptr<Cluster> cluster;
};

Result<Opened> open(KafkaOptions options) {
  if (!options.on_log) options.on_log = [](auto&&...) {};
  auto cluster = Cluster::open(options);
  if (!cluster) return cluster.error();
  return Opened{std::move(options), std::move(*cluster)};
}

Result<int32_t> partitions_of(const Opened& opened, const std::string& topic) {
  auto count = opened.cluster->partition_count(topic);
  if (!count) return count.error();
  if (!*count) return Error{ErrorCode::kNotFound, "there is no topic " + topic, {}};
  return **count;
}

// What the brokers keep for the group.
Result<std::map<TopicPartition, Position>> read_offsets(const Opened& opened, const std::string& group,
                                                        const std::vector<std::string>& topics) {
  auto client = Client::open(opened.options, ClientRole::kReader, {{"group.id", group}});
  if (!client) return client.error();
  rd_kafka_poll_set_consumer((*client)->handle());
  (*client)->skip_close_on_destroy();  // it never joins the group
  const PartitionList list = make_partition_list(topics.size());
  for (const std::string& topic : topics) {
    const auto count = partitions_of(opened, topic);
    if (!count) return count.error();
    for (int32_t partition = 0; partition < *count; ++partition) add_partition(list.get(), {topic, partition});
  }
  return read_group_positions(**client, group, list, opened.options.request_timeout_ms);
}

// "<topic>\0<partition>", what position_key() writes after the group.
std::optional<TopicPartition> partition_of_key(std::string_view key) {
  const size_t end = key.find('\0');
  if (end == std::string_view::npos) return std::nullopt;
  TopicPartition partition{std::string(key.substr(0, end)), 0};
  const auto parsed = std::from_chars(key.data() + end + 1, key.data() + key.size(), partition.partition);
  if (parsed.ec != std::errc() || parsed.ptr != key.data() + key.size()) return std::nullopt;
  return partition;
}

}  // namespace

Result<std::map<TopicPartition, int64_t>> read_topic(
    const KafkaOptions& options, const std::string& topic,
    const std::function<Result<void>(const TopicPartition&, const RecordView&)>& visit) {
  auto opened = open(options);
  if (!opened) return opened.error();
  const auto count = partitions_of(*opened, topic);
  if (!count) return count.error();
  ReaderPool readers(opened->options, opened->cluster);
  std::map<TopicPartition, int64_t> earliest;
  for (int32_t number = 0; number < *count; ++number) {
    const TopicPartition partition{topic, number};
    const auto range = opened->cluster->offsets(partition);
    if (!range) return range.error();
    earliest[partition] = range->low;
    const auto read = readers.read_to_end(partition, 0, [&](const LoggedRecord& record) {
      return visit(partition, {record.key, record.value, record.offset, kNoTimestamp});
    });
    if (!read) return read.error();
  }
  return earliest;
}

Result<std::map<TopicPartition, Position>> read_group_positions(const KafkaOptions& options, const std::string& group,
                                                                const std::vector<std::string>& topics) {
  auto opened = open(options);
  if (!opened) return opened.error();
  if (!topics.empty()) return read_offsets(*opened, group, topics);
  std::map<TopicPartition, Position> positions;
  const std::string prefix = group + '\0';
  const auto read = read_topic(opened->options, opened->options.topic_prefix + "positions",
                               [&](const TopicPartition&, const RecordView& record) -> Result<void> {
                                 if (!record.key.starts_with(prefix)) return {};
                                 const auto partition = partition_of_key(record.key.substr(prefix.size()));
                                 auto position = decode_position(record.value);
                                 if (partition && record.value.empty()) positions.erase(*partition);
                                 if (partition && position) positions[*partition] = std::move(*position);
                                 return {};
                               });
  if (!read && read.error().code != ErrorCode::kNotFound) return read.error();
  return positions;
}

Result<size_t> count_members(const KafkaOptions& options, const std::string& group) {
  auto opened = open(options);
  if (!opened) return opened.error();
  const auto members = opened->cluster->members(group);
  if (!members) return members.error();
  return members->size();
}

}  // namespace earshot::kafka
