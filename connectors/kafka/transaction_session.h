// TransactionSession: one transactional producer handle, from init_transactions to its end. Every blocking call has a
// deadline; a call that outlives it (librdkafka's send_offsets_to_transaction can) ends the session: open the next one
// with the same id, which fences this one and settles its transaction.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "connectors/kafka/client.h"
#include "connectors/kafka/deadline_thread.h"
#include "connectors/kafka/handles.h"
#include "engine/flow/log.h"

namespace earshot::kafka {

// Past the last record that a transaction put into one partition, as the brokers acknowledge it.
using AcknowledgedOffset = std::atomic<int64_t>;

class TransactionSession {
 public:
  static Result<std::unique_ptr<TransactionSession>> open(const KafkaOptions& options,
                                                          const std::string& transactional_id);
  ~TransactionSession();

  // kUnavailable: abort, and when that fails too close the session; kFenced: another process has the id. After either
  // of these or kFailed nothing of the transaction became final, except where a commit's outcome is unknown: then
  // is_over().
  Result<void> begin();
  Result<void> send_offsets(const PartitionList& offsets, const rd_kafka_consumer_group_metadata_t* membership);
  Result<void> commit();
  Result<void> abort(std::chrono::milliseconds timeout);

  // Waits while the queue is full. `acknowledged`, when given, is raised to past the record once the brokers have it.
  Result<void> produce(const OutputRecord& record, AcknowledgedOffset* acknowledged);

  // Lives as long as the session, and as long as a call that it left behind.
  AcknowledgedOffset& acknowledged_offset(const TopicPartition& partition) {
    return producing_->acknowledged_offsets[partition];
  }

  // The last failure was the group's: it is rebalancing, or has done so since `membership` was taken. Worth a new
  // attempt with the membership of then.
  [[nodiscard]] bool was_refused_by_rebalance() const { return was_refused_by_rebalance_; }

  // No more transactions in this session.
  [[nodiscard]] bool is_over() const { return is_over_; }

 private:
  // Owned by an overdue call too.
  struct Producing {
    std::mutex mutex;
    std::string first_failure;  // of a delivery in this transaction
    std::map<TopicPartition, AcknowledgedOffset> acknowledged_offsets;
    std::unique_ptr<Client> client;
    std::map<std::string, TopicHandle, std::less<>> topics;
  };

  TransactionSession(std::shared_ptr<Producing> producing, std::string transactional_id, const KafkaOptions& options)
      : producing_(std::move(producing)),
        transactional_id_(std::move(transactional_id)),
        request_timeout_ms_(options.request_timeout_ms),
        transaction_timeout_ms_(options.transaction_timeout_ms),
        can_be_ended_by_peers_(!options.instance.empty()) {}

  using Call = std::function<rd_kafka_error_t*(rd_kafka_t* handle, int timeout_ms)>;
  Result<void> run(std::string_view doing, std::chrono::milliseconds timeout, Call call);
  Result<void> outcome_of(RdError error, std::string_view doing);
  Result<void> refuse(Error error);
  rd_kafka_topic_t* topic(std::string_view name);
  Result<void> learn_partitions(rd_kafka_topic_t* topic, const OutputRecord& record);

  std::shared_ptr<Producing> producing_;
  std::string transactional_id_;
  int request_timeout_ms_;
  int transaction_timeout_ms_;
  bool can_be_ended_by_peers_;
  std::chrono::steady_clock::time_point begun_at_{};
  bool is_over_ = false;
  bool was_refused_by_rebalance_ = false;
  DeadlineThread blocking_calls_;
};

}  // namespace earshot::kafka
