// KafkaSource: one member of a consumer group. Partitions come and go by cooperative rebalancing, and only when the
// caller has settled its tasks (finish_rebalance), never inside a callback.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "connectors/kafka/client.h"
#include "connectors/kafka/cluster.h"
#include "connectors/kafka/fetched_batches.h"
#include "connectors/kafka/handles.h"
#include "engine/flow/log.h"
#include "engine/flow/source.h"

namespace earshot::kafka {

class KafkaSource final : public Source {
 public:
  static Result<std::unique_ptr<Source>> open(const KafkaOptions& options, std::shared_ptr<Cluster> cluster,
                                              const std::string& group, const std::vector<std::string>& topics,
                                              const SubscribeOptions& subscribe_options);
  // Leaves the group; waits for the brokers for at most 5 s.
  ~KafkaSource() override;

  Result<Polled> poll(std::chrono::milliseconds timeout) override;
  Rebalance take_rebalance() override;
  // A partition of an earlier assignment may be given a start too: it is then read again from there.
  Result<void> finish_rebalance(const std::map<TopicPartition, std::optional<int64_t>>& starts) override;
  [[nodiscard]] int32_t partition_count() const override { return partition_count_; }
  [[nodiscard]] std::map<TopicPartition, int64_t> lag() const override;
  [[nodiscard]] bool caught_up(const TopicPartition& partition) const override;
  Result<void> stop_at_end() override;
  void wake() override;

  [[nodiscard]] const std::string& group() const { return group_; }
  [[nodiscard]] const std::string& cluster_id() const { return cluster_->id(); }

  // What binds a transaction to this membership. kUnavailable: the group no longer counts on this member, so nothing
  // may be committed in its name.
  Result<GroupMetadata> membership() const;

  // The group's positions; waits for transactions that are about to decide on them.
  Result<std::map<TopicPartition, Position>> committed(std::span<const TopicPartition> partitions);

  // A partition of ours with its committed position, to commit again by a transaction that moves none but must still
  // fail when the group has moved on.
  [[nodiscard]] std::optional<std::pair<TopicPartition, Position>> any_committed() const;
  void note_committed(const std::map<TopicPartition, Position>& positions);

 private:
  struct Reading {
    int64_t next_offset = 0;   // after the last record fetched, or the end seen behind it
    int64_t eof_offset = -1;   // where the end was last seen; -1: not since the last record
    int64_t stop_offset = -1;  // bounded: hand out nothing from here on
    [[nodiscard]] bool has_stopped() const { return stop_offset >= 0 && next_offset >= stop_offset; }
  };

  KafkaSource(std::shared_ptr<Cluster> cluster, std::string group, std::vector<std::string> topics,
              SubscribeOptions subscribe_options, int request_timeout_ms, size_t fetch_records_max);

  void on_rebalance(rd_kafka_resp_err_t code, const rd_kafka_topic_partition_list_t* partitions);
  Result<void> answer_group(rd_kafka_resp_err_t code, const rd_kafka_topic_partition_list_t* partitions);
  void fetch(std::chrono::milliseconds timeout);
  void drop_beyond_stop(std::vector<rd_kafka_message_t*>& messages);
  void take_events(const std::vector<rd_kafka_message_t*>& events);
  [[nodiscard]] bool is_at_end() const;
  Result<int64_t> start_offset(const TopicPartition& partition, std::optional<int64_t> start);
  Result<void> seek_others(const std::vector<TopicPartition>& excluded);
  Result<void> seek(const PartitionList& list);
  Result<void> count_partitions();
  void leave_group();
  void await_first_assignment();

  std::shared_ptr<Cluster> cluster_;
  std::string group_;
  std::vector<std::string> topics_;
  SubscribeOptions subscribe_options_;
  int request_timeout_ms_;
  int32_t partition_count_ = 0;
  std::unique_ptr<Client> client_;
  QueueHandle queue_;  // destroyed before its handle

  struct PendingRebalance {
    rd_kafka_resp_err_t code;
    PartitionList partitions;
    bool is_lost;
  };
  std::deque<PendingRebalance> rebalances_;
  bool was_assigned_ = false;
  bool is_closing_ = false;
  bool has_been_assigned_ = false;  // ever, be it nothing
  std::atomic<bool> is_woken_ = false;

  std::map<TopicPartition, Reading> readings_;
  std::map<TopicPartition, Position> last_committed_;  // of assigned partitions, as last read or written by this member
  FetchedBatches fetched_;
  std::vector<rd_kafka_message_t*> buffer_;  // scratch of fetch(), as are the next two
  std::vector<rd_kafka_message_t*> records_;
  std::vector<rd_kafka_message_t*> events_;
  std::optional<Error> fault_;
};

}  // namespace earshot::kafka
