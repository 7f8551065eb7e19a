#include "connectors/kafka/group_positions.h"

#include <utility>

#include "connectors/kafka/position_topic.h"

namespace earshot::kafka {

Result<std::map<TopicPartition, Position>> read_group_positions(const Client& client, const std::string& group,
                                                                const PartitionList& list, int timeout_ms) {
  const std::string doing = "read the positions of group '" + group + "'";
  const auto code = rd_kafka_committed(client.handle(), list.get(), timeout_ms);
  if (code == RD_KAFKA_RESP_ERR__TIMED_OUT) {
    return client.error(
        code, doing,
        "the brokers did not answer in time, or a transaction that they never ended holds the positions: "
        "see 'A transaction that does not end' in docs/operations.md");
  }
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return client.error(code, doing);
  std::map<TopicPartition, Position> positions;
  for (int i = 0; i < list->cnt; ++i) {
    const rd_kafka_topic_partition_t& found = list->elems[i];
    if (found.err != RD_KAFKA_RESP_ERR_NO_ERROR) return client.error(found.err, doing);
    if (found.offset < 0) continue;
    Position position{found.offset, {}};
    if (found.metadata != nullptr)
      position.metadata = decode_metadata({static_cast<const char*>(found.metadata), found.metadata_size});
    positions[{found.topic, found.partition}] = std::move(position);
  }
  return positions;
}

}  // namespace earshot::kafka
