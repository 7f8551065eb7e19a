// Keys of the local log in RocksDB: big-endian numbers, so that byte order is number order; names carry their length,
// so that no name is a prefix of another.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/flow/record_batch.h"

namespace earshot::local {

template <class Number>
void append_big_endian(std::string& out, Number number) {
  for (int shift = static_cast<int>(sizeof(Number)) * 8 - 8; shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>((static_cast<uint64_t>(number) >> shift) & 0xff));
  }
}

// Precondition: `at` holds sizeof(Number) bytes.
template <class Number>
Number read_big_endian(const char* at) {
  uint64_t number = 0;
  for (size_t i = 0; i < sizeof(Number); ++i) number = number << 8 | static_cast<unsigned char>(at[i]);
  return static_cast<Number>(number);
}

inline void append_name(std::string& out, std::string_view name) {
  append_big_endian(out, static_cast<uint16_t>(name.size()));
  out.append(name);
}

inline constexpr size_t kMaxNameBytes = 0xffff;

// A partition as the database knows it: topics have numbers there.
struct PartitionId {
  uint32_t topic = 0;
  int32_t partition = 0;
  friend auto operator<=>(const PartitionId&, const PartitionId&) = default;
};

inline constexpr size_t kPartitionKeyBytes = 8;
inline constexpr size_t kBatchKeyBytes = 16;

inline std::string partition_key(PartitionId id) {
  std::string key;
  append_big_endian(key, id.topic);
  append_big_endian(key, id.partition);
  return key;
}

// Column family `records`: the batch whose first offset is `base_offset`.
inline std::string batch_key(PartitionId id, int64_t base_offset) {
  std::string key = partition_key(id);
  append_big_endian(key, base_offset);
  return key;
}
inline int64_t base_offset_of(std::string_view key) {
  return read_big_endian<int64_t>(key.data() + kPartitionKeyBytes);
}

// Column family `default` (facts about the log).
inline constexpr std::string_view kFormatKey = "format";
inline constexpr std::string_view kTopicPrefix = "topic/";
inline constexpr std::string_view kBoundsPrefix = "bounds/";
inline constexpr std::string_view kMarkPrefix = "mark/";

inline std::string topic_key(std::string_view name) {
  return std::string(kTopicPrefix).append(name);
}
inline std::string bounds_key(PartitionId id) {
  return std::string(kBoundsPrefix) + partition_key(id);
}
inline std::string mark_key(PartitionId id, int64_t time_ms) {
  std::string key = std::string(kMarkPrefix) + partition_key(id);
  append_big_endian(key, time_ms);
  return key;
}

// Column family `positions`.
inline std::string position_key(std::string_view group, const TopicPartition& partition) {
  std::string key;
  append_name(key, group);
  append_name(key, partition.topic);
  append_big_endian(key, partition.partition);
  return key;
}

// Column family `state`: what the keys of one store's partition start with.
inline std::string state_prefix(std::string_view store, int32_t partition) {
  std::string key;
  append_name(key, store);
  append_big_endian(key, partition);
  return key;
}

// The smallest key above every key that starts with `prefix`; empty when there is none.
inline std::string after_prefix(std::string prefix) {
  while (!prefix.empty() && static_cast<unsigned char>(prefix.back()) == 0xff) prefix.pop_back();
  if (!prefix.empty()) prefix.back() = static_cast<char>(static_cast<unsigned char>(prefix.back()) + 1);
  return prefix;
}

}  // namespace earshot::local
