#include "connectors/file/line_reader.h"

#include <algorithm>
#include <cstring>

namespace earshot::file {
namespace {

constexpr size_t kReadBytes = 256 << 10;  // stays in the cache between read() and the search for newlines
constexpr std::string_view kByteOrderMark("\xef\xbb\xbf", 3);

}  // namespace

Result<void> LineReader::start_at(int64_t offset) {
  if (const auto started = stream_->start_at(offset); !started) return started;
  next_offset_ = offset;
  return {};
}

Result<std::unique_ptr<RecordBatch>> LineReader::read_batch(StreamEnd end) {
  if (fault_) return *fault_;
  if (ended_) return std::unique_ptr<RecordBatch>();
  if (!batch_) begin_batch({});
  const auto filled = fill();
  if (!filled) {
    fault_ = filled.error();
    skipping_ = false;
    if (batch_->empty()) return *fault_;
    return hand_out();
  }
  drained_ = *filled != Fill::kFull;
  const bool at_file_end = *filled == Fill::kAtEnd && (end == StreamEnd::kAtFileEnd || !stream_->is_regular());
  if (at_file_end || (drained_ && end == StreamEnd::kNow)) {
    if (const auto ended = end_stream(); !ended) fault_ = ended.error();
  }
  if (batch_->empty() && fault_) return *fault_;
  if (skipping_ || batch_->empty()) return std::unique_ptr<RecordBatch>();
  return hand_out();
}

Result<LineReader::Fill> LineReader::fill() {
  while (batch_->bytes_used() < limits_.batch_bytes || batch_->empty() || skipping_) {
    if (skipping_) {
      const auto skipped = skip_rest_of_line();
      if (!skipped || *skipped != Fill::kFull) return skipped;
      continue;
    }
    const auto read = stream_->read(batch_->reserve(kReadBytes), kReadBytes);
    if (!read) return read.error();
    if (read->bytes == 0) return read->at_end ? Fill::kAtEnd : Fill::kNothingNow;
    batch_->take(read->bytes);
    cut_lines();
    if (batch_->bytes_used() - line_start_ > limits_.max_record_bytes) truncate_long_line();
    if (batch_->empty() && line_start_ >= limits_.batch_bytes) {
      hand_out();  // blank lines alone: forget them
    }
  }
  return Fill::kFull;
}

void LineReader::begin_batch(std::string_view carried) {
  auto batch = std::make_unique<RecordBatch>(partition_, std::max(limits_.batch_bytes, carried.size()) + kReadBytes);
  if (!carried.empty()) std::memcpy(batch->reserve(carried.size()), carried.data(), carried.size());
  batch->take(carried.size());
  batch_ = std::move(batch);
  line_start_ = 0;
  scanned_to_ = carried.size();
  shift_ = next_offset_;
}

void LineReader::cut_lines() {
  const char* const data = batch_->data();
  const size_t end = batch_->bytes_used();
  while (const void* found = std::memchr(data + scanned_to_, '\n', end - scanned_to_)) {
    const auto newline = static_cast<size_t>(static_cast<const char*>(found) - data);
    add_record(line_start_, newline);
    line_start_ = scanned_to_ = newline + 1;
    if (scanned_to_ == end) break;
  }
  scanned_to_ = end;
}

// `end` is where the newline is, or would be.
void LineReader::add_record(size_t start, size_t end) {
  const int64_t offset = static_cast<int64_t>(start) + shift_;
  const char* const data = batch_->data();
  if (end > start && data[end - 1] == '\r') --end;
  if (offset == 0 && std::string_view(data + start, end - start).starts_with(kByteOrderMark))
    start += kByteOrderMark.size();
  if (end == start) return;
  batch_->slice(start, std::min(end - start, limits_.max_record_bytes), offset, kNoTimestamp);
}

void LineReader::truncate_long_line() {
  batch_->slice(line_start_, limits_.max_record_bytes, static_cast<int64_t>(line_start_) + shift_, kNoTimestamp);
  line_start_ = scanned_to_ = batch_->bytes_used();
  skipping_ = true;
}

// Reads over the rest of a line without keeping it: kFull once its newline is found.
Result<LineReader::Fill> LineReader::skip_rest_of_line() {
  char* const into = batch_->reserve(kReadBytes);
  const auto read = stream_->read(into, kReadBytes);
  if (!read) return read.error();
  if (read->bytes == 0) return read->at_end ? Fill::kAtEnd : Fill::kNothingNow;
  const auto* const newline = static_cast<const char*>(std::memchr(into, '\n', read->bytes));
  const size_t skipped = newline == nullptr ? read->bytes : static_cast<size_t>(newline - into) + 1;
  shift_ += static_cast<int64_t>(skipped);
  if (newline == nullptr) return Fill::kFull;
  skipping_ = false;
  std::memmove(into, into + skipped, read->bytes - skipped);
  batch_->take(read->bytes - skipped);
  cut_lines();
  return Fill::kFull;
}

Result<void> LineReader::end_stream() {
  ended_ = true;
  if (!stream_->may_end()) {
    return stream_->error_at(ErrorCode::kCorrupt, "the compressed data is cut off", stream_->offset());
  }
  skipping_ = false;
  if (line_start_ < batch_->bytes_used()) {
    add_record(line_start_, batch_->bytes_used());
    line_start_ = batch_->bytes_used();
  }
  return {};
}

// Takes the batch; the line that is not whole yet begins the next one.
std::unique_ptr<RecordBatch> LineReader::hand_out() {
  next_offset_ = static_cast<int64_t>(line_start_) + shift_;
  batch_->set_next_offset(next_offset_);
  std::unique_ptr<RecordBatch> full = std::move(batch_);
  begin_batch({full->data() + line_start_, full->bytes_used() - line_start_});
  return full;
}

bool LineReader::exhausted() const {
  if (ended_) return ended();
  return drained_ && batch_->empty() && stream_->remaining_bytes() <= 0;
}

int64_t LineReader::lag_bytes() const {
  if (ended()) return 0;
  const int64_t remaining = stream_->remaining_bytes();
  return remaining < 0 ? -1 : remaining + stream_->offset() - next_offset_;
}

}  // namespace earshot::file
