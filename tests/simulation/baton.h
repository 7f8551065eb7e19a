// Baton: threads of which one runs at a time, and a seed decides which. What they do together is then a function of the
// seed.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <random>
#include <semaphore>
#include <thread>
#include <vector>

namespace earshot::simulation {

class Baton {
 public:
  explicit Baton(uint64_t seed) : random_(seed) {}

  // Adds a thread that will run `body`; call before run().
  void add(std::function<void()> body);

  // Runs all threads to their ends.
  void run();

  // Called by a running thread: lets the seed choose who goes on, itself included.
  void yield();

  // Draws are part of the schedule: only the running thread may draw.
  [[nodiscard]] bool chance(double probability) {
    return std::uniform_real_distribution<>(0, 1)(random_) < probability;
  }
  [[nodiscard]] size_t below(size_t count) { return std::uniform_int_distribution<size_t>(0, count - 1)(random_); }

 private:
  struct Runner {
    std::function<void()> body;
    std::binary_semaphore turn{0};
    bool is_alive = true;
  };
  Runner* choose();

  std::mt19937_64 random_;
  std::vector<std::unique_ptr<Runner>> runners_;
  Runner* running_ = nullptr;
  std::binary_semaphore done_{0};
};

}  // namespace earshot::simulation
