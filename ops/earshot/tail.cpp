#include "ops/earshot/tail.h"

#include <iostream>
#include <thread>
#include <utility>

#include "ops/earshot/connectors.h"
#include "ops/earshot/stop_signal.h"

namespace earshot {
namespace {

using std::chrono::milliseconds;

// A log or topic that is not there yet comes with the first run: wait for it, unless only what is there is wanted.
Result<OutputReader> open_when_there(const Settings& settings, const TailOptions& tail, const std::stop_token& stop) {
  const SubscribeOptions options{.until_end = tail.until_end, .from_latest = !tail.from_beginning};
  bool has_said_so = false;
  while (true) {
    auto reader = open_outputs(settings, tail.topic, options);
    const bool may_come = !reader && (reader.error().code == ErrorCode::kNotFound);
    if (!may_come || tail.until_end || stop.stop_requested()) return reader;
    if (!std::exchange(has_said_so, true)) std::cerr << "waiting: " << reader.error().to_string() << '\n';
    std::this_thread::sleep_for(milliseconds(500));
  }
}

}  // namespace

int tail_topic(const Settings& settings, const TailOptions& options,
               const std::function<std::string(std::string_view value)>& show) {
  StopSignal stop_signal;
  const std::stop_token stop = stop_signal.token();
  auto reader = open_when_there(settings, options, stop);
  if (!reader) {
    std::cerr << reader.error().to_string() << '\n';
    return stop.stop_requested() ? 0 : 1;
  }
  while (!stop.stop_requested()) {
    const auto polled = reader->source->poll(milliseconds(200));
    if (!polled) {
      std::cerr << polled.error().to_string() << '\n';
      return 1;
    }
    if (polled->status == PollStatus::kEndOfInput) break;
    for (size_t i = 0; polled->batch && i < polled->batch->size(); ++i) {
      std::cout << show((*polled->batch)[i].value) << '\n';
    }
    std::cout.flush();
    if (polled->status != PollStatus::kRebalance) continue;
    if (const auto started = start_at_default(*reader->source); !started) {
      std::cerr << started.error().to_string() << '\n';
      return 1;
    }
  }
  return 0;
}

}  // namespace earshot
