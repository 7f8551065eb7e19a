#include "ops/earshot/stage.h"

#include <algorithm>
#include <utility>

#include "engine/base/stoppable_sleep.h"
#include "engine/observe/logging.h"

namespace earshot {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirstPause{500};
constexpr milliseconds kLongestPause{30'000};
// A run that lasted this long did work, so the next fault starts with a short pause again.
constexpr std::chrono::minutes kSoundRun{1};

}  // namespace

Stage::Stage(std::string name, Log& log, RunnerOptions options, RunnerEvents events, Build build)
    : name_(std::move(name)),
      log_(log),
      options_(std::move(options)),
      events_(std::move(events)),
      build_(std::move(build)) {
  events_.on_rebalance = [this, next = std::move(events_.on_rebalance)](const Rebalance& rebalance) {
    is_running_ = true;
    next(rebalance);
  };
}

void Stage::start(std::stop_token stop, const Stage* upstream, std::function<void()> on_failure) {
  thread_ = std::jthread([this, stop = std::move(stop), upstream, on_failure = std::move(on_failure)] {
    outcome_ = supervise(stop, upstream);
    is_running_ = false;
    is_done_ = true;
    if (!outcome_) on_failure();
  });
}

Result<void> Stage::join() {
  if (thread_.joinable()) thread_.join();
  return outcome_;
}

Result<void> Stage::supervise(const std::stop_token& stop, const Stage* upstream) {
  milliseconds next_pause = kFirstPause;
  while (true) {
    const auto began = std::chrono::steady_clock::now();
    auto ran = run_once(stop, upstream);
    is_running_ = false;
    if (ran) return {};
    const std::string reason = ran.error().to_string();
    if (ran.error().code != ErrorCode::kUnavailable) {
      log_error(name_, "gave up", {{"reason", reason}});
      return ran;
    }
    if (stop.stop_requested()) {
      log_warning(name_, "stopped in a passing fault; what was not committed is read again", {{"reason", reason}});
      return {};
    }
    if (std::chrono::steady_clock::now() - began > kSoundRun) next_pause = kFirstPause;
    log_warning(name_, "a passing fault; going on from the last commit",
                {{"reason", reason}, {"pause_ms", std::to_string(next_pause.count())}});
    if (!sleep_unless_stopped(stop, next_pause)) return {};
    next_pause = std::min(next_pause * 2, kLongestPause);
  }
}

Result<void> Stage::run_once(const std::stop_token& stop, const Stage* upstream) {
  auto parts = build_();
  if (!parts) return parts.error();
  if (auto recovered = parts->outputs->recover(); !recovered) return recovered;
  Runner runner(*parts->topology, *parts->source, log_, *parts->outputs, options_, events_);
  return runner.run(
      stop, upstream == nullptr ? std::function<bool()>() : [upstream] { return upstream->is_done(); });
}

}  // namespace earshot
