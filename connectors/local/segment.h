// Segments: append-only files that hold the large stored batches. RocksDB keeps a pointer with a checksum, so a large
// batch is written once, by one system call, and never again: not to the write-ahead log, not by compaction. (The
// separation of keys and values is that of WiscKey, Lu et al., FAST 2016.) A batch is in its segment before the pointer
// is committed; what lies in a segment without a pointer was never committed. A segment goes when no pointer is left.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

namespace earshot::local {

// Smaller batches lie in RocksDB itself.
inline constexpr size_t kSegmentBatchBytesMin = 8 << 10;

struct SegmentPointer {
  uint64_t segment = 0;
  uint64_t position = 0;
  uint32_t bytes = 0;
  uint64_t checksum = 0;
};

// The value under a batch key: the batch itself, or where it lies.
inline constexpr std::string_view kInlineTag("\0", 1);  // the batch follows
std::string encode_pointer(const SegmentPointer& pointer);
std::optional<SegmentPointer> decode_pointer(std::string_view value);

// Size of the batch that the value holds or points at; nullopt for a damaged value.
std::optional<size_t> stored_batch_bytes(std::string_view value);

// Appends to the newest segment. One thread at a time.
class SegmentWriter {
 public:
  // `folder` is created when missing. Earlier segments are left as they are: what a crash tore is not written to again.
  Result<void> open(const std::string& folder, int64_t segment_bytes_max, bool sync);
  SegmentWriter() = default;
  ~SegmentWriter();
  SegmentWriter(const SegmentWriter&) = delete;
  SegmentWriter& operator=(const SegmentWriter&) = delete;

  // kUnavailable when the disk refuses; what was appended since the last settle() is then given up.
  Result<SegmentPointer> append(std::string_view batch);

  // What was appended so far stays, on the disk if the writer syncs; a later fault takes back only what follows.
  Result<void> settle();

  [[nodiscard]] uint64_t current_segment() const { return segment_; }

 private:
  Result<void> start_segment();
  Result<void> sync();
  Error fault(std::string_view doing);

  std::string folder_;
  uint64_t segment_bytes_max_ = 0;
  bool sync_ = true;
  uint64_t segment_ = 0;
  int descriptor_ = -1;
  uint64_t position_ = 0;
  uint64_t marked_position_ = 0;
  bool dirty_ = false;
};

// Keeps the segment open that it read last. One thread at a time.
class SegmentReader {
 public:
  explicit SegmentReader(std::string folder) : folder_(std::move(folder)) {}
  ~SegmentReader();
  SegmentReader(const SegmentReader&) = delete;
  SegmentReader& operator=(const SegmentReader&) = delete;

  // Copies the batch of a value under a batch key: stored_batch_bytes() of them. kNotFound when its segment is gone
  // (retention took it, or it is lost); kCorrupt when the checksum fails.
  Result<void> load(std::string_view value, char* into);

 private:
  Result<void> read(const SegmentPointer& pointer, char* into);

  const std::string folder_;
  uint64_t segment_ = 0;
  int descriptor_ = -1;
};

// Counts the batches that are left in each segment, and deletes what holds none. One thread at a time.
class SegmentUsage {
 public:
  explicit SegmentUsage(std::string folder) : folder_(std::move(folder)) {}

  void add(uint64_t segment) { ++batches_[segment]; }
  void drop(uint64_t segment);

  // Deletes the segments that hold no batch, except `current`. Call when the database has forgotten their pointers for
  // good.
  [[nodiscard]] bool has_garbage(uint64_t current) const;
  void delete_garbage(uint64_t current);

  // Deletes files that no pointer refers to: left by a process that died.
  void delete_strangers();

 private:
  const std::string folder_;
  std::map<uint64_t, int64_t> batches_;
};

}  // namespace earshot::local
