// INCIDENT: signals → incident → alerts of the hub and of each spoke. One task for each partition of the signals topic,
// which is keyed by hub; its state lives in one store per partition.
//
// What people decide comes on the control topic. Whoever reads that checks each record and passes it on to the signals
// topic, so that findings and decisions have one order, which a restart or another process cannot change; what cannot
// be carried out becomes a dead letter.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/flow/log.h"
#include "engine/runtime/topology.h"
#include "engine/time/wall_clock.h"
#include "operators/incident/incident_operator.h"
#include "operators/incident/signal_order.h"
#include "ops/topologies/live_rules.h"
#include "schemas/listener.h"

namespace earshot {

struct IncidentOptions {
  std::string hub = "hub";
  std::string store = "incident";
  std::string signals_topic = "signals";
  std::string control_topic = "incident-control";
  std::string dead_letters_topic = "dead-letters";
  std::string alerts_topic = "alerts";
  std::string alerts_topic_prefix = "alerts.";  // the spoke's name follows
  incident::IncidentOptions incident;
  incident::SignalOrderOptions order;
  std::function<int64_t()> now_ms = wall_clock_ms;
};

class IncidentTopology : public Topology {
 public:
  // `log` outlives the topology. Only spokes that a listener names have a topic; a signal of another spoke alerts the
  // hub alone.
  IncidentTopology(IncidentOptions options, std::shared_ptr<const ListenerSet> listeners, Log& log);

  // From now on takes up what `live` has, between two commits. The topics of new spokes must be there by then.
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

  [[nodiscard]] size_t open_incidents() const;

 private:
  struct Task {
    std::unique_ptr<StateStore> store;
    std::unique_ptr<incident::SignalOrder> order;
    std::unique_ptr<incident::IncidentOperator> incidents;
  };
  struct Place {  // of a decision on the control topic
    TopicPartition partition;
    int64_t offset = 0;
  };

  Result<void> take(const wire::Signal& signal, Task& task, Outbox& outbox);
  Result<void> judge_ordered(Task& task, Outbox& outbox);
  Result<void> judge(const wire::Signal& signal, Task& task, Outbox& outbox);
  Result<void> pass_on(const RecordBatch& decisions, Outbox& outbox);
  Result<void> carry_out(const wire::Signal& decided, Task& task, Outbox& outbox);
  Result<void> refuse(const Error& reason, const Place& place, std::string_view decision, int64_t time_ms,
                      Outbox& outbox);
  Result<void> emit(const Alert& alert, Outbox& outbox);

  IncidentOptions options_;
  std::shared_ptr<const ListenerDirectory> listeners_;
  std::shared_ptr<const LiveRules> live_;
  Log& log_;
  std::map<TopicPartition, Task> tasks_;
  std::string scratch_;
};

}  // namespace earshot
