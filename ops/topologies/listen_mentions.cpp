// What LISTEN tells of a mention, of an answer to one, and of the time.
#include <algorithm>

#include "ops/topologies/listen.h"
#include "schemas/engagement.h"

namespace earshot {
namespace {

// Whether the desks have a use for such a mention.
bool engages(TriageClass kind) {
  return kind != TriageClass::kOther && kind != TriageClass::kSpam;
}

}  // namespace

Result<void> ListenTopology::tell_mention(const ListenWork& work, const ListenRows::MatchedPost& matched,
                                          const ListenRows::MentionRow& row, const Arrival& arrival, Task& task,
                                          Outbox& outbox) {
  if (!arrival.is_late) {
    ++stats_.mentions;
    if (arrival.is_closed) ++stats_.corrections;
    const Mention mention = work.rows->mention(*rules_->listeners(), matched, row);
    task.summariser.add(row.listener, mention, matched.hashes, arrival.pane_start_ms, arrival.is_closed,
                        work.rows->words_of(matched));
    if (!options_.engagements_topic.empty() && engages(mention.triage.kind)) {
      auto told = outbox.produce({.topic = options_.engagements_topic,
                                  .key = mention.listener->name,
                                  .value = mention_json(work, matched, row),
                                  .timestamp_ms = arrival.time_ms});
      if (!told) return told;
    }
    if (!options_.writes_mentions) return {};
  }
  const size_t topic = arrival.is_late ? kLate : mention_topic_of(row.listener);
  return write_mention(work, matched, row, topic, arrival.time_ms, task, outbox);
}

// Of a mention that is to be written the words are there already.
std::string_view ListenTopology::mention_json(const ListenWork& work, const ListenRows::MatchedPost& matched,
                                              const ListenRows::MentionRow& row) {
  if (options_.writes_mentions) return work.rows->mention_json(row);
  scratch_.clear();
  append_mention_json(scratch_, work.rows->mention(*rules_->listeners(), matched, row), rules_->listeners()->version);
  return scratch_;
}

Result<void> ListenTopology::write_mention(const ListenWork& work, const ListenRows::MatchedPost& matched,
                                           const ListenRows::MentionRow& row, size_t topic, int64_t time_ms, Task& task,
                                           Outbox& outbox) {
  const std::string_view json = mention_json(work, matched, row);
  task.audit.count_output(topic);
  const std::string& name = rules_->listeners()->listeners[row.listener].name;
  return outbox.produce({.topic = output_topics_[topic], .key = name, .value = json, .timestamp_ms = time_ms});
}

// To every partition of the engagements: the post that is answered may wait in several of them, for several listeners.
Result<void> ListenTopology::tell_answer(const ListenWork& work, const Post& post, Outbox& outbox) {
  scratch_.clear();
  append_post_json(scratch_, post);
  for (int32_t partition = 0; partition < options_.summarise.partitions; ++partition) {
    auto told = outbox.produce({.topic = options_.engagements_topic,
                                .partition = partition,
                                .key = post.in_reply_to,
                                .value = scratch_,
                                .timestamp_ms = event_time(work, post, options_.future_skew_ms)});
    if (!told) return told;
  }
  return {};
}

// To every partition of the engagements, once for each pane: what is due must be overdue also where nobody speaks.
Result<void> ListenTopology::tell_clock(const TopicPartition& partition, Task& task, int64_t time_ms, bool is_idle,
                                        Outbox& outbox) {
  if (options_.engagements_topic.empty()) return {};
  const bool has_moved = time_ms != kNoWatermark &&
                         (task.clock_ms == kNoWatermark || pane_start(time_ms, options_.pane_ms) > task.clock_ms);
  if (!has_moved && is_idle == task.clock_is_idle) return {};
  scratch_.clear();
  append_input_clock_json(scratch_, {.source = source_number(partition),
                                     .sources = source_.partition_count(),
                                     .watermark_ms = std::max(time_ms, task.clock_ms),
                                     .is_idle = is_idle});
  const std::string key = partition.to_string();
  for (int32_t to = 0; to < options_.summarise.partitions; ++to) {
    auto told = outbox.produce({.topic = options_.engagements_topic,
                                .partition = to,
                                .key = key,
                                .value = scratch_,
                                .timestamp_ms = std::max<int64_t>(task.newest_ms, 0)});
    if (!told) return told;
  }
  task.clock_ms = std::max(time_ms, task.clock_ms);
  task.clock_is_idle = is_idle;
  return {};
}

}  // namespace earshot
