#include "ops/earshot/watch.h"

#include <fmt/format.h>
#include <unistd.h>

#include <iostream>

#include "engine/time/timestamp.h"
#include "ops/earshot/alert_lines.h"
#include "ops/earshot/connectors.h"

namespace earshot {
namespace {

using std::chrono::milliseconds;
constexpr milliseconds kProgressEvery{500};
constexpr milliseconds kProgressEveryWithoutTerminal{5000};

std::string with_thousands(uint64_t number) {
  const std::string digits = std::to_string(number);
  std::string grouped;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) grouped.push_back(',');
    grouped.push_back(digits[i]);
  }
  return grouped;
}

}  // namespace

Watch::Watch(Pipeline& pipeline, std::unique_ptr<Source> alerts)
    : pipeline_(pipeline), alerts_(std::move(alerts)), is_terminal_(isatty(STDERR_FILENO) == 1) {}

Result<std::unique_ptr<Watch>> Watch::start(Pipeline& pipeline) {
  auto alerts = pipeline.log().subscribe("earshot-watch-" + std::to_string(getpid()), {pipeline.topics().alerts},
                                         {.from_latest = true});
  if (!alerts) return alerts.error();
  std::unique_ptr<Watch> watch(new Watch(pipeline, std::move(*alerts)));
  // Takes up its place before the pipeline runs, so that no alert passes unseen.
  if (!watch->show_alerts(milliseconds(5000))) return failed("the alerts cannot be followed");
  watch->thread_ = std::jthread([raw = watch.get()](const std::stop_token& stop) { raw->follow(stop); });
  return watch;
}

void Watch::follow(const std::stop_token& stop) {
  auto last_progress = std::chrono::steady_clock::now();
  while (!stop.stop_requested()) {
    show_alerts(milliseconds(100));
    const auto now = std::chrono::steady_clock::now();
    if (now - last_progress < (is_terminal_ ? kProgressEvery : kProgressEveryWithoutTerminal)) continue;
    last_progress = now;
    show_progress();
  }
}

bool Watch::show_alerts(milliseconds wait) {
  const auto polled = alerts_->poll(wait);
  if (!polled || polled->status == PollStatus::kEndOfInput) return false;
  if (polled->status == PollStatus::kRebalance) return start_at_default(*alerts_).ok();
  if (!polled->batch) return true;
  for (size_t i = 0; i < polled->batch->size(); ++i) {
    const AlertLines lines = alert_lines((*polled->batch)[i].value, isatty(STDOUT_FILENO) == 1);
    ++shown_[lines.state];
    clear_progress();
    std::cout << lines.text << std::endl;
  }
  return true;
}

void Watch::show_progress() {
  const ListenStats& stats = pipeline_.stats();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
  const uint64_t posts = stats.posts_in;
  const std::string event_time = stats.watermark_ms == 0 ? "" : format_rfc3339(stats.watermark_ms).substr(0, 16) + "  ";
  clear_progress();
  std::cerr << fmt::format("{}{} posts  {}/s  {} mentions", event_time, with_thousands(posts),
                           with_thousands(static_cast<uint64_t>(static_cast<double>(posts) / seconds)),
                           with_thousands(stats.mentions));
  std::cerr << (is_terminal_ ? "" : "\n") << std::flush;
  has_progress_line_ = is_terminal_;
}

void Watch::clear_progress() {
  if (std::exchange(has_progress_line_, false)) std::cerr << "\r\x1b[K" << std::flush;
}

void Watch::finish(const std::string& where_outputs_lie) {
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
  if (alerts_->stop_at_end()) {
    while (show_alerts(milliseconds(200))) {
    }
  }
  clear_progress();
  const ListenStats& stats = pipeline_.stats();
  std::string alerts;
  for (const auto& [state, count] : shown_) alerts += fmt::format("{}{} {}", alerts.empty() ? "" : ", ", count, state);
  const auto count = [](const std::atomic<uint64_t>& value) { return with_thousands(value); };
  std::cerr << fmt::format(
      "\n{} posts in {:.1f} s ({}/s): {} matched, {} unmatched, {} late, {} duplicate, {} dead-lettered\n"
      "{} mentions; alerts: {}\n{}\n",
      count(stats.posts_in), seconds,
      with_thousands(static_cast<uint64_t>(static_cast<double>(stats.posts_in) / seconds)), count(stats.matched),
      count(stats.unmatched), count(stats.late), count(stats.duplicate), count(stats.dead_lettered),
      count(stats.mentions), alerts.empty() ? "none" : alerts, where_outputs_lie);
}

}  // namespace earshot
