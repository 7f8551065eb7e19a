// LISTEN: posts → parse → match → sentiment → triage → dedup → summarise → partials, mentions, late and dead letters.
// One task for each input partition; the work of a batch is spread over all cores.
#pragma once

#include <tbb/enumerable_thread_specific.h>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/runtime/topology.h"
#include "engine/time/watermark.h"
#include "operators/dedup/mention_memory.h"
#include "operators/summarise/summariser.h"
#include "ops/topologies/audit_interval.h"
#include "ops/topologies/listen_stats.h"
#include "ops/topologies/listen_work.h"
#include "ops/topologies/listener_numbers.h"
#include "ops/topologies/live_rules.h"
#include "ops/topologies/live_triage.h"
#include "ops/topologies/own_accounts.h"
#include "ops/topologies/post_change_batch.h"

namespace earshot {

struct ListenOptions {
  std::vector<std::string> topics;  // of the source, in the order that numbers their partitions
  parse::ParseOptions parse;
  int64_t disorder_ms = 10'000;      // how far behind the newest post an on-time one may be
  int64_t lateness_ms = 3'600'000;   // how long a closed pane still takes corrections; later posts go to `late`
  int64_t future_skew_ms = 600'000;  // a post's time is at most its record's time plus this
  int64_t pane_ms = 10'000;
  int64_t longest_window_ms = 3'600'000;
  std::chrono::milliseconds idle_timeout{30'000};
  size_t dedup_mentions = 100'000;  // for each input partition
  summarise::SummariseOptions summarise;
  bool writes_mentions = true;
  std::string partials_topic = "partials";
  std::string mentions_topic_prefix = "mentions.";  // the spoke's name follows
  std::string late_topic = "late";
  std::string dead_letters_topic = "dead-letters";
  std::string audit_topic = "audit";
  std::string engagements_topic;  // for DESK; empty: none
  // For POST-CHANGES, which then takes mentions back. Empty: LISTEN does, as far as a post and what became of it come
  // on one partition.
  std::string post_changes_topic;
  OwnAccounts own_accounts;      // whose replies are answers
  std::string group = "listen";  // whose positions the audit entries are of
};

using ScorerFactory = std::function<std::unique_ptr<sentiment::PostScorer>()>;

class ListenTopology : public Topology {
 public:
  // `source` is asked for its number of partitions only. `stats` outlives the topology.
  ListenTopology(ListenOptions options, std::shared_ptr<const match::RuleSet> rules,
                 std::shared_ptr<const triage::TriageRules> triage_rules, ScorerFactory make_scorer,
                 const Source& source, ListenStats& stats);

  // From now on takes up what `live` has, between two commits. The topics of new spokes must be there by then.
  void follow(std::shared_ptr<const LiveRules> live) { live_ = std::move(live); }
  void follow(std::shared_ptr<const LiveTriage> live) { live_triage_ = std::move(live); }

  void begin_interval() override;

  Result<std::optional<int64_t>> assigned(const TopicPartition& partition,
                                          const std::optional<Position>& committed) override;
  void revoked(const TopicPartition& partition) override;
  std::unique_ptr<Work> process(std::unique_ptr<RecordBatch> batch) const override;
  Result<void> apply(Work& work, Outbox& outbox) override;
  Result<void> before_commit(const std::vector<TopicPartition>& caught_up, bool at_end, Outbox& outbox) override;
  std::string position_metadata(const TopicPartition& partition) const override;
  std::vector<StateStore*> stores() override { return {}; }

 private:
  using Clock = std::chrono::steady_clock;

  struct Task {
    Watermark watermark;
    dedup::MentionMemory memory;
    summarise::Summariser summariser;
    PostChangeBatch post_changes;
    int64_t replay_until;  // records before this offset were committed: they only rebuild `memory`
    AuditInterval audit;
    int64_t newest_ms = kNoWatermark;
    int64_t told_watermark_ms = kNoWatermark;
    bool told_idle = false;
    int64_t clock_ms = kNoWatermark;  // as DESK was told
    bool clock_is_idle = false;       // the same
    Clock::time_point last_data = Clock::now();
  };

  static void count_records(const ListenWork& work, Task& task, PostOutcomes& outcomes);
  Result<void> apply_posts(const ListenWork& work, Task& task, PostOutcomes& outcomes, Outbox& outbox);
  Result<void> apply_refusals(const ListenWork& work, Task& task, PostOutcomes& outcomes, Outbox& outbox);
  // Where in event time a post falls.
  struct Arrival {
    int64_t time_ms;
    int64_t pane_start_ms;
    bool is_closed;  // the pane
    bool is_late;    // it takes no corrections any more
  };
  [[nodiscard]] Arrival arrival_of(const ListenWork& work, const Post& post, const Task& task) const;

  Result<void> apply_matched(const ListenWork& work, const ListenRows::MatchedPost& matched, Task& task,
                             PostOutcomes& outcomes, Outbox& outbox);
  // Places in output_topics_.
  static constexpr size_t kDeadLetters = 0;
  static constexpr size_t kLate = 1;
  Result<void> tell_mention(const ListenWork& work, const ListenRows::MatchedPost& matched,
                            const ListenRows::MentionRow& row, const Arrival& arrival, Task& task, Outbox& outbox);
  std::string_view mention_json(const ListenWork& work, const ListenRows::MatchedPost& matched,
                                const ListenRows::MentionRow& row);
  Result<void> write_mention(const ListenWork& work, const ListenRows::MatchedPost& matched,
                             const ListenRows::MentionRow& row, size_t topic, int64_t time_ms, Task& task,
                             Outbox& outbox);

  [[nodiscard]] dedup::Sighting sighting_of(const ListenWork& work, const Post& post) const;
  dedup::Sighting sighting_of(const ListenWork& work, const ListenRows::MatchedPost& matched);
  Result<void> apply_edit(const ListenWork& work, const ListenRows::MatchedPost& matched, Task& task,
                          PostOutcomes& outcomes, Outbox& outbox);
  Result<void> apply_unmatched_change(const ListenWork& work, const Post& post, Task& task, Outbox& outbox);
  Result<void> retract(const Post& post, std::span<const uint32_t> numbers, int64_t time_ms, Task& task,
                       Outbox& outbox);
  [[nodiscard]] bool leaves_taking_back(const Post& post) const;
  void tell_change(const Post& post, std::span<const uint32_t> before, std::span<const uint32_t> after, int64_t time_ms,
                   Task& task);
  Result<void> tell_post_changes(const TopicPartition& partition, Task& task, Outbox& outbox);
  void replay(const ListenWork& work, const Post& post, const ListenRows::MatchedPost* matched, Task& task);

  Result<void> tell_answer(const ListenWork& work, const Post& post, Outbox& outbox);
  Result<void> tell_clock(const TopicPartition& partition, Task& task, int64_t time_ms, bool is_idle, Outbox& outbox);
  void publish_batch(const ListenRows& rows, const PostOutcomes& outcomes);
  [[nodiscard]] int32_t source_number(const TopicPartition& partition) const;
  // When a post was written: what it says, at most `skew_ms` after its record's time, and without one at most a day
  // after the machine's.
  static int64_t event_time(const ListenWork& work, const Post& post, int64_t skew_ms);
  // False for a post that lies further ahead than that of a record without a time: a whole day must not become late.
  static bool tells_time(const ListenWork& work, const Post& post);
  Result<void> tell_progress(const TopicPartition& partition, Task& task, int64_t watermark_ms, bool is_idle,
                             Outbox& outbox);
  Result<void> tell_audit(const TopicPartition& partition, Task& task, Outbox& outbox);
  void publish_watermark();
  void adopt_listeners();
  void adopt_triage();
  void number_mention_topics();
  [[nodiscard]] size_t mention_topic_of(uint32_t listener) const {
    return mention_topics_[rules_->directory().spoke_of(listener)];
  }

  ListenOptions options_;
  std::shared_ptr<const match::RuleSet> rules_;
  std::shared_ptr<const LiveRules> live_;
  std::shared_ptr<const triage::TriageRules> triage_rules_;
  std::shared_ptr<const LiveTriage> live_triage_;
  const Source& source_;
  ListenStats& stats_;
  std::vector<std::string> output_topics_;  // whose records the audit counts: dead letters, late, then mentions
  std::map<std::string, size_t> topic_of_spoke_;
  std::vector<size_t> mention_topics_;  // by spoke of the rules' directory, index into output_topics_
  ListenerNumbers numbers_;
  std::vector<uint32_t> sighted_;  // numbers of the listeners of the last sighting, ascending
  std::map<TopicPartition, Task> tasks_;
  std::string scratch_;
  std::shared_ptr<ListenRowsPool> rows_pool_ = std::make_shared<ListenRowsPool>();
  mutable tbb::enumerable_thread_specific<ListenThread> threads_;
};

}  // namespace earshot
