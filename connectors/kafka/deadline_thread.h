// DeadlineThread: runs blocking calls on a thread of its own, one at a time. A call that outlives its deadline is left
// behind on that thread, so that the caller never hangs with it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace earshot::kafka {

class DeadlineThread {
 public:
  DeadlineThread();
  // Joins the thread, or leaves it to its overdue call.
  ~DeadlineThread();
  DeadlineThread(const DeadlineThread&) = delete;
  DeadlineThread& operator=(const DeadlineThread&) = delete;

  // False when `call` was still running at the deadline. It may go on for any time, so it must own all that it touches,
  // and no call is taken after it.
  [[nodiscard]] bool run(std::function<void()> call, std::chrono::milliseconds deadline);

 private:
  struct Shared {
    std::mutex mutex;
    std::condition_variable changed;
    std::function<void()> call;
    bool is_done = true;
    bool is_stopping = false;
  };

  static void loop(const std::shared_ptr<Shared>& shared);

  std::shared_ptr<Shared> shared_;
  std::thread thread_;
  bool is_overdue_ = false;
};

}  // namespace earshot::kafka
