// The local log: appending records in commits of half a second's size, and reading them back. Process CPU counts
// RocksDB's threads too. The folder is under TMPDIR: point it at the disk that matters.
#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "connectors/local/local_log.h"

namespace {

using earshot::Log;
using earshot::TopicSpec;
using earshot::local::LocalLogOptions;

constexpr size_t kRecordBytes = 800;
constexpr int kPartitions = 16;

// The value; without one there is nothing to measure.
template <class T>
T must(earshot::Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "%s\n", result.error().to_string().c_str());
    std::exit(1);
  }
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

class BenchLog {
 public:
  explicit BenchLog(bool sync) : path_((std::filesystem::temp_directory_path() / "earshot-bench-XXXXXX").string()) {
    if (mkdtemp(path_.data()) == nullptr) std::abort();
    LocalLogOptions options;
    options.path = path_;
    options.sync = sync;
    log_ = must(earshot::local::open_local_log(options));
    const std::vector<TopicSpec> topics{{"posts", kPartitions, 5000}};
    must(log_->ensure_topics(topics));
  }
  ~BenchLog() {
    producer_.reset();
    log_.reset();
    std::filesystem::remove_all(path_);
  }
  BenchLog(const BenchLog&) = delete;
  BenchLog& operator=(const BenchLog&) = delete;

  Log& operator*() { return *log_; }

  // One transaction.
  void append(int64_t records) {
    if (!producer_) producer_ = must(log_->open_producer("bench"));
    must(producer_->begin());
    for (int64_t i = 0; i < records; ++i) {
      must(producer_->produce({"posts", static_cast<int32_t>(i % kPartitions), "", value_, i}));
    }
    must(producer_->commit({}));
  }

 private:
  std::string path_;
  std::unique_ptr<Log> log_;
  std::unique_ptr<earshot::Producer> producer_;
  const std::string value_ = std::string(kRecordBytes, 'x');
};

double process_cpu_us() {
  return static_cast<double>(std::clock()) * 1e6 / CLOCKS_PER_SEC;
}

void report(benchmark::State& state, int64_t records_per_iteration, double began_cpu_us) {
  const int64_t records = state.iterations() * records_per_iteration;
  state.SetBytesProcessed(records * static_cast<int64_t>(kRecordBytes));
  state.counters["cpu_us_per_record"] = (process_cpu_us() - began_cpu_us) / static_cast<double>(records);
}

// Arguments: records in a commit, sync.
void append(benchmark::State& state) {
  BenchLog log(state.range(1) != 0);
  log.append(state.range(0));  // brings the buffers to their size
  const double began_cpu_us = process_cpu_us();
  for (auto _ : state) log.append(state.range(0));
  report(state, state.range(0), began_cpu_us);
}
BENCHMARK(append)
    ->ArgNames({"records", "sync"})
    ->Args({250'000, 0})
    ->Args({25'000, 0})
    ->Args({1'000, 0})
    ->Args({25'000, 1})
    ->Args({100, 1})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

// What the last commits left, in memory and in blob files.
void read(benchmark::State& state) {
  constexpr int64_t kRecords = 500'000;
  BenchLog log(false);
  for (int i = 0; i < 20; ++i) log.append(kRecords / 20);
  const double began_cpu_us = process_cpu_us();
  for (auto _ : state) {
    const auto source = must((*log).subscribe("bench", {"posts"}, {.until_end = true}));
    must(source->poll(std::chrono::milliseconds(0)));
    must(source->finish_rebalance({}));
    size_t count = 0;
    while (true) {
      const auto polled = must(source->poll(std::chrono::milliseconds(0)));
      if (polled.status != earshot::PollStatus::kBatch) break;
      count += polled.batch->size();
    }
    if (count != kRecords) state.SkipWithError("records are missing");
  }
  report(state, kRecords, began_cpu_us);
}
BENCHMARK(read)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
