#include "connectors/kafka/kafka_producer.h"

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <utility>

#include "connectors/kafka/changelog_state.h"
#include "connectors/kafka/kafka_source.h"
#include "connectors/kafka/position_topic.h"
#include "engine/base/kill_point.h"

namespace earshot::kafka {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

namespace {
constexpr milliseconds kPartingAbort{3'000};
constexpr milliseconds kRebalanceRetryMax{10'000};
constexpr milliseconds kRebalanceRetryPause{50};
}  // namespace

KafkaProducer::KafkaProducer(std::unique_ptr<TransactionSession> session, const KafkaOptions& options,
                             std::string cluster_id, std::function<Result<std::string>()> positions_topic)
    : session_(std::move(session)),
      transcript_(options.repeatable_transaction_bytes_max),
      counters_(options.counters),
      cluster_id_(std::move(cluster_id)),
      positions_topic_(std::move(positions_topic)),
      abort_timeout_(options.request_timeout_ms) {}

KafkaProducer::~KafkaProducer() {
  if (is_open_ && !session_->is_over()) static_cast<void>(session_->abort(kPartingAbort));
}

Result<void> KafkaProducer::begin() {
  transcript_.clear();
  auto begun = session_->begin();
  if (begun) is_open_ = true;
  return begun;
}

Result<void> KafkaProducer::produce(const OutputRecord& record) {
  transcript_.add(record);
  return session_->produce(record, nullptr);
}

Result<void> KafkaProducer::abort() {
  if (!is_open_) return {};
  is_open_ = false;
  return session_->abort(abort_timeout_);
}

Result<void> KafkaProducer::commit(const CommitRequest& request) {
  const auto began = Clock::now();
  std::vector<PendingStore> stores;
  if (auto committed = commit_while_rebalancing(request, stores); !committed) {
    counters_->commits_failed.fetch_add(1, std::memory_order_relaxed);
    // When the outcome is unknown the stores may be behind; their next open reads what became final.
    if (session_->is_over()) {
      for (const PendingStore& pending : stores) pending.state->mark_behind();
    }
    return committed;
  }
  EARSHOT_KILL_POINT("kafka-after-commit");
  is_open_ = false;
  if (KafkaSource* source = group_member(request)) source->note_committed(request.positions);
  const auto spent_us = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - began).count();
  counters_->commits.fetch_add(1, std::memory_order_relaxed);
  counters_->commit_time_us.fetch_add(static_cast<uint64_t>(spent_us), std::memory_order_relaxed);
  Result<void> applied;
  for (const PendingStore& pending : stores) {
    // The commit is final: a store that cannot be written now is behind, and catches up when it is opened again.
    if (auto written = pending.state->apply(pending.store->pending(), *pending.acknowledged); !written)
      applied = written;
    pending.store->mark_committed();
    EARSHOT_KILL_POINT("kafka-after-store-write");
  }
  return applied;
}

// librdkafka rejoins its group in the background, so a generation can end between the look at our membership and the
// brokers' look at it. That spoils the transaction but not our right to commit: what we own stays ours until we give it
// up in finish_rebalance(). So the same transaction is made again, with the membership of now.
Result<void> KafkaProducer::commit_while_rebalancing(const CommitRequest& request, std::vector<PendingStore>& stores) {
  const auto deadline = Clock::now() + kRebalanceRetryMax;
  while (true) {
    stores.clear();
    auto committed = commit_parts(request, stores);
    const bool may_repeat = session_->was_refused_by_rebalance() && !session_->is_over() && transcript_.is_complete();
    if (committed || !may_repeat || Clock::now() >= deadline) return committed;
    std::this_thread::sleep_for(kRebalanceRetryPause);
    if (auto begun = begin_again(); !begun) return begun;
  }
}

Result<void> KafkaProducer::begin_again() {
  if (auto aborted = session_->abort(abort_timeout_); !aborted) return aborted;
  if (auto begun = session_->begin(); !begun) return begun;
  return transcript_.repeat([this](const OutputRecord& record) { return session_->produce(record, nullptr); });
}

Result<void> KafkaProducer::commit_parts(const CommitRequest& request, std::vector<PendingStore>& stores) {
  EARSHOT_KILL_POINT("kafka-before-changelog");
  for (StateStore* store : request.stores) {
    if (auto produced = produce_changes(*store, stores); !produced) return produced;
  }
  EARSHOT_KILL_POINT("kafka-before-offsets");
  if (auto added = add_positions(request); !added) return added;
  EARSHOT_KILL_POINT("kafka-after-offsets");
  return session_->commit();
}

Result<void> KafkaProducer::produce_changes(StateStore& store, std::vector<PendingStore>& stores) {
  auto* state = dynamic_cast<ChangelogState*>(&store.backend());
  if (state == nullptr) return invalid("store '" + store.name() + "' was not opened on this Kafka log");
  if (store.pending().empty()) return {};
  AcknowledgedOffset& acknowledged = session_->acknowledged_offset(state->changelog());
  for (const auto& [key, value] : store.pending()) {
    OutputRecord record;
    record.topic = state->changelog().topic;
    record.partition = state->changelog().partition;
    record.key = key;
    if (value) record.value = *value;  // else a null value: a tombstone
    if (auto produced = session_->produce(record, &acknowledged); !produced) return produced;
  }
  stores.push_back({&store, state, &acknowledged});
  return {};
}

// The source, when its positions are kept by its group on this very cluster.
KafkaSource* KafkaProducer::group_member(const CommitRequest& request) const {
  auto* source = dynamic_cast<KafkaSource*>(request.source);
  return source != nullptr && source->cluster_id() == cluster_id_ ? source : nullptr;
}

Result<void> KafkaProducer::add_positions(const CommitRequest& request) {
  if (KafkaSource* source = group_member(request)) {
    if (source->group() != request.group) {
      return invalid("the source is in group '" + source->group() + "', the commit names '" +
                     std::string(request.group) + "'");
    }
    return add_group_positions(*source, request.positions);
  }
  if (request.positions.empty()) return {};
  const auto topic = positions_topic_();
  if (!topic) return topic.error();
  for (const auto& [partition, position] : request.positions) {
    const std::string key = position_key(request.group, partition);
    const std::string value = encode_position(position);
    OutputRecord record;
    record.topic = *topic;
    record.partition = 0;
    record.key = key;
    record.value = value;
    if (auto produced = session_->produce(record, nullptr); !produced) return produced;
  }
  return {};
}

Result<void> KafkaProducer::add_group_positions(KafkaSource& source, std::map<TopicPartition, Position> positions) {
  if (positions.empty()) {
    // Sent all the same: it is how the group refuses a member that it has dropped.
    const auto known = source.any_committed();
    if (!known) return {};
    positions.insert(*known);
  }
  const auto membership = source.membership();
  if (!membership) return membership.error();
  const PartitionList offsets = make_partition_list(positions.size());
  for (const auto& [partition, position] : positions) {
    rd_kafka_topic_partition_t* element = add_partition(offsets.get(), partition);
    element->offset = position.next_offset;
    const std::string metadata = encode_metadata(position.metadata);
    if (metadata.empty()) continue;
    element->metadata = std::malloc(metadata.size());  // librdkafka frees it with the list
    std::memcpy(element->metadata, metadata.data(), metadata.size());
    element->metadata_size = metadata.size();
  }
  return session_->send_offsets(offsets, membership->get());
}

}  // namespace earshot::kafka
