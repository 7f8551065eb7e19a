#include <fmt/format.h>

#include <algorithm>

#include "ops/audit/ledger.h"

namespace earshot::audit {
namespace {

constexpr size_t kFindingsShown = 100;

std::string row_line(std::string_view name, std::string_view offsets, const Counts& counts) {
  return fmt::format("{:<32} {:>24} {:>12} {:>12} {:>12} {:>8} {:>10} {:>14}\n", name, offsets, counts.posts_in,
                     counts.matched, counts.unmatched, counts.late, counts.duplicate, counts.dead_lettered);
}

}  // namespace

std::string to_table(const Ledger& ledger) {
  std::string table = fmt::format("{:<32} {:>24} {:>12} {:>12} {:>12} {:>8} {:>10} {:>14}\n", "input", "offsets", "in",
                                  "matched", "unmatched", "late", "duplicate", "dead-lettered");
  Counts sum;
  for (const Ledger::Row& row : ledger.rows()) {
    const std::string name = row.partition.to_string();
    constexpr size_t kNameBytes = 32;
    const std::string shown = name.size() <= kNameBytes ? name : ".." + name.substr(name.size() - kNameBytes + 2);
    table += row_line(shown, fmt::format("{}..{}", row.first_offset, row.next_offset), row.counts);
    sum.add(row.counts);
  }
  table += row_line("all", "", sum);
  table += fmt::format("{} records were read, {} of them held no post\n", sum.records, sum.not_posts);
  for (const std::string& note : ledger.notes()) table += note + '\n';
  const auto& findings = ledger.findings();
  for (size_t i = 0; i < std::min(findings.size(), kFindingsShown); ++i) table += findings[i] + '\n';
  if (findings.size() > kFindingsShown) table += fmt::format("and {} more\n", findings.size() - kFindingsShown);
  table += findings.empty() ? "balanced\n" : fmt::format("NOT balanced: {} findings\n", findings.size());
  return table;
}

}  // namespace earshot::audit
