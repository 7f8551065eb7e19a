#include "ops/topologies/detect.h"

#include <algorithm>
#include <utility>

#include "ops/topologies/wire_work.h"

namespace earshot {

DetectTopology::DetectTopology(DetectOptions options, std::shared_ptr<const ListenerSet> listeners, Log& log)
    : options_(std::move(options)),
      listeners_(std::make_shared<const ListenerDirectory>(std::move(listeners))),
      log_(log) {
  options_.monitor.detector.pane_ms = options_.window.pane_ms;
}

void DetectTopology::begin_interval() {
  if (!live_) return;
  auto listeners = listeners_in_force(*live_);
  if (listeners->listeners() == listeners_->listeners()) return;
  listeners_ = std::move(listeners);
  for (auto& [partition, task] : tasks_) task.adopt(listeners_);
}

Result<std::optional<int64_t>> DetectTopology::assigned(const TopicPartition& partition,
                                                        const std::optional<Position>& committed) {
  auto store = log_.open_state(options_.store, partition.partition);
  if (!store) return store.error();
  revoked(partition);
  const auto [entry, is_new] = tasks_.try_emplace(partition, options_, listeners_, std::move(*store));
  if (auto restored = entry->second.restore(); !restored) {
    Error error = restored.error();
    error.where = "state of " + partition.to_string() + (error.where.empty() ? "" : ", " + error.where);
    return error;
  }
  if (!committed) return std::optional<int64_t>();
  return std::optional(committed->next_offset);
}

void DetectTopology::revoked(const TopicPartition& partition) {
  tasks_.erase(partition);
  told_until_ms_.erase(partition);
}

std::unique_ptr<Work> DetectTopology::process(std::unique_ptr<RecordBatch> batch) const {
  return read_wire_records<wire::Partial>(std::move(batch));
}

Result<void> DetectTopology::apply(Work& base, Outbox&) {
  auto& work = static_cast<WireWork<wire::Partial>&>(base);
  if (!work.outcome) return work.outcome;
  DetectTask& task = tasks_.at(work.batch->partition());
  for (wire::Partial* partial : work.records) {
    if (auto added = task.add(*partial); !added) return added;
  }
  return {};
}

Result<void> DetectTopology::before_commit(const std::vector<TopicPartition>&, bool, Outbox& outbox) {
  std::vector<wire::Signal> signals;
  for (auto& [partition, task] : tasks_) {
    // Every partition hears of the whole input: one of them is enough to tell.
    if (partition.partition == 0) task.watch_feed(signals);
    if (!task.is_changed()) continue;
    if (auto closed = task.close(signals, outbox); !closed) return closed;
    if (auto written = task.checkpoint(); !written) return written;
  }
  if (auto emitted = emit_signals(signals, outbox); !emitted) return emitted;
  return options_.tells_progress ? emit_progress(outbox) : Result<void>();
}

Result<void> DetectTopology::emit_signals(std::vector<wire::Signal>& signals, Outbox& outbox) {
  std::ranges::stable_sort(signals, {}, [](const wire::Signal& signal) {
    return std::pair(signal.pane_start_ms(), std::string_view(signal.listener()));
  });
  for (const wire::Signal& signal : signals) {
    if (auto emitted = emit(signal, signal.pane_start_ms() + signal.pane_ms(), outbox); !emitted) return emitted;
  }
  return {};
}

Result<void> DetectTopology::emit_progress(Outbox& outbox) {
  for (const auto& [partition, task] : tasks_) {
    int64_t& told_ms = told_until_ms_.try_emplace(partition, kNoWatermark).first->second;
    if (task.closed_until_ms() <= told_ms) continue;
    told_ms = task.closed_until_ms();
    wire::Signal progress;
    progress.set_hub(options_.hub);
    progress.set_detect_partition(partition.partition);
    progress.set_closed_until_ms(told_ms);
    if (auto emitted = emit(progress, told_ms, outbox); !emitted) return emitted;
  }
  return {};
}

Result<void> DetectTopology::emit(const wire::Signal& signal, int64_t time_ms, Outbox& outbox) {
  scratch_ = wire_bytes(signal);
  return outbox.produce(
      {.topic = options_.signals_topic, .key = options_.hub, .value = scratch_, .timestamp_ms = time_ms});
}

std::vector<StateStore*> DetectTopology::stores() {
  std::vector<StateStore*> stores;
  for (auto& [partition, task] : tasks_) stores.push_back(&task.store());
  return stores;
}

uint64_t DetectTopology::dropped_corrections() const {
  uint64_t dropped = 0;
  for (const auto& [partition, task] : tasks_) dropped += task.windows().dropped_corrections();
  return dropped;
}

}  // namespace earshot
