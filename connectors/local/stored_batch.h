// StoredBatch: the value under a batch key: what one commit appended to one partition (or a part of it).
//
//   header  u32 records, u32 offsets that the batch spans, i64 when it was appended (ms)
//   record  u32 offset - base offset, u32 key bytes, u32 value bytes, i64 timestamp (ms), key, value
//
// Numbers are little-endian. The span is greater than the records once compaction has dropped some. RocksDB's checksums
// guard it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/flow/record_batch.h"

namespace earshot::local {

// A batch is closed once it holds this much, so that a reader can take one at a time.
inline constexpr size_t kBatchTargetBytes = 1 << 20;

struct StoredBatchHeader {
  uint32_t records = 0;
  uint32_t span = 0;
  int64_t appended_at_ms = 0;
};

// Builds one value; the offsets are relative, so it can be filled before the commit gives it its base offset.
class StoredBatchWriter {
 public:
  StoredBatchWriter() { clear(); }

  void append(uint32_t offset_delta, std::string_view key, std::string_view value, int64_t timestamp_ms);

  // Sets the header; the answer is good until the next append() or clear().
  std::string_view finish(uint32_t span, int64_t appended_at_ms);

  void clear();
  [[nodiscard]] uint32_t records() const { return records_; }
  [[nodiscard]] size_t size_bytes() const { return bytes_.size(); }

 private:
  std::string bytes_;
  uint32_t records_ = 0;
};

class StoredBatchReader {
 public:
  // Refers to `bytes`; nullopt when there is no header in them.
  static std::optional<StoredBatchReader> open(std::string_view bytes, int64_t base_offset);

  [[nodiscard]] const StoredBatchHeader& header() const { return header_; }
  [[nodiscard]] int64_t next_offset() const { return base_offset_ + header_.span; }

  // The next record (its value without padding); nullopt after the last, or when the bytes don't add up.
  std::optional<RecordView> next();

  // True when every record was read and nothing is left over.
  [[nodiscard]] bool complete() const { return read_ == header_.records && rest_.empty(); }

 private:
  StoredBatchReader(StoredBatchHeader header, std::string_view rest, int64_t base_offset)
      : header_(header), rest_(rest), base_offset_(base_offset) {}

  StoredBatchHeader header_;
  std::string_view rest_;
  int64_t base_offset_;
  uint32_t read_ = 0;
};

}  // namespace earshot::local
