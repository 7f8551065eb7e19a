#include "ops/topologies/detect.h"

#include <algorithm>
#include <utility>

#include "ops/topologies/wire_work.h"

namespace earshot {

DetectTopology::DetectTopology(DetectOptions options, std::shared_ptr<const ListenerSet> listeners, Log& log)
    : options_(std::move(options)), listeners_(std::move(listeners)), log_(log) {
  options_.monitor.detector.pane_ms = options_.window.pane_ms;
}

void DetectTopology::begin_interval() {
  if (!live_) return;
  auto listeners = live_->current()->listeners();
  if (listeners == listeners_) return;
  listeners_ = std::move(listeners);
  for (auto& [partition, task] : tasks_) task.adopt(listeners_);
}

Result<std::optional<int64_t>> DetectTopology::assigned(const TopicPartition& partition,
                                                        const std::optional<Position>& committed) {
  auto store = log_.open_state(options_.store, partition.partition);
  if (!store) return store.error();
  tasks_.erase(partition);
  const auto [entry, is_new] = tasks_.try_emplace(partition, options_, listeners_, std::move(*store));
  if (auto restored = entry->second.restore(); !restored) {
    Error error = restored.error();
    error.where = "state of " + partition.to_string() + (error.where.empty() ? "" : ", " + error.where);
    return error;
  }
  if (!committed) return std::optional<int64_t>();
  return std::optional(committed->next_offset);
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
  return emit_signals(signals, outbox);
}

Result<void> DetectTopology::emit_signals(std::vector<wire::Signal>& signals, Outbox& outbox) {
  std::ranges::stable_sort(signals, {}, [](const wire::Signal& signal) {
    return std::pair(signal.pane_start_ms(), std::string_view(signal.listener()));
  });
  for (const wire::Signal& signal : signals) {
    scratch_ = wire_bytes(signal);
    auto produced = outbox.produce({.topic = options_.signals_topic,
                                    .key = options_.hub,
                                    .value = scratch_,
                                    .timestamp_ms = signal.pane_start_ms() + signal.pane_ms()});
    if (!produced) return produced;
  }
  return {};
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
