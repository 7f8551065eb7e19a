// Inspection: reads topics and positions from beside a running engine. It joins no group and leaves none behind.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "connectors/kafka/kafka_log.h"
#include "engine/base/result.h"
#include "engine/flow/source.h"

namespace earshot::kafka {

// Hands every committed record to `visit`, partition after partition, each to the end that it has now; their timestamps
// are not read. Answers the earliest offset that is still there, for each partition. kNotFound: no such topic.
Result<std::map<TopicPartition, int64_t>> read_topic(
    const KafkaOptions& options, const std::string& topic,
    const std::function<Result<void>(const TopicPartition&, const RecordView&)>& visit);

// Every position that the group has committed: for these topics by itself, for other inputs in the topic of positions.
Result<std::map<TopicPartition, Position>> read_group_positions(const KafkaOptions& options, const std::string& group,
                                                                const std::vector<std::string>& topics);

// How many members `group` has now; of one that died the brokers know only once its session is over.
Result<size_t> count_members(const KafkaOptions& options, const std::string& group);

}  // namespace earshot::kafka
