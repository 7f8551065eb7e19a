// Runner: drives one topology on its own thread: fetch → process in parallel → apply in order per partition → commit
// once. The parallel part runs on oneTBB's workers; a commit happens between two runs of the pipeline, when nothing is
// in flight.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/flow/log.h"
#include "engine/flow/source.h"
#include "engine/runtime/outputs.h"
#include "engine/runtime/topology.h"

namespace earshot {

struct RunnerOptions {
  std::string group;  // consumer group; its positions are committed under this name
  std::chrono::milliseconds commit_interval{500};
  size_t in_flight_batches_max = 8;  // bounds memory: nothing is fetched beyond it
  bool is_parallel = false;          // false: process() runs on the runner's own thread
  std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
};

// What a runner tells whoever watches it; called on the runner's thread.
struct RunnerEvents {
  std::function<void(const TopicPartition&, size_t records, size_t bytes)> on_batch = [](auto&&...) {};
  std::function<void(std::chrono::nanoseconds commit_time)> on_commit = [](auto&&...) {};
  std::function<void(const Rebalance&)> on_rebalance = [](auto&&...) {};
  std::function<void(const Source&)> on_interval = [](auto&&...) {};  // after each commit interval, for lag
};

class Runner {
 public:
  Runner(Topology& topology, Source& source, Log& log, Outputs& outputs, RunnerOptions options, RunnerEvents events);

  // Runs until `stop` is requested (then commits what is done), a bounded source ends, or `is_upstream_done` answers
  // true and the source has nothing more. kUnavailable: build everything anew and run again, it resumes from the last
  // commit.
  Result<void> run(const std::stop_token& stop, const std::function<bool()>& is_upstream_done = {});

 private:
  using Clock = std::chrono::steady_clock;

  Result<void> fill_interval(Clock::time_point deadline, const std::stop_token& stop);
  Result<void> run_pipeline(Clock::time_point deadline);
  Result<void> run_serially(Clock::time_point deadline);
  std::unique_ptr<RecordBatch> next_batch(std::chrono::milliseconds timeout);
  void apply(Work& work);
  Result<void> take_failure();
  Result<void> commit();
  Result<void> settle_rebalance();
  void drop(const TopicPartition& partition);
  [[nodiscard]] bool has_news() const;

  Topology& topology_;
  Source& source_;
  Log& log_;
  Outputs& outputs_;
  RunnerOptions options_;
  RunnerEvents events_;

  std::unique_ptr<RecordBatch> waiting_;  // fetched by the wait that ended an idle time
  PollStatus last_poll_ = PollStatus::kIdle;
  std::map<TopicPartition, int64_t> next_offsets_;  // of every assigned partition
  std::set<TopicPartition> moved_;                  // whose next offset is not committed yet

  // Fetch and apply run at the same time, each one at a time: one failure for each, and a flag that both read.
  std::atomic<bool> has_failed_ = false;
  Result<void> fetch_failure_;
  Result<void> apply_failure_;
};

}  // namespace earshot
