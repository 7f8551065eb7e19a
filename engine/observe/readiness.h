// Readiness: the conditions under which this process does its work, each with a name, asked by /readyz.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"

namespace earshot {

struct ReadinessCheck {
  std::string name;
  std::optional<std::string> reason;  // why it is not ready; nullopt when it is
};

// Thread-safe.
class Readiness {
 public:
  // Answers quickly and without side effects; runs on the admin server's threads. A check of the same name is replaced.
  void set_check(const std::string& name, std::function<Result<void>()> check);
  void remove_check(const std::string& name);

  // In order of name. Before any check is set, the process is still starting: one entry says so.
  [[nodiscard]] std::vector<ReadinessCheck> ask() const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::function<Result<void>()>> checks_;
};

}  // namespace earshot
