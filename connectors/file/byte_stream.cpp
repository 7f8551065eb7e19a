#include "connectors/file/byte_stream.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace earshot::file {
namespace {

constexpr size_t kMagicBytes = 4;
constexpr size_t kInputBytes = 256 << 10;
constexpr size_t kScratchBytes = 1 << 20;

}  // namespace

Result<std::unique_ptr<ByteStream>> ByteStream::open(const std::string& path) {
  const bool is_stdin = path == "-";
  const int descriptor = is_stdin ? dup(STDIN_FILENO) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    const ErrorCode code = errno == ENOENT ? ErrorCode::kNotFound : ErrorCode::kFailed;
    return Error{code, fmt::format("cannot open {}: {}", path, std::strerror(errno)), {}};
  }
  struct stat status {};
  const bool regular = !is_stdin && fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
  std::unique_ptr<ByteStream> stream(new ByteStream(is_stdin ? "stdin" : path, descriptor, regular));
  if (regular) {
    if (const auto detected = stream->detect(); !detected) return detected.error();
  }
  return stream;
}

ByteStream::~ByteStream() {
  close(descriptor_);
}

Error ByteStream::error_at(ErrorCode code, const std::string& message, int64_t offset) const {
  return {code, message, fmt::format("{}@{}", path_, offset)};
}

Result<ByteStream::Read> ByteStream::read_raw(char* into, size_t capacity) const {
  while (true) {
    if (!regular_) {
      pollfd waiting{descriptor_, POLLIN, 0};
      if (::poll(&waiting, 1, 0) == 0) return Read{};
    }
    const ssize_t count = ::read(descriptor_, into, capacity);
    if (count > 0) return Read{static_cast<size_t>(count), false};
    if (count == 0) return Read{0, true};
    if (errno == EAGAIN) return Read{};
    if (errno != EINTR)
      return error_at(ErrorCode::kFailed, fmt::format("cannot read: {}", std::strerror(errno)), offset_);
  }
}

// Gathers the first bytes; `bytes` > 0 when the answer is known.
Result<ByteStream::Read> ByteStream::detect() {
  if (detected_) return Read{1, false};
  if (input_.size() < kMagicBytes) input_.resize(kMagicBytes);
  Read read;
  while (unread_.size() < kMagicBytes) {
    const auto more = read_raw(input_.data() + unread_.size(), kMagicBytes - unread_.size());
    if (!more) return more;
    read = *more;
    if (read.bytes == 0) break;
    unread_ = {input_.data(), unread_.size() + read.bytes};
  }
  if (unread_.size() < kMagicBytes && (!read.at_end || unread_.empty())) return read;
  detected_ = true;
  const Compression compression = detect_compression(unread_);
  if (compression == Compression::kNone) return Read{1, false};
  decoder_ = make_decoder(compression);
  const size_t held_bytes = unread_.size();
  input_.resize(kInputBytes);
  unread_ = {input_.data(), held_bytes};
  return Read{1, false};
}

Result<ByteStream::Read> ByteStream::read(char* into, size_t capacity) {
  const auto detected = detect();
  if (!detected || detected->bytes == 0) return detected;
  if (decoder_) return read_decoded(into, capacity);
  if (!unread_.empty()) {
    const size_t count = std::min(capacity, unread_.size());
    std::memcpy(into, unread_.data(), count);
    unread_.remove_prefix(count);
    offset_ += static_cast<int64_t>(count);
    return Read{count, false};
  }
  auto read = read_raw(into, capacity);
  if (read) offset_ += static_cast<int64_t>(read->bytes);
  return read;
}

Result<ByteStream::Read> ByteStream::read_decoded(char* into, size_t capacity) {
  while (true) {
    const size_t count = decoder_->decode(unread_, into, capacity);
    offset_ += static_cast<int64_t>(count);
    if (count > 0) return Read{count, false};
    if (decoder_->fault()) return error_at(ErrorCode::kCorrupt, *decoder_->fault(), offset_);
    const auto raw = read_raw(input_.data(), input_.size());
    if (!raw || raw->bytes == 0) return raw;
    unread_ = {input_.data(), raw->bytes};
  }
}

Error ByteStream::no_line_start(int64_t offset) const {
  return error_at(
      ErrorCode::kInvalid,
      "cannot go on here: no line begins at this offset; was the file replaced, or did a file join the folder?",
      offset);
}

Result<void> ByteStream::start_at(int64_t offset) {
  if (!regular_) {
    offset_ = offset;
    return {};
  }
  if (offset == offset_) return {};
  if (decoder_) return skip_decoded(offset);
  struct stat status {};
  if (fstat(descriptor_, &status) != 0 || status.st_size < offset) {
    return error_at(ErrorCode::kInvalid,
                    fmt::format("cannot go on here: the file has {} bytes; was it replaced?", status.st_size), offset);
  }
  char around[2] = {'\n', '\n'};  // the second stays at the end of the file
  if (offset > 0 && pread(descriptor_, around, 2, offset - 1) < 1) return no_line_start(offset);
  // An offset behind a last line that had no newline is good if its newline came later.
  if (around[0] != '\n' && around[1] != '\n' && around[1] != '\r') return no_line_start(offset);
  if (lseek(descriptor_, offset, SEEK_SET) < 0) {
    return error_at(ErrorCode::kFailed, fmt::format("cannot seek: {}", std::strerror(errno)), offset);
  }
  unread_ = {};
  offset_ = offset;
  return {};
}

Result<void> ByteStream::skip_decoded(int64_t offset) {
  std::vector<char> scratch(kScratchBytes);
  char last = '\n';
  while (offset_ < offset) {
    const auto wanted = static_cast<size_t>(std::min<int64_t>(offset - offset_, kScratchBytes));
    const auto read = read_decoded(scratch.data(), wanted);
    if (!read) return read.error();
    if (read->bytes == 0) {
      return error_at(ErrorCode::kInvalid,
                      fmt::format("cannot go on here: the file has {} bytes; was it replaced?", offset_), offset);
    }
    last = scratch[read->bytes - 1];
  }
  if (last == '\n') return {};
  const auto behind = read_decoded(scratch.data(), 1);
  if (!behind) return behind.error();
  return behind->bytes == 0 ? Result<void>() : no_line_start(offset);
}

int64_t ByteStream::remaining_bytes() const {
  struct stat status {};
  if (!regular_ || decoder_ || fstat(descriptor_, &status) != 0) return -1;
  return std::max<int64_t>(status.st_size - offset_, 0);
}

}  // namespace earshot::file
