#include "tests/simulation/baton.h"

#include <utility>

namespace earshot::simulation {

void Baton::add(std::function<void()> body) {
  auto runner = std::make_unique<Runner>();
  runner->body = std::move(body);
  runners_.push_back(std::move(runner));
}

Baton::Runner* Baton::choose() {
  std::vector<Runner*> alive;
  for (const auto& runner : runners_) {
    if (runner->is_alive) alive.push_back(runner.get());
  }
  return alive.empty() ? nullptr : alive[below(alive.size())];
}

void Baton::run() {
  std::vector<std::jthread> threads;
  for (const auto& runner : runners_) {
    threads.emplace_back([this, self = runner.get()] {
      self->turn.acquire();
      self->body();
      self->is_alive = false;
      running_ = choose();
      (running_ == nullptr ? done_ : running_->turn).release();
    });
  }
  running_ = choose();
  if (running_ == nullptr) return;
  running_->turn.release();
  done_.acquire();
}

void Baton::yield() {
  Runner* const self = running_;
  Runner* const next = choose();
  if (next == self) return;
  running_ = next;
  next->turn.release();
  self->turn.acquire();
}

}  // namespace earshot::simulation
