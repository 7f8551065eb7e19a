// Stage: one topology running on its own thread, supervised. After a passing fault it is built anew from the last
// commit.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>

#include "engine/flow/log.h"
#include "engine/flow/source.h"
#include "engine/runtime/outputs.h"
#include "engine/runtime/runner.h"
#include "engine/runtime/topology.h"

namespace earshot {

// What a stage is made of. The order is that of construction: each may refer to those before it.
struct StageParts {
  std::unique_ptr<Source> source;
  std::unique_ptr<Outputs> outputs;
  std::unique_ptr<Topology> topology;
};

class Stage {
 public:
  using Build = std::function<Result<StageParts>()>;

  Stage(std::string name, Log& log, RunnerOptions options, RunnerEvents events, Build build);

  // Starts the thread. `upstream`: the stage whose end, once its output is consumed, ends this one; nullptr for none.
  // `on_failure` is called when the stage gives up.
  void start(std::stop_token stop, const Stage* upstream, std::function<void()> on_failure);

  // Waits for the thread; how the stage ended.
  Result<void> join();

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] bool is_done() const { return is_done_; }        // the thread has ended
  [[nodiscard]] bool is_running() const { return is_running_; }  // it is built and has its partitions

 private:
  Result<void> supervise(const std::stop_token& stop, const Stage* upstream);
  Result<void> run_once(const std::stop_token& stop, const Stage* upstream);

  std::string name_;
  Log& log_;
  RunnerOptions options_;
  RunnerEvents events_;
  Build build_;
  std::jthread thread_;
  Result<void> outcome_;
  std::atomic<bool> is_done_ = false;
  std::atomic<bool> is_running_ = false;
};

}  // namespace earshot
