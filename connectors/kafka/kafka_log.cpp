#include "connectors/kafka/kafka_log.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include "connectors/kafka/changelog_state.h"
#include "connectors/kafka/cluster.h"
#include "connectors/kafka/group_watch.h"
#include "connectors/kafka/kafka_producer.h"
#include "connectors/kafka/kafka_source.h"
#include "connectors/kafka/position_topic.h"
#include "connectors/kafka/standbys.h"

namespace earshot::kafka {

namespace {

void fill_gaps(KafkaOptions& options) {
  if (!options.on_log) options.on_log = [](auto&&...) {};
  if (!options.counters) options.counters = std::make_shared<KafkaCounters>();
}

class KafkaLog final : public Log {
 public:
  KafkaLog(KafkaOptions options, std::shared_ptr<Cluster> cluster)
      : options_(std::move(options)),
        cluster_(std::move(cluster)),
        readers_(std::make_shared<ReaderPool>(options_, cluster_)),
        memory_(options_.state_memory_bytes),
        departed_(options_) {}

  Result<void> ensure_topics(std::span<const TopicSpec> topics) override { return cluster_->ensure_topics(topics); }

  Result<std::unique_ptr<Source>> subscribe(const std::string& group, const std::vector<std::string>& topics,
                                            const SubscribeOptions& subscribe_options) override {
    auto source = KafkaSource::open(options_, cluster_, group, topics, subscribe_options);
    if (!source) return source;
    expect_partitions((*source)->partition_count());
    watch(group);
    return source;
  }

  Result<std::map<TopicPartition, Position>> committed(const std::string& group, Source& source,
                                                       std::span<const TopicPartition> partitions) override {
    if (auto* own = dynamic_cast<KafkaSource*>(&source); own != nullptr && own->cluster_id() == cluster_->id()) {
      if (own->group() == group) return own->committed(partitions);
      return invalid("the source is in group '" + own->group() + "', not in '" + group + "'");
    }
    const auto topic = positions_topic();
    if (!topic) return topic.error();
    return read_positions(*readers_, *topic, group, partitions);
  }

  Result<std::unique_ptr<Producer>> open_producer(const std::string& transactional_id) override {
    auto session = TransactionSession::open(options_, transactional_id);
    if (!session) return session.error();
    return std::unique_ptr<Producer>(std::make_unique<KafkaProducer>(std::move(*session), options_, cluster_->id(),
                                                                     [this] { return positions_topic(); }));
  }

  Result<std::unique_ptr<StateStore>> open_state(const std::string& store, int32_t partition) override {
    const std::string changelog = options_.topic_prefix + store + "-changelog";
    if (auto ensured = cluster_->ensure_changelog(changelog, expect_partitions(partition + 1)); !ensured) {
      return ensured.error();
    }
    if (standbys_) standbys_->release(store, partition);
    auto state = ChangelogState::open(rooms(), store, partition, changelog);
    if (!state) return state.error();
    return std::make_unique<StateStore>(store, partition, std::move(*state));
  }

  // Write buffers are charged to the cache.
  [[nodiscard]] StateMemoryUse memory_use() const override {
    const size_t write_buffers = memory_.write_buffers->memory_usage();
    const size_t both = memory_.cache->GetUsage();
    return {.cache = both - std::min(both, write_buffers), .write_buffers = write_buffers, .tables = 0};
  }

  void keep_standbys(const StandbyRequest& request) override {
    if (options_.instance.empty()) return;  // a process without a name is no steady copy
    if (!standbys_) standbys_ = std::make_unique<Standbys>(rooms());
    standbys_->keep(request);
    watch(request.group);
  }

 private:
  ChangelogState::Rooms rooms() { return {options_, cluster_, readers_, memory_}; }

  void watch(const std::string& group) {
    if (options_.instance.empty()) return;
    const std::lock_guard lock(mutex_);
    if (!watch_) {
      watch_ = std::make_unique<GroupWatch>(cluster_,
                                            [this](const std::string& name, const std::vector<GroupMember>& members) {
                                              departed_.on_members(name, members);
                                              if (standbys_) standbys_->on_members(name, members);
                                            });
    }
    watch_->watch(group);
  }

  // A changelog is made as wide as the widest input, since a task keeps its state under its input partition.
  int32_t expect_partitions(int32_t count) {
    const std::lock_guard lock(mutex_);
    partitions_expected_ = std::max(partitions_expected_, count);
    return partitions_expected_;
  }

  Result<std::string> positions_topic() {
    const std::lock_guard lock(mutex_);
    const TopicSpec spec{.name = options_.topic_prefix + "positions", .partitions = 1, .compacted = true};
    if (!has_positions_topic_) {
      if (auto ensured = cluster_->ensure_topics({&spec, 1}); !ensured) return ensured.error();
      has_positions_topic_ = true;
    }
    return spec.name;
  }

  KafkaOptions options_;
  std::shared_ptr<Cluster> cluster_;
  std::shared_ptr<ReaderPool> readers_;
  StateMemory memory_;
  std::mutex mutex_;
  int32_t partitions_expected_ = 1;
  bool has_positions_topic_ = false;
  DepartedWriters departed_;
  std::unique_ptr<Standbys> standbys_;  // made before any task runs
  std::unique_ptr<GroupWatch> watch_;   // last: it uses the others
};

}  // namespace

std::string transactional_id_of(const std::string& group, const std::string& instance) {
  return group + "-" + instance;
}

Result<std::unique_ptr<Log>> open_kafka_log(KafkaOptions options) {
  fill_gaps(options);
  auto cluster = Cluster::open(options);
  if (!cluster) return cluster.error();
  return std::unique_ptr<Log>(std::make_unique<KafkaLog>(std::move(options), std::move(*cluster)));
}

Result<std::unique_ptr<Source>> open_kafka_source(KafkaOptions options, const std::string& group,
                                                  const std::vector<std::string>& topics,
                                                  const SubscribeOptions& subscribe_options) {
  fill_gaps(options);
  auto cluster = Cluster::open(options);
  if (!cluster) return cluster.error();
  return KafkaSource::open(options, std::move(*cluster), group, topics, subscribe_options);
}

}  // namespace earshot::kafka
