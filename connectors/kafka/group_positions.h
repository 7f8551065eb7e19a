// What the brokers keep for a consumer group.
#pragma once

#include <map>
#include <string>

#include "connectors/kafka/client.h"
#include "connectors/kafka/handles.h"
#include "engine/flow/source.h"

namespace earshot::kafka {

// The group's positions for the partitions of `list`, without those it has none for; waits for transactions that are
// about to decide on them. `client` is of the group (group.id) and need not be a member.
Result<std::map<TopicPartition, Position>> read_group_positions(const Client& client, const std::string& group,
                                                                const PartitionList& list, int timeout_ms);

}  // namespace earshot::kafka
