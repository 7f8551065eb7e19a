#include "engine/observe/readiness.h"

namespace earshot {

void Readiness::set_check(const std::string& name, std::function<Result<void>()> check) {
  const std::lock_guard lock(mutex_);
  checks_.insert_or_assign(name, std::move(check));
}

void Readiness::remove_check(const std::string& name) {
  const std::lock_guard lock(mutex_);
  checks_.erase(name);
}

std::vector<ReadinessCheck> Readiness::ask() const {
  const std::lock_guard lock(mutex_);
  if (checks_.empty()) return {{"start", "the process is starting"}};
  std::vector<ReadinessCheck> answers;
  for (const auto& [name, check] : checks_) {
    const Result<void> answer = check();
    answers.push_back({name, answer ? std::nullopt : std::optional(answer.error().to_string())});
  }
  return answers;
}

}  // namespace earshot
