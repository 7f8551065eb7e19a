#include "tests/simulation/cluster.h"

#include <algorithm>
#include <utility>

#include "engine/base/hash.h"

namespace earshot::simulation {

std::vector<std::string> Cluster::values(const std::string& topic) const {
  std::vector<std::string> values;
  for (const auto& partition : topics_.at(topic)) {
    for (const Record& record : partition) values.push_back(record.value);
  }
  std::ranges::sort(values);
  return values;
}

void Cluster::maybe_die() {
  if (!may_fail() || !baton_.chance(faults_.death)) return;
  ++deaths_;
  throw Death{};
}

void Cluster::step() {
  ++steps_;
  now_ += std::chrono::milliseconds(baton_.below(200));
  if (may_fail() && baton_.chance(faults_.movement)) {
    auto group = std::next(groups_.begin(), static_cast<std::ptrdiff_t>(baton_.below(groups_.size())));
    ++group->second.turn;
  }
  if (may_fail() && baton_.chance(faults_.expulsion)) {
    auto group = std::next(groups_.begin(), static_cast<std::ptrdiff_t>(baton_.below(groups_.size())));
    auto& members = group->second.members;
    if (!members.empty()) {
      expel(group->first, *std::next(members.begin(), static_cast<std::ptrdiff_t>(baton_.below(members.size()))));
    }
  }
  if (!may_fail() && is_quiescent()) stop_.request_stop();
  constexpr size_t kStepsMax = 50'000;
  if (steps_ > kStepsMax) fail("never comes to rest: " + standing());
  baton_.yield();
}

void Cluster::expel(const std::string& group, std::string member) {
  Group& found = groups_.at(group);
  found.members.erase(member);
  std::erase_if(found.owners, [&](const auto& entry) { return entry.second == member; });
}

std::optional<std::string> Cluster::wanted_owner(const Group& group, const TopicPartition& partition) const {
  if (group.members.empty()) return std::nullopt;
  const size_t place = (static_cast<size_t>(partition.partition) + group.turn) % group.members.size();
  return *std::next(group.members.begin(), static_cast<std::ptrdiff_t>(place));
}

std::string Cluster::standing() const {
  std::string text;
  for (const auto& [name, group] : groups_) {
    text += name + " (" + std::to_string(group.members.size()) + " members)";
    const auto& partitions = topics_.at(group.topic);
    for (size_t i = 0; i < partitions.size(); ++i) {
      const TopicPartition partition{group.topic, static_cast<int32_t>(i)};
      const auto position = group.positions.find(partition);
      const auto owner = group.owners.find(partition);
      text += " " + std::to_string(position == group.positions.end() ? 0 : position->second.next_offset) + "/" +
              std::to_string(partitions[i].size()) + " of " + (owner == group.owners.end() ? "nobody" : owner->second);
    }
    text += "; ";
  }
  return text;
}

bool Cluster::is_quiescent() const {
  return std::ranges::all_of(groups_, [&](const auto& entry) {
    const auto& [name, group] = entry;
    const auto& partitions = topics_.at(group.topic);
    for (size_t i = 0; i < partitions.size(); ++i) {
      const auto position = group.positions.find({group.topic, static_cast<int32_t>(i)});
      const int64_t done = position == group.positions.end() ? 0 : position->second.next_offset;
      if (done < static_cast<int64_t>(partitions[i].size())) return false;
    }
    return true;
  });
}

class MemberSource : public Source {
 public:
  MemberSource(Cluster& cluster, std::string group) : cluster_(cluster), group_(std::move(group)) { join(); }
  ~MemberSource() override { cluster_.expel(group_, member_); }

  Result<Polled> poll(std::chrono::milliseconds) override {
    cluster_.step();
    cluster_.maybe_die();
    if (!is_rebalancing_) is_rebalancing_ = plan_rebalance();
    if (is_rebalancing_) return Polled{PollStatus::kRebalance, nullptr};
    return next_batch();
  }

  Rebalance take_rebalance() override { return rebalance_; }

  Result<void> finish_rebalance(const std::map<TopicPartition, std::optional<int64_t>>& starts) override {
    is_rebalancing_ = false;
    if (!is_member() && rebalance_.assigned.empty() && rebalance_.revoked.empty()) {
      next_.clear();
      join();  // only once the loss is settled, as Kafka's members do
      return {};
    }
    if (!is_member()) {  // thrown out in between: everything is lost at the next poll
      for (const auto& [partition, start] : starts) next_[partition] = start.value_or(0);
      return {};
    }
    Cluster::Group& group = own_group();
    for (const TopicPartition& partition : rebalance_.revoked) {
      next_.erase(partition);
      group.owners.erase(partition);
    }
    for (const auto& [partition, start] : starts) next_[partition] = start.value_or(0);
    return {};
  }

  [[nodiscard]] int32_t partition_count() const override {
    return static_cast<int32_t>(cluster_.topics_.at(cluster_.groups_.at(group_).topic).size());
  }
  [[nodiscard]] std::map<TopicPartition, int64_t> lag() const override { return {}; }
  [[nodiscard]] bool caught_up(const TopicPartition& partition) const override {
    const auto& records = cluster_.topics_.at(partition.topic)[static_cast<size_t>(partition.partition)];
    const auto next = next_.find(partition);
    return next != next_.end() && next->second >= static_cast<int64_t>(records.size());
  }
  Result<void> stop_at_end() override { return {}; }

  [[nodiscard]] bool owns(const TopicPartition& partition) const {
    const auto& owners = cluster_.groups_.at(group_).owners;
    const auto found = owners.find(partition);
    return found != owners.end() && found->second == member_;
  }
  [[nodiscard]] bool is_member() const { return cluster_.groups_.at(group_).members.contains(member_); }

 private:
  Cluster::Group& own_group() { return cluster_.groups_.at(group_); }

  void join() {
    member_ = "m" + std::to_string(cluster_.members_made_++);
    own_group().members.insert(member_);
  }

  // Whether anything changes hands now; partitions that others still own come later.
  bool plan_rebalance() {
    rebalance_ = {};
    if (!is_member()) {
      for (const auto& [partition, offset] : next_) rebalance_.lost.push_back(partition);
      return true;
    }
    Cluster::Group& group = own_group();
    for (int32_t i = 0; i < partition_count(); ++i) {
      const TopicPartition partition{group.topic, i};
      const bool is_wanted = cluster_.wanted_owner(group, partition) == member_;
      if (owns(partition) && !is_wanted) rebalance_.revoked.push_back(partition);
      if (is_wanted && group.owners.try_emplace(partition, member_).second) rebalance_.assigned.push_back(partition);
    }
    return !rebalance_.revoked.empty() || !rebalance_.assigned.empty();
  }

  Polled next_batch() {
    std::vector<TopicPartition> ready;
    for (const auto& [partition, offset] : next_) {
      if (!caught_up(partition)) ready.push_back(partition);
    }
    if (ready.empty()) return {PollStatus::kIdle, nullptr};
    const TopicPartition partition = ready[cluster_.baton_.below(ready.size())];
    const auto& records = cluster_.topics_.at(partition.topic)[static_cast<size_t>(partition.partition)];
    auto batch = std::make_unique<RecordBatch>(partition, 4096);
    int64_t& next = next_[partition];
    constexpr size_t kBatchMax = 24;
    for (size_t left = 1 + cluster_.baton_.below(kBatchMax); left > 0 && next < static_cast<int64_t>(records.size());
         --left, ++next) {
      const Record& record = records[static_cast<size_t>(next)];
      batch->append(record.key, record.value, next, record.timestamp_ms);
    }
    return {PollStatus::kBatch, std::move(batch)};
  }

  Cluster& cluster_;
  std::string group_;
  std::string member_;
  Rebalance rebalance_;
  bool is_rebalancing_ = false;  // until finish_rebalance()
  std::map<TopicPartition, int64_t> next_;
};

// A task's own copy of its state, as RocksDB is: what another process commits does not show in it.
class CopiedState : public StateBackend {
 public:
  explicit CopiedState(const Table& table) : table_(table), backend_(table_) {}
  Result<std::optional<std::string>> get(std::string_view key) const override { return backend_.get(key); }
  Result<void> scan(std::string_view prefix,
                    const std::function<bool(std::string_view, std::string_view)>& visit) const override {
    return backend_.scan(prefix, visit);
  }
  Table& table() { return table_; }

 private:
  Table table_;
  TableState backend_;
};

class MemberProducer : public Producer {
 public:
  explicit MemberProducer(Cluster& cluster) : cluster_(cluster) {}

  Result<void> begin() override {
    pending_.clear();
    return {};
  }
  Result<void> produce(const OutputRecord& record) override {
    pending_.push_back({std::string(record.topic),
                        record.partition,
                        {std::string(record.key), std::string(record.value), record.timestamp_ms}});
    return {};
  }
  Result<void> commit(const CommitRequest& request) override {
    cluster_.step();
    cluster_.maybe_die();
    if (cluster_.may_fail() && cluster_.baton_.chance(cluster_.faults_.refusal)) return refuse("the broker is away");
    if (!is_allowed(request)) return refuse("the group dropped this member");
    for (auto& [topic, partition, record] : pending_) {
      auto& partitions = cluster_.topics_.at(topic);
      const size_t place = partition >= 0 ? static_cast<size_t>(partition) : hash_64(record.key) % partitions.size();
      partitions[place].push_back(std::move(record));
    }
    pending_.clear();
    auto& positions = cluster_.groups_.at(std::string(request.group)).positions;
    for (const auto& [partition, position] : request.positions) positions[partition] = position;
    for (StateStore* store : request.stores) {
      Table& own = dynamic_cast<CopiedState&>(store->backend()).table();
      commit_to(own, *store);
      cluster_.states_[{store->name(), store->partition()}] = own;
    }
    cluster_.maybe_die();
    if (cluster_.may_fail() && cluster_.baton_.chance(cluster_.faults_.lost_answer)) return refuse("no answer");
    return {};
  }
  Result<void> abort() override { return begin(); }

 private:
  struct Pending {
    std::string topic;
    int32_t partition;
    Record record;
  };

  Result<void> refuse(const char* why) {
    ++cluster_.refusals_;
    return Error{ErrorCode::kUnavailable, why, {}};
  }

  // As the brokers check a transaction's positions against the group.
  static bool is_allowed(const CommitRequest& request) {
    const auto* source = dynamic_cast<const MemberSource*>(request.source);
    if (source == nullptr || !source->is_member()) return false;
    return std::ranges::all_of(request.positions, [&](const auto& entry) { return source->owns(entry.first); });
  }

  Cluster& cluster_;
  std::vector<Pending> pending_;
};

Result<std::unique_ptr<Source>> ClusterLog::subscribe(const std::string& group, const std::vector<std::string>& topics,
                                                      const SubscribeOptions&) {
  cluster_.groups_[group].topic = topics.front();
  return std::unique_ptr<Source>(std::make_unique<MemberSource>(cluster_, group));
}

Result<std::map<TopicPartition, Position>> ClusterLog::committed(const std::string& group, Source&,
                                                                 std::span<const TopicPartition> partitions) {
  std::map<TopicPartition, Position> found;
  const auto& positions = cluster_.groups_.at(group).positions;
  for (const TopicPartition& partition : partitions) {
    if (const auto position = positions.find(partition); position != positions.end()) found.insert(*position);
  }
  return found;
}

Result<std::unique_ptr<Producer>> ClusterLog::open_producer(const std::string&) {
  return std::unique_ptr<Producer>(std::make_unique<MemberProducer>(cluster_));
}

Result<std::unique_ptr<StateStore>> ClusterLog::open_state(const std::string& store, int32_t partition) {
  return std::make_unique<StateStore>(store, partition,
                                      std::make_unique<CopiedState>(cluster_.states_[{store, partition}]));
}

}  // namespace earshot::simulation
