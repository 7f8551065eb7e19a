#include "ops/earshot/policy_replay.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <set>
#include <unordered_set>
#include <utility>

#include "engine/time/watermark.h"
#include "operators/incident/incident_operator.h"
#include "operators/sentiment/post_scorer.h"
#include "operators/spike/listener_monitor.h"
#include "operators/summarise/summariser.h"
#include "ops/earshot/connectors.h"
#include "ops/earshot/parse_options.h"
#include "ops/earshot/pipeline.h"
#include "ops/earshot/rule_compiler.h"
#include "ops/earshot/sentiment_options.h"
#include "ops/earshot/topics.h"
#include "ops/rules/triage_queries.h"
#include "ops/topologies/detect.h"
#include "ops/topologies/incident.h"
#include "ops/topologies/listen_work.h"

namespace earshot {
namespace {

// Nothing is kept: a replay is one run.
struct ForgetfulState : StateBackend {
  Result<std::optional<std::string>> get(std::string_view) const override { return std::optional<std::string>(); }
  Result<void> scan(std::string_view, const std::function<bool(std::string_view, std::string_view)>&) const override {
    return {};
  }
};

// The listener's mentions by pane, out of records as they come.
class MentionHistory {
 public:
  MentionHistory(const Settings& settings, std::shared_ptr<const match::RuleSet> rules,
                 std::shared_ptr<const triage::TriageRules> triage_rules, std::unique_ptr<sentiment::PostScorer> scorer,
                 int64_t to_ms)
      : rules_(std::move(rules)),
        thread_(rules_, std::move(triage_rules), parse_options(settings.source), std::move(scorer)),
        summariser_(rules_->listeners(), {}),
        pane_ms_(settings.windows.pane.count()),
        to_ms_(to_ms) {}

  void add(const RecordView& record) {
    constexpr size_t kBatchBytes = 1 << 20;
    if (!batch_) batch_ = std::make_unique<RecordBatch>(TopicPartition{"history", 0}, kBatchBytes);
    batch_->append(record.key, record.value, record.offset, record.timestamp_ms);
    if (batch_->bytes_used() >= kBatchBytes) take_batch();
  }

  Result<std::vector<wire::PanePartial>> finish() {
    take_batch();
    std::vector<wire::PanePartial> panes;
    auto drained = summariser_.drain({}, [&](int32_t, const wire::Partial& partial) -> Result<void> {
      panes.insert(panes.end(), partial.panes().begin(), partial.panes().end());
      return {};
    });
    if (!drained) return drained.error();
    std::ranges::sort(panes, {}, &wire::PanePartial::pane_start_ms);
    return panes;
  }

  // Of the first post, whoever heard it: listeners are watched from there on.
  [[nodiscard]] int64_t first_pane_start_ms() const { return pane_start(first_post_ms_, pane_ms_); }
  [[nodiscard]] uint64_t posts() const { return posts_; }
  [[nodiscard]] uint64_t mentions() const { return seen_.size(); }

 private:
  void take_batch() {
    if (!batch_) return;
    thread_.process(*batch_, rows_, false);
    for (const Post& post : rows_.posts.posts) {
      first_post_ms_ = std::min(first_post_ms_, post.created_at_ms);
      posts_ += post.created_at_ms < to_ms_;
    }
    for (const ListenRows::MatchedPost& matched : rows_.matched) {
      const Post& post = rows_.posts.posts[matched.post];
      if (post.created_at_ms >= to_ms_ || !seen_.insert(matched.hashes.post_id).second) continue;
      const ListenRows::MentionRow& row = rows_.mentions[matched.first_mention];
      summariser_.add(row.listener, rows_.mention(*rules_->listeners(), matched, row), matched.hashes,
                      pane_start(post.created_at_ms, pane_ms_), false);
    }
    rows_.clear();
    batch_.reset();
  }

  std::shared_ptr<const match::RuleSet> rules_;
  ListenThread thread_;
  summarise::Summariser summariser_;
  int64_t pane_ms_;
  int64_t to_ms_;
  std::unique_ptr<RecordBatch> batch_;
  ListenRows rows_;
  std::unordered_set<uint64_t> seen_;  // ids of the listener's posts
  int64_t first_post_ms_ = std::numeric_limits<int64_t>::max();
  uint64_t posts_ = 0;
};

// Pane by pane through the detector and the incidents.
class PolicyJudge {
 public:
  PolicyJudge(const Settings& settings, const Listener& listener, const ReplaySpan& span)
      : hub_(settings.hub),
        pane_ms_(settings.windows.pane.count()),
        span_(span),
        monitor_(listener.name, &listener, monitor_options(settings)),
        store_("replay", 0, std::make_unique<ForgetfulState>()),
        incidents_(incident_options(settings, Topics("")).incident, store_) {}

  std::vector<Alert> judge(const std::vector<wire::PanePartial>& panes, int64_t first_pane_start_ms) {
    if (panes.empty()) return {};
    monitor_.start_at(first_pane_start_ms);
    for (const wire::PanePartial& pane : panes) {
      pass_quiet_until(pane.pane_start_ms());
      CountSums counts;
      counts.add(pane.counts());
      std::vector<RankedEvidence> evidence;
      for (const wire::RankedEvidence& post : pane.evidence()) evidence.push_back(copy_evidence(post));
      observe(pane.pane_start_ms(), counts, evidence);
    }
    pass_quiet_until(pane_start(span_.to_ms, pane_ms_));
    return std::move(alerts_);
  }

 private:
  static spike::MonitorOptions monitor_options(const Settings& settings) {
    spike::MonitorOptions options = detect_options(settings, Topics("")).monitor;
    options.detector.pane_ms = settings.windows.pane.count();
    return options;
  }

  void pass_quiet_until(int64_t pane_start_ms) {
    while (monitor_.is_active() && monitor_.next_pane_start_ms() < pane_start_ms) {
      observe(monitor_.next_pane_start_ms(), {}, {});
    }
  }

  void observe(int64_t pane_start_ms, const CountSums& counts, std::span<RankedEvidence> evidence) {
    auto signal = monitor_.observe(pane_start_ms, counts, evidence);
    if (!signal) return;
    signal->set_hub(hub_);
    for (Alert& alert : incidents_.apply(*signal)) {
      if (!alert.parent.empty()) continue;
      const bool is_new = alert.event == IncidentEvent::kOpened && alert.time_ms >= span_.from_ms;
      if (is_new) counted_.insert(alert.incident_id);
      if (counted_.contains(alert.incident_id)) alerts_.push_back(std::move(alert));
    }
  }

  std::string hub_;
  int64_t pane_ms_;
  ReplaySpan span_;
  spike::ListenerMonitor monitor_;
  StateStore store_;
  incident::IncidentOperator incidents_;
  std::vector<Alert> alerts_;
  std::set<std::string> counted_;
};

}  // namespace

Result<ReplayedHistory> replay_policy(const Settings& settings, std::shared_ptr<const ListenerSet> alone,
                                      const ReplaySpan& span) {
  const Listener& listener = alone->listeners.front();
  auto rules = match::RuleSet::compile(alone, rule_options(settings));
  if (!rules) return rules.error();
  auto models = sentiment::SentimentModels::load(sentiment_options(settings.sentiment));
  if (!models) return models.error();
  auto triage_rules = triage::TriageRules::load(settings.triage.rules, rules::triage_query_compiler());
  if (!triage_rules) return triage_rules.error();
  MentionHistory history(settings, std::move(*rules), std::move(*triage_rules),
                         std::make_unique<sentiment::PostScorer>(*models), span.to_ms);
  auto read = read_input(settings, [&](const TopicPartition&, const RecordView& record) -> Result<void> {
    history.add(record);
    return {};
  });
  if (!read) return read.error();
  const auto panes = history.finish();
  if (!panes) return panes.error();
  ReplayedHistory replayed{.alerts = PolicyJudge(settings, listener, span).judge(*panes, history.first_pane_start_ms()),
                           .posts = history.posts(),
                           .mentions = history.mentions(),
                           .first_ms = panes->empty() ? 0 : panes->front().pane_start_ms()};
  return replayed;
}

}  // namespace earshot
