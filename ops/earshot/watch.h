// Watch: shows a run to a person: alerts as they open, escalate, ease and resolve, progress once in a while, and a
// summary.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>

#include "ops/earshot/pipeline.h"

namespace earshot {

class Watch {
 public:
  // Follows the hub's alerts of `pipeline` from now on. Precondition: the pipeline outlives it.
  static Result<std::unique_ptr<Watch>> start(Pipeline& pipeline);

  // Shows what is still to come of the alerts, then the summary.
  void finish(const std::string& where_outputs_lie);

 private:
  Watch(Pipeline& pipeline, std::unique_ptr<Source> alerts);

  void follow(const std::stop_token& stop);
  bool show_alerts(std::chrono::milliseconds wait);  // false at the end of the topic
  void show_progress();
  void clear_progress();

  Pipeline& pipeline_;
  std::unique_ptr<Source> alerts_;
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  bool is_terminal_;
  bool has_progress_line_ = false;
  std::map<std::string, size_t> shown_;  // alerts by state
  std::jthread thread_;
};

}  // namespace earshot
