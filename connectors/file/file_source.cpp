#include "connectors/file/file_source.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "connectors/file/byte_stream.h"
#include "connectors/file/line_reader.h"

namespace earshot::file {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kLookInterval(50);  // at files that may have grown

// Wakes a ::poll() from another thread; stays set until it is taken.
class WakeSignal {
 public:
  WakeSignal() : descriptor_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}
  ~WakeSignal() { close(descriptor_); }
  WakeSignal(const WakeSignal&) = delete;
  WakeSignal& operator=(const WakeSignal&) = delete;

  void set() const {
    const uint64_t one = 1;
    static_cast<void>(!write(descriptor_, &one, sizeof(one)));  // can fail only when it is set 2^64 times
  }
  [[nodiscard]] bool take() const {
    uint64_t count = 0;
    return read(descriptor_, &count, sizeof(count)) > 0;
  }
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  const int descriptor_;
};

class FileSource final : public Source {
 public:
  FileSource(std::vector<LineReader> readers, StreamEnd end) : readers_(std::move(readers)), end_(end) {}

  Result<Polled> poll(milliseconds timeout) override {
    if (!started_) return Polled{PollStatus::kRebalance, nullptr};
    const auto deadline = Clock::now() + timeout;
    while (true) {
      auto batch = read_next();
      if (!batch) return batch.error();
      if (*batch) return Polled{PollStatus::kBatch, std::move(*batch)};
      if (std::all_of(readers_.begin(), readers_.end(), [](const LineReader& reader) { return reader.ended(); })) {
        return Polled{PollStatus::kEndOfInput, nullptr};
      }
      const auto now = Clock::now();
      if (wake_signal_.take() || now >= deadline) return Polled{PollStatus::kIdle, nullptr};
      wait(std::chrono::ceil<milliseconds>(deadline - now));
    }
  }

  Rebalance take_rebalance() override {
    Rebalance rebalance;
    if (started_) return rebalance;
    for (const LineReader& reader : readers_) rebalance.assigned.push_back(reader.partition());
    return rebalance;
  }

  Result<void> finish_rebalance(const std::map<TopicPartition, std::optional<int64_t>>& starts) override {
    if (started_) return {};
    for (LineReader& reader : readers_) {
      const auto start = starts.find(reader.partition());
      const int64_t offset = start == starts.end() ? 0 : start->second.value_or(0);
      if (const auto begun = reader.start_at(offset); !begun) return begun;
    }
    started_ = true;
    return {};
  }

  [[nodiscard]] int32_t partition_count() const override { return static_cast<int32_t>(readers_.size()); }

  [[nodiscard]] std::map<TopicPartition, int64_t> lag() const override {
    std::map<TopicPartition, int64_t> lag;
    for (const LineReader& reader : readers_) lag[reader.partition()] = reader.lag_bytes();
    return lag;
  }

  [[nodiscard]] bool caught_up(const TopicPartition& partition) const override {
    const auto index = static_cast<size_t>(partition.partition);
    return index < readers_.size() && readers_[index].partition() == partition && readers_[index].exhausted();
  }

  Result<void> stop_at_end() override {
    end_ = StreamEnd::kNow;
    return {};
  }

  void wake() override { wake_signal_.set(); }

 private:
  // Asks the reader that has come least far first; null when none has a whole line.
  Result<std::unique_ptr<RecordBatch>> read_next() {
    order_.clear();
    for (LineReader& reader : readers_) {
      if (!reader.ended()) order_.push_back(&reader);
    }
    const auto less_far = [](const LineReader* a, const LineReader* b) { return a->next_offset() > b->next_offset(); };
    std::make_heap(order_.begin(), order_.end(), less_far);
    while (!order_.empty()) {
      std::pop_heap(order_.begin(), order_.end(), less_far);
      auto batch = order_.back()->read_batch(end_);
      if (!batch || *batch) return batch;
      order_.pop_back();
    }
    return std::unique_ptr<RecordBatch>();
  }

  // Until a pipe has something, wake() is called, or it is time to look at the files again.
  void wait(milliseconds remaining) {
    std::vector<pollfd> waiting{{wake_signal_.descriptor(), POLLIN, 0}};
    for (const LineReader& reader : readers_) {
      if (reader.ended()) continue;
      if (reader.stream().is_regular()) {
        remaining = std::min(remaining, kLookInterval);
      } else {
        waiting.push_back({reader.stream().descriptor(), POLLIN, 0});
      }
    }
    const auto timeout_ms = std::min<int64_t>(remaining.count(), 60'000);
    ::poll(waiting.data(), waiting.size(), static_cast<int>(timeout_ms));
  }

  std::vector<LineReader> readers_;
  std::vector<LineReader*> order_;
  StreamEnd end_;
  bool started_ = false;
  WakeSignal wake_signal_;
};

// The folder's files, or the path itself.
Result<std::vector<std::string>> expand(const std::string& path) {
  std::error_code error;
  if (path == "-") return std::vector<std::string>{path};
  if (!std::filesystem::is_directory(path, error)) {
    return std::vector<std::string>{std::filesystem::path(path).lexically_normal().string()};
  }
  std::vector<std::string> files;
  for (std::filesystem::directory_iterator entry(path, error), end; !error && entry != end; entry.increment(error)) {
    std::error_code gone;
    const bool hidden = entry->path().filename().string().starts_with('.');
    if (!hidden && entry->is_regular_file(gone)) files.push_back(entry->path().lexically_normal().string());
  }
  if (error) return failed(fmt::format("cannot list the folder {}: {}", path, error.message()));
  if (files.empty()) return Error{ErrorCode::kNotFound, fmt::format("the folder {} holds no files to read", path), {}};
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

Result<std::unique_ptr<Source>> open_file_source(const FileSourceOptions& options) {
  std::vector<std::string> files;
  for (const std::string& path : options.paths) {
    const auto expanded = expand(path);
    if (!expanded) return expanded.error();
    files.insert(files.end(), expanded->begin(), expanded->end());
  }
  if (files.empty()) return invalid("a file source needs at least one path: a file, a folder or - for stdin");
  if (std::count(files.begin(), files.end(), "-") > 1) return invalid("stdin (-) can be read once only");
  if (files.size() > static_cast<size_t>(options.max_files)) {
    return invalid(fmt::format("{} files are to be read side by side; at most {} can be (max_files): join some of them",
                               files.size(), options.max_files));
  }
  const LineLimits limits{static_cast<size_t>(options.max_record_bytes), static_cast<size_t>(options.batch_bytes)};
  std::vector<LineReader> readers;
  for (const std::string& path : files) {
    auto stream = ByteStream::open(path);
    if (!stream) return stream.error();
    const TopicPartition partition{(*stream)->path(), static_cast<int32_t>(readers.size())};
    readers.emplace_back(partition, std::move(*stream), limits);
  }
  const StreamEnd end = options.follow ? StreamEnd::kWhenClosed : StreamEnd::kAtFileEnd;
  return std::unique_ptr<Source>(std::make_unique<FileSource>(std::move(readers), end));
}

}  // namespace earshot::file
