#include "connectors/kafka/deadline_thread.h"

#include <utility>

namespace earshot::kafka {

DeadlineThread::DeadlineThread() : shared_(std::make_shared<Shared>()), thread_([shared = shared_] { loop(shared); }) {}

DeadlineThread::~DeadlineThread() {
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->is_stopping = true;
  }
  shared_->changed.notify_all();
  if (is_overdue_) {
    thread_.detach();
  } else {
    thread_.join();
  }
}

void DeadlineThread::loop(const std::shared_ptr<Shared>& shared) {
  std::unique_lock lock(shared->mutex);
  while (true) {
    shared->changed.wait(lock, [&] { return shared->call || shared->is_stopping; });
    if (!shared->call) return;
    auto call = std::exchange(shared->call, nullptr);
    lock.unlock();
    call();
    call = nullptr;  // what it owns is freed here, not by whoever waits
    lock.lock();
    shared->is_done = true;
    shared->changed.notify_all();
  }
}

bool DeadlineThread::run(std::function<void()> call, std::chrono::milliseconds deadline) {
  if (is_overdue_) return false;
  std::unique_lock lock(shared_->mutex);
  shared_->call = std::move(call);
  shared_->is_done = false;
  shared_->changed.notify_all();
  is_overdue_ = !shared_->changed.wait_for(lock, deadline, [&] { return shared_->is_done; });
  return !is_overdue_;
}

}  // namespace earshot::kafka
