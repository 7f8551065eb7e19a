// ListenerNumbers: a number for each listener that was heard, which stays the same when the listeners change, so that a
// mention can be taken back under the name that it was told under. One thread at a time.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schemas/listener.h"

namespace earshot {

class ListenerNumbers {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  struct Heard {
    std::string name;
    std::string spoke;
    uint32_t listener = kNone;  // its place in the present set, as far as it was asked for
  };

  // From now on listeners are those of this set. Cheap, however large it is.
  void adopt(std::shared_ptr<const ListenerSet> listeners);

  // The number of a listener of the present set.
  uint32_t number_of(uint32_t listener);

  // The number of a listener that somebody else heard; it need not be in the present set, nor need there be one.
  uint32_t number_of(std::string_view name, std::string_view spoke);

  [[nodiscard]] const Heard& heard(uint32_t number) const { return heard_[number]; }

  // Where the listener of that name and spoke stands in the present set; kNone when it is gone.
  uint32_t place_of(uint32_t number);

 private:
  std::shared_ptr<const ListenerSet> listeners_;
  std::vector<uint32_t> number_of_listener_;
  std::vector<Heard> heard_;
  std::map<std::pair<std::string, std::string>, uint32_t> by_name_;  // and spoke
  bool has_placed_all_ = false;                                      // those of the present set that were heard
};

}  // namespace earshot
