#include "ops/earshot/triage_watch.h"

#include <utility>

#include "engine/base/stoppable_sleep.h"

namespace earshot {

TriageWatch::TriageWatch(Options options, std::shared_ptr<LiveTriage> live, OnChange on_change)
    : options_(std::move(options)),
      live_(std::move(live)),
      on_change_(std::move(on_change)),
      thread_([this](const std::stop_token& stop) { loop(stop); }) {}

void TriageWatch::loop(const std::stop_token& stop) {
  do {
    look();
    live_->free_replaced();
  } while (sleep_unless_stopped(stop, options_.every));
}

void TriageWatch::look() {
  const auto text = triage::TriageRules::read_file(options_.path);
  const uint64_t before = live_->current()->version();
  if (text && triage::TriageRules::version_of(*text) == before) {
    refused_.clear();
    return;
  }
  const std::string found = text ? *text : text.error().to_string();
  if (found == refused_) return;
  auto rules = text ? triage::TriageRules::parse(*text, options_.path.string(), options_.compiler)
                    : Result<std::shared_ptr<const triage::TriageRules>>(text.error());
  if (!rules) {
    refused_ = found;
    on_change_({.version_before = before, .version = before, .reason = rules.error().to_string()});
    return;
  }
  refused_.clear();
  live_->replace(*rules);
  on_change_({.is_adopted = true, .version_before = before, .version = (*rules)->version()});
}

}  // namespace earshot
