// TriageWatch: looks at the file of triage rules every few seconds. Rules that changed are read and compiled on a
// thread of its own and handed to LISTEN and DESK as a whole; a file with faults replaces nothing.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "operators/triage/triage_rules.h"
#include "ops/topologies/live_triage.h"

namespace earshot {

// What became of a file that was found: adopted, or refused with the reason.
struct TriageChange {
  bool is_adopted = false;
  uint64_t version_before = 0;
  uint64_t version = 0;  // of the rules that are in force from now on
  std::string reason;    // of a refusal: every fault with file, line and column
};

class TriageWatch {
 public:
  struct Options {
    std::filesystem::path path;
    triage::QueryCompiler compiler;
    std::chrono::milliseconds every{2'000};
  };
  using OnChange = std::function<void(const TriageChange&)>;

  // `on_change` is called on the watch's thread.
  TriageWatch(Options options, std::shared_ptr<LiveTriage> live, OnChange on_change);

 private:
  void loop(const std::stop_token& stop);
  // Nothing when the file says what is in force, or what was refused before.
  void look();

  Options options_;
  std::shared_ptr<LiveTriage> live_;
  OnChange on_change_;
  std::string refused_;  // text of the file that was refused last, or why it could not be read
  std::jthread thread_;  // last: it uses the others
};

}  // namespace earshot
