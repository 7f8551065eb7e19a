// Positions: committed positions of consumer groups, as the column family `positions` keeps them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "connectors/local/database.h"
#include "engine/base/result.h"
#include "engine/flow/source.h"

namespace earshot::local {

std::string encode_position(const Position& position);
// nullopt: too short to be one.
std::optional<Position> decode_position(std::string_view value);

// Every position of the group. kCorrupt: an entry that is none.
Result<std::map<TopicPartition, Position>> read_positions(const Database& database, std::string_view group);

}  // namespace earshot::local
