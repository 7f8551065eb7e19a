// Cluster: a log in memory with groups, transactions and state as Kafka has them, that fails as the seed says: commits
// that are refused, that become final without an answer, processes that die before or after, members that are thrown
// out while they work, partitions that move.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/flow/log.h"
#include "engine/flow/source.h"
#include "tests/engine/state/table_state.h"
#include "tests/simulation/baton.h"

namespace earshot::simulation {

// The process at hand is gone; thrown where it dies.
struct Death {};

struct Record {
  std::string key;
  std::string value;
  int64_t timestamp_ms = 0;
};

struct Faults {
  double death = 0;        // at a poll, and before and after a commit
  double refusal = 0;      // of a commit, nothing final
  double lost_answer = 0;  // of a commit that is final
  double expulsion = 0;    // of a member, at any poll
  double movement = 0;     // of partitions between members, at any poll
  size_t steps = 0;        // polls after which nothing fails any more
};

class Cluster {
 public:
  Cluster(Baton& baton, const Faults& faults) : baton_(baton), faults_(faults) {}

  void add_topic(const std::string& name, int32_t partitions) { topics_[name].resize(static_cast<size_t>(partitions)); }
  void append(const std::string& topic, int32_t partition, Record record) {
    topics_.at(topic)[static_cast<size_t>(partition)].push_back(std::move(record));
  }
  [[nodiscard]] const Record& record(const std::string& topic, int32_t partition, size_t place) const {
    return topics_.at(topic)[static_cast<size_t>(partition)].at(place);
  }
  // Before the record that is at `place` now.
  void insert(const std::string& topic, int32_t partition, size_t place, Record record) {
    auto& records = topics_.at(topic)[static_cast<size_t>(partition)];
    records.insert(records.begin() + static_cast<std::ptrdiff_t>(place), std::move(record));
  }
  [[nodiscard]] std::vector<std::string> values(const std::string& topic) const;
  // Ends the play: something went wrong that no restart mends.
  void fail(const std::string& reason) {
    failure_ = reason;
    stop_.request_stop();
  }
  [[nodiscard]] const std::string& failure() const { return failure_; }
  [[nodiscard]] int deaths() const { return deaths_; }
  [[nodiscard]] int refusals() const { return refusals_; }

  [[nodiscard]] std::chrono::steady_clock::time_point now() const { return now_; }
  [[nodiscard]] std::stop_token stop() const { return stop_.get_token(); }

 private:
  friend class MemberSource;
  friend class MemberProducer;
  friend class ClusterLog;

  struct Group {
    std::string topic;
    std::map<TopicPartition, Position> positions;
    std::set<std::string> members;
    std::map<TopicPartition, std::string> owners;
    size_t turn = 0;  // which member gets the first partition
  };

  // One step of simulated time; the place where things go wrong.
  void step();
  void maybe_die();
  // `member` may be the one that the group holds, which goes.
  void expel(const std::string& group, std::string member);
  [[nodiscard]] bool may_fail() const { return steps_ < faults_.steps; }
  [[nodiscard]] std::optional<std::string> wanted_owner(const Group& group, const TopicPartition& partition) const;
  [[nodiscard]] bool is_quiescent() const;
  [[nodiscard]] std::string standing() const;

  Baton& baton_;
  Faults faults_;
  std::map<std::string, std::vector<std::vector<Record>>, std::less<>> topics_;
  std::map<std::string, Group> groups_;
  std::map<std::pair<std::string, int32_t>, Table> states_;
  std::chrono::steady_clock::time_point now_{};
  std::stop_source stop_;
  std::string failure_;
  size_t steps_ = 0;
  size_t members_made_ = 0;
  int deaths_ = 0;
  int refusals_ = 0;
};

// What one process sees of the cluster. A new one is made when the process starts again.
class ClusterLog : public Log {
 public:
  explicit ClusterLog(Cluster& cluster) : cluster_(cluster) {}

  Result<void> ensure_topics(std::span<const TopicSpec>) override { return {}; }
  Result<std::unique_ptr<Source>> subscribe(const std::string& group, const std::vector<std::string>& topics,
                                            const SubscribeOptions& options) override;
  Result<std::map<TopicPartition, Position>> committed(const std::string& group, Source& source,
                                                       std::span<const TopicPartition> partitions) override;
  Result<std::unique_ptr<Producer>> open_producer(const std::string& transactional_id) override;
  Result<std::unique_ptr<StateStore>> open_state(const std::string& store, int32_t partition) override;

 private:
  Cluster& cluster_;
};

}  // namespace earshot::simulation
