#include "ops/topologies/desk.h"

#include <algorithm>
#include <utility>

namespace earshot {
namespace {

struct DeskWork : Work {
  using Work::Work;
  std::vector<Engagement> engagements;
  Result<void> outcome;  // of reading: internal records are ours, so one that cannot be read stops the task
};

Error in_state_of(const TopicPartition& partition, Error error) {
  error.where = "state of " + partition.to_string() + (error.where.empty() ? "" : ", " + error.where);
  return error;
}

}  // namespace

DeskTopology::DeskTopology(DeskOptions options, std::shared_ptr<const ListenerSet> listeners,
                           std::shared_ptr<const triage::TriageRules> triage_rules, Log& log)
    : options_(std::move(options)),
      listeners_(std::make_shared<const ListenerDirectory>(std::move(listeners))),
      triage_rules_(std::move(triage_rules)),
      log_(log) {}

void DeskTopology::begin_interval() {
  if (live_) listeners_ = listeners_in_force(*live_);
  if (live_triage_) triage_rules_ = live_triage_->current();
}

Result<std::optional<int64_t>> DeskTopology::assigned(const TopicPartition& partition,
                                                      const std::optional<Position>& committed) {
  auto store = log_.open_state(options_.store, partition.partition);
  if (!store) return store.error();
  Task task;
  task.store = std::move(*store);
  task.advocates = std::make_unique<advocates::Advocates>(options_.advocates, *task.store);
  task.queue = std::make_unique<queue::ServiceQueue>(options_.queue, *task.store);
  task.clocks = std::make_unique<queue::InputClocks>(*task.store);
  if (auto restored = task.advocates->restore(); !restored) return in_state_of(partition, restored.error());
  if (auto restored = task.queue->restore(); !restored) return in_state_of(partition, restored.error());
  if (auto restored = task.clocks->restore(); !restored) return in_state_of(partition, restored.error());
  tasks_.insert_or_assign(partition, std::move(task));
  if (!committed) return std::optional<int64_t>();
  return std::optional(committed->next_offset);
}

std::unique_ptr<Work> DeskTopology::process(std::unique_ptr<RecordBatch> batch) const {
  auto work = std::make_unique<DeskWork>(std::move(batch));
  work->engagements.reserve(work->batch->size());
  for (size_t i = 0; i < work->batch->size(); ++i) {
    const RecordView record = (*work->batch)[i];
    auto engagement = read_engagement(record.value);
    if (!engagement) {
      work->outcome = engagement.error();
      break;
    }
    // The record's time is bounded: a post from the future must not end the waiting of all others.
    if (engagement->is_retraction) {
      engagement->created_at_ms = record.timestamp_ms;
    } else if (record.timestamp_ms != kNoTimestamp) {
      engagement->created_at_ms = std::min(engagement->created_at_ms, record.timestamp_ms);
    }
    work->engagements.push_back(std::move(*engagement));
  }
  return work;
}

Result<void> DeskTopology::apply(Work& base, Outbox& outbox) {
  auto& work = static_cast<DeskWork&>(base);
  if (!work.outcome) return work.outcome;
  Task& task = tasks_.at(work.batch->partition());
  for (Engagement& engagement : work.engagements) {
    if (auto applied = apply(engagement, task, outbox); !applied) return applied;
  }
  return {};
}

Result<void> DeskTopology::apply(Engagement& engagement, Task& task, Outbox& outbox) {
  const auto tell_queue = [&](const queue::QueueChange& change) { return tell(change, outbox); };
  if (engagement.clock) return task.queue->advance_to(task.clocks->tell(*engagement.clock), tell_queue);
  const auto before =
      task.advocates->apply(engagement, [&](const advocates::StandingChange& change) { return tell(change, outbox); });
  if (!before) return before.error();
  const triage::Response response =
      triage::respond(triage_rules_->history(), engagement.kind, *before, {engagement.urgency, engagement.action});
  engagement.urgency = response.urgency;
  engagement.action = response.action;
  return task.queue->apply(engagement, *before, tell_queue);
}

Result<void> DeskTopology::tell(const queue::QueueChange& change, Outbox& outbox) {
  options_.on_queue_change(change);
  if (!listeners_->has_spoke(change.waiting.spoke)) return {};  // its listeners are gone, and perhaps its topic
  scratch_.clear();
  append_queue_change_json(scratch_, change);
  const std::string topic = options_.queue_topic_prefix + change.waiting.spoke;
  return outbox.produce(
      {.topic = topic,
       .partition = static_cast<int32_t>(queue::kBands) - static_cast<int32_t>(change.waiting.urgency),
       .key = change.waiting.post_id,
       .value = scratch_,
       .timestamp_ms = change.time_ms});
}

Result<void> DeskTopology::tell(const advocates::StandingChange& change, Outbox& outbox) {
  scratch_.clear();
  append_standing_change_json(scratch_, change);
  return outbox.produce({.topic = options_.standings_topic,
                         .key = change.author.listener,
                         .value = scratch_,
                         .timestamp_ms = change.day_ms});
}

Result<void> DeskTopology::before_commit(const std::vector<TopicPartition>&, bool, Outbox&) {
  for (auto& [partition, task] : tasks_) task.advocates->checkpoint();
  return {};
}

std::vector<StateStore*> DeskTopology::stores() {
  std::vector<StateStore*> stores;
  for (auto& [partition, task] : tasks_) stores.push_back(task.store.get());
  return stores;
}

}  // namespace earshot
