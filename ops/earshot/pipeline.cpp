#include "ops/earshot/pipeline.h"

#include <tbb/global_control.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "connectors/file/file_sink.h"
#include "connectors/kafka/kafka_log.h"
#include "engine/observe/logging.h"
#include "operators/sentiment/post_scorer.h"
#include "ops/earshot/connectors.h"
#include "ops/earshot/control_spool.h"
#include "ops/earshot/parse_options.h"
#include "ops/earshot/pipeline_metrics.h"
#include "ops/earshot/rule_compiler.h"
#include "ops/earshot/rule_trail.h"
#include "ops/earshot/rule_watch.h"
#include "ops/earshot/sentiment_options.h"
#include "ops/earshot/triage_watch.h"
#include "ops/rules/triage_queries.h"
#include "ops/topologies/desk.h"
#include "ops/topologies/detect.h"
#include "ops/topologies/incident.h"
#include "ops/topologies/listen.h"
#include "ops/topologies/post_changes.h"

namespace earshot {
namespace {

ListenOptions listen_options(const Settings& settings, const Topics& topics) {
  ListenOptions options;
  options.topics = post_topics(settings);
  options.parse = parse_options(settings.source);
  options.disorder_ms = settings.time.disorder.count();
  options.lateness_ms = settings.time.lateness.count();
  options.future_skew_ms = settings.time.future_skew.count();
  options.pane_ms = settings.windows.pane.count();
  options.longest_window_ms = std::ranges::max(settings.windows.sizes).count();
  options.idle_timeout = settings.time.idle_timeout;
  options.dedup_mentions = static_cast<size_t>(settings.dedup.mentions);
  options.summarise.partitions = static_cast<int32_t>(settings.log.partitions);
  options.writes_mentions = settings.outputs.mentions;
  options.partials_topic = topics.partials;
  options.mentions_topic_prefix = topics.mentions_prefix;
  options.late_topic = topics.late;
  options.dead_letters_topic = topics.dead_letters;
  options.audit_topic = topics.audit;
  options.group = consumer_group(settings, "listen");
  if (settings.desk.enabled) options.engagements_topic = topics.engagements;
  if (uses_post_changes(settings)) options.post_changes_topic = topics.post_changes;
  for (const std::string& account : settings.desk.own_accounts) options.own_accounts.add(account);
  return options;
}

PostChangesOptions post_changes_options(const Settings& settings, const Topics& topics) {
  PostChangesOptions options;
  options.writes_mentions = settings.outputs.mentions;
  options.mentions_topic_prefix = topics.mentions_prefix;
  options.audit_topic = topics.audit;
  options.group = consumer_group(settings, "post-changes");
  if (settings.desk.enabled) options.engagements_topic = topics.engagements;
  options.posts_max = static_cast<size_t>(settings.dedup.mentions);
  return options;
}

Result<incident::NoticePolicy> notice_policy(const Settings& settings) {
  const IncidentSettings& given = settings.incident;
  auto policy =
      incident::NoticePolicy::make(given.severity_floors, given.quiet_hours, static_cast<int>(given.quiet_severity));
  if (!policy) return invalid(policy.error().message, settings.origins.where("incident"));
  return policy;
}

}  // namespace

DetectOptions detect_options(const Settings& settings, const Topics& topics) {
  DetectOptions options;
  options.hub = settings.hub;
  options.signals_topic = topics.signals;
  options.windows_topic = topics.windows;
  options.partitions = static_cast<int32_t>(settings.log.partitions);
  options.writes_windows = settings.outputs.windows;
  options.tells_progress = settings.log.partitions > 1;
  options.window.pane_ms = settings.windows.pane.count();
  options.window.lengths_ms.clear();
  for (const auto length : settings.windows.sizes) options.window.lengths_ms.push_back(length.count());
  options.window.retention_ms =
      settings.time.lateness.count() + settings.time.disorder.count() + std::ranges::max(options.window.lengths_ms);
  spike::DetectorOptions& detector = options.monitor.detector;
  detector.false_alarms_per_week = settings.detect.false_alarms_per_week;
  detector.count_min = static_cast<double>(settings.detect.min_mentions);
  detector.warm_up_ms = static_cast<double>(settings.detect.warm_up.count());
  detector.cool_down_ms = static_cast<double>(settings.detect.cool_down.count());
  options.monitor.resolve_after_ms = settings.incident.resolve_after.count();
  options.monitor.evidence_max = static_cast<size_t>(settings.incident.evidence);
  options.findings.finds_drops = settings.detect.mentions_drop;
  options.findings.finds_shifts = settings.detect.sentiment_shift;
  options.findings.finds_viral_posts = settings.detect.viral_post;
  options.findings.finds_terms = settings.detect.emerging_term;
  options.findings.evidence_max = options.monitor.evidence_max;
  options.findings.sentiment_shift.episode.cool_down_ms = settings.detect.cool_down.count();
  options.findings.viral_post.episode.cool_down_ms = settings.detect.cool_down.count();
  options.findings.emerging_term.episode.cool_down_ms = settings.detect.cool_down.count();
  options.findings.drop.episode.cool_down_ms = settings.detect.cool_down.count();
  options.watches_feed = settings.detect.feed_silence.count() > 0;
  options.feed.silent_after_ms = settings.detect.feed_silence.count();
  return options;
}

IncidentOptions incident_options(const Settings& settings, const Topics& topics) {
  IncidentOptions options;
  options.hub = settings.hub;
  options.signals_topic = topics.signals;
  options.control_topic = topics.incident_control;
  options.dead_letters_topic = topics.dead_letters;
  options.alerts_topic = topics.alerts;
  options.alerts_topic_prefix = topics.alerts_prefix;
  options.incident.lifecycle.escalate_factor = settings.incident.escalate_factor;
  options.incident.lifecycle.evidence_max = static_cast<size_t>(settings.incident.evidence);
  options.incident.reopen_within_ms = settings.incident.reopen_within.count();
  options.incident.open_score = settings.incident.open_score;
  options.incident.volume_score = settings.incident.volume_score;
  options.incident.storm_listeners = static_cast<size_t>(settings.incident.storm_listeners);
  options.incident.storm_within_ms = settings.incident.storm_within.count();
  options.order.partitions = static_cast<int32_t>(settings.log.partitions);
  options.order.hold_max_ms = settings.incident.order_within.count();
  if (auto policy = notice_policy(settings)) options.incident.notice = std::move(*policy);  // prepare() checked it
  return options;
}

DeskOptions desk_options(const Settings& settings, const Topics& topics) {
  DeskOptions options;
  options.queue_topic_prefix = topics.queue_prefix;
  options.standings_topic = topics.standings;
  for (size_t band = 0; band < queue::kBands; ++band) {
    options.queue.answer_within_ms[band] = settings.desk.answer_within[band].count();
  }
  options.queue.waiting_max = static_cast<size_t>(settings.desk.waiting);
  options.advocates.authors_max = static_cast<size_t>(settings.desk.authors);
  return options;
}

Result<Roles> roles_from_name(const std::string& only) {
  if (only.empty()) return Roles{};
  if (only == "listen") return Roles{true, false, false, false};
  if (only == "detect") return Roles{false, true, false, false};
  if (only == "incident") return Roles{false, false, true, false};
  if (only == "desk") return Roles{false, false, false, true};
  return invalid("--only: unknown role '" + only + "'; expected listen, detect, incident or desk");
}

Result<Prepared> prepare(const std::string& config_path,
                         const std::function<RuleCompiler(const Settings&)>& compiler_of) {
  auto settings = load_settings(config_path);
  if (!settings) return settings.error();
  if (auto checked = check_environment(*settings); !checked) return checked.error();
  auto remarks = review_connectors(*settings);
  if (!remarks) return remarks.error();
  if (auto policy = notice_policy(*settings); !policy) return policy.error();
  auto rules = compiler_of(*settings).compile(settings->listeners);
  if (!rules) return rules.error();
  auto triage_rules = triage::TriageRules::load(settings->triage.rules, rules::triage_query_compiler());
  if (!triage_rules) return triage_rules.error();
  auto models = sentiment::SentimentModels::load(sentiment_options(settings->sentiment));
  if (!models) return models.error();
  return Prepared{std::move(*settings), std::move(*rules), std::move(*models), std::move(*triage_rules), {},
                  std::move(*remarks)};
}

Pipeline::Pipeline(Prepared prepared, Roles roles, bool until_end, PipelineMetrics& metrics, Instance instance)
    : settings_(std::move(prepared.settings)),
      rules_(std::make_shared<LiveRules>(std::move(prepared.rules))),
      models_(std::move(prepared.models)),
      triage_rules_(std::make_shared<LiveTriage>(std::move(prepared.triage_rules))),
      roles_(roles),
      until_end_(until_end),
      metrics_(metrics),
      topics_(settings_.log.topic_prefix),
      instance_(std::move(instance)) {}

Result<std::unique_ptr<Pipeline>> Pipeline::open(Prepared prepared, Roles roles, bool until_end,
                                                 PipelineMetrics& metrics) {
  const StateVerdict state = prepared.state;
  auto instance = Instance::claim(prepared.settings.data_dir);
  if (!instance) return instance.error();
  std::unique_ptr<Pipeline> pipeline(
      new Pipeline(std::move(prepared), roles, until_end, metrics, std::move(*instance)));
  auto log = open_log(pipeline->settings_, pipeline->instance_.name());
  if (!log) return log.error();
  pipeline->log_ = std::move(*log);
  auto specs = topic_specs(pipeline->topics_, pipeline->settings_, *pipeline->rules_->current()->listeners());
  specs.push_back(made_with_topic(pipeline->settings_));
  if (auto ensured = pipeline->log_->ensure_topics(specs); !ensured) return ensured.error();
  const auto settled = settle_state(*pipeline->log_, pipeline->settings_, pipeline->topics_, state);
  if (!settled) return settled.error();
  pipeline->keep_standbys();
  if (roles.listen) pipeline->add_stage("listen", true, &Pipeline::build_listen);
  const bool follows_changes = roles.listen && uses_post_changes(pipeline->settings_);
  if (follows_changes) pipeline->add_stage("post-changes", false, &Pipeline::build_post_changes);
  if (roles.detect) pipeline->add_stage("detect", false, &Pipeline::build_detect);
  if (roles.incident) pipeline->add_stage("incident", false, &Pipeline::build_incident);
  if (roles.desk && pipeline->settings_.desk.enabled) pipeline->add_stage("desk", false, &Pipeline::build_desk);
  metrics.show_memory(*pipeline->log_);
  return pipeline;
}

void Pipeline::keep_standbys() {
  const auto copies = static_cast<size_t>(settings_.log.standbys);
  if (copies == 0) return;
  if (roles_.listen && uses_post_changes(settings_)) {
    log_->keep_standbys({group("post-changes"), topics_.post_changes, PostChangesOptions().store, copies});
  }
  if (roles_.detect) log_->keep_standbys({group("detect"), topics_.partials, DetectOptions().store, copies});
  if (roles_.incident) log_->keep_standbys({group("incident"), topics_.signals, IncidentOptions().store, copies});
  if (roles_.desk && settings_.desk.enabled) {
    log_->keep_standbys({group("desk"), topics_.engagements, DeskOptions().store, copies});
  }
}

// ---- posts ─▶ LISTEN ─▶ partials, mentions, late, dead letters

Result<StageParts> Pipeline::build_listen() {
  auto posts = open_posts(settings_, *log_, group("listen"), until_end_);
  if (!posts) return posts.error();
  auto outputs = open_outputs_of("listen");
  if (!outputs) return outputs.error();
  const auto make_scorer = [models = models_] { return std::make_unique<sentiment::PostScorer>(models); };
  auto listen = std::make_unique<ListenTopology>(listen_options(settings_, topics_), rules_->current(),
                                                 triage_rules_->current(), make_scorer, **posts, stats_);
  listen->follow(rules_);
  listen->follow(triage_rules_);
  return StageParts{std::move(*posts), std::move(*outputs), std::move(listen)};
}

// ---- post changes ─▶ POST-CHANGES ─▶ mentions that are taken back

Result<StageParts> Pipeline::build_post_changes() {
  auto changes = log_->subscribe(group("post-changes"), {topics_.post_changes}, {});
  if (!changes) return changes.error();
  auto outputs = open_outputs_of("post-changes");
  if (!outputs) return outputs.error();
  PostChangesOptions options = post_changes_options(settings_, topics_);
  options.on_retraction = [this] { ++stats_.retracted; };
  auto topology = std::make_unique<PostChangesTopology>(std::move(options), rules_->current()->directory(), *log_);
  topology->follow(rules_);
  return StageParts{std::move(*changes), std::move(*outputs), std::move(topology)};
}

// ---- partials ─▶ DETECT ─▶ signals, windows

Result<StageParts> Pipeline::build_detect() {
  auto partials = log_->subscribe(group("detect"), {topics_.partials}, {.until_end = until_end_ && is_first("detect")});
  if (!partials) return partials.error();
  auto outputs = open_outputs_of("detect");
  if (!outputs) return outputs.error();
  auto detect =
      std::make_unique<DetectTopology>(detect_options(settings_, topics_), rules_->current()->listeners(), *log_);
  detect->follow(rules_);
  return StageParts{std::move(*partials), std::move(*outputs), std::move(detect)};
}

// ---- signals, incident-control ─▶ INCIDENT ─▶ alerts of the hub and of each spoke

Result<StageParts> Pipeline::build_incident() {
  auto signals = log_->subscribe(group("incident"), {topics_.signals, topics_.incident_control},
                                 {.until_end = until_end_ && is_first("incident")});
  if (!signals) return signals.error();
  auto outputs = open_outputs_of("incident");
  if (!outputs) return outputs.error();
  auto incident =
      std::make_unique<IncidentTopology>(incident_options(settings_, topics_), rules_->current()->listeners(), *log_);
  incident->follow(rules_);
  return StageParts{std::move(*signals), std::move(*outputs), std::move(incident)};
}

// ---- engagements ─▶ DESK ─▶ queue of each spoke, standings

Result<StageParts> Pipeline::build_desk() {
  auto engagements =
      log_->subscribe(group("desk"), {topics_.engagements}, {.until_end = until_end_ && is_first("desk")});
  if (!engagements) return engagements.error();
  auto outputs = open_outputs_of("desk");
  if (!outputs) return outputs.error();
  DeskOptions options = desk_options(settings_, topics_);
  options.on_queue_change = metrics_.queue_changes();
  auto desk = std::make_unique<DeskTopology>(std::move(options), rules_->current()->listeners(),
                                             triage_rules_->current(), *log_);
  desk->follow(rules_);
  desk->follow(triage_rules_);
  return StageParts{std::move(*engagements), std::move(*outputs), std::move(desk)};
}

bool Pipeline::is_first(const std::string& stage) const {
  if (stage == "incident") return !roles_.detect;
  return stage == "listen" || !roles_.listen;
}

void Pipeline::add_stage(const std::string& name, bool is_parallel, Result<StageParts> (Pipeline::*build)()) {
  RunnerOptions options{.group = group(name),
                        .commit_interval = settings_.runtime.commit_interval,
                        .in_flight_batches_max = static_cast<size_t>(settings_.runtime.in_flight_batches),
                        .is_parallel = is_parallel};
  stages_.push_back(std::make_unique<Stage>(name, *log_, std::move(options), metrics_.runner_events(name),
                                            [this, build] { return (this->*build)(); }));
}

Result<std::unique_ptr<Outputs>> Pipeline::open_outputs_of(const std::string& stage) {
  auto producer = log_->open_producer(kafka::transactional_id_of(group(stage), instance_.name()));
  if (!producer) return producer.error();
  auto outputs = std::make_unique<Outputs>(std::move(*producer));
  struct Mirror {
    std::string_view stage;
    std::vector<std::string> topics;
    std::filesystem::path path;
  };
  const OutputFileSettings& files = settings_.outputs.files;
  const auto mentions = topics_.mentions_of(*rules_->current()->listeners());
  const std::vector<Mirror> mirrors{{"listen", {topics_.dead_letters}, files.dead_letters},
                                    {"listen", mentions, files.mentions},
                                    {"post-changes", mentions, files.retractions},
                                    {"detect", {topics_.windows}, files.windows},
                                    {"incident", {topics_.alerts}, files.alerts}};
  for (const Mirror& mirror : mirrors) {
    if (mirror.stage != stage || mirror.path.empty()) continue;
    auto sink = file::open_file_sink(mirror.path);
    if (!sink) return sink.error();
    outputs->mirror(mirror.topics, mirror.path.string(), std::move(*sink));
  }
  if (!outputs->has_mirrors()) return outputs;
  auto positions = log_->open_state("mirrors-" + stage, 0);
  if (!positions) return positions.error();
  outputs->keep_positions_in(std::move(*positions));
  return outputs;
}

std::unique_ptr<RuleWatch> Pipeline::watch_rules() {
  const auto trail = metrics_.rule_trail(
      *log_, topics_.rule_changes, kafka::transactional_id_of(group("rules"), instance_.name()), instance_.name());
  const auto make_ready = [this](const ListenerSet& listeners) {
    return log_->ensure_topics(topic_specs(topics_, settings_, listeners));
  };
  return std::make_unique<RuleWatch>(
      RuleWatch::Options{settings_.listeners, RuleCompiler::of(settings_), settings_.listeners_reload}, rules_,
      make_ready, [trail](const RuleChange& change) { trail->tell(change); });
}

std::unique_ptr<TriageWatch> Pipeline::watch_triage() {
  if (settings_.triage.rules.empty() || !(roles_.listen || roles_.desk)) return nullptr;
  const auto trail =
      metrics_.rule_trail(*log_, topics_.rule_changes,
                          kafka::transactional_id_of(group("triage-rules"), instance_.name()), instance_.name());
  return std::make_unique<TriageWatch>(
      TriageWatch::Options{settings_.triage.rules, rules::triage_query_compiler(), settings_.listeners_reload},
      triage_rules_, [this, trail](const TriageChange& change) {
        const ListenerSet& listeners = *rules_->current()->listeners();
        trail->tell(change, listeners.version, listeners.listeners.size());
      });
}

// Other processes cannot write to a local log: what they decide waits in a folder for this one.
std::unique_ptr<ControlSpool> Pipeline::open_control_spool() {
  if (settings_.log.connector != LogConnector::kLocal || !roles_.incident) return nullptr;
  return std::make_unique<ControlSpool>(control_folder(settings_), *log_, topics_.incident_control,
                                        kafka::transactional_id_of(group("control"), instance_.name()));
}

Result<void> Pipeline::run(std::stop_source stop) {
  const auto threads = static_cast<size_t>(
      settings_.runtime.threads > 0 ? settings_.runtime.threads : std::max(1u, std::thread::hardware_concurrency()));
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
  // A bounded run says the same whenever it is made: its rules are those that it began with.
  const bool reloads = !until_end_ && settings_.listeners_reload.count() > 0;
  const auto watch = reloads ? watch_rules() : nullptr;
  const auto triage_watch = reloads ? watch_triage() : nullptr;
  const auto spool = open_control_spool();
  const Stage* upstream = nullptr;
  for (const auto& stage : stages_) {
    const bool ends_with_upstream = until_end_ && upstream != nullptr;
    stage->start(stop.get_token(), ends_with_upstream ? upstream : nullptr, [stop]() mutable { stop.request_stop(); });
    upstream = stage.get();
  }
  Result<void> outcome;
  for (const auto& stage : stages_) {
    if (auto ended = stage->join(); !ended && outcome) {
      outcome = Error{ended.error().code, stage->name() + ": " + ended.error().message, ended.error().where};
    }
  }
  return outcome;
}

}  // namespace earshot
