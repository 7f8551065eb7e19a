#include "ops/import/translation.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "operators/match/query.h"
#include "operators/match/rule_set.h"

namespace earshot::import {

bool Translation::is_refused() const {
  return std::ranges::any_of(findings, [](const Finding& each) { return each.kind == Finding::Kind::kRefused; });
}

Clause TermWriter::refuse(size_t begin, std::string_view operation, std::string message) {
  add({Finding::Kind::kRefused, begin, std::string(operation), std::move(message)});
  return placeholder();
}

void TermWriter::differs(size_t begin, std::string_view operation, std::string message) {
  add({Finding::Kind::kDiffers, begin, std::string(operation), std::move(message)});
}

size_t TermWriter::refusals() const {
  return static_cast<size_t>(
      std::ranges::count_if(findings_, [](const Finding& each) { return each.kind == Finding::Kind::kRefused; }));
}

// A rule may hold thousands of the same: so many are enough to see what is to be done.
void TermWriter::add(Finding finding) {
  constexpr size_t kFindingsMax = 100;
  const bool is_known = std::ranges::any_of(findings_, [&](const Finding& each) {
    return each.begin == finding.begin && each.operation == finding.operation && each.message == finding.message;
  });
  if (is_known) return;
  if (findings_.size() < kFindingsMax) findings_.push_back(std::move(finding));
}

Clause TermWriter::write(size_t begin, std::string_view operation, const Result<std::string>& term_of_ours) {
  if (!term_of_ours) return refuse(begin, operation, term_of_ours.error().message);
  if (const auto parsed = match::parse_query(*term_of_ours, {}, normaliser_); !parsed) {
    return refuse(begin, operation, "'" + *term_of_ours + "' is refused here: " + parsed.error().message);
  }
  return term(*term_of_ours);
}

Translation TermWriter::finish(const Clause& clause) {
  std::string query = to_query(clause);
  const auto is_refusal = [](const Finding& each) { return each.kind == Finding::Kind::kRefused; };
  if (std::ranges::none_of(findings_, is_refusal)) {
    auto alone = std::make_shared<ListenerSet>();
    alone->listeners.push_back({.name = "imported", .spoke = {}, .owner = {}, .query = query});
    const auto compiled = match::RuleSet::compile(alone, {.finder = match::PhraseFinder::kIndex});
    if (!compiled) refuse(0, "rule", "as a whole it is refused here: " + compiled.error().message);
  }
  std::ranges::stable_sort(findings_, {}, &Finding::begin);
  if (std::ranges::any_of(findings_, is_refusal)) query.clear();
  return {std::move(query), std::move(findings_)};
}

void note_operator_in_small_letters(TermWriter& writer, size_t begin, std::string_view word) {
  if (word != "and" && word != "or" && word != "not") return;
  writer.differs(begin, word, "is a word there as it is here; operators are in capitals");
}

}  // namespace earshot::import
