#include "connectors/kafka/position_topic.h"

#include <algorithm>
#include <charconv>

namespace earshot::kafka {

namespace {
constexpr std::string_view kFormat = "1 ";  // of a value: "1 <next offset> <metadata>"
}

std::string position_key(std::string_view group, const TopicPartition& partition) {
  std::string key(group);
  key.push_back('\0');
  key.append(partition.topic).push_back('\0');
  return key.append(std::to_string(partition.partition));
}

std::string encode_position(const Position& position) {
  return std::string(kFormat) + std::to_string(position.next_offset) + ' ' + position.metadata;
}

std::optional<Position> decode_position(std::string_view value) {
  if (!value.starts_with(kFormat)) return std::nullopt;
  value.remove_prefix(kFormat.size());
  Position position;
  const char* end = value.data() + value.size();
  const auto parsed = std::from_chars(value.data(), end, position.next_offset);
  if (parsed.ec != std::errc() || parsed.ptr == end || *parsed.ptr != ' ') return std::nullopt;
  position.metadata.assign(parsed.ptr + 1, end);
  return position;
}

std::string encode_metadata(std::string_view metadata) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  const auto is_printable = [](char c) { return c >= ' ' && c <= '~'; };
  if (metadata.empty()) return {};
  if (std::all_of(metadata.begin(), metadata.end(), is_printable)) return "t:" + std::string(metadata);
  std::string text = "x:";
  for (const char c : metadata) {
    text.push_back(kDigits[static_cast<unsigned char>(c) >> 4]);
    text.push_back(kDigits[static_cast<unsigned char>(c) & 15]);
  }
  return text;
}

std::string decode_metadata(std::string_view text) {
  if (text.starts_with("t:")) return std::string(text.substr(2));
  if (!text.starts_with("x:") || text.size() % 2 != 0) return std::string(text);
  std::string metadata;
  for (size_t at = 2; at < text.size(); at += 2) {
    unsigned byte = 0;
    const auto parsed = std::from_chars(text.data() + at, text.data() + at + 2, byte, 16);
    if (parsed.ptr != text.data() + at + 2) return std::string(text);
    metadata.push_back(static_cast<char>(byte));
  }
  return metadata;
}

Result<std::map<TopicPartition, Position>> read_positions(ReaderPool& readers, const std::string& topic,
                                                          std::string_view group,
                                                          std::span<const TopicPartition> partitions) {
  std::map<std::string, TopicPartition, std::less<>> wanted;
  for (const TopicPartition& partition : partitions) wanted[position_key(group, partition)] = partition;
  std::map<TopicPartition, Position> positions;
  const auto read = readers.read_to_end({topic, 0}, 0, [&](const LoggedRecord& record) -> Result<void> {
    const auto found = wanted.find(record.key);
    if (found == wanted.end()) return {};
    if (record.is_tombstone) {
      positions.erase(found->second);
      return {};
    }
    auto position = decode_position(record.value);
    if (!position) return Error{ErrorCode::kCorrupt, "not a position", topic + "/0@" + std::to_string(record.offset)};
    positions[found->second] = std::move(*position);
    return {};
  });
  if (!read) return read.error();
  return positions;
}

}  // namespace earshot::kafka
