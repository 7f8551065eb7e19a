// Cluster: what is asked of the brokers beside records: topics, partitions, end offsets. Any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "connectors/kafka/client.h"
#include "connectors/kafka/kafka_log.h"
#include "engine/flow/log.h"

namespace earshot::kafka {

struct OffsetRange {
  int64_t low = 0;   // earliest that is still there
  int64_t high = 0;  // one past the last, records of open transactions included
};

// A member of a consumer group as the group's coordinator knows it.
struct GroupMember {
  std::string instance;  // its group.instance.id; empty for a member without one
  std::set<TopicPartition> partitions;
};

class Cluster {
 public:
  static Result<std::shared_ptr<Cluster>> open(const KafkaOptions& options);

  // Identifies the cluster for good; it is also how the first contact is made.
  [[nodiscard]] const std::string& id() const { return id_; }

  Result<void> ensure_topics(std::span<const TopicSpec> topics);

  // A compacted topic with at least `partitions`: created, or grown when it has fewer.
  Result<void> ensure_changelog(const std::string& topic, int32_t partitions);

  // nullopt: no such topic.
  Result<std::optional<int32_t>> partition_count(const std::string& topic);

  Result<OffsetRange> offsets(const TopicPartition& partition);

  // Whether a broker answers at all, within the time of a request.
  [[nodiscard]] bool answers() const;

  // Who is in `group`; nobody when there is no such group.
  Result<std::vector<GroupMember>> members(const std::string& group);

 private:
  Cluster(KafkaOptions options, std::unique_ptr<Client> client)
      : options_(std::move(options)), client_(std::move(client)) {}

  Result<void> create(std::span<const TopicSpec> missing);
  Result<void> grow(const std::string& topic, int32_t partitions);
  Result<void> verify(std::span<const TopicSpec> existing);
  Result<void> compare_settings(std::span<const TopicSpec> existing);
  Result<void> wait_until_led(const std::string& topic, int32_t partitions);
  Result<std::optional<int32_t>> led_partition_count(const std::string& topic, bool leaders_only);

  KafkaOptions options_;
  std::unique_ptr<Client> client_;
  std::string id_;
};

}  // namespace earshot::kafka
