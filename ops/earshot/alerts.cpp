#include <unistd.h>

#include <iostream>
#include <thread>

#include "ops/earshot/alert_lines.h"
#include "ops/earshot/commands.h"
#include "ops/earshot/connectors.h"
#include "ops/earshot/stop_signal.h"
#include "ops/earshot/topics.h"

namespace earshot {
namespace {

using std::chrono::milliseconds;

// A log or topic that is not there yet comes with the first run: wait for it, unless only what is there is wanted.
Result<OutputReader> open_when_there(const Settings& settings, const std::string& topic,
                                     const AlertsTailArguments& arguments, const std::stop_token& stop) {
  const SubscribeOptions options{.until_end = arguments.until_end, .from_latest = !arguments.from_beginning};
  bool has_said_so = false;
  while (true) {
    auto reader = open_outputs(settings, topic, options);
    const bool may_come = !reader && (reader.error().code == ErrorCode::kNotFound);
    if (!may_come || arguments.until_end || stop.stop_requested()) return reader;
    if (!std::exchange(has_said_so, true)) std::cerr << "waiting: " << reader.error().to_string() << '\n';
    std::this_thread::sleep_for(milliseconds(500));
  }
}

void show(const RecordBatch& batch, bool as_json) {
  for (size_t i = 0; i < batch.size(); ++i) {
    const RecordView record = batch[i];
    std::cout << (as_json ? std::string(record.value) : alert_lines(record.value, isatty(STDOUT_FILENO) == 1).text)
              << '\n';
  }
  std::cout.flush();
}

}  // namespace

int alerts_tail_command(const AlertsTailArguments& arguments) {
  const auto settings = load_settings(arguments.config);
  if (!settings) {
    std::cerr << settings.error().to_string() << '\n';
    return 1;
  }
  StopSignal stop_signal;
  const std::stop_token stop = stop_signal.token();
  const Topics topics(settings->log.topic_prefix);
  const std::string topic = arguments.spoke.empty() ? topics.alerts : topics.alerts_prefix + arguments.spoke;
  auto reader = open_when_there(*settings, topic, arguments, stop);
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
    if (polled->batch) show(*polled->batch, arguments.json);
    if (polled->status != PollStatus::kRebalance) continue;
    if (const auto started = start_at_default(*reader->source); !started) {
      std::cerr << started.error().to_string() << '\n';
      return 1;
    }
  }
  return 0;
}

}  // namespace earshot
