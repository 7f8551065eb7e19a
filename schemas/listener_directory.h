// ListenerDirectory: finds the listeners of a set by name, and the spokes they belong to. Immutable; made once for a
// set, so that whoever takes a new set up has nothing to go through.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "schemas/listener.h"

namespace earshot {

class ListenerDirectory {
 public:
  explicit ListenerDirectory(std::shared_ptr<const ListenerSet> listeners);

  [[nodiscard]] const std::shared_ptr<const ListenerSet>& listeners() const { return listeners_; }

  // Null when the set has no listener of that name.
  [[nodiscard]] const Listener* find(std::string_view name) const;

  // Each once, in ascending order; views into the set.
  [[nodiscard]] std::span<const std::string_view> spokes() const { return spokes_; }
  [[nodiscard]] bool has_spoke(std::string_view spoke) const;

  // Of listener number `listener`: an index into spokes().
  [[nodiscard]] uint32_t spoke_of(uint32_t listener) const { return spoke_of_[listener]; }

 private:
  std::shared_ptr<const ListenerSet> listeners_;
  std::vector<uint32_t> by_name_;  // numbers of listeners
  std::vector<std::string_view> spokes_;
  std::vector<uint32_t> spoke_of_;  // by listener
};

}  // namespace earshot
