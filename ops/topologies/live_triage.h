// LiveTriage: the triage rules that LISTEN goes by. They are replaced as a whole; LISTEN takes the new ones up between
// two commits. Thread-safe.
#pragma once

#include <memory>
#include <mutex>
#include <utility>

#include "operators/triage/triage_rules.h"

namespace earshot {

class LiveTriage {
 public:
  explicit LiveTriage(std::shared_ptr<const triage::TriageRules> rules) : rules_(std::move(rules)) {}

  [[nodiscard]] std::shared_ptr<const triage::TriageRules> current() const {
    const std::lock_guard lock(mutex_);
    return rules_;
  }
  void replace(std::shared_ptr<const triage::TriageRules> rules) {
    const std::lock_guard lock(mutex_);
    rules_ = std::move(rules);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const triage::TriageRules> rules_;
};

}  // namespace earshot
