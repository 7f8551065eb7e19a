// Lint: what is allowed in a listener set and hardly meant: queries that can never hold, that hold for too much, that
// say the same as another, or that make every post cost more.
#pragma once

#include <string>
#include <vector>

#include "schemas/listener.h"

namespace earshot::rules {

struct Remark {
  std::string where;     // file:line:column
  std::string listener;  // its name
  std::string message;   // what, and what to do about it
};

// In the order of the set. Queries that do not parse are left out: `check` names them.
std::vector<Remark> lint(const ListenerSet& listeners);

}  // namespace earshot::rules
