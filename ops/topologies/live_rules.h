// LiveRules: the compiled listeners that all stages of a process go by. They are replaced as a whole; each stage takes
// the new ones up between two commits. Thread-safe.
#pragma once

#include <memory>
#include <mutex>
#include <utility>

#include "operators/match/rule_set.h"

namespace earshot {

class LiveRules {
 public:
  explicit LiveRules(std::shared_ptr<const match::RuleSet> rules) : rules_(std::move(rules)) {}

  [[nodiscard]] std::shared_ptr<const match::RuleSet> current() const {
    const std::lock_guard lock(mutex_);
    return rules_;
  }
  void replace(std::shared_ptr<const match::RuleSet> rules) {
    const std::lock_guard lock(mutex_);
    rules_ = std::move(rules);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const match::RuleSet> rules_;
};

}  // namespace earshot
