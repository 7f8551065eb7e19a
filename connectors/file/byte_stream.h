// ByteStream: the uncompressed bytes of one file, pipe or stdin, in order. It never waits.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/file/decoder.h"
#include "engine/base/result.h"

namespace earshot::file {

class ByteStream {
 public:
  // "-" is stdin. Errors name the path.
  static Result<std::unique_ptr<ByteStream>> open(const std::string& path);
  ~ByteStream();
  ByteStream(const ByteStream&) = delete;
  ByteStream& operator=(const ByteStream&) = delete;

  struct Read {
    size_t bytes = 0;
    bool at_end = false;  // no bytes because there are no more: for good in a pipe, for now in a file
  };
  // Reads up to `capacity` bytes. None, and not at the end: a pipe has nothing right now. After damage the bytes before
  // it are read, then every call answers kCorrupt.
  Result<Read> read(char* into, size_t capacity);

  // Goes to `offset` from the start, through all that lies before in a compressed stream. Stdin and pipes stay and
  // count on from there.
  Result<void> start_at(int64_t offset);

  // True when the stream may end here: false inside a compressed frame.
  [[nodiscard]] bool may_end() const { return !decoder_ || decoder_->between_frames(); }

  [[nodiscard]] int64_t offset() const { return offset_; }
  [[nodiscard]] const std::string& path() const { return path_; }  // "stdin" for "-"
  [[nodiscard]] bool is_regular() const { return regular_; }
  [[nodiscard]] int descriptor() const { return descriptor_; }

  // Bytes of the uncompressed text that are known to follow; -1 when that can't be known.
  [[nodiscard]] int64_t remaining_bytes() const;

  // The error for something at `offset`.
  [[nodiscard]] Error error_at(ErrorCode code, const std::string& message, int64_t offset) const;

 private:
  ByteStream(std::string path, int descriptor, bool regular)
      : path_(std::move(path)), descriptor_(descriptor), regular_(regular) {}

  Result<Read> read_raw(char* into, size_t capacity) const;
  Result<Read> read_decoded(char* into, size_t capacity);
  Result<Read> detect();
  Result<void> skip_decoded(int64_t offset);
  [[nodiscard]] Error no_line_start(int64_t offset) const;

  const std::string path_;
  const int descriptor_;
  const bool regular_;
  int64_t offset_ = 0;
  bool detected_ = false;
  std::unique_ptr<Decoder> decoder_;  // none: plain
  std::vector<char> input_;
  std::string_view unread_;  // within input_: read from the file, not yet given or decoded
};

}  // namespace earshot::file
