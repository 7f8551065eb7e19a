// LineReader: the lines of one stream as record batches. Bytes are read straight into the batch's arena and cut there.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "connectors/file/byte_stream.h"
#include "engine/base/result.h"
#include "engine/flow/record_batch.h"

namespace earshot::file {

struct LineLimits {
  size_t max_record_bytes = 0;
  size_t batch_bytes = 0;
};

// When a stream counts as ended, so that what lies behind its last newline is a record too.
enum class StreamEnd {
  kWhenClosed,  // files stay open for more; a pipe ends when its writer closes it
  kAtFileEnd,   // a file ends where it ends now
  kNow          // also a pipe that has nothing right now
};

class LineReader {
 public:
  LineReader(TopicPartition partition, std::unique_ptr<ByteStream> stream, LineLimits limits)
      : partition_(std::move(partition)), stream_(std::move(stream)), limits_(limits) {}

  // Starts at a line. Precondition: nothing was read yet.
  Result<void> start_at(int64_t offset);

  // The next lines, about batch_bytes of them; null when no whole line is there now.
  Result<std::unique_ptr<RecordBatch>> read_batch(StreamEnd end);

  // True when all that was there at the last read_batch() is handed out; in a file that grew since, false again.
  [[nodiscard]] bool exhausted() const;
  // True when the stream has ended and all of it is handed out.
  [[nodiscard]] bool ended() const { return ended_ && !fault_; }

  // Offset behind the last line that was handed out.
  [[nodiscard]] int64_t next_offset() const { return next_offset_; }
  // Bytes not handed out yet; -1 when unknown.
  [[nodiscard]] int64_t lag_bytes() const;
  [[nodiscard]] const TopicPartition& partition() const { return partition_; }
  [[nodiscard]] const ByteStream& stream() const { return *stream_; }

 private:
  enum class Fill { kFull, kNothingNow, kAtEnd };

  Result<Fill> fill();
  Result<Fill> skip_rest_of_line();
  void begin_batch(std::string_view carried);
  void cut_lines();
  void add_record(size_t start, size_t end);
  void truncate_long_line();
  Result<void> end_stream();
  std::unique_ptr<RecordBatch> hand_out();

  TopicPartition partition_;
  std::unique_ptr<ByteStream> stream_;
  LineLimits limits_;
  std::unique_ptr<RecordBatch> batch_;  // being filled
  // Positions in its arena; what lies at p has the offset p + shift_.
  size_t line_start_ = 0;
  size_t scanned_to_ = 0;
  int64_t shift_ = 0;
  bool skipping_ = false;  // inside the rest of a line that was too long
  bool drained_ = false;
  bool ended_ = false;
  std::optional<Error> fault_;  // told once the lines before it are handed out
  int64_t next_offset_ = 0;
};

}  // namespace earshot::file
