#include "operators/match/rule_set.h"

#include <algorithm>

namespace earshot::match {

std::span<const TermUse> RuleSet::uses(Term term) const {
  const auto kind = static_cast<size_t>(term.kind);
  const uint32_t first = first_use_[kind][term.id];
  return std::span(uses_[kind]).subspan(first, first_use_[kind][term.id + 1] - first);
}

std::span<const uint32_t> RuleSet::derived_from(uint32_t base) const {
  const auto is_before = [](const auto& pair, uint32_t id) { return pair.first < id; };
  const auto first = std::lower_bound(derived_by_base_.begin(), derived_by_base_.end(), base, is_before);
  const auto last = std::lower_bound(first, derived_by_base_.end(), base + 1, is_before);
  return std::span(derived_order_)
      .subspan(static_cast<size_t>(first - derived_by_base_.begin()), static_cast<size_t>(last - first));
}

std::optional<uint32_t> RuleSet::triggering_condition(Condition::Column column, std::string_view value) const {
  const TextIds& ids = conditions_by_value_[static_cast<size_t>(column)];
  const auto it = ids.find(value);
  if (it == ids.end()) return std::nullopt;
  return it->second;
}

std::optional<uint32_t> RuleSet::find(TermKind kind, std::string_view value) const {
  const TextIds& ids = ids_of(kind);
  const auto it = ids.find(value);
  if (it == ids.end()) return std::nullopt;
  return it->second;
}

}  // namespace earshot::match
