// KafkaProducer: outputs, state changes and positions in one Kafka transaction; stores are written after it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "connectors/kafka/kafka_log.h"
#include "connectors/kafka/transaction_session.h"
#include "connectors/kafka/transcript.h"
#include "engine/flow/log.h"

namespace earshot::kafka {

class KafkaSource;
class ChangelogState;

class KafkaProducer final : public Producer {
 public:
  KafkaProducer(std::unique_ptr<TransactionSession> session, const KafkaOptions& options, std::string cluster_id,
                std::function<Result<std::string>()> positions_topic);
  // Aborts what is open, so that readers do not wait for its timeout.
  ~KafkaProducer() override;

  Result<void> begin() override;
  Result<void> produce(const OutputRecord& record) override;
  // After kUnavailable the outcome may be unknown until the next producer with this id is open; build everything anew
  // then.
  Result<void> commit(const CommitRequest& request) override;
  Result<void> abort() override;

 private:
  struct PendingStore {
    StateStore* store;
    ChangelogState* state;
    AcknowledgedOffset* acknowledged;
  };

  Result<void> commit_while_rebalancing(const CommitRequest& request, std::vector<PendingStore>& stores);
  Result<void> begin_again();
  Result<void> commit_parts(const CommitRequest& request, std::vector<PendingStore>& stores);
  Result<void> produce_changes(StateStore& store, std::vector<PendingStore>& stores);
  Result<void> add_positions(const CommitRequest& request);
  Result<void> add_group_positions(KafkaSource& source, std::map<TopicPartition, Position> positions);
  [[nodiscard]] KafkaSource* group_member(const CommitRequest& request) const;

  std::unique_ptr<TransactionSession> session_;
  Transcript transcript_;
  std::shared_ptr<KafkaCounters> counters_;
  std::string cluster_id_;
  std::function<Result<std::string>()> positions_topic_;  // its name, once it exists
  std::chrono::milliseconds abort_timeout_;
  bool is_open_ = false;
};

}  // namespace earshot::kafka
