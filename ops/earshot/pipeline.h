// Pipeline: the composition root of `earshot run`. It reads like the drawing of the architecture: posts into LISTEN,
// partials into DETECT, signals into INCIDENT, alerts out.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/flow/log.h"
#include "operators/match/rule_set.h"
#include "operators/sentiment/sentiment_models.h"
#include "operators/triage/triage_rules.h"
#include "ops/earshot/instance.h"
#include "ops/earshot/stage.h"
#include "ops/earshot/state_guard.h"
#include "ops/earshot/topics.h"
#include "ops/settings/settings.h"
#include "ops/topologies/listen_stats.h"
#include "ops/topologies/live_rules.h"
#include "ops/topologies/live_triage.h"

namespace earshot {

class ControlSpool;
class PipelineMetrics;
class RuleCompiler;
class RuleWatch;
class TriageWatch;

struct DetectOptions;
struct IncidentOptions;

// What the settings ask of the stages.
DetectOptions detect_options(const Settings& settings, const Topics& topics);
IncidentOptions incident_options(const Settings& settings, const Topics& topics);

struct Roles {
  bool listen = true;
  bool detect = true;
  bool incident = true;
  bool desk = true;  // where the configuration has one
};

// "" means all. Errors name the known roles.
Result<Roles> roles_from_name(const std::string& only);

// What a configuration needs before it may run, and what `earshot check` checks: the two cannot disagree.
struct Prepared {
  Settings settings;
  std::shared_ptr<const match::RuleSet> rules;
  std::shared_ptr<const sentiment::SentimentModels> models;
  std::shared_ptr<const triage::TriageRules> triage_rules;
  StateVerdict state;                // of what lies on the log
  std::vector<std::string> remarks;  // what works, but should not stay so
};
Result<Prepared> prepare(const std::string& config_path,
                         const std::function<RuleCompiler(const Settings&)>& compiler_of);

class Pipeline {
 public:
  // Opens the log and creates the topics; nothing runs yet.
  static Result<std::unique_ptr<Pipeline>> open(Prepared prepared, Roles roles, bool until_end,
                                                PipelineMetrics& metrics);

  // Runs until `stop` is requested, the input ends (`until_end`) or a stage gives up; what is done is committed then,
  // or read again by the next run where the log does not take it.
  Result<void> run(std::stop_source stop);

  [[nodiscard]] Log& log() { return *log_; }
  [[nodiscard]] const Topics& topics() const { return topics_; }
  [[nodiscard]] const ListenStats& stats() const { return stats_; }
  [[nodiscard]] const std::vector<std::unique_ptr<Stage>>& stages() const { return stages_; }

 private:
  Pipeline(Prepared prepared, Roles roles, bool until_end, PipelineMetrics& metrics, Instance instance);

  void keep_standbys();
  Result<StageParts> build_listen();
  Result<StageParts> build_post_changes();
  Result<StageParts> build_detect();
  Result<StageParts> build_incident();
  Result<StageParts> build_desk();
  std::unique_ptr<RuleWatch> watch_rules();
  std::unique_ptr<TriageWatch> watch_triage();
  std::unique_ptr<ControlSpool> open_control_spool();
  void add_stage(const std::string& name, bool is_parallel, Result<StageParts> (Pipeline::*build)());
  Result<std::unique_ptr<Outputs>> open_outputs_of(const std::string& stage);
  [[nodiscard]] std::string group(const std::string& stage) const { return consumer_group(settings_, stage); }
  [[nodiscard]] bool is_first(const std::string& stage) const;

  Settings settings_;
  std::shared_ptr<LiveRules> rules_;
  std::shared_ptr<const sentiment::SentimentModels> models_;
  std::shared_ptr<LiveTriage> triage_rules_;
  Roles roles_;
  bool until_end_;
  PipelineMetrics& metrics_;
  Topics topics_;
  Instance instance_;
  ListenStats stats_;
  std::unique_ptr<Log> log_;
  std::vector<std::unique_ptr<Stage>> stages_;
};

}  // namespace earshot
