#include "ops/topologies/audit_interval.h"

namespace earshot {

PostOutcomes& PostOutcomes::operator+=(const PostOutcomes& other) {
  records += other.records;
  post_records += other.post_records;
  not_posts += other.not_posts;
  posts_in += other.posts_in;
  matched += other.matched;
  unmatched += other.unmatched;
  late += other.late;
  duplicate += other.duplicate;
  dead_lettered += other.dead_lettered;
  return *this;
}

void AuditInterval::take(const std::vector<std::string>& output_topics, wire::AuditEntry& entry) {
  entry.set_version(kAuditVersion);
  entry.set_begins(begins_history_);
  entry.set_first_offset(*first_offset_);
  entry.set_next_offset(next_offset_);
  entry.set_records(outcomes_.records);
  entry.set_post_records(outcomes_.post_records);
  entry.set_not_posts(outcomes_.not_posts);
  entry.set_posts_in(outcomes_.posts_in);
  entry.set_matched(outcomes_.matched);
  entry.set_unmatched(outcomes_.unmatched);
  entry.set_late(outcomes_.late);
  entry.set_duplicate(outcomes_.duplicate);
  entry.set_dead_lettered(outcomes_.dead_lettered);
  for (size_t i = 0; i < outputs_.size(); ++i) {
    if (outputs_[i] == 0) continue;
    wire::AuditOutput& output = *entry.add_outputs();
    output.set_topic(output_topics[i]);
    output.set_records(outputs_[i]);
    outputs_[i] = 0;
  }
  outcomes_ = {};
  begins_history_ = false;
  first_offset_ = next_offset_;
}

}  // namespace earshot
