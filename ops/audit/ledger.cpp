#include "ops/audit/ledger.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "ops/topologies/audit_interval.h"

namespace earshot::audit {
namespace {

std::string imbalance_of(const wire::AuditEntry& entry) {
  const uint64_t outcomes =
      entry.matched() + entry.unmatched() + entry.late() + entry.duplicate() + entry.dead_lettered();
  if (entry.posts_in() != outcomes) {
    return fmt::format(
        "{} posts in, but {} outcomes: {} matched, {} unmatched, {} late, {} duplicate, {} dead-lettered",
        entry.posts_in(), outcomes, entry.matched(), entry.unmatched(), entry.late(), entry.duplicate(),
        entry.dead_lettered());
  }
  const uint64_t kinds = entry.post_records() + entry.not_posts() + entry.dead_lettered();
  if (entry.records() == kinds) return {};
  return fmt::format("{} records read, but {} accounted for: {} with posts, {} without, {} dead-lettered",
                     entry.records(), kinds, entry.post_records(), entry.not_posts(), entry.dead_lettered());
}

}  // namespace

void Counts::add(const wire::AuditEntry& entry) {
  posts_in += entry.posts_in();
  matched += entry.matched();
  unmatched += entry.unmatched();
  late += entry.late();
  duplicate += entry.duplicate();
  dead_lettered += entry.dead_lettered();
  records += entry.records();
  not_posts += entry.not_posts();
}

void Counts::add(const Counts& counts) {
  posts_in += counts.posts_in;
  matched += counts.matched;
  unmatched += counts.unmatched;
  late += counts.late;
  duplicate += counts.duplicate;
  dead_lettered += counts.dead_lettered;
  records += counts.records;
  not_posts += counts.not_posts;
}

Result<void> Ledger::add(std::string_view record) {
  wire::AuditEntry entry;
  if (!entry.ParseFromArray(record.data(), static_cast<int>(record.size())) || entry.version() != kAuditVersion) {
    return Error{ErrorCode::kCorrupt, fmt::format("not an audit entry of version {}", kAuditVersion), {}};
  }
  for (const wire::AuditOutput& output : entry.outputs()) outputs_[output.topic()] += output.records();
  if (entry.outputs_only()) return {};
  if (entry.group() != group_) {
    has_other_groups_ = true;
    return {};
  }
  const TopicPartition partition{entry.topic(), entry.partition()};
  const auto committed = committed_.find(partition);
  // Committed after the positions were read.
  if (committed == committed_.end() || entry.first_offset() >= committed->second.next_offset) return {};
  Chain& chain = chains_[partition];
  chain.has_beginning |= entry.begins();
  chain.counts.add(entry);
  chain.intervals.push_back({.first_offset = entry.first_offset(),
                             .next_offset = entry.next_offset(),
                             .records = entry.records(),
                             .dead_lettered = entry.dead_lettered(),
                             .imbalance = imbalance_of(entry)});
  return {};
}

void Ledger::report(const TopicPartition& partition, int64_t first_offset, int64_t next_offset,
                    const std::string& what) {
  findings_.push_back(fmt::format("{}: offsets {} to {}: {}", partition.to_string(), first_offset, next_offset, what));
}

void Ledger::check_entries() {
  for (auto& [partition, chain] : chains_) check_chain(partition, chain);
  for (const auto& [partition, position] : committed_) {
    if (chains_.contains(partition)) continue;
    notes_.push_back(
        fmt::format("{}: no entry is kept; it is committed up to {}", partition.to_string(), position.next_offset));
  }
  if (has_other_groups_) notes_.emplace_back("another name has read this input too: dead letters are compared in sum");
}

void Ledger::check_chain(const TopicPartition& partition, Chain& chain) {
  std::ranges::stable_sort(chain.intervals, {}, &Interval::first_offset);
  int64_t next = chain.intervals.front().first_offset;
  for (const Interval& interval : chain.intervals) {
    if (interval.first_offset > next) report(partition, next, interval.first_offset, "lost: no commit accounts for it");
    if (interval.first_offset < next) {
      report(partition, interval.first_offset, std::min(next, interval.next_offset), "doubled: two commits count it");
    }
    if (!interval.imbalance.empty()) report(partition, interval.first_offset, interval.next_offset, interval.imbalance);
    next = std::max(next, interval.next_offset);
  }
  const int64_t committed = committed_.at(partition).next_offset;
  if (next < committed) report(partition, next, committed, "committed without being accounted for");
  if (next > committed) report(partition, committed, next, "accounted for without being committed");
}

Ledger::Interval* Ledger::find(Chain& chain, int64_t offset) {
  const auto above = std::ranges::upper_bound(chain.intervals, offset, {}, &Interval::first_offset);
  if (above == chain.intervals.begin() || std::prev(above)->next_offset <= offset) return nullptr;
  return &*std::prev(above);
}

void Ledger::count_input(const TopicPartition& partition, int64_t offset) {
  const auto found = chains_.find(partition);
  if (found == chains_.end()) return;
  Chain& chain = found->second;
  while (chain.cursor < chain.intervals.size() && chain.intervals[chain.cursor].next_offset <= offset) ++chain.cursor;
  if (chain.cursor == chain.intervals.size() || chain.intervals[chain.cursor].first_offset > offset) return;
  ++chain.intervals[chain.cursor].input_found;
}

void Ledger::check_input(const Offsets& earliest) {
  uint64_t compared = 0;
  for (const auto& [partition, chain] : chains_) {
    const auto start = earliest.find(partition);
    const int64_t kept_from = start == earliest.end() ? 0 : start->second;
    for (const Interval& interval : chain.intervals) {
      if (interval.first_offset < kept_from) continue;
      compared += interval.input_found;
      if (interval.input_found == interval.records) continue;
      report(partition, interval.first_offset, interval.next_offset,
             fmt::format("the input holds {} records, {} were read", interval.input_found, interval.records));
    }
  }
  notes_.push_back(fmt::format("input: {} records read again", compared));
}

void Ledger::count_dead_letter(const TopicPartition& partition, int64_t offset) {
  const auto found = chains_.find(partition);
  if (found == chains_.end()) return;
  Interval* interval = find(found->second, offset);
  if (interval == nullptr) return;
  ++interval->dead_letters_found;
  found->second.dead_letters.push_back(offset);
}

void Ledger::check_dead_letters(bool is_complete) {
  if (has_other_groups_) return;
  for (auto& [partition, chain] : chains_) {
    std::ranges::sort(chain.dead_letters);
    for (auto twin = std::ranges::adjacent_find(chain.dead_letters); twin != chain.dead_letters.end();
         twin = std::adjacent_find(std::next(twin), chain.dead_letters.end())) {
      report(partition, *twin, *twin + 1, "two dead letters for one record");
    }
    for (const Interval& interval : chain.intervals) {
      if (!is_complete || interval.dead_letters_found == interval.dead_lettered) continue;
      report(partition, interval.first_offset, interval.next_offset,
             fmt::format("{} dead letters are there, {} were written", interval.dead_letters_found,
                         interval.dead_lettered));
    }
  }
}

void Ledger::check_output(const std::string& topic, uint64_t found, uint64_t later) {
  const auto entry = outputs_.find(topic);
  const uint64_t written = entry == outputs_.end() ? 0 : entry->second;
  if (found >= written && found <= std::max(written, later)) {
    notes_.push_back(fmt::format("{}: {} records, as many as were written", topic, found));
    return;
  }
  findings_.push_back(fmt::format("{}: holds {} records, {} were written", topic, found, written));
}

bool Ledger::is_complete() const {
  const bool all_begin = std::ranges::all_of(chains_, [](const auto& entry) { return entry.second.has_beginning; });
  return all_begin && chains_.size() == committed_.size();
}

std::vector<Ledger::Row> Ledger::rows() const {
  std::vector<Row> rows;
  for (const auto& [partition, chain] : chains_) {
    rows.push_back({partition, chain.intervals.front().first_offset, chain.intervals.back().next_offset, chain.counts});
  }
  return rows;
}

}  // namespace earshot::audit
