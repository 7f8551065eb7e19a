// AuditInterval: what became of the posts of one input partition since the last commit, as the entry of the audit topic
// that is written in the transaction of the next.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "schemas/proto/audit.pb.h"

namespace earshot {

inline constexpr uint32_t kAuditVersion = 1;

// posts_in = matched + unmatched + late + duplicate + dead_lettered; records = post_records + not_posts +
// dead_lettered.
struct PostOutcomes {
  uint64_t records = 0;
  uint64_t post_records = 0;
  uint64_t not_posts = 0;
  uint64_t posts_in = 0;
  uint64_t matched = 0;
  uint64_t unmatched = 0;
  uint64_t late = 0;
  uint64_t duplicate = 0;
  uint64_t dead_lettered = 0;

  PostOutcomes& operator+=(const PostOutcomes& other);
};

class AuditInterval {
 public:
  // `begins_at`: the committed offset; nullopt lets the first record of the input decide.
  AuditInterval(std::optional<int64_t> begins_at, size_t output_topics)
      : begins_history_(!begins_at),
        first_offset_(begins_at),
        next_offset_(begins_at.value_or(0)),
        outputs_(output_topics, 0) {}

  void begin_at(int64_t offset) {
    if (!first_offset_) first_offset_ = next_offset_ = offset;
  }
  // More output topics from now on.
  void widen(size_t output_topics) { outputs_.resize(std::max(outputs_.size(), output_topics), 0); }

  void count_output(size_t topic) { ++outputs_[topic]; }
  void add(const PostOutcomes& outcomes, int64_t next_offset) {
    outcomes_ += outcomes;
    next_offset_ = next_offset;
  }

  // True when nothing was added since the last take().
  [[nodiscard]] bool empty() const { return !first_offset_ || next_offset_ <= *first_offset_; }

  // Fills in all but group, topic and partition, and begins the next interval. Precondition: !empty().
  void take(const std::vector<std::string>& output_topics, wire::AuditEntry& entry);

 private:
  bool begins_history_;
  std::optional<int64_t> first_offset_;
  int64_t next_offset_ = 0;
  PostOutcomes outcomes_;
  std::vector<uint64_t> outputs_;  // records, by output topic
};

}  // namespace earshot
