// Ledger: adds up the audit entries of an input and checks them against what the topics themselves hold: that entries
// follow on each other without gap or overlap up to the committed positions, that every post has one outcome, and that
// input, dead letters and outputs hold as many records as the entries say. No input, no output: fed by `earshot audit`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/flow/record_batch.h"
#include "engine/flow/source.h"
#include "schemas/proto/audit.pb.h"

namespace earshot::audit {

struct Counts {
  uint64_t posts_in = 0;
  uint64_t matched = 0;
  uint64_t unmatched = 0;
  uint64_t late = 0;
  uint64_t duplicate = 0;
  uint64_t dead_lettered = 0;
  uint64_t records = 0;
  uint64_t not_posts = 0;

  void add(const wire::AuditEntry& entry);
  void add(const Counts& counts);
};

// Records that the entries say were produced, by topic.
using OutputCounts = std::map<std::string, uint64_t>;

class Ledger {
 public:
  using Positions = std::map<TopicPartition, Position>;
  using Offsets = std::map<TopicPartition, int64_t>;

  // `committed`: the positions of `group`, read before the entries, so that what is written meanwhile is not missed.
  Ledger(std::string group, Positions committed) : group_(std::move(group)), committed_(std::move(committed)) {}

  // One record of the audit topic. kCorrupt: not an entry of a version that is known.
  Result<void> add(std::string_view record);

  // Call once after the last entry and before what follows: checks the entries themselves.
  void check_entries();

  // Each record of the input, in order within a partition, then its earliest offsets.
  void count_input(const TopicPartition& partition, int64_t offset);
  void check_input(const Offsets& earliest);

  // Each dead letter once, by where its record was; then whether the topic still holds all that were ever written.
  void count_dead_letter(const TopicPartition& partition, int64_t offset);
  void check_dead_letters(bool is_complete);

  // An output topic holds `found` records. `later`: what the entries said after it was read, when an engine is at work.
  void check_output(const std::string& topic, uint64_t found, uint64_t later);

  // Entries reach back to the first record ever read, so that outputs can be compared at all.
  [[nodiscard]] bool is_complete() const;
  [[nodiscard]] const OutputCounts& outputs() const { return outputs_; }

  struct Row {
    TopicPartition partition;
    int64_t first_offset = 0;
    int64_t next_offset = 0;
    Counts counts;
  };
  [[nodiscard]] std::vector<Row> rows() const;
  [[nodiscard]] const std::vector<std::string>& findings() const { return findings_; }  // what does not add up
  [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }  // what was compared, and what not
  void add_note(std::string note) { notes_.push_back(std::move(note)); }

 private:
  struct Interval {
    int64_t first_offset = 0;
    int64_t next_offset = 0;
    uint64_t records = 0;
    uint64_t dead_lettered = 0;
    uint64_t input_found = 0;
    uint64_t dead_letters_found = 0;
    std::string imbalance;  // of the entry itself; empty when it adds up
  };
  struct Chain {
    std::vector<Interval> intervals;
    Counts counts;
    bool has_beginning = false;
    size_t cursor = 0;
    std::vector<int64_t> dead_letters;
  };

  void check_chain(const TopicPartition& partition, Chain& chain);
  static Interval* find(Chain& chain, int64_t offset);
  void report(const TopicPartition& partition, int64_t first_offset, int64_t next_offset, const std::string& what);

  std::string group_;
  Positions committed_;
  std::map<TopicPartition, Chain> chains_;
  OutputCounts outputs_;
  bool has_other_groups_ = false;
  std::vector<std::string> findings_;
  std::vector<std::string> notes_;
};

// A table for a person: the rows, their sum, what was compared, and what does not add up.
[[nodiscard]] std::string to_table(const Ledger& ledger);

}  // namespace earshot::audit
