#include "connectors/file/file_sink.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string_view>

namespace earshot::file {
namespace {

constexpr size_t kBufferBytes = 1 << 20;

class FileSink final : public Sink {
 public:
  FileSink(std::string path, int descriptor, bool recoverable)
      : path_(std::move(path)), descriptor_(descriptor), recoverable_(recoverable) {}
  ~FileSink() override { close(descriptor_); }  // what was not flushed belongs to no commit
  FileSink(const FileSink&) = delete;
  FileSink& operator=(const FileSink&) = delete;

  Result<void> recover(int64_t position) override {
    buffer_.clear();
    if (!recoverable_) return {};
    const int64_t size = size_bytes();
    if (size < position) {
      return Error{ErrorCode::kCorrupt,
                   fmt::format("{} has {} bytes, but {} were committed to it: was it replaced?", path_, size, position),
                   {}};
    }
    if (ftruncate(descriptor_, position) != 0) return fault("truncate");
    return {};
  }

  Result<void> write(std::string_view value) override {
    buffer_.append(value).push_back('\n');
    return buffer_.size() < kBufferBytes ? Result<void>() : write_buffer();
  }

  Result<int64_t> flush() override {
    if (const auto written = write_buffer(); !written) return written.error();
    if (!recoverable_) return int64_t{-1};
    if (fdatasync(descriptor_) != 0) return fault("write");
    return size_bytes();
  }

 private:
  [[nodiscard]] Error fault(std::string_view doing) const {
    const ErrorCode code =
        errno == ENOSPC || errno == EDQUOT || errno == EIO ? ErrorCode::kUnavailable : ErrorCode::kFailed;
    return {code, fmt::format("cannot {} {}: {}", doing, path_, std::strerror(errno)), {}};
  }

  [[nodiscard]] int64_t size_bytes() const {
    struct stat status {};
    return fstat(descriptor_, &status) == 0 ? status.st_size : -1;
  }

  Result<void> write_buffer() {
    size_t written = 0;
    while (written < buffer_.size()) {
      const ssize_t count = ::write(descriptor_, buffer_.data() + written, buffer_.size() - written);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) {
        const Error error = fault("write");
        buffer_.erase(0, written);
        return error;
      }
      written += static_cast<size_t>(count);
    }
    buffer_.clear();
    return {};
  }

  const std::string path_;
  const int descriptor_;
  const bool recoverable_;
  std::string buffer_;
};

// A new file is only safe once its folder knows it.
void sync_folder_of(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  const int descriptor = open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  fsync(descriptor);
  close(descriptor);
}

}  // namespace

Result<std::unique_ptr<Sink>> open_file_sink(const std::string& path) {
  const bool is_stdout = path == "-";
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  std::error_code fault;
  if (!folder.empty()) std::filesystem::create_directories(folder, fault);
  if (fault) return failed(fmt::format("cannot create the folder {}: {}", folder.string(), fault.message()));
  const int descriptor =
      is_stdout ? dup(STDOUT_FILENO) : open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (descriptor < 0) {
    const ErrorCode code = errno == ENOENT ? ErrorCode::kNotFound : ErrorCode::kFailed;
    return Error{code, fmt::format("cannot open {} for writing: {}", path, std::strerror(errno)), {}};
  }
  struct stat status {};
  const bool regular = !is_stdout && fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
  if (regular) sync_folder_of(path);
  return std::unique_ptr<Sink>(std::make_unique<FileSink>(is_stdout ? "stdout" : path, descriptor, regular));
}

}  // namespace earshot::file
