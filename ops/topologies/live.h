// Live: what the stages of a process go by and a watch replaces as a whole; each stage takes the new one up between two
// commits. Thread-safe.
#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace earshot {

template <class Value>
class Live {
 public:
  explicit Live(std::shared_ptr<const Value> value) : value_(std::move(value)) {}

  [[nodiscard]] std::shared_ptr<const Value> current() const {
    const std::lock_guard lock(mutex_);
    return value_;
  }
  void replace(std::shared_ptr<const Value> value) {
    const std::lock_guard lock(mutex_);
    value_ = std::move(value);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Value> value_;
};

}  // namespace earshot
