#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <random>
#include <vector>

#include "engine/config/quantity.h"
#include "engine/time/timestamp.h"
#include "engine/time/wall_clock.h"
#include "ops/earshot/commands.h"
#include "ops/earshot/connectors.h"
#include "ops/earshot/pipeline.h"
#include "ops/earshot/state_guard.h"
#include "ops/history/counts_file.h"
#include "ops/topologies/detect_history.h"

namespace earshot {
namespace {

using History = std::map<std::string, std::vector<HistoryPane>>;

Result<History> read_history(const BaselineImportArguments& arguments, const ListenerSet& listeners, int64_t every_ms) {
  const history::CountsFileOptions options{
      .name = arguments.file == "-" ? "stdin" : arguments.file, .every_ms = every_ms, .now_ms = wall_clock_ms()};
  if (arguments.file == "-") return history::read_counts(std::cin, listeners, options);
  std::ifstream file(arguments.file, std::ios::binary);
  if (!file) return Error{ErrorCode::kNotFound, "cannot be opened", arguments.file};
  return history::read_counts(file, listeners, options);
}

// All listeners in one transaction: a file is taken as a whole or not at all.
Result<void> learn(const History& past, const ListenerSet& listeners, const HistoryOptions& options,
                   const Settings& settings) {
  auto log = open_log(settings, "baseline-import");
  if (!log) return log.error();
  const DetectOptions detect = detect_options(settings, Topics(settings.log.topic_prefix));
  std::map<int32_t, std::unique_ptr<StateStore>> stores;
  for (const Listener& listener : listeners.listeners) {
    const auto found = past.find(listener.name);
    if (found == past.end()) continue;
    const int32_t partition = partition_of_listener(listener.name, detect.partitions);
    auto& store = stores[partition];
    if (!store) {
      auto opened = (*log)->open_state(detect.store, partition);
      if (!opened) return opened.error();
      store = std::move(*opened);
    }
    if (auto learnt = learn_history(listener, found->second, options, detect, *store); !learnt) return learnt;
  }
  auto producer = (*log)->open_producer(settings.name + "-baseline-" + std::to_string(std::random_device()()));
  if (!producer) return producer.error();
  CommitRequest request;
  for (const auto& [partition, store] : stores) request.stores.push_back(store.get());
  if (auto begun = (*producer)->begin(); !begun) return begun;
  auto committed = (*producer)->commit(request);
  if (!committed) static_cast<void>((*producer)->abort().ok());
  return committed;
}

// What DETECT has in memory would go on without the import, and write over it.
Result<void> refuse_while_detect_runs(const Settings& settings) {
  const auto running = count_processes(settings, "detect");
  if (!running) return running.error();
  if (*running == 0) return {};
  return Error{
      ErrorCode::kUnavailable,
      fmt::format("DETECT is running in {} process{}: stop earshot first; a process that died counts until its "
                  "session.timeout.ms is over",
                  *running, *running == 1 ? "" : "es"),
      {}};
}

Result<std::string> import_baselines(const BaselineImportArguments& arguments) {
  const auto settings = load_settings(arguments.config);
  if (!settings) return settings.error();
  const auto every = arguments.every.empty() ? std::optional(settings->windows.pane) : parse_duration(arguments.every);
  if (!every || every->count() <= 0) return invalid("--every: '" + arguments.every + "' is no duration, such as 5m");
  const auto listeners = load_listeners(settings->listeners);
  if (!listeners) return listeners.error();
  const auto past = read_history(arguments, **listeners, every->count());
  if (!past) return past.error();
  if (auto admitted = refuse_while_detect_runs(*settings); !admitted) return admitted.error();
  const auto state = judge_state(*settings);
  if (!state) return state.error();
  if (auto admitted = refuse_resets(*state); !admitted) return admitted.error();
  const HistoryOptions options{.every_ms = every->count(), .replaces = arguments.replaces};
  if (auto learnt = learn(*past, **listeners, options, *settings); !learnt) return learnt.error();
  std::string said;
  for (const auto& [name, panes] : *past) {
    uint64_t mentions = 0;
    for (const HistoryPane& pane : panes) mentions += pane.mentions;
    said += fmt::format("{}: {} mentions from {} to {}\n", name, mentions, format_rfc3339(panes.front().start_ms),
                        format_rfc3339(panes.back().start_ms + options.every_ms));
  }
  return said;
}

}  // namespace

int baseline_import_command(const BaselineImportArguments& arguments) {
  const auto said = import_baselines(arguments);
  if (!said) {
    std::cerr << said.error().to_string() << '\n';
    return 1;
  }
  std::cout << *said;
  return 0;
}

}  // namespace earshot
