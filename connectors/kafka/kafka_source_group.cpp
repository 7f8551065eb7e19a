// KafkaSource's side of a commit: what the group knows of this member and of its positions.
#include <utility>

#include "connectors/kafka/group_positions.h"
#include "connectors/kafka/kafka_source.h"

namespace earshot::kafka {

Result<GroupMetadata> KafkaSource::membership() const {
  rd_kafka_t* handle = client_->handle();
  GroupMetadata metadata(rd_kafka_consumer_group_metadata(handle));
  // Looked up after the metadata: a lost membership is not renewed before the caller has settled the loss, so a member
  // id that is there now was there then. Without one the brokers would accept the positions unchecked.
  char* member = rd_kafka_memberid(handle);
  const bool is_member = metadata && member != nullptr && *member != '\0' && rd_kafka_assignment_lost(handle) == 0;
  if (member != nullptr) rd_kafka_mem_free(handle, member);
  if (!is_member) {
    return Error{ErrorCode::kUnavailable, "group '" + group_ + "' dropped this member: nothing was committed", {}};
  }
  return metadata;
}

Result<std::map<TopicPartition, Position>> KafkaSource::committed(std::span<const TopicPartition> partitions) {
  if (partitions.empty()) return std::map<TopicPartition, Position>();
  const PartitionList list = make_partition_list(partitions.size());
  for (const TopicPartition& partition : partitions) add_partition(list.get(), partition);
  auto positions = read_group_positions(*client_, group_, list, request_timeout_ms_);
  if (positions) note_committed(*positions);
  return positions;
}

void KafkaSource::note_committed(const std::map<TopicPartition, Position>& positions) {
  for (const auto& [partition, position] : positions) last_committed_[partition] = position;
}

std::optional<std::pair<TopicPartition, Position>> KafkaSource::any_committed() const {
  for (const auto& [partition, reading] : readings_) {
    if (const auto found = last_committed_.find(partition); found != last_committed_.end()) return *found;
  }
  return std::nullopt;
}

}  // namespace earshot::kafka
