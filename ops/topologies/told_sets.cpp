#include "ops/topologies/told_sets.h"

#include <algorithm>

namespace earshot {

uint32_t ToldSetsWriter::place_of(std::span<const uint32_t> numbers, const ListenerNumbers& names,
                                  wire::ToldSets& out) {
  const uint32_t place = sets_.take(numbers);
  if (place <= static_cast<uint32_t>(out.sets_size())) return place;
  wire::ToldSet& set = *out.add_sets();
  for (const uint32_t number : numbers) {
    const auto [entry, is_new] = place_of_listener_.try_emplace(number, static_cast<uint32_t>(out.listeners_size()));
    set.add_listeners(entry->second);
    if (!is_new) continue;
    const ListenerNumbers::Heard& heard = names.heard(number);
    wire::ToldListener& listener = *out.add_listeners();
    listener.set_name(heard.name);
    listener.set_spoke(heard.spoke);
    bytes_ += heard.name.size() + heard.spoke.size() + 8;
  }
  bytes_ += numbers.size() * 2 + 4;
  return place;
}

Result<std::vector<std::vector<uint32_t>>> read_told_sets(const wire::ToldSets& told, ListenerNumbers& names) {
  std::vector<uint32_t> number_of;
  for (const wire::ToldListener& listener : told.listeners()) {
    number_of.push_back(names.number_of(listener.name(), listener.spoke()));
  }
  std::vector<std::vector<uint32_t>> sets(1);
  for (const wire::ToldSet& set : told.sets()) {
    auto& numbers = sets.emplace_back();
    for (const uint32_t place : set.listeners()) {
      if (place >= number_of.size()) return Error{ErrorCode::kCorrupt, "a set names a listener that is not there", {}};
      numbers.push_back(number_of[place]);
    }
    std::ranges::sort(numbers);
  }
  return sets;
}

}  // namespace earshot
