// Live: what the stages of a process go by and a watch replaces as a whole; each stage takes the new one up between two
// commits. What was replaced is kept until nobody goes by it, and freed by whoever replaced it: to free a large one in
// a stage would hold its posts up. Thread-safe.
#pragma once

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

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
    replaced_.push_back(std::exchange(value_, std::move(value)));
  }

  // Frees what was replaced and nobody goes by any more; to be called again and again, off the stages' threads.
  void free_replaced() {
    std::vector<std::shared_ptr<const Value>> unused;
    const std::lock_guard lock(mutex_);
    // Nobody can come by what only this has: current() no longer gives it out.
    std::erase_if(replaced_, [&](std::shared_ptr<const Value>& value) {
      if (value.use_count() > 1) return false;
      unused.push_back(std::move(value));
      return true;
    });
  }

  // How many are kept that were replaced.
  [[nodiscard]] size_t replaced() const {
    const std::lock_guard lock(mutex_);
    return replaced_.size();
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Value> value_;
  std::vector<std::shared_ptr<const Value>> replaced_;
};

}  // namespace earshot
