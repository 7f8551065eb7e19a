// StopSignal: SIGTERM and SIGINT as a stop token. One per process; threads started after it leave the signals to it.
#pragma once

#include <stop_token>
#include <thread>

namespace earshot {

class StopSignal {
 public:
  // Blocks both signals in this thread and waits for them on another. A second signal ends the process at once.
  StopSignal();
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  [[nodiscard]] std::stop_token token() const { return stop_.get_token(); }
  [[nodiscard]] std::stop_source source() const { return stop_; }

 private:
  std::stop_source stop_;
  std::jthread waiter_;
};

}  // namespace earshot
