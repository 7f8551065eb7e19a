#include "ops/topologies/listener_numbers.h"

namespace earshot {

void ListenerNumbers::adopt(std::shared_ptr<const ListenerSet> listeners) {
  listeners_ = std::move(listeners);
  number_of_listener_.assign(listeners_->listeners.size(), kNone);
  for (Heard& heard : heard_) heard.listener = kNone;
  has_placed_all_ = false;
}

uint32_t ListenerNumbers::number_of(uint32_t listener) {
  uint32_t& number = number_of_listener_[listener];
  if (number != kNone) return number;
  const Listener& named = listeners_->listeners[listener];
  number = number_of(named.name, named.spoke);
  heard_[number].listener = listener;
  return number;
}

uint32_t ListenerNumbers::number_of(std::string_view name, std::string_view spoke) {
  const auto [entry, is_new] =
      by_name_.try_emplace({std::string(name), std::string(spoke)}, static_cast<uint32_t>(heard_.size()));
  if (is_new) heard_.push_back({entry->first.first, entry->first.second, kNone});
  return entry->second;
}

uint32_t ListenerNumbers::place_of(uint32_t number) {
  if (heard_[number].listener == kNone && !has_placed_all_) {
    has_placed_all_ = true;
    for (uint32_t i = 0; i < listeners_->listeners.size(); ++i) {
      const Listener& named = listeners_->listeners[i];
      const auto found = by_name_.find({named.name, named.spoke});
      if (found != by_name_.end()) heard_[found->second].listener = i;
    }
  }
  return heard_[number].listener;
}

}  // namespace earshot
