// POST-CHANGES: takes back the mentions of posts that were deleted or edited, whichever input partitions post and
// change came on. One task for each partition of the topic of that name, where all that was heard of a post comes
// together.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "engine/flow/log.h"
#include "engine/runtime/topology.h"
#include "ops/topologies/live_rules.h"
#include "ops/topologies/told_posts.h"

namespace earshot {

struct PostChangesOptions {
  std::string store = "post-changes";
  bool writes_mentions = true;
  std::string mentions_topic_prefix = "mentions.";  // the spoke's name follows
  std::string engagements_topic;                    // for DESK; empty: none
  std::string audit_topic = "audit";
  std::string group = "post-changes";  // that the audit entries are of
  // For each partition: posts that were told, and apart from them changes of posts that nobody told so far.
  size_t posts_max = 100'000;
  std::function<void()> on_retraction = [] {};  // for metrics
};

class PostChangesTopology : public Topology {
 public:
  // `log` outlives the topology.
  PostChangesTopology(PostChangesOptions options, const ListenerDirectory& listeners, Log& log);

  // From now on knows the spokes of what `live` has, too. Their topics must be there by then.
  void follow(std::shared_ptr<const LiveRules> live) { live_ = std::move(live); }

  void begin_interval() override;

  Result<std::optional<int64_t>> assigned(const TopicPartition& partition,
                                          const std::optional<Position>& committed) override;
  void revoked(const TopicPartition& partition) override { tasks_.erase(partition); }
  std::unique_ptr<Work> process(std::unique_ptr<RecordBatch> batch) const override;
  Result<void> apply(Work& work, Outbox& outbox) override;
  Result<void> before_commit(const std::vector<TopicPartition>& caught_up, bool at_end, Outbox& outbox) override;
  std::string position_metadata(const TopicPartition&) const override { return {}; }
  std::vector<StateStore*> stores() override;

 private:
  using Listeners = std::vector<uint32_t>;  // numbers, ascending; one that was told twice is there twice

  struct Task {
    std::unique_ptr<StateStore> store;
    std::unique_ptr<ListenerNumbers> names;
    std::unique_ptr<dedup::ListenerSets> sets;
    std::unique_ptr<ToldPosts> told;          // posts that somebody has a mention of, or had
    std::unique_ptr<ToldPosts> pending;       // posts that changed before anybody was told
    std::map<std::string, uint64_t> outputs;  // records since the last commit, by topic
    int64_t first_offset = 0;
    int64_t next_offset = 0;
  };
  // One change, its sets read.
  struct Change {
    uint64_t post = 0;
    const Listeners* before = nullptr;
    std::shared_ptr<const PostFate> fate;
  };

  Result<void> apply_told(uint64_t post, const Listeners& told, Task& task, Outbox& outbox);
  Result<void> apply_change(const Change& change, Task& task, Outbox& outbox);
  Result<void> apply_edit(const Change& change, const Listeners& told, const PostFate* fate, Task& task,
                          Outbox& outbox);
  // `desk_knows`: of whom DESK was told by LISTEN.
  Result<void> retract(std::span<const uint32_t> listeners, const PostFate& cause, std::span<const uint32_t> desk_knows,
                       Task& task, Outbox& outbox);
  Result<void> tell_audit(const TopicPartition& partition, Task& task, Outbox& outbox);
  void add_spokes(const ListenerDirectory& listeners);

  PostChangesOptions options_;
  std::set<std::string> spokes_;  // that have topics
  std::shared_ptr<const LiveRules> live_;
  Log& log_;
  std::map<TopicPartition, Task> tasks_;
  std::string scratch_;
};

}  // namespace earshot
