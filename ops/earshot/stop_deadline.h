// StopDeadline: bounds how long a stop may take, whatever is waited for.
#pragma once

#include <chrono>
#include <functional>
#include <stop_token>
#include <thread>

namespace earshot {

class StopDeadline {
 public:
  // Calls `on_overdue` on a thread of its own when this still lives `timeout` after `stop` was requested.
  StopDeadline(std::stop_token stop, std::chrono::milliseconds timeout, std::function<void()> on_overdue);

 private:
  std::jthread thread_;
};

}  // namespace earshot
