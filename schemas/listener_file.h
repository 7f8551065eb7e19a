// ListenerFile: one YAML file of listeners, read with the place of every fault.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "schemas/listener.h"

namespace earshot {

// Faults of a listener set, each on a line. The first hundred are kept, the others counted.
class ListenerFaults {
 public:
  // `where` is a file, or file:line:column.
  void add(std::string_view where, std::string_view message);
  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] std::string text() const;

 private:
  std::string lines_;
  size_t count_ = 0;
};

// Where a listener's name stands, for the message about a second one.
struct PlacedListener {
  Listener listener;
  std::string name_place;  // file:line:column
};

struct PlacedMacro {
  std::string name;
  QueryMacro macro;
  std::string name_place;  // file:line:column
};

struct ListenerFileContent {
  std::vector<PlacedListener> listeners;
  std::vector<PlacedMacro> macros;
};

// Appends the listeners and macros of `content`, those without faults.
void read_listener_file(const std::string& file, std::string_view content, ListenerFileContent& out,
                        ListenerFaults& faults);

}  // namespace earshot
