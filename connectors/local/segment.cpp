#include "connectors/local/segment.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "connectors/local/keys.h"
#include "engine/base/hash.h"

namespace earshot::local {
namespace {

constexpr char kPointer = 1;
constexpr size_t kPointerBytes = 1 + 8 + 8 + 4 + 8;
constexpr std::string_view kSuffix = ".segment";

std::string segment_path(const std::string& folder, uint64_t segment) {
  return fmt::format("{}/{:012}{}", folder, segment, kSuffix);
}

std::optional<uint64_t> segment_number(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  return error == std::errc() && end == name.data() + name.size() - kSuffix.size() && name.ends_with(kSuffix)
             ? std::optional(number)
             : std::nullopt;
}

std::vector<uint64_t> list_segments(const std::string& folder) {
  std::vector<uint64_t> segments;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (const auto number = segment_number(entry.path())) segments.push_back(*number);
  }
  return segments;
}

void sync_folder(const std::string& folder) {
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  fsync(descriptor);
  close(descriptor);
}

}  // namespace

std::string encode_pointer(const SegmentPointer& pointer) {
  std::string value(1, kPointer);
  append_big_endian(value, pointer.segment);
  append_big_endian(value, pointer.position);
  append_big_endian(value, pointer.bytes);
  append_big_endian(value, pointer.checksum);
  return value;
}

std::optional<SegmentPointer> decode_pointer(std::string_view value) {
  if (value.size() != kPointerBytes || value[0] != kPointer) return std::nullopt;
  const char* at = value.data() + 1;
  return SegmentPointer{read_big_endian<uint64_t>(at), read_big_endian<uint64_t>(at + 8),
                        read_big_endian<uint32_t>(at + 16), read_big_endian<uint64_t>(at + 20)};
}

std::optional<size_t> stored_batch_bytes(std::string_view value) {
  if (value.starts_with(kInlineTag)) return value.size() - kInlineTag.size();
  const std::optional<SegmentPointer> pointer = decode_pointer(value);
  return pointer ? std::optional<size_t>(pointer->bytes) : std::nullopt;
}

Result<void> SegmentWriter::open(const std::string& folder, int64_t segment_bytes_max, bool sync) {
  folder_ = folder;
  segment_bytes_max_ = static_cast<uint64_t>(segment_bytes_max);
  sync_ = sync;
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return failed(fmt::format("cannot create the folder {}: {}", folder, error.message()));
  for (const uint64_t segment : list_segments(folder)) segment_ = std::max(segment_, segment);
  return {};
}

SegmentWriter::~SegmentWriter() {
  if (descriptor_ >= 0) close(descriptor_);
}

Error SegmentWriter::fault(std::string_view doing) {
  Error error{
      ErrorCode::kUnavailable,
      fmt::format("the local log cannot {} {}: {}", doing, segment_path(folder_, segment_), std::strerror(errno)),
      {}};
  // Frees the room; if that fails too, the bytes are garbage that goes with the segment.
  if (descriptor_ >= 0 && ftruncate(descriptor_, static_cast<off_t>(marked_position_)) == 0)
    position_ = marked_position_;
  return error;
}

Result<void> SegmentWriter::start_segment() {
  if (const auto synced = sync(); !synced) return synced;
  if (descriptor_ >= 0) close(descriptor_);
  ++segment_;
  position_ = marked_position_ = 0;
  descriptor_ = ::open(segment_path(folder_, segment_).c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (descriptor_ < 0) return fault("create");
  sync_folder(folder_);
  return {};
}

Result<SegmentPointer> SegmentWriter::append(std::string_view batch) {
  if (descriptor_ < 0 || position_ >= segment_bytes_max_) {
    if (const auto started = start_segment(); !started) return started.error();
  }
  const SegmentPointer pointer{segment_, position_, static_cast<uint32_t>(batch.size()), hash_64(batch)};
  dirty_ = true;
  while (!batch.empty()) {
    const ssize_t written = pwrite(descriptor_, batch.data(), batch.size(), static_cast<off_t>(position_));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return fault("write");
    position_ += static_cast<uint64_t>(written);
    batch.remove_prefix(static_cast<size_t>(written));
  }
  return pointer;
}

Result<void> SegmentWriter::sync() {
  if (!dirty_ || !sync_) return {};
  if (fdatasync(descriptor_) != 0) {
    const Error error = fault("sync");
    // The kernel may have dropped the pages that it could not write: this segment is not to be trusted further.
    close(descriptor_);
    descriptor_ = -1;
    dirty_ = false;
    return error;
  }
  dirty_ = false;
  return {};
}

Result<void> SegmentWriter::settle() {
  if (const auto synced = sync(); !synced) return synced;
  marked_position_ = position_;
  return {};
}

SegmentReader::~SegmentReader() {
  if (descriptor_ >= 0) close(descriptor_);
}

Result<void> SegmentReader::load(std::string_view value, char* into) {
  if (const std::optional<SegmentPointer> pointer = decode_pointer(value)) return read(*pointer, into);
  std::memcpy(into, value.data() + kInlineTag.size(), value.size() - kInlineTag.size());
  return {};
}

Result<void> SegmentReader::read(const SegmentPointer& pointer, char* into) {
  const std::string path = segment_path(folder_, pointer.segment);
  if (descriptor_ < 0 || segment_ != pointer.segment) {
    if (descriptor_ >= 0) close(descriptor_);
    segment_ = pointer.segment;
    descriptor_ = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor_ < 0) {
      const ErrorCode code = errno == ENOENT ? ErrorCode::kNotFound : ErrorCode::kUnavailable;
      return Error{code, fmt::format("cannot open {}: {}", path, std::strerror(errno)), {}};
    }
  }
  size_t done = 0;
  while (done < pointer.bytes) {
    const ssize_t count =
        pread(descriptor_, into + done, pointer.bytes - done, static_cast<off_t>(pointer.position + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0)
      return Error{ErrorCode::kUnavailable, fmt::format("cannot read {}: {}", path, std::strerror(errno)), {}};
    if (count == 0) break;
    done += static_cast<size_t>(count);
  }
  if (done == pointer.bytes && hash_64({into, done}) == pointer.checksum) return {};
  return Error{ErrorCode::kCorrupt, "the checksum of a stored batch does not agree",
               fmt::format("{}@{}", path, pointer.position)};
}

void SegmentUsage::drop(uint64_t segment) {
  const auto found = batches_.find(segment);
  if (found != batches_.end()) --found->second;
}

bool SegmentUsage::has_garbage(uint64_t current) const {
  return std::any_of(batches_.begin(), batches_.end(),
                     [&](const auto& entry) { return entry.second <= 0 && entry.first != current; });
}

void SegmentUsage::delete_garbage(uint64_t current) {
  std::error_code ignored;  // a file that stays is deleted as a stranger when the log is opened again
  for (auto entry = batches_.begin(); entry != batches_.end();) {
    if (entry->second > 0 || entry->first == current) {
      ++entry;
      continue;
    }
    std::filesystem::remove(segment_path(folder_, entry->first), ignored);
    entry = batches_.erase(entry);
  }
}

void SegmentUsage::delete_strangers() {
  std::error_code ignored;
  for (const uint64_t segment : list_segments(folder_)) {
    if (!batches_.contains(segment)) std::filesystem::remove(segment_path(folder_, segment), ignored);
  }
}

}  // namespace earshot::local
