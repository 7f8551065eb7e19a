#include "ops/topologies/post_changes.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "engine/time/wall_clock.h"
#include "ops/topologies/audit_interval.h"
#include "ops/topologies/post_change_batch.h"
#include "ops/topologies/retractions.h"
#include "ops/topologies/told_sets.h"
#include "ops/topologies/wire_work.h"

namespace earshot {
namespace {

using Listeners = std::vector<uint32_t>;

constexpr std::string_view kToldPrefix = "t";
constexpr std::string_view kPendingPrefix = "p";

// Of `from`, however often they stand there, those that `set` has, or has not.
Listeners filtered(std::span<const uint32_t> from, const Listeners& set, bool has) {
  Listeners kept;
  std::ranges::copy_if(from, std::back_inserter(kept),
                       [&](uint32_t listener) { return std::ranges::binary_search(set, listener) == has; });
  return kept;
}

Listeners merged(std::span<const uint32_t> some, std::span<const uint32_t> others) {
  Listeners all;
  std::ranges::merge(some, others, std::back_inserter(all));
  return all;
}

// What is known to have become of a post, whether or not anybody was told of it. Null: nothing.
std::shared_ptr<const PostFate> known_fate(const std::optional<ToldPosts::Known>& told, const ToldPosts& pending,
                                           uint64_t post) {
  const auto& known = told ? told : pending.find(post);
  return known ? known->fate : nullptr;
}

// Who has a mention: who was told of the post as it was first, and by an edit who was told of it then.
Listeners standing(const Listeners& told, const PostFate* fate) {
  if (fate == nullptr) return told;
  if (fate->is_deleted) return {};
  return merged(told, filtered(fate->now, told, false));
}

std::shared_ptr<const PostFate> fate_of(const wire::PostChange& change, const Listeners& now) {
  PostFate fate{.is_deleted = change.is_deleted(),
                .now = now,
                .edited_at_ms = change.edited_at_ms(),
                .time_ms = change.time_ms(),
                .rule_version = change.rule_version(),
                .id = change.id(),
                .platform = change.platform()};
  return std::make_shared<const PostFate>(std::move(fate));
}

Error in_state_of(const TopicPartition& partition, Error error) {
  error.where = "state of " + partition.to_string() + (error.where.empty() ? "" : ", " + error.where);
  return error;
}

bool is_sound(const wire::PostChanges& record, size_t sets) {
  const auto& told = record.told();
  const auto& changes = record.changes();
  return record.version() == kPostChangesVersion && record.posts_size() == record.told_size() &&
         std::all_of(told.begin(), told.end(), [&](uint32_t set) { return set < sets; }) &&
         std::all_of(changes.begin(), changes.end(),
                     [&](const auto& change) { return change.before() < sets && change.after() < sets; });
}

}  // namespace

PostChangesTopology::PostChangesTopology(PostChangesOptions options, const ListenerDirectory& listeners, Log& log)
    : options_(std::move(options)), log_(log) {
  add_spokes(listeners);
}

// A spoke without listeners keeps its topic; one that was never there while this process ran may have none.
void PostChangesTopology::add_spokes(const ListenerDirectory& listeners) {
  for (const std::string_view spoke : listeners.spokes()) spokes_.emplace(spoke);
}

void PostChangesTopology::begin_interval() {
  if (live_) add_spokes(*listeners_in_force(*live_));
}

Result<std::optional<int64_t>> PostChangesTopology::assigned(const TopicPartition& partition,
                                                             const std::optional<Position>& committed) {
  auto store = log_.open_state(options_.store, partition.partition);
  if (!store) return store.error();
  Task task;
  task.store = std::move(*store);
  task.names = std::make_unique<ListenerNumbers>();
  task.sets = std::make_unique<dedup::ListenerSets>();
  const auto remember = [&](std::string_view prefix) {
    return std::make_unique<ToldPosts>(*task.store, std::string(prefix), options_.posts_max, *task.names, *task.sets);
  };
  task.told = remember(kToldPrefix);
  task.pending = remember(kPendingPrefix);
  for (ToldPosts* posts : {task.told.get(), task.pending.get()}) {
    if (auto restored = posts->restore(); !restored) return in_state_of(partition, restored.error());
  }
  if (committed) task.first_offset = task.next_offset = committed->next_offset;
  tasks_.insert_or_assign(partition, std::move(task));
  if (!committed) return std::optional<int64_t>();
  return std::optional(committed->next_offset);
}

std::unique_ptr<Work> PostChangesTopology::process(std::unique_ptr<RecordBatch> batch) const {
  return read_wire_records<wire::PostChanges>(std::move(batch));
}

Result<void> PostChangesTopology::apply(Work& base, Outbox& outbox) {
  auto& work = static_cast<WireWork<wire::PostChanges>&>(base);
  if (!work.outcome) return work.outcome;
  const TopicPartition& partition = work.batch->partition();
  Task& task = tasks_.at(partition);
  for (size_t i = 0; i < work.records.size(); ++i) {
    const wire::PostChanges& record = *work.records[i];
    const auto sets = read_told_sets(record.told_sets(), *task.names);
    if (!sets || !is_sound(record, sets->size())) {
      return Error{ErrorCode::kCorrupt, "expected what became of posts, version 1",
                   partition.to_string() + "@" + std::to_string((*work.batch)[i].offset)};
    }
    for (int post = 0; post < record.posts_size(); ++post) {
      auto applied = apply_told(record.posts(post), (*sets)[record.told(post)], task, outbox);
      if (!applied) return applied;
    }
    for (const wire::PostChange& change : record.changes()) {
      const Change read{change.post(), &(*sets)[change.before()], fate_of(change, (*sets)[change.after()])};
      if (auto applied = apply_change(read, task, outbox); !applied) return applied;
    }
  }
  task.next_offset = work.batch->next_offset();
  return {};
}

// A post as it was first. What became of it may be known already.
Result<void> PostChangesTopology::apply_told(uint64_t post, const Listeners& told, Task& task, Outbox& outbox) {
  const auto known = task.told->find(post);
  const auto fate = known_fate(known, *task.pending, post);
  if (!known && !fate) {  // nearly always
    task.told->put(post, told, nullptr);
    return {};
  }
  const Listeners before = known ? Listeners(known->told.begin(), known->told.end()) : Listeners();
  if (!fate) {
    task.told->put(post, merged(before, told), nullptr);
    return {};
  }
  const Listeners stays = fate->is_deleted ? Listeners() : filtered(told, fate->now, true);
  const Listeners gone = fate->is_deleted ? told : filtered(told, fate->now, false);
  if (auto retracted = retract(gone, *fate, {}, task, outbox); !retracted) return retracted;
  task.told->put(post, merged(before, stays), fate);
  return {};
}

Result<void> PostChangesTopology::apply_change(const Change& change, Task& task, Outbox& outbox) {
  const auto known = task.told->find(change.post);
  const auto fate = known_fate(known, *task.pending, change.post);
  // Of a post that is forgotten, or was told before this topic was in use, its own input partition may still know.
  const Listeners told = known ? Listeners(known->told.begin(), known->told.end()) : *change.before;
  if (fate && fate->is_deleted) return retract(change.fate->now, *fate, {}, task, outbox);
  if (!change.fate->is_deleted) return apply_edit(change, told, fate.get(), task, outbox);
  const Listeners gone = standing(told, fate.get());
  if (auto retracted = retract(gone, *change.fate, *change.before, task, outbox); !retracted) return retracted;
  (known || !gone.empty() ? task.told : task.pending)->put(change.post, {}, change.fate);
  return {};
}

// Whoever it matches now was told by LISTEN, which also saw to DESK for whom it had told before.
Result<void> PostChangesTopology::apply_edit(const Change& change, const Listeners& told, const PostFate* fate,
                                             Task& task, Outbox& outbox) {
  const PostFate& edit = *change.fate;
  const bool is_older = fate != nullptr && edit.edited_at_ms != 0 && edit.edited_at_ms < fate->edited_at_ms;
  if (is_older) return retract(filtered(edit.now, fate->now, false), *fate, {}, task, outbox);
  const Listeners had = standing(told, fate);
  const Listeners gone = filtered(had, edit.now, false);
  if (auto retracted = retract(gone, edit, *change.before, task, outbox); !retracted) return retracted;
  const bool was_told = !told.empty() || !edit.now.empty() || task.told->find(change.post);
  (was_told ? task.told : task.pending)->put(change.post, filtered(told, edit.now, true), change.fate);
  return {};
}

Result<void> PostChangesTopology::retract(std::span<const uint32_t> listeners, const PostFate& cause,
                                          std::span<const uint32_t> desk_knows, Task& task, Outbox& outbox) {
  for (const uint32_t number : listeners) {
    const ListenerNumbers::Heard& heard = task.names->heard(number);
    options_.on_retraction();
    const bool has_topic = options_.writes_mentions && spokes_.contains(heard.spoke);
    const std::string mentions = has_topic ? options_.mentions_topic_prefix + heard.spoke : "";
    const bool tells_desk = !std::ranges::binary_search(desk_knows, number);
    const Retraction retraction{.cause = cause.is_deleted ? Retraction::Cause::kDeleted : Retraction::Cause::kRetracted,
                                .listener = heard.name,
                                .spoke = heard.spoke,
                                .post_id = cause.id,
                                .platform = cause.platform};
    const RetractionTopics topics{mentions, tells_desk ? options_.engagements_topic : std::string_view()};
    auto told = tell_retraction(retraction, cause.rule_version, cause.time_ms, topics, scratch_, outbox);
    if (!told) return told;
    if (has_topic) ++task.outputs[mentions];
  }
  return {};
}

Result<void> PostChangesTopology::before_commit(const std::vector<TopicPartition>&, bool, Outbox& outbox) {
  for (auto& [partition, task] : tasks_) {
    task.told->checkpoint();
    task.pending->checkpoint();
    if (auto told = tell_audit(partition, task, outbox); !told) return told;
  }
  return {};
}

// Its input is no post's: the entry says what was written, and nothing of what was read.
Result<void> PostChangesTopology::tell_audit(const TopicPartition& partition, Task& task, Outbox& outbox) {
  const int64_t first_offset = std::exchange(task.first_offset, task.next_offset);
  if (task.outputs.empty()) return {};
  wire::AuditEntry entry;
  entry.set_version(kAuditVersion);
  entry.set_group(options_.group);
  entry.set_topic(partition.topic);
  entry.set_partition(partition.partition);
  entry.set_first_offset(first_offset);
  entry.set_next_offset(task.next_offset);
  entry.set_outputs_only(true);
  for (const auto& [topic, records] : std::exchange(task.outputs, {})) {
    wire::AuditOutput& output = *entry.add_outputs();
    output.set_topic(topic);
    output.set_records(records);
  }
  entry.SerializeToString(&scratch_);
  const std::string key = options_.group + " " + partition.to_string();
  return outbox.produce(
      {.topic = options_.audit_topic, .key = key, .value = scratch_, .timestamp_ms = wall_clock_ms()});
}

std::vector<StateStore*> PostChangesTopology::stores() {
  std::vector<StateStore*> stores;
  for (auto& [partition, task] : tasks_) stores.push_back(task.store.get());
  return stores;
}

}  // namespace earshot
