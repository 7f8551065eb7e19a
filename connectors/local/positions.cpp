#include "connectors/local/positions.h"

#include <rocksdb/iterator.h>

#include <memory>

#include "connectors/local/keys.h"

namespace earshot::local {

std::string encode_position(const Position& position) {
  std::string value;
  append_big_endian(value, position.next_offset);
  return value.append(position.metadata);
}

std::optional<Position> decode_position(std::string_view value) {
  if (value.size() < sizeof(int64_t)) return std::nullopt;
  return Position{read_big_endian<int64_t>(value.data()), std::string(value.substr(sizeof(int64_t)))};
}

Result<std::map<TopicPartition, Position>> read_positions(const Database& database, std::string_view group) {
  std::string prefix;
  append_name(prefix, group);
  std::map<TopicPartition, Position> positions;
  const std::unique_ptr<rocksdb::Iterator> entries(
      database.rocks().NewIterator(rocksdb::ReadOptions(), database.positions()));
  for (entries->Seek(prefix); entries->Valid(); entries->Next()) {
    std::string_view key = entries->key().ToStringView();
    if (!key.starts_with(prefix)) break;
    key.remove_prefix(prefix.size());
    constexpr size_t kLengthBytes = sizeof(uint16_t);
    const size_t topic_bytes = key.size() < kLengthBytes ? 0 : read_big_endian<uint16_t>(key.data());
    auto position = decode_position(entries->value().ToStringView());
    if (key.size() != kLengthBytes + topic_bytes + sizeof(int32_t) || !position) {
      return Error{ErrorCode::kCorrupt, "a position of group " + std::string(group) + " is damaged", database.path()};
    }
    const TopicPartition partition{std::string(key.substr(kLengthBytes, topic_bytes)),
                                   read_big_endian<int32_t>(key.data() + kLengthBytes + topic_bytes)};
    positions[partition] = std::move(*position);
  }
  if (!entries->status().ok()) return database.to_error(entries->status(), "be read");
  return positions;
}

}  // namespace earshot::local
