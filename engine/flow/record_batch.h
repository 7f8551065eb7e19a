// RecordBatch: records of one partition in offset order, their bytes in one padded arena. A batch owns its memory:
// views into it are good until it is destroyed, which is after its records are committed.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace earshot {

struct TopicPartition {
  std::string topic;
  int32_t partition = 0;

  friend auto operator<=>(const TopicPartition&, const TopicPartition&) = default;
  [[nodiscard]] std::string to_string() const { return topic + "/" + std::to_string(partition); }
};

inline constexpr int64_t kNoTimestamp = -1;

struct RecordView {
  std::string_view key;
  std::string_view value;  // at least RecordBatch::kPadding readable bytes follow it
  int64_t offset = 0;      // unit of the source: record number (Kafka, local) or byte (file)
  int64_t timestamp_ms = kNoTimestamp;
};

class RecordBatch {
 public:
  static constexpr size_t kPadding = 64;

  RecordBatch(TopicPartition partition, size_t capacity_bytes)
      : partition_(std::move(partition)),
        bytes_(new char[capacity_bytes + kPadding]),
        capacity_bytes_(capacity_bytes) {}

  [[nodiscard]] const TopicPartition& partition() const { return partition_; }
  [[nodiscard]] size_t size() const { return slices_.size(); }
  [[nodiscard]] bool empty() const { return slices_.empty(); }
  [[nodiscard]] size_t bytes_used() const { return used_bytes_; }
  [[nodiscard]] size_t capacity_bytes() const { return capacity_bytes_; }

  // Offset to commit once every record of the batch is done: the one after the last record, gaps included.
  [[nodiscard]] int64_t next_offset() const { return next_offset_; }
  void set_next_offset(int64_t offset) { next_offset_ = offset; }

  // Copies a record in; grows the arena when it must. Sets next_offset() to offset + 1.
  void append(std::string_view key, std::string_view value, int64_t offset, int64_t timestamp_ms) {
    char* at = reserve(key.size() + value.size());
    if (!key.empty()) std::memcpy(at, key.data(), key.size());
    if (!value.empty()) std::memcpy(at + key.size(), value.data(), value.size());
    const size_t start = used_bytes_;
    used_bytes_ += key.size() + value.size();
    slices_.push_back({start, key.size(), value.size(), offset, timestamp_ms});
    next_offset_ = offset + 1;
  }

  // For a source that reads straight into the arena: reserve() room, write, take() what was written, then slice()
  // records out of it. Positions count from the start of the arena.
  char* reserve(size_t bytes) {
    if (used_bytes_ + bytes > capacity_bytes_) grow(used_bytes_ + bytes);
    return bytes_.get() + used_bytes_;
  }
  void take(size_t bytes) { used_bytes_ += bytes; }
  void slice(size_t start, size_t value_bytes, int64_t offset, int64_t timestamp_ms) {
    slices_.push_back({start, 0, value_bytes, offset, timestamp_ms});
  }
  // The value directly follows the key.
  void slice(size_t start, size_t key_bytes, size_t value_bytes, int64_t offset, int64_t timestamp_ms) {
    slices_.push_back({start, key_bytes, value_bytes, offset, timestamp_ms});
  }
  [[nodiscard]] const char* data() const { return bytes_.get(); }

  [[nodiscard]] RecordView operator[](size_t index) const {
    const Slice& slice = slices_[index];
    const char* at = bytes_.get() + slice.start;
    return {{at, slice.key_bytes}, {at + slice.key_bytes, slice.value_bytes}, slice.offset, slice.timestamp_ms};
  }

 private:
  struct Slice {
    size_t start;
    size_t key_bytes;
    size_t value_bytes;
    int64_t offset;
    int64_t timestamp_ms;
  };

  void grow(size_t needed_bytes) {
    size_t capacity = capacity_bytes_ == 0 ? 4096 : capacity_bytes_;
    while (capacity < needed_bytes) capacity *= 2;
    std::unique_ptr<char[]> bytes(new char[capacity + kPadding]);
    std::memcpy(bytes.get(), bytes_.get(), used_bytes_);
    bytes_ = std::move(bytes);
    capacity_bytes_ = capacity;
  }

  TopicPartition partition_;
  std::unique_ptr<char[]> bytes_;
  size_t capacity_bytes_;
  size_t used_bytes_ = 0;
  int64_t next_offset_ = 0;
  std::vector<Slice> slices_;
};

}  // namespace earshot
