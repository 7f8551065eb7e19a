#include "ops/earshot/state_guard.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>

#include "engine/time/wall_clock.h"
#include "ops/earshot/connectors.h"
#include "ops/earshot/log_place.h"
#include "ops/plan/made_with.h"
#include "ops/topologies/detect.h"
#include "ops/topologies/incident.h"
#include "ops/topologies/post_changes.h"

namespace earshot {
namespace {

constexpr std::string_view kRecordKey = "state";

// Reads what the group has not read yet and answers where that ends: it was made by the state that goes.
Result<std::map<TopicPartition, Position>> skip_unread(Log& log, const std::string& group, Source& source) {
  std::map<TopicPartition, Position> ends;
  while (true) {
    auto polled = source.poll(std::chrono::milliseconds(200));
    if (!polled) return polled.error();
    if (polled->status == PollStatus::kEndOfInput) return ends;
    if (polled->batch) ends[polled->batch->partition()] = {polled->batch->next_offset(), {}};
    if (polled->status != PollStatus::kRebalance) continue;
    const Rebalance rebalance = source.take_rebalance();
    if (static_cast<int32_t>(rebalance.assigned.size()) != source.partition_count()) {
      return Error{ErrorCode::kUnavailable,
                   "the state cannot be reset: other processes are members of the group " + group +
                       "; stop them, and give one that died its session timeout",
                   {}};
    }
    auto committed = log.committed(group, source, rebalance.assigned);
    if (!committed) return committed.error();
    std::map<TopicPartition, std::optional<int64_t>> starts;
    for (const TopicPartition& partition : rebalance.assigned) {
      const auto found = committed->find(partition);
      starts[partition] = found == committed->end() ? std::nullopt : std::optional(found->second.next_offset);
      if (found != committed->end()) ends[partition] = {found->second.next_offset, {}};
    }
    if (auto finished = source.finish_rebalance(starts); !finished) return finished.error();
  }
}

Result<void> erase_all(StateStore& store) {
  std::vector<std::string> keys;
  auto scanned = store.scan("", [&](std::string_view key, std::string_view) {
    keys.emplace_back(key);
    return true;
  });
  for (const std::string& key : keys) store.erase(key);
  return scanned;
}

struct Reset {
  std::string store;
  std::string group;
  std::vector<std::string> topics;   // its input
  int32_t stateless_partitions = 0;  // of that input
};

// State and positions of one stage, in one transaction, as the only member of its group.
Result<void> reset_stage(Log& log, Producer& producer, const Reset& reset) {
  auto source = log.subscribe(reset.group, reset.topics, {.until_end = true});
  if (!source) return source.error();
  auto ends = skip_unread(log, reset.group, **source);
  if (!ends) return ends.error();
  std::vector<std::unique_ptr<StateStore>> stores;
  CommitRequest request{.group = reset.group, .source = source->get(), .positions = std::move(*ends)};
  const int32_t store_count = (*source)->partition_count() - reset.stateless_partitions;
  for (int32_t partition = 0; partition < store_count; ++partition) {
    auto store = log.open_state(reset.store, partition);
    if (!store) return store.error();
    if (auto erased = erase_all(**store); !erased) return erased;
    if (!(*store)->pending().empty()) request.stores.push_back(store->get());
    stores.push_back(std::move(*store));
  }
  if (auto begun = producer.begin(); !begun) return begun;
  auto committed = producer.commit(request);
  if (!committed) static_cast<void>(producer.abort().ok());
  return committed;
}

Result<void> write_record(Producer& producer, const Settings& settings) {
  if (auto begun = producer.begin(); !begun) return begun;
  const std::string topic = made_with_topic(settings).name;
  const std::string value = plan::made_with(settings);
  auto written = producer.produce({.topic = topic, .key = kRecordKey, .value = value, .timestamp_ms = wall_clock_ms()});
  if (written) written = producer.commit({});
  if (!written) static_cast<void>(producer.abort().ok());
  return written;
}

}  // namespace

// A local log belongs to one application, so that an edited prefix is noticed; on Kafka it tells applications apart.
TopicSpec made_with_topic(const Settings& settings) {
  const bool is_local = settings.log.connector == LogConnector::kLocal;
  return {.name = (is_local ? "" : settings.log.topic_prefix) + "made-with", .partitions = 1, .compacted = true};
}

Result<StateVerdict> judge_state(const Settings& settings, std::chrono::milliseconds patience) {
  std::string record;
  auto read = read_topic(
      settings, made_with_topic(settings).name,
      [&](const TopicPartition&, const RecordView& found) -> Result<void> {
        record = found.value;
        return {};
      },
      patience);
  if (!read && read.error().code != ErrorCode::kNotFound) return read.error();
  StateVerdict verdict;
  if (record.empty()) {
    auto moves = moves_of_log(settings);
    if (!moves) return moves.error();
    verdict.resets = std::move(*moves);
    return verdict;
  }
  auto resets = plan::resets_since(record, settings);
  if (!resets) return resets.error();
  verdict.is_current = record == plan::made_with(settings);
  verdict.resets = std::move(*resets);
  return verdict;
}

Result<void> refuse_resets(const StateVerdict& verdict) {
  if (verdict.resets.empty()) return {};
  std::string message;
  for (const plan::Edit& edit : verdict.resets) {
    message += edit.subject + ": the state was made with " + edit.before + ", now it is " + edit.after + ": " +
               edit.reason + '\n';
  }
  return invalid(message +
                 "take the edit back, or let `earshot run --accept-state-reset` drop windows, baselines and "
                 "open incidents");
}

Result<void> settle_state(Log& log, const Settings& settings, const Topics& topics, const StateVerdict& verdict) {
  if (auto kept = remember_log(settings); !kept) return kept;
  if (verdict.is_current) return {};
  std::random_device random;
  auto producer = log.open_producer(settings.name + "-settle-" + std::to_string(random()));
  if (!producer) return producer.error();
  if (!verdict.resets.empty()) {
    const bool is_hub_alone =
        std::ranges::all_of(verdict.resets, [](const auto& edit) { return edit.subject == "hub"; });
    const Reset incident{.store = IncidentOptions().store,
                         .group = consumer_group(settings, "incident"),
                         .topics = {topics.signals, topics.incident_control},
                         .stateless_partitions = 1};
    const Reset detect{
        .store = DetectOptions().store, .group = consumer_group(settings, "detect"), .topics = {topics.partials}};
    const Reset changes{.store = PostChangesOptions().store,
                        .group = consumer_group(settings, "post-changes"),
                        .topics = {topics.post_changes}};
    if (auto reset = is_hub_alone ? Result<void>() : reset_stage(log, **producer, detect); !reset) return reset;
    const bool resets_changes = !is_hub_alone && uses_post_changes(settings);
    if (auto reset = resets_changes ? reset_stage(log, **producer, changes) : Result<void>(); !reset) return reset;
    if (auto reset = reset_stage(log, **producer, incident); !reset) return reset;
  }
  return write_record(**producer, settings);
}

}  // namespace earshot
