// DESK: engagements → advocates, queue → standings, queue.<spoke>. One task for each partition of the engagements,
// which are keyed by listener: all that was said of a listener is in one place, whichever input partitions it came
// from.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/flow/log.h"
#include "engine/runtime/topology.h"
#include "operators/advocates/advocates.h"
#include "operators/queue/input_clocks.h"
#include "operators/queue/service_queue.h"
#include "ops/topologies/live_rules.h"
#include "ops/topologies/live_triage.h"

namespace earshot {

struct DeskOptions {
  std::string store = "desk";
  std::string queue_topic_prefix = "queue.";  // the spoke's name follows; partition 0 has urgency 5, partition 4 has 1
  std::string standings_topic = "standings";
  queue::QueueOptions queue;
  advocates::AdvocateOptions advocates;
  // Told of each change in the queue, for metrics.
  std::function<void(const queue::QueueChange& change)> on_queue_change = [](const queue::QueueChange&) {};
};

class DeskTopology : public Topology {
 public:
  // `log` outlives the topology.
  DeskTopology(DeskOptions options, std::shared_ptr<const ListenerSet> listeners,
               std::shared_ptr<const triage::TriageRules> triage_rules, Log& log);

  // From now on takes up what `live` has, between two commits. The topics of new spokes must be there by then.
  void follow(std::shared_ptr<const LiveRules> live) { live_ = std::move(live); }
  void follow(std::shared_ptr<const LiveTriage> live) { live_triage_ = std::move(live); }

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
  struct Task {
    std::unique_ptr<StateStore> store;
    std::unique_ptr<advocates::Advocates> advocates;
    std::unique_ptr<queue::ServiceQueue> queue;
    std::unique_ptr<queue::InputClocks> clocks;
  };

  Result<void> apply(Engagement& engagement, Task& task, Outbox& outbox);
  Result<void> tell(const queue::QueueChange& change, Outbox& outbox);
  Result<void> tell(const advocates::StandingChange& change, Outbox& outbox);

  DeskOptions options_;
  std::shared_ptr<const ListenerDirectory> listeners_;
  std::shared_ptr<const LiveRules> live_;
  std::shared_ptr<const triage::TriageRules> triage_rules_;
  std::shared_ptr<const LiveTriage> live_triage_;
  Log& log_;
  std::map<TopicPartition, Task> tasks_;
  std::string scratch_;
};

}  // namespace earshot
