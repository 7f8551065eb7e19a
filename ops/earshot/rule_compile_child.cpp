#include "ops/earshot/rule_compile_child.h"

#include <fmt/format.h>

#include <chrono>
#include <iostream>
#include <memory>
#include <new>
#include <utility>

#include "operators/match/rule_set.h"
#include "ops/earshot/bounded_child.h"
#include "ops/earshot/rule_files.h"
#include "ops/rules/database_files.h"

namespace earshot {
namespace {

using Clock = std::chrono::steady_clock;

int tell(const Error& error) {
  constexpr std::string_view kHyperscanHasNoMemory = "Unable to allocate memory";
  if (error.message.find(kHyperscanHasNoMemory) != std::string::npos) return kChildOutOfMemory;
  std::cout << error.to_string() << std::flush;
  return kChildErrorBase + static_cast<int>(error.code);
}

int compile_whole(std::shared_ptr<const ListenerSet> listeners, const match::RuleOptions& options) {
  const auto rules = match::RuleSet::compile(std::move(listeners), options);
  return rules ? 0 : tell(rules.error());
}

// Half of the time is for those that alone are slow; many that are not may break a bound together.
int compile_one_by_one(const ListenerSet& listeners, const match::RuleOptions& options, std::chrono::seconds time) {
  const auto end = Clock::now() + std::chrono::milliseconds(time) / 2;
  std::string slowest;
  auto longest = Clock::duration::zero();
  for (const Listener& listener : listeners.listeners) {
    if (Clock::now() >= end) break;
    std::cout << listener.name << std::endl;
    auto alone = std::make_shared<ListenerSet>();
    alone->listeners.push_back(listener);
    alone->library = listeners.library;
    const auto began = Clock::now();
    const auto rules = match::RuleSet::compile(alone, options);
    if (!rules && tell(rules.error()) == kChildOutOfMemory) {
      std::cout << listener.name << std::endl;
      return kChildOutOfMemory;
    }
    if (Clock::now() - began <= longest) continue;
    longest = Clock::now() - began;
    slowest = listener.name;
  }
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(longest).count();
  std::cout << fmt::format("no listener does so alone; the slowest of those looked at is '{}' with {} ms\n", slowest,
                           ms)
            << std::flush;
  return 0;
}

int compile_bounded(const CompileRulesArguments& arguments) {
  const std::chrono::seconds time(arguments.seconds);
  if (auto bounded = bound_this_process(arguments.memory_bytes, time); !bounded) return tell(bounded.error());
  const auto folding = case_folding_from_name(arguments.case_folding);
  if (!folding) return tell(folding.error());
  auto listeners = load_listeners(arguments.listeners);
  if (!listeners) return tell(listeners.error());
  match::RuleOptions options{.folding = *folding};
  if (arguments.one_by_one) return compile_one_by_one(**listeners, options, time);
  options.databases = std::make_shared<rules::DatabaseFiles>(arguments.cache);
  return compile_whole(std::move(*listeners), options);
}

}  // namespace

int compile_rules_command(const CompileRulesArguments& arguments) {
  try {
    return compile_bounded(arguments);
  } catch (const std::bad_alloc&) {
    return kChildOutOfMemory;
  }
}

}  // namespace earshot
