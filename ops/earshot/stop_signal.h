// StopSignal: SIGTERM and SIGINT as a stop token. One per process; threads started after it leave the signals to it.
#pragma once

#include <atomic>
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
  [[nodiscard]] bool has_come() const { return has_come_; }  // else whoever has the source asked first, or nobody did

 private:
  std::stop_source stop_;
  std::atomic<bool> has_come_ = false;
  std::jthread waiter_;
};

}  // namespace earshot
