// How LISTEN takes posts that it heard before: repeats, edits and deletions.
#include <algorithm>
#include <iterator>
#include <vector>

#include "engine/base/hash.h"
#include "ops/topologies/listen.h"
#include "ops/topologies/retractions.h"
#include "schemas/evidence.h"

namespace earshot {

dedup::Sighting ListenTopology::sighting_of(const ListenWork& work, const Post& post) const {
  return {.post_id = post_hash(post.id, post.platform),
          .offset = (*work.batch)[post.record].offset,
          .content = hash_64(post.text),
          .edited_at_ms = post.edited_at_ms,
          .is_edit = post.change == PostChange::kEdited};
}

// The numbers lie in sighted_, which is good until the next sighting.
dedup::Sighting ListenTopology::sighting_of(const ListenWork& work, const ListenRows::MatchedPost& matched) {
  sighted_.clear();
  for (uint32_t i = 0; i < matched.mention_count; ++i) {
    sighted_.push_back(numbers_.number_of(work.rows->mentions[matched.first_mention + i].listener));
  }
  std::ranges::sort(sighted_);
  const Post& post = work.rows->posts.posts[matched.post];
  return {.post_id = matched.hashes.post_id,
          .offset = (*work.batch)[post.record].offset,
          .content = matched.hashes.text + post.text.size(),  // signs that normalising drops count by their number
          .edited_at_ms = post.edited_at_ms,
          .is_edit = post.change == PostChange::kEdited,
          .listeners = sighted_};
}

// A post that still matches somebody. Whoever had a mention of it before gets it as it is now, and counts it no more.
Result<void> ListenTopology::apply_edit(const ListenWork& work, const ListenRows::MatchedPost& matched, Task& task,
                                        PostOutcomes& outcomes, Outbox& outbox) {
  const Post& post = work.rows->posts.posts[matched.post];
  const Arrival arrival = arrival_of(work, post, task);
  ++outcomes.matched;
  const auto before = task.memory.before();
  const auto counted = task.memory.counted();
  for (uint32_t i = 0; i < matched.mention_count; ++i) {
    const ListenRows::MentionRow& row = work.rows->mentions[matched.first_mention + i];
    if (!std::ranges::binary_search(counted, numbers_.number_of(row.listener))) {
      if (auto told = tell_mention(work, matched, row, arrival, task, outbox); !told) return told;
      continue;
    }
    task.summariser.replace_evidence(row.listener, work.rows->mention(*rules_->listeners(), matched, row),
                                     matched.hashes);
    if (!options_.writes_mentions) continue;
    auto told = write_mention(work, matched, row, mention_topic_of(row.listener), arrival.time_ms, task, outbox);
    if (!told) return told;
  }
  std::vector<uint32_t> gone;
  std::ranges::set_difference(before, sighted_, std::back_inserter(gone));
  tell_change(post, before, sighted_, arrival.time_ms, task);
  return retract(post, gone, arrival.time_ms, task, outbox);
}

// An edited post that matches nobody, or a deletion. What nobody heard on this partition is not taken back by it.
Result<void> ListenTopology::apply_unmatched_change(const ListenWork& work, const Post& post, Task& task,
                                                    Outbox& outbox) {
  const int64_t time_ms = event_time(work, post, options_.future_skew_ms);
  if (post.change == PostChange::kDeleted) {
    ++stats_.deleted;
    const uint64_t post_id = post_hash(post.id, post.platform);
    task.summariser.remove(post_id);
    task.memory.see_deletion(post_id, (*work.batch)[post.record].offset);
    tell_change(post, task.memory.before(), {}, time_ms, task);
    return retract(post, task.memory.before(), time_ms, task, outbox);
  }
  const auto verdict = task.memory.see_unmatched_edit(sighting_of(work, post));
  if (verdict == dedup::MentionMemory::Verdict::kRepeat) return {};
  tell_change(post, task.memory.before(), {}, time_ms, task);
  return retract(post, task.memory.before(), time_ms, task, outbox);
}

// What this partition knows is taken from the evidence and from DESK here, in the order of the input; the mentions too,
// unless that is POST-CHANGES' to do, which knows what all partitions told and so does it once.
Result<void> ListenTopology::retract(const Post& post, std::span<const uint32_t> numbers, int64_t time_ms, Task& task,
                                     Outbox& outbox) {
  const uint64_t post_id = post_hash(post.id, post.platform);
  const bool is_edit = post.change == PostChange::kEdited;
  const bool takes_back = !leaves_taking_back(post);
  for (const uint32_t number : numbers) {
    const uint32_t listener = numbers_.place_of(number);
    if (is_edit && listener != ListenerNumbers::kNone) task.summariser.withdraw_evidence(listener, post_id);
    if (takes_back) ++stats_.retracted;
    const ListenerNumbers::Heard& heard = numbers_.heard(number);
    RetractionTopics topics{.mentions = {}, .engagements = options_.engagements_topic};
    if (takes_back && options_.writes_mentions) {
      const size_t topic = topic_of_spoke_.at(heard.spoke);
      task.audit.count_output(topic);
      topics.mentions = output_topics_[topic];
    }
    const Retraction retraction{.cause = is_edit ? Retraction::Cause::kRetracted : Retraction::Cause::kDeleted,
                                .listener = heard.name,
                                .spoke = heard.spoke,
                                .post_id = post.id,
                                .platform = post.platform};
    auto told = tell_retraction(retraction, rules_->listeners()->version, time_ms, topics, scratch_, outbox);
    if (!told) return told;
  }
  return {};
}

bool ListenTopology::leaves_taking_back(const Post& post) const {
  return !options_.post_changes_topic.empty() && is_taken_back_elsewhere(post);
}

void ListenTopology::tell_change(const Post& post, std::span<const uint32_t> before, std::span<const uint32_t> after,
                                 int64_t time_ms, Task& task) {
  if (!leaves_taking_back(post)) return;
  task.post_changes.add_change({.post = &post,
                                .post_id = post_hash(post.id, post.platform),
                                .before = before,
                                .after = after,
                                .time_ms = time_ms,
                                .rule_version = rules_->listeners()->version},
                               numbers_);
}

Result<void> ListenTopology::tell_post_changes(const TopicPartition& partition, Task& task, Outbox& outbox) {
  const std::string key = partition.to_string();
  return task.post_changes.drain([&](int32_t to, std::string_view record) {
    return outbox.produce({.topic = options_.post_changes_topic,
                           .partition = to,
                           .key = key,
                           .value = record,
                           .timestamp_ms = std::max<int64_t>(task.newest_ms, 0)});
  });
}

// A record that was committed before: what it did to the memory is done again, and nothing is told.
void ListenTopology::replay(const ListenWork& work, const Post& post, const ListenRows::MatchedPost* matched,
                            Task& task) {
  if (matched != nullptr) {
    task.memory.see_match(sighting_of(work, *matched));
  } else if (post.change == PostChange::kDeleted) {
    task.memory.see_deletion(post_hash(post.id, post.platform), (*work.batch)[post.record].offset);
  } else if (post.change == PostChange::kEdited) {
    task.memory.see_unmatched_edit(sighting_of(work, post));
  }
}

}  // namespace earshot
