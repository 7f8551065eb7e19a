// PartitionReader: reads one partition from an offset to its end, outside any group: changelogs and the positions
// topic.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/kafka/client.h"
#include "connectors/kafka/cluster.h"
#include "connectors/kafka/handles.h"

namespace earshot::kafka {

struct LoggedRecord {
  std::string_view key;
  std::string_view value;
  bool is_tombstone = false;
  int64_t offset = 0;
};

class PartitionReader {
 public:
  static Result<std::unique_ptr<PartitionReader>> open(const KafkaOptions& options, std::shared_ptr<Cluster> cluster);

  // Hands every committed record from `start` to the end that the partition has now to `visit`, in order, and waits for
  // transactions that are still open before that end. Answers the offset to go on from.
  Result<int64_t> read_to_end(const TopicPartition& partition, int64_t start,
                              const std::function<Result<void>(const LoggedRecord&)>& visit);

 private:
  PartitionReader(std::shared_ptr<Cluster> cluster, std::unique_ptr<Client> client, int stall_timeout_ms);

  Result<int64_t> read_assigned(const TopicPartition& partition, int64_t start, int64_t end,
                                const std::function<Result<void>(const LoggedRecord&)>& visit);

  std::shared_ptr<Cluster> cluster_;
  std::unique_ptr<Client> client_;
  QueueHandle queue_;
  int stall_timeout_ms_;
  std::vector<rd_kafka_message_t*> messages_;
};

// Readers that are open but idle: several partitions restore at once, each with a reader of its own.
class ReaderPool {
 public:
  ReaderPool(KafkaOptions options, std::shared_ptr<Cluster> cluster)
      : options_(std::move(options)), cluster_(std::move(cluster)) {}

  Result<int64_t> read_to_end(const TopicPartition& partition, int64_t start,
                              const std::function<Result<void>(const LoggedRecord&)>& visit);

 private:
  KafkaOptions options_;
  std::shared_ptr<Cluster> cluster_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<PartitionReader>> idle_;
};

}  // namespace earshot::kafka
