#include "ops/topologies/incident.h"

#include <charconv>
#include <utility>

#include "ops/topologies/wire_work.h"
#include "schemas/dead_letter.h"
#include "schemas/finding.h"
#include "schemas/incident_control.h"

namespace earshot {
namespace {

// "topic/partition@offset", as TopicPartition::to_string() begins it.
std::optional<std::pair<TopicPartition, int64_t>> read_place(std::string_view text) {
  const size_t slash = text.rfind('/');
  const size_t at = text.rfind('@');
  if (slash == std::string_view::npos || at == std::string_view::npos || at < slash) return std::nullopt;
  std::pair<TopicPartition, int64_t> place{{std::string(text.substr(0, slash)), 0}, 0};
  const auto partition = std::from_chars(text.data() + slash + 1, text.data() + at, place.first.partition);
  const auto offset = std::from_chars(text.data() + at + 1, text.data() + text.size(), place.second);
  const bool is_read = partition.ec == std::errc() && offset.ec == std::errc();
  return is_read ? std::optional(std::move(place)) : std::nullopt;
}

}  // namespace

IncidentTopology::IncidentTopology(IncidentOptions options, std::shared_ptr<const ListenerSet> listeners, Log& log)
    : options_(std::move(options)),
      listeners_(std::make_shared<const ListenerDirectory>(std::move(listeners))),
      log_(log) {}

void IncidentTopology::begin_interval() {
  if (live_) listeners_ = listeners_in_force(*live_);
}

Result<std::optional<int64_t>> IncidentTopology::assigned(const TopicPartition& partition,
                                                          const std::optional<Position>& committed) {
  if (partition.topic == options_.control_topic) {  // what is read there needs no memory
    return committed ? std::optional(committed->next_offset) : std::optional<int64_t>();
  }
  auto store = log_.open_state(options_.store, partition.partition);
  if (!store) return store.error();
  Task task;
  task.store = std::move(*store);
  task.incidents = std::make_unique<incident::IncidentOperator>(options_.incident, *task.store);
  task.order = std::make_unique<incident::SignalOrder>(options_.order, *task.store);
  auto restored = task.incidents->restore();
  if (restored) restored = task.order->restore(options_.now_ms());
  if (!restored) {
    Error error = restored.error();
    error.where = "state of " + partition.to_string() + (error.where.empty() ? "" : ", " + error.where);
    return error;
  }
  tasks_.insert_or_assign(partition, std::move(task));
  if (!committed) return std::optional<int64_t>();
  return std::optional(committed->next_offset);
}

std::unique_ptr<Work> IncidentTopology::process(std::unique_ptr<RecordBatch> batch) const {
  if (batch->partition().topic == options_.control_topic) return std::make_unique<Work>(std::move(batch));
  return read_wire_records<wire::Signal>(std::move(batch));
}

Result<void> IncidentTopology::apply(Work& base, Outbox& outbox) {
  if (base.batch->partition().topic == options_.control_topic) return pass_on(*base.batch, outbox);
  auto& work = static_cast<WireWork<wire::Signal>&>(base);
  if (!work.outcome) return work.outcome;
  Task& task = tasks_.at(work.batch->partition());
  for (const wire::Signal* signal : work.records) {
    if (auto taken = take(*signal, task, outbox); !taken) return taken;
  }
  return {};
}

// What is decided and what is taken back holds at once; findings wait for their turn.
Result<void> IncidentTopology::take(const wire::Signal& signal, Task& task, Outbox& outbox) {
  if (!signal.control().empty()) return carry_out(signal, task, outbox);
  if (signal.deleted_size() > 0 || signal.changes_size() > 0) {
    task.order->take_back(signal);
    task.incidents->take_back(signal);
    return {};
  }
  if (signal.closed_until_ms() != 0) {
    task.order->note_progress(signal.detect_partition(), signal.closed_until_ms());
    return judge_ordered(task, outbox);
  }
  if (signal.listener() == kFeedName)
    return judge(signal, task, outbox);  // found by the clock: event time stands still
  task.order->add(signal, options_.now_ms());
  return options_.order.partitions > 1 ? Result<void>() : judge_ordered(task, outbox);
}

Result<void> IncidentTopology::judge_ordered(Task& task, Outbox& outbox) {
  for (const wire::Signal& signal : task.order->take(options_.now_ms())) {
    if (auto judged = judge(signal, task, outbox); !judged) return judged;
  }
  return {};
}

Result<void> IncidentTopology::judge(const wire::Signal& signal, Task& task, Outbox& outbox) {
  for (const Alert& alert : task.incidents->apply(signal)) {
    if (auto emitted = emit(alert, outbox); !emitted) return emitted;
  }
  return {};
}

Result<void> IncidentTopology::pass_on(const RecordBatch& decisions, Outbox& outbox) {
  for (size_t i = 0; i < decisions.size(); ++i) {
    const RecordView record = decisions[i];
    const Place place{decisions.partition(), record.offset};
    const int64_t time_ms = record.timestamp_ms == kNoTimestamp ? wall_clock_ms() : record.timestamp_ms;
    if (const auto control = read_incident_control(record.value); !control) {
      if (auto refused = refuse(control.error(), place, record.value, time_ms, outbox); !refused) return refused;
      continue;
    }
    wire::Signal decided;
    decided.set_hub(options_.hub);
    decided.set_control(std::string(record.value));
    decided.set_control_place(place.partition.to_string() + "@" + std::to_string(place.offset));
    scratch_ = wire_bytes(decided);
    auto produced = outbox.produce(
        {.topic = options_.signals_topic, .key = options_.hub, .value = scratch_, .timestamp_ms = time_ms});
    if (!produced) return produced;
  }
  return {};
}

Result<void> IncidentTopology::carry_out(const wire::Signal& decided, Task& task, Outbox& outbox) {
  const auto control = read_incident_control(decided.control());
  const auto place = read_place(decided.control_place());
  if (!control || !place) {
    return Error{ErrorCode::kCorrupt, "a decision was passed on that cannot be read", decided.control_place()};
  }
  const auto alerts = task.incidents->decide(*control);
  if (!alerts) {
    return refuse(alerts.error(), {place->first, place->second}, decided.control(), control->time_ms, outbox);
  }
  for (const Alert& alert : *alerts) {
    if (auto emitted = emit(alert, outbox); !emitted) return emitted;
  }
  return {};
}

Result<void> IncidentTopology::refuse(const Error& reason, const Place& place, std::string_view decision,
                                      int64_t time_ms, Outbox& outbox) {
  const DeadLetter letter{.stage = "incident",
                          .reason = reason.message,
                          .topic = place.partition.topic,
                          .partition = place.partition.partition,
                          .offset = place.offset,
                          .rule_version = listeners_->listeners()->version,
                          .time_ms = time_ms,
                          .payload = decision};
  for (uint32_t part = 0; part < dead_letter_parts(letter); ++part) {
    scratch_.clear();
    append_dead_letter_json(scratch_, letter, part);
    auto produced = outbox.produce({.topic = options_.dead_letters_topic,
                                    .key = place.partition.to_string(),
                                    .value = scratch_,
                                    .timestamp_ms = time_ms});
    if (!produced) return produced;
  }
  return {};
}

// The hub's events go to the hub's topic, a spoke's to its own: each topic alone tells the whole of its incidents.
Result<void> IncidentTopology::emit(const Alert& alert, Outbox& outbox) {
  scratch_.clear();
  append_alert_json(scratch_, alert);
  const auto produce = [&](const std::string& topic) {
    return outbox.produce({.topic = topic, .key = alert.incident_id, .value = scratch_, .timestamp_ms = alert.time_ms});
  };
  if (alert.parent.empty()) return produce(options_.alerts_topic);
  if (!listeners_->has_spoke(alert.spoke)) return {};
  return produce(options_.alerts_topic_prefix + alert.spoke);
}

Result<void> IncidentTopology::before_commit(const std::vector<TopicPartition>&, bool, Outbox& outbox) {
  for (auto& [partition, task] : tasks_) {
    if (auto judged = judge_ordered(task, outbox); !judged) return judged;
    task.order->checkpoint();
    task.incidents->checkpoint();
  }
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
