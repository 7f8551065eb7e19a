#include "schemas/listener_directory.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace earshot {

ListenerDirectory::ListenerDirectory(std::shared_ptr<const ListenerSet> listeners) : listeners_(std::move(listeners)) {
  const std::vector<Listener>& all = listeners_->listeners;
  by_name_.resize(all.size());
  std::iota(by_name_.begin(), by_name_.end(), 0);
  std::ranges::sort(by_name_, {}, [&](uint32_t i) { return std::string_view(all[i].name); });
  spokes_.reserve(all.size());
  for (const Listener& listener : all) spokes_.push_back(listener.spoke);
  std::ranges::sort(spokes_);
  const auto repeats = std::ranges::unique(spokes_);
  spokes_.erase(repeats.begin(), repeats.end());
  spokes_.shrink_to_fit();
  spoke_of_.reserve(all.size());
  for (const Listener& listener : all) {
    spoke_of_.push_back(
        static_cast<uint32_t>(std::ranges::lower_bound(spokes_, std::string_view(listener.spoke)) - spokes_.begin()));
  }
}

const Listener* ListenerDirectory::find(std::string_view name) const {
  const auto name_of = [&](uint32_t i) { return std::string_view(listeners_->listeners[i].name); };
  const auto found = std::ranges::lower_bound(by_name_, name, {}, name_of);
  return found != by_name_.end() && name_of(*found) == name ? &listeners_->listeners[*found] : nullptr;
}

bool ListenerDirectory::has_spoke(std::string_view spoke) const {
  return std::ranges::binary_search(spokes_, spoke);
}

}  // namespace earshot
