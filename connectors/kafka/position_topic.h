// Positions of sources that Kafka knows nothing of (files, say): records of one compacted topic, written in the same
// transaction as the outputs.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "connectors/kafka/partition_reader.h"
#include "engine/base/result.h"
#include "engine/flow/source.h"

namespace earshot::kafka {

std::string position_key(std::string_view group, const TopicPartition& partition);
std::string encode_position(const Position& position);
std::optional<Position> decode_position(std::string_view value);

// Metadata of an offset commit is text on the wire. Printable ASCII stays readable behind "t:", other bytes become hex
// behind "x:"; what another tool committed has neither and is taken as it is.
std::string encode_metadata(std::string_view metadata);
std::string decode_metadata(std::string_view text);

// Reads the whole topic. kCorrupt: a record that is not a position, by its offset.
Result<std::map<TopicPartition, Position>> read_positions(ReaderPool& readers, const std::string& topic,
                                                          std::string_view group,
                                                          std::span<const TopicPartition> partitions);

}  // namespace earshot::kafka
