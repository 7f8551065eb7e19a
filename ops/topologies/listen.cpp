#include "ops/topologies/listen.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "engine/time/wall_clock.h"
#include "schemas/dead_letter.h"

namespace earshot {
namespace {

// Committed with the offset: the watermark at it, and where the dedup window begins. "v1 <watermark_ms> <rewind
// offset>".
struct ListenPosition {
  int64_t watermark_ms = kNoWatermark;
  int64_t rewind_offset = 0;
};

std::string write_metadata(const ListenPosition& position) {
  return "v1 " + std::to_string(position.watermark_ms) + " " + std::to_string(position.rewind_offset);
}

Result<ListenPosition> read_metadata(const TopicPartition& partition, const Position& committed) {
  if (committed.metadata.empty()) return ListenPosition{kNoWatermark, committed.next_offset};  // set by another tool
  ListenPosition position;
  std::string_view text = committed.metadata;
  const auto number = [&](int64_t& into) {
    if (!text.starts_with(' ')) return false;
    text.remove_prefix(1);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), into);
    text.remove_prefix(static_cast<size_t>(end - text.data()));
    return error == std::errc();
  };
  const bool is_ours = text.starts_with("v1");
  if (is_ours) text.remove_prefix(2);
  if (!is_ours || !number(position.watermark_ms) || !number(position.rewind_offset) || !text.empty()) {
    return invalid("the committed offset carries metadata that this version does not know: '" + committed.metadata +
                       "'; commit the offset without metadata to go on from it",
                   partition.to_string());
  }
  return position;
}

}  // namespace

ListenTopology::ListenTopology(ListenOptions options, std::shared_ptr<const match::RuleSet> rules,
                               std::shared_ptr<const triage::TriageRules> triage_rules, ScorerFactory make_scorer,
                               const Source& source, ListenStats& stats)
    : options_(std::move(options)),
      rules_(std::move(rules)),
      triage_rules_(std::move(triage_rules)),
      source_(source),
      stats_(stats),
      threads_([this, make_scorer = std::move(make_scorer)] {
        return ListenThread(rules_, triage_rules_, options_.parse, make_scorer());
      }) {
  output_topics_ = {options_.dead_letters_topic, options_.late_topic};
  number_mention_topics();
}

// A topic keeps its number when the rules change.
void ListenTopology::number_mention_topics() {
  numbers_.adopt(rules_->listeners());
  mention_topics_.clear();
  for (const std::string_view spoke : rules_->directory().spokes()) {
    const auto [entry, is_new] = topic_of_spoke_.try_emplace(std::string(spoke), output_topics_.size());
    if (is_new) output_topics_.push_back(options_.mentions_topic_prefix + entry->first);
    mention_topics_.push_back(entry->second);
  }
}

void ListenTopology::begin_interval() {
  adopt_listeners();
  adopt_triage();
}

// Nothing that is under way holds views of the rules before.
void ListenTopology::adopt_triage() {
  if (!live_triage_) return;
  auto rules = live_triage_->current();
  if (rules == triage_rules_) return;
  triage_rules_ = std::move(rules);
  for (ListenThread& thread : threads_) thread.adopt(triage_rules_);
}

void ListenTopology::adopt_listeners() {
  if (!live_) return;
  auto rules = live_->current();
  if (rules == rules_) return;
  // Until nothing below goes by them any more: who replaced them frees them, not this thread.
  const auto before = std::exchange(rules_, std::move(rules));
  number_mention_topics();
  for (ListenThread& thread : threads_) thread.adopt(rules_);
  for (auto& [partition, task] : tasks_) {
    task.summariser =
        summarise::Summariser(rules_->listeners(), options_.summarise);  // handed out by the commit before
    task.audit.widen(output_topics_.size());
  }
}

Result<std::optional<int64_t>> ListenTopology::assigned(const TopicPartition& partition,
                                                        const std::optional<Position>& committed) {
  ListenPosition position;
  if (committed) {
    auto read = read_metadata(partition, *committed);
    if (!read) return read.error();
    position = *read;
  }
  const int64_t resume_at = committed ? committed->next_offset : 0;
  const bool has_watermark = position.watermark_ms != kNoWatermark;
  tasks_.insert_or_assign(partition,
                          Task{.watermark = Watermark(options_.disorder_ms, position.watermark_ms),
                               .memory = dedup::MentionMemory(options_.dedup_mentions),
                               .summariser = {rules_->listeners(), options_.summarise},
                               .post_changes = PostChangeBatch(options_.summarise.partitions),
                               .replay_until = resume_at,
                               .audit = {committed ? std::optional(resume_at) : std::nullopt, output_topics_.size()},
                               // So that the end of the input closes what an earlier run began.
                               .newest_ms = has_watermark ? position.watermark_ms + options_.disorder_ms : kNoWatermark,
                               .told_watermark_ms = position.watermark_ms});
  if (!committed) return std::optional<int64_t>();
  return std::optional(std::min(position.rewind_offset, resume_at));
}

void ListenTopology::revoked(const TopicPartition& partition) {
  tasks_.erase(partition);
}

std::unique_ptr<Work> ListenTopology::process(std::unique_ptr<RecordBatch> batch) const {
  auto work = std::make_unique<ListenWork>(std::move(batch), rows_pool_);
  threads_.local().process(*work->batch, *work->rows, options_.writes_mentions);
  return work;
}

// One number for each partition of the input, over all of its topics.
int32_t ListenTopology::source_number(const TopicPartition& partition) const {
  constexpr int32_t partitions_per_topic_max = 1 << 20;
  const auto found = std::find(options_.topics.begin(), options_.topics.end(), partition.topic);
  const auto topic = found == options_.topics.end() ? 0 : static_cast<int32_t>(found - options_.topics.begin());
  return topic * partitions_per_topic_max + partition.partition;
}

int64_t ListenTopology::event_time(const ListenWork& work, const Post& post, int64_t skew_ms) {
  const int64_t record_time_ms = (*work.batch)[post.record].timestamp_ms;
  const int64_t latest_ms = record_time_ms == kNoTimestamp ? work.latest_post_ms : record_time_ms + skew_ms;
  return std::min(post.created_at_ms, latest_ms);
}

bool ListenTopology::tells_time(const ListenWork& work, const Post& post) {
  return (*work.batch)[post.record].timestamp_ms != kNoTimestamp || post.created_at_ms <= work.latest_post_ms;
}

Result<void> ListenTopology::apply(Work& base, Outbox& outbox) {
  const auto began = Clock::now();
  auto& work = static_cast<ListenWork&>(base);
  ListenRows& rows = *work.rows;
  Task& task = tasks_.at(work.batch->partition());
  PostOutcomes outcomes;
  count_records(work, task, outcomes);
  if (auto refused = apply_refusals(work, task, outcomes, outbox); !refused) return refused;
  if (auto applied = apply_posts(work, task, outcomes, outbox); !applied) return applied;
  const int64_t next_offset = work.batch->next_offset();
  if (next_offset > task.replay_until) task.audit.add(outcomes, next_offset);
  task.last_data = Clock::now();
  rows.stage_ns[ListenStats::kApply] = static_cast<uint64_t>((task.last_data - began).count());
  publish_batch(rows, outcomes);
  return {};
}

// Records that were committed before are read again only to rebuild `memory`.
void ListenTopology::count_records(const ListenWork& work, Task& task, PostOutcomes& outcomes) {
  const RecordBatch& batch = *work.batch;
  size_t first_new = 0;
  while (first_new < batch.size() && batch[first_new].offset < task.replay_until) ++first_new;
  if (first_new == batch.size()) return;
  task.audit.begin_at(batch[first_new].offset);
  outcomes.records = batch.size() - first_new;
  outcomes.not_posts = work.rows->posts.not_posts;
  if (first_new == 0) return;
  // Of a batch that is new in part, the parser's count is of all of it.
  std::vector<bool> holds_something(batch.size(), false);
  for (const Post& post : work.rows->posts.posts) holds_something[post.record] = true;
  for (const parse::Refusal& refusal : work.rows->posts.refusals) holds_something[refusal.record] = true;
  outcomes.not_posts = static_cast<uint64_t>(
      std::count(holds_something.begin() + static_cast<std::ptrdiff_t>(first_new), holds_something.end(), false));
}

Result<void> ListenTopology::apply_posts(const ListenWork& work, Task& task, PostOutcomes& outcomes, Outbox& outbox) {
  const ListenRows& rows = *work.rows;
  auto next_matched = rows.matched.begin();
  int64_t last_offset = -1;
  for (uint32_t index = 0; index < rows.posts.posts.size(); ++index) {
    const Post& post = rows.posts.posts[index];
    const bool is_matched = next_matched != rows.matched.end() && next_matched->post == index;
    const int64_t offset = (*work.batch)[post.record].offset;
    const ListenRows::MatchedPost* matched = is_matched ? &*next_matched++ : nullptr;
    if (offset < task.replay_until) {
      replay(work, post, matched, task);
      continue;
    }
    if (!options_.engagements_topic.empty() && options_.own_accounts.answers(post)) {
      if (auto told = tell_answer(work, post, outbox); !told) return told;
    }
    ++outcomes.posts_in;
    outcomes.post_records += std::exchange(last_offset, offset) != offset;
    if (matched != nullptr) {
      if (auto applied = apply_matched(work, *matched, task, outcomes, outbox); !applied) return applied;
    } else {
      ++outcomes.unmatched;
      if (post.change != PostChange::kCreated) {
        if (auto applied = apply_unmatched_change(work, post, task, outbox); !applied) return applied;
      }
    }
    if (!tells_time(work, post)) continue;
    task.newest_ms = std::max(task.newest_ms, event_time(work, post, options_.future_skew_ms));
    // An author's clock that runs ahead must not make everybody else late.
    task.watermark.observe(event_time(work, post, 0));
  }
  return {};
}

void ListenTopology::publish_batch(const ListenRows& rows, const PostOutcomes& outcomes) {
  stats_.posts_in += outcomes.posts_in;
  stats_.matched += outcomes.matched;
  stats_.unmatched += outcomes.unmatched;
  stats_.late += outcomes.late;
  stats_.duplicate += outcomes.duplicate;
  stats_.dead_lettered += outcomes.dead_lettered;
  stats_.not_posts += outcomes.not_posts;
  for (size_t stage = 0; stage < ListenStats::kStages; ++stage) {
    stats_.stage_ns[stage] += rows.stage_ns[stage];
    const bool sees_matched_only = stage > ListenStats::kMatch && stage < ListenStats::kApply;
    stats_.stage_posts[stage] += sees_matched_only ? rows.matched.size() : rows.posts.posts.size();
  }
}

Result<void> ListenTopology::apply_refusals(const ListenWork& work, Task& task, PostOutcomes& outcomes,
                                            Outbox& outbox) {
  const auto& partition = work.batch->partition();
  const std::string key = partition.to_string();
  for (const parse::Refusal& refusal : work.rows->posts.refusals) {
    const RecordView record = (*work.batch)[refusal.record];
    if (record.offset < task.replay_until) continue;
    const int64_t time_ms = record.timestamp_ms == kNoTimestamp ? wall_clock_ms() : record.timestamp_ms;
    const DeadLetter letter{.stage = "parse",
                            .reason = refusal.reason,
                            .topic = partition.topic,
                            .partition = partition.partition,
                            .offset = record.offset,
                            .rule_version = rules_->listeners()->version,
                            .time_ms = time_ms,
                            .payload = record.value};
    ++outcomes.posts_in;
    ++outcomes.dead_lettered;
    for (uint32_t part = 0; part < dead_letter_parts(letter); ++part) {
      scratch_.clear();
      append_dead_letter_json(scratch_, letter, part);
      auto produced = outbox.produce(
          {.topic = options_.dead_letters_topic, .key = key, .value = scratch_, .timestamp_ms = time_ms});
      if (!produced) return produced;
      task.audit.count_output(kDeadLetters);
    }
  }
  return {};
}

// Whether a mention is on time, a correction or late is settled here, by its own partition in offset order, so that it
// cannot depend on how partitions interleave.
ListenTopology::Arrival ListenTopology::arrival_of(const ListenWork& work, const Post& post, const Task& task) const {
  const int64_t time_ms = event_time(work, post, options_.future_skew_ms);
  const int64_t pane = pane_start(time_ms, options_.pane_ms);
  const int64_t watermark_ms = task.watermark.value_ms();
  const bool is_closed = watermark_ms != kNoWatermark && pane + options_.pane_ms <= watermark_ms;
  const bool is_late = is_closed && pane + options_.pane_ms <= watermark_ms - options_.lateness_ms;
  return {time_ms, pane, is_closed, is_late};
}

Result<void> ListenTopology::apply_matched(const ListenWork& work, const ListenRows::MatchedPost& matched, Task& task,
                                           PostOutcomes& outcomes, Outbox& outbox) {
  using Verdict = dedup::MentionMemory::Verdict;
  const Verdict verdict = task.memory.see_match(sighting_of(work, matched));
  if (verdict == Verdict::kRepeat) {
    ++outcomes.duplicate;
    return {};
  }
  if (verdict == Verdict::kEdited) return apply_edit(work, matched, task, outcomes, outbox);
  const Post& post = work.rows->posts.posts[matched.post];
  const Arrival arrival = arrival_of(work, post, task);
  ++(arrival.is_late ? outcomes.late : outcomes.matched);
  if (post.change == PostChange::kEdited) {
    tell_change(post, {}, sighted_, arrival.time_ms, task);
  } else if (leaves_taking_back(post)) {
    task.post_changes.add_told(matched.hashes.post_id, sighted_, numbers_);
  }
  for (uint32_t i = 0; i < matched.mention_count; ++i) {
    const ListenRows::MentionRow& row = work.rows->mentions[matched.first_mention + i];
    if (auto told = tell_mention(work, matched, row, arrival, task, outbox); !told) return told;
  }
  return {};
}

Result<void> ListenTopology::before_commit(const std::vector<TopicPartition>& caught_up, bool at_end, Outbox& outbox) {
  // The end of a bounded input closes every window that has begun, and no more, so that input may still follow later.
  int64_t end_ms = kNoWatermark;
  if (at_end) {
    for (const auto& [partition, task] : tasks_) {
      if (task.newest_ms == kNoWatermark) continue;
      const int64_t window = pane_start(task.newest_ms, options_.longest_window_ms);
      end_ms = std::max(end_ms, window + options_.longest_window_ms);
    }
  }
  for (auto& [partition, task] : tasks_) {
    const bool has_no_more = std::find(caught_up.begin(), caught_up.end(), partition) != caught_up.end();
    const bool is_quiet = Clock::now() - task.last_data > options_.idle_timeout;
    const bool is_idle = at_end || (has_no_more && is_quiet);
    const int64_t watermark_ms = std::max(task.watermark.value_ms(), end_ms);
    if (!task.audit.empty()) {
      if (auto told = tell_audit(partition, task, outbox); !told) return told;
    }
    if (auto told = tell_post_changes(partition, task, outbox); !told) return told;
    // Nothing comes to be overdue by the end of an input: what its last post has seen is over, and no more.
    const int64_t clock_ms = at_end ? task.newest_ms : task.watermark.value_ms();
    if (auto told = tell_clock(partition, task, clock_ms, is_idle, outbox); !told) return told;
    if (task.summariser.empty() && watermark_ms <= task.told_watermark_ms && is_idle == task.told_idle) continue;
    if (auto told = tell_progress(partition, task, watermark_ms, is_idle, outbox); !told) return told;
  }
  publish_watermark();
  return {};
}

Result<void> ListenTopology::tell_progress(const TopicPartition& partition, Task& task, int64_t watermark_ms,
                                           bool is_idle, Outbox& outbox) {
  const std::string key = partition.to_string();
  const summarise::InputProgress progress{.source_partition = source_number(partition),
                                          .source_partitions = source_.partition_count(),
                                          .watermark_ms = watermark_ms,
                                          .previous_watermark_ms = task.told_watermark_ms,
                                          .idle = is_idle};
  const auto emit = [&](int32_t internal_partition, const wire::Partial& partial) {
    partial.SerializeToString(&scratch_);
    return outbox.produce({.topic = options_.partials_topic,
                           .partition = internal_partition,
                           .key = key,
                           .value = scratch_,
                           .timestamp_ms = std::max<int64_t>(task.newest_ms, 0)});
  };
  if (auto drained = task.summariser.drain(progress, emit); !drained) return drained;
  task.told_watermark_ms = watermark_ms;
  task.told_idle = is_idle;
  return {};
}

// Kept as long as the outputs that it is compared with, so by the time of day and not of the posts.
Result<void> ListenTopology::tell_audit(const TopicPartition& partition, Task& task, Outbox& outbox) {
  wire::AuditEntry entry;
  entry.set_group(options_.group);
  entry.set_topic(partition.topic);
  entry.set_partition(partition.partition);
  task.audit.take(output_topics_, entry);
  entry.SerializeToString(&scratch_);
  const std::string key = options_.group + " " + partition.to_string();
  return outbox.produce(
      {.topic = options_.audit_topic, .key = key, .value = scratch_, .timestamp_ms = wall_clock_ms()});
}

void ListenTopology::publish_watermark() {
  int64_t lowest_ms = kEndOfTime;
  for (const auto& [partition, task] : tasks_) {
    if (!task.told_idle) lowest_ms = std::min(lowest_ms, task.watermark.value_ms());
  }
  if (lowest_ms != kEndOfTime && lowest_ms != kNoWatermark) stats_.watermark_ms = lowest_ms;
}

std::string ListenTopology::position_metadata(const TopicPartition& partition) const {
  const Task& task = tasks_.at(partition);
  return write_metadata({task.watermark.value_ms(), task.memory.rewind_offset().value_or(kEndOfTime)});
}

}  // namespace earshot
