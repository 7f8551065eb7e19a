#include "engine/runtime/runner.h"

#include <tbb/parallel_pipeline.h>

#include <utility>

#include "engine/base/handover.h"
#include "engine/base/kill_point.h"

namespace earshot {

using std::chrono::milliseconds;

namespace {
// Long enough to sleep on, short enough that a stop is felt at once.
constexpr milliseconds kWait{20};
}  // namespace

Runner::Runner(Topology& topology, Source& source, Log& log, Outputs& outputs, RunnerOptions options,
               RunnerEvents events)
    : topology_(topology),
      source_(source),
      log_(log),
      outputs_(outputs),
      options_(std::move(options)),
      events_(std::move(events)) {}

Result<void> Runner::run(const std::stop_token& stop, const std::function<bool()>& is_upstream_done) {
  while (true) {
    // Asked before the interval, so that whatever the upstream committed last is seen by it.
    const bool was_upstream_done = is_upstream_done && is_upstream_done();
    topology_.begin_interval();
    auto filled = fill_interval(options_.now() + options_.commit_interval, stop);
    if (!filled) {
      outputs_.abort();
      return filled;
    }
    if (auto committed = commit(); !committed) {
      outputs_.abort();
      return committed;
    }
    EARSHOT_KILL_POINT("runner-between-intervals");
    events_.on_interval(source_);
    if (last_poll_ == PollStatus::kRebalance) {
      if (auto settled = settle_rebalance(); !settled) return settled;
      continue;
    }
    if (last_poll_ == PollStatus::kEndOfInput || stop.stop_requested()) return {};
    if (was_upstream_done && last_poll_ == PollStatus::kIdle) {
      if (auto bounded = source_.stop_at_end(); !bounded) return bounded;
    }
  }
}

Result<void> Runner::fill_interval(Clock::time_point deadline, const std::stop_token& stop) {
  last_poll_ = PollStatus::kIdle;
  while (!stop.stop_requested() && options_.now() < deadline) {
    if (!waiting_) waiting_ = next_batch(kWait);
    if (has_failed_) return take_failure();
    if (last_poll_ == PollStatus::kRebalance || last_poll_ == PollStatus::kEndOfInput) return {};
    if (!waiting_) continue;
    if (auto ran = options_.is_parallel ? run_pipeline(deadline) : run_serially(deadline); !ran) return ran;
  }
  return {};
}

// Takes what is there without waiting; answers nothing when the interval should end.
std::unique_ptr<RecordBatch> Runner::next_batch(milliseconds timeout) {
  if (waiting_) return std::move(waiting_);
  auto polled = source_.poll(timeout);
  if (!polled) {
    fetch_failure_ = polled.error();
    has_failed_ = true;
    return nullptr;
  }
  last_poll_ = polled->status;
  if (polled->batch) events_.on_batch(polled->batch->partition(), polled->batch->size(), polled->batch->bytes_used());
  return std::move(polled->batch);
}

Result<void> Runner::run_pipeline(Clock::time_point deadline) {
  // What the filters leave to the one behind, to their own next run, and at the end to this thread.
  const void* const begun = &fetch_failure_;
  const void* const fetched = &last_poll_;
  const void* const applied = &moved_;
  const auto fetch = [&](tbb::flow_control& control) -> RecordBatch* {
    take_over(begun);
    take_over(fetched);
    auto batch = !has_failed_ && options_.now() < deadline ? next_batch(milliseconds(0)) : nullptr;
    if (!batch) control.stop();
    hand_over(fetched);
    hand_over(batch.get());
    return batch.release();
  };
  const auto process = [&](RecordBatch* batch) {
    take_over(batch);
    auto work = topology_.process(std::unique_ptr<RecordBatch>(batch));
    hand_over(work.get());
    return work.release();
  };
  const auto apply_in_order = [&](Work* work) {
    take_over(work);
    take_over(applied);
    apply(*std::unique_ptr<Work>(work));
    hand_over(applied);
  };
  hand_over(begun);
  hand_over(applied);
  tbb::parallel_pipeline(options_.in_flight_batches_max,
                         tbb::make_filter<void, RecordBatch*>(tbb::filter_mode::serial_in_order, fetch) &
                             tbb::make_filter<RecordBatch*, Work*>(tbb::filter_mode::parallel, process) &
                             tbb::make_filter<Work*, void>(tbb::filter_mode::serial_in_order, apply_in_order));
  take_over(fetched);
  take_over(applied);
  return take_failure();
}

Result<void> Runner::take_failure() {
  has_failed_ = false;
  auto fetch_failure = std::exchange(fetch_failure_, {});
  auto apply_failure = std::exchange(apply_failure_, {});
  return apply_failure ? fetch_failure : apply_failure;
}

Result<void> Runner::run_serially(Clock::time_point deadline) {
  while (!has_failed_ && options_.now() < deadline) {
    auto batch = next_batch(milliseconds(0));
    if (!batch) break;
    apply(*topology_.process(std::move(batch)));
  }
  return take_failure();
}

void Runner::apply(Work& work) {
  const auto found = next_offsets_.find(work.batch->partition());
  if (has_failed_ || found == next_offsets_.end()) return;
  if (auto applied = topology_.apply(work, outputs_); !applied) {
    apply_failure_ = applied;
    has_failed_ = true;
    return;
  }
  if (work.batch->next_offset() > found->second) {  // records read again to rebuild memory do not move it
    found->second = work.batch->next_offset();
    moved_.insert(found->first);
  }
}

bool Runner::has_news() const {
  if (outputs_.is_open() || !moved_.empty()) return true;
  for (const StateStore* store : topology_.stores()) {
    if (!store->pending().empty()) return true;
  }
  return false;
}

Result<void> Runner::commit() {
  std::vector<TopicPartition> caught_up;
  for (const auto& [partition, offset] : next_offsets_) {
    const bool is_waiting = waiting_ && waiting_->partition() == partition;
    if (!is_waiting && source_.caught_up(partition)) caught_up.push_back(partition);
  }
  const bool at_end = last_poll_ == PollStatus::kEndOfInput;
  if (auto gathered = topology_.before_commit(caught_up, at_end, outputs_); !gathered) return gathered;
  if (!has_news()) return {};
  CommitRequest request;
  request.group = options_.group;
  request.source = &source_;
  for (const TopicPartition& partition : moved_) {
    request.positions[partition] = {next_offsets_[partition], topology_.position_metadata(partition)};
  }
  for (StateStore* store : topology_.stores()) {
    if (!store->pending().empty()) request.stores.push_back(store);
  }
  const auto began = options_.now();
  auto committed = outputs_.commit(std::move(request));
  if (!committed) return committed;
  moved_.clear();
  events_.on_commit(options_.now() - began);
  return {};
}

void Runner::drop(const TopicPartition& partition) {
  topology_.revoked(partition);
  next_offsets_.erase(partition);
  moved_.erase(partition);
  if (waiting_ && waiting_->partition() == partition) waiting_.reset();
}

// Runs right after a commit, so that whatever is given away is complete.
Result<void> Runner::settle_rebalance() {
  const Rebalance rebalance = source_.take_rebalance();
  for (const TopicPartition& partition : rebalance.revoked) drop(partition);
  for (const TopicPartition& partition : rebalance.lost) drop(partition);
  auto committed = log_.committed(options_.group, source_, rebalance.assigned);
  if (!committed) return committed.error();
  std::map<TopicPartition, std::optional<int64_t>> starts;
  for (const TopicPartition& partition : rebalance.assigned) {
    std::optional<Position> position;
    if (const auto found = committed->find(partition); found != committed->end()) position = found->second;
    auto start = topology_.assigned(partition, position);
    if (!start) return start.error();
    next_offsets_[partition] = position ? position->next_offset : 0;
    starts[partition] = *start;
  }
  events_.on_rebalance(rebalance);
  EARSHOT_KILL_POINT("runner-after-assignment");
  return source_.finish_rebalance(starts);
}

}  // namespace earshot
