#include "ops/earshot/stop_signal.h"

#include <unistd.h>

#include <csignal>
#include <ctime>

namespace earshot {
namespace {

sigset_t stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

}  // namespace

StopSignal::StopSignal() {
  const sigset_t signals = stop_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  waiter_ = std::jthread([this](const std::stop_token& end) {
    const sigset_t waited = stop_signals();
    constexpr timespec tick{0, 100'000'000};
    while (!end.stop_requested()) {
      if (sigtimedwait(&waited, nullptr, &tick) < 0) continue;
      if (stop_.stop_requested()) _exit(130);
      has_come_ = true;
      stop_.request_stop();
    }
  });
}

StopSignal::~StopSignal() = default;

}  // namespace earshot
