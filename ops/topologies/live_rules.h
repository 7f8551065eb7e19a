// LiveRules: the compiled listeners that all stages of a process go by.
#pragma once

#include <memory>

#include "operators/match/rule_set.h"
#include "ops/topologies/live.h"
#include "schemas/listener_directory.h"

namespace earshot {

using LiveRules = Live<match::RuleSet>;

// The listeners in force. It shares the life of the rules, so that the last stage that lets go of it frees nothing.
inline std::shared_ptr<const ListenerDirectory> listeners_in_force(const LiveRules& live) {
  const auto rules = live.current();
  return {rules, &rules->directory()};
}

}  // namespace earshot
