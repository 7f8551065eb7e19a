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
#include "operators/summarise/summariser.h"
#include "ops/earshot/connectors.h"
#include "ops/earshot/parse_options.h"
#include "ops/earshot/pipeline.h"
#include "ops/earshot/rule_compiler.h"
#include "ops/earshot/sentiment_options.h"
#include "ops/earshot/topics.h"
#include "ops/rules/triage_queries.h"
#include "ops/topologies/detect.h"
#include "ops/topologies/first_hearings.h"
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
                      pane_start(post.created_at_ms, pane_ms_), false, rows_.words_of(matched));
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

// Windows are told to nobody.
struct NoOutputs : Outbox {
  Result<void> produce(const OutputRecord&) override { return {}; }
};

// Pane by pane through DETECT and the incidents.
class PolicyJudge {
 public:
  PolicyJudge(const Settings& settings, std::shared_ptr<const ListenerSet> alone, const ReplaySpan& span)
      : detect_(options_of(settings)),
        span_(span),
        listeners_(std::make_shared<const ListenerDirectory>(std::move(alone))),
        store_("replay", 0, std::make_unique<ForgetfulState>()),
        incidents_(incident_options(settings, Topics("")).incident, store_) {}

  Result<std::vector<Alert>> judge(std::vector<wire::PanePartial>& panes, int64_t first_pane_start_ms) {
    auto store = std::make_unique<StateStore>(detect_.store, 0, std::make_unique<ForgetfulState>());
    FirstHearings hearings(*store, detect_.partitions);
    hearings.adopt(listeners_);
    if (auto heard = hearings.hear_pane(first_pane_start_ms); !heard) return heard.error();
    if (auto noted = hearings.checkpoint(); !noted) return noted.error();
    DetectTask task(detect_, listeners_, std::move(store));
    if (auto restored = task.restore(); !restored) return restored.error();
    for (wire::PanePartial& pane : panes) {
      wire::Partial partial;
      const int64_t end_ms = pane.pane_start_ms() + detect_.window.pane_ms;
      *partial.add_panes() = std::move(pane);
      if (auto passed = pass(task, partial, end_ms); !passed) return passed.error();
    }
    wire::Partial quiet;
    if (auto passed = pass(task, quiet, pane_start(span_.to_ms, detect_.window.pane_ms)); !passed) {
      return passed.error();
    }
    return std::move(alerts_);
  }

 private:
  static DetectOptions options_of(const Settings& settings) {
    DetectOptions options = detect_options(settings, Topics(""));
    options.partitions = 1;
    options.writes_windows = false;
    options.watches_feed = false;
    options.tells_progress = false;
    options.monitor.detector.pane_ms = options.window.pane_ms;
    return options;
  }

  Result<void> pass(DetectTask& task, wire::Partial& partial, int64_t watermark_ms) {
    partial.set_source_partitions(1);
    partial.set_watermark_ms(watermark_ms);
    partial.set_rule_version(listeners_->listeners()->version);
    if (auto added = task.add(partial); !added) return added;
    std::vector<wire::Signal> signals;
    NoOutputs outbox;
    if (auto closed = task.close(signals, outbox); !closed) return closed;
    if (auto written = task.checkpoint(); !written) return written;
    for (const wire::Signal& signal : signals) count(incidents_.apply(signal));
    return {};
  }

  void count(std::vector<Alert> alerts) {
    for (Alert& alert : alerts) {
      if (!alert.parent.empty()) continue;
      const bool is_new = alert.event == IncidentEvent::kOpened && alert.time_ms >= span_.from_ms;
      if (is_new) counted_.insert(alert.incident_id);
      if (counted_.contains(alert.incident_id)) alerts_.push_back(std::move(alert));
    }
  }

  DetectOptions detect_;
  ReplaySpan span_;
  std::shared_ptr<const ListenerDirectory> listeners_;
  StateStore store_;
  incident::IncidentOperator incidents_;
  std::vector<Alert> alerts_;
  std::set<std::string> counted_;
};

}  // namespace

Result<ReplayedHistory> replay_policy(const Settings& settings, std::shared_ptr<const ListenerSet> alone,
                                      const ReplaySpan& span) {
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
  auto panes = history.finish();
  if (!panes) return panes.error();
  ReplayedHistory replayed{.alerts = {}, .posts = history.posts(), .mentions = history.mentions(), .first_ms = 0};
  if (panes->empty()) return replayed;
  replayed.first_ms = panes->front().pane_start_ms();
  auto alerts = PolicyJudge(settings, std::move(alone), span).judge(*panes, history.first_pane_start_ms());
  if (!alerts) return alerts.error();
  replayed.alerts = std::move(*alerts);
  return replayed;
}

}  // namespace earshot
