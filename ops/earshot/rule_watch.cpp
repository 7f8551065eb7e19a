#include "ops/earshot/rule_watch.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "engine/base/stoppable_sleep.h"

namespace earshot {
namespace {

namespace fs = std::filesystem;

// Changes when a file comes, goes or is written. Faults of the file system are left to the reading.
std::string fingerprint(const fs::path& path) {
  std::vector<std::string> files;
  const auto add = [&](const fs::path& file) {
    std::error_code ignored;
    const auto size = fs::file_size(file, ignored);
    const auto time = fs::last_write_time(file, ignored).time_since_epoch().count();
    files.push_back(file.string() + '\n' + std::to_string(size) + '\n' + std::to_string(time) + '\n');
  };
  std::error_code failure;
  if (!fs::is_directory(path, failure)) {
    add(path);
    for (auto list = fs::directory_iterator(path.parent_path() / "lists", failure);
         !failure && list != fs::directory_iterator(); list.increment(failure)) {
      add(list->path());
    }
  } else {
    for (auto entry = fs::recursive_directory_iterator(path, failure);
         !failure && entry != fs::recursive_directory_iterator(); entry.increment(failure)) {
      if (!entry->is_directory(failure)) add(entry->path());
    }
  }
  std::sort(files.begin(), files.end());
  std::string text;
  for (const std::string& file : files) text += file;
  return text;
}

}  // namespace

RuleWatch::RuleWatch(Options options, std::shared_ptr<LiveRules> live, MakeReady make_ready, OnChange on_change)
    : options_(std::move(options)),
      live_(std::move(live)),
      make_ready_(std::move(make_ready)),
      on_change_(std::move(on_change)),
      thread_([this](const std::stop_token& stop) { loop(stop); }) {}

void RuleWatch::loop(const std::stop_token& stop) {
  do {
    look(stop);
    live_->free_replaced();
  } while (sleep_unless_stopped(stop, options_.every));
}

void RuleWatch::look(const std::stop_token& stop) {
  std::string found = fingerprint(options_.path);
  if (found == seen_) return;
  const auto before = live_->current();
  RuleChange change{.version_before = before->listeners()->version,
                    .version = before->listeners()->version,
                    .listeners = before->listeners()->listeners.size()};
  const auto rules = options_.compiler.compile(options_.path, before, stop);
  if (stop.stop_requested()) return;
  if (rules && *rules == before) {  // the first look, or written anew to say the same
    seen_ = std::move(found);
    refused_.clear();
    return;
  }
  auto ready = rules ? make_ready_(*(*rules)->listeners()) : Result<void>(rules.error());
  if (!ready) {
    const bool passes = ready.error().code == ErrorCode::kUnavailable;
    if (!passes) seen_ = std::move(found);
    change.reason = ready.error().to_string();
    if (std::exchange(refused_, change.reason) != change.reason) on_change_(change);
    return;
  }
  seen_ = std::move(found);
  refused_.clear();
  const ListenerSet& listeners = *(*rules)->listeners();
  change.is_adopted = true;
  change.version = listeners.version;
  change.listeners = listeners.listeners.size();
  change.edits = plan::compare_listeners(*before->listeners(), listeners);
  live_->replace(*rules);
  on_change_(change);
}

}  // namespace earshot
