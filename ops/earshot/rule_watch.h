// RuleWatch: looks at the listeners' files every few seconds. A set that changed is read and compiled on a thread of
// its own and handed to the stages as a whole; one with faults replaces nothing.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "engine/base/result.h"
#include "operators/match/rule_set.h"
#include "ops/earshot/rule_compiler.h"
#include "ops/plan/plan.h"
#include "ops/topologies/live_rules.h"

namespace earshot {

// What became of a set that was found: adopted, or refused with the reason.
struct RuleChange {
  bool is_adopted = false;
  uint64_t version_before = 0;
  uint64_t version = 0;  // of the set that is in force from now on
  size_t listeners = 0;  // in force
  std::vector<plan::Edit> edits;
  std::string reason;  // of a refusal
};

class RuleWatch {
 public:
  struct Options {
    std::filesystem::path path;  // folder or file of listeners
    RuleCompiler compiler;
    std::chrono::milliseconds every{2'000};
  };
  // Makes ready for a set before it is handed out, such as topics of new spokes. An error refuses the set for now: it
  // is tried again at the next look.
  using MakeReady = std::function<Result<void>(const ListenerSet&)>;
  using OnChange = std::function<void(const RuleChange&)>;

  // Both are called on the watch's thread.
  RuleWatch(Options options, std::shared_ptr<LiveRules> live, MakeReady make_ready, OnChange on_change);

 private:
  void loop(const std::stop_token& stop);
  // Nothing when the files are as they were.
  void look(const std::stop_token& stop);

  Options options_;
  std::shared_ptr<LiveRules> live_;
  MakeReady make_ready_;
  OnChange on_change_;
  std::string seen_;     // names, sizes and times of the files at the last look that settled them
  std::string refused_;  // reason of the last refusal, which is told once
  std::jthread thread_;  // last: it uses the others
};

}  // namespace earshot
