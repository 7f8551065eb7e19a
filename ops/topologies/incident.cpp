#include "ops/topologies/incident.h"

#include "ops/topologies/wire_work.h"

namespace earshot {

IncidentTopology::IncidentTopology(IncidentOptions options, std::shared_ptr<const ListenerSet> listeners, Log& log)
    : options_(std::move(options)), log_(log) {
  adopt(std::move(listeners));
}

void IncidentTopology::adopt(std::shared_ptr<const ListenerSet> listeners) {
  listeners_ = std::move(listeners);
  spokes_.clear();
  for (const Listener& listener : listeners_->listeners) spokes_.insert(listener.spoke);
}

void IncidentTopology::begin_interval() {
  if (!live_) return;
  auto listeners = live_->current()->listeners();
  if (listeners != listeners_) adopt(std::move(listeners));
}

Result<std::optional<int64_t>> IncidentTopology::assigned(const TopicPartition& partition,
                                                          const std::optional<Position>& committed) {
  auto store = log_.open_state(options_.store, partition.partition);
  if (!store) return store.error();
  Task task;
  task.store = std::move(*store);
  task.incidents = std::make_unique<incident::IncidentOperator>(options_.incident, *task.store);
  if (auto restored = task.incidents->restore(); !restored) {
    Error error = restored.error();
    error.where = "state of " + partition.to_string() + (error.where.empty() ? "" : ", " + error.where);
    return error;
  }
  tasks_.insert_or_assign(partition, std::move(task));
  if (!committed) return std::optional<int64_t>();
  return std::optional(committed->next_offset);
}

std::unique_ptr<Work> IncidentTopology::process(std::unique_ptr<RecordBatch> batch) const {
  return read_wire_records<wire::Signal>(std::move(batch));
}

Result<void> IncidentTopology::apply(Work& base, Outbox& outbox) {
  auto& work = static_cast<WireWork<wire::Signal>&>(base);
  if (!work.outcome) return work.outcome;
  Task& task = tasks_.at(work.batch->partition());
  for (const wire::Signal* each : work.records) {
    const wire::Signal& signal = *each;
    const auto alert = task.incidents->apply(signal);
    if (!alert) continue;
    if (auto emitted = emit(*alert, outbox); !emitted) return emitted;
  }
  return {};
}

Result<void> IncidentTopology::emit(const Alert& alert, Outbox& outbox) {
  scratch_.clear();
  append_alert_json(scratch_, alert);
  const auto produce = [&](const std::string& topic) {
    return outbox.produce({.topic = topic, .key = alert.incident_id, .value = scratch_, .timestamp_ms = alert.time_ms});
  };
  if (auto produced = produce(options_.alerts_topic); !produced) return produced;
  if (!spokes_.contains(alert.spoke)) return {};
  return produce(options_.alerts_topic_prefix + alert.spoke);
}

Result<void> IncidentTopology::before_commit(const std::vector<TopicPartition>&, bool, Outbox&) {
  for (auto& [partition, task] : tasks_) task.incidents->checkpoint();
  return {};
}

std::vector<StateStore*> IncidentTopology::stores() {
  std::vector<StateStore*> stores;
  for (auto& [partition, task] : tasks_) stores.push_back(task.store.get());
  return stores;
}

size_t IncidentTopology::open_incidents() const {
  size_t count = 0;
  for (const auto& [partition, task] : tasks_) count += task.incidents->open_incidents();
  return count;
}

}  // namespace earshot
