// RuleCompiler: listeners from their files to a compiled set. A set that was not compiled here before is compiled by a
// child process with limits first, so that nothing in a file of listeners can crash, exhaust or stall this process;
// what the child compiled is kept on disk and taken from there, also by the next start.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/result.h"
#include "operators/match/rule_set.h"
#include "ops/settings/settings.h"

namespace earshot {

match::RuleOptions rule_options(const Settings& settings);

class RuleCompiler {
 public:
  struct Options {
    match::RuleOptions rules;
    std::chrono::milliseconds time_max{60'000};
    int64_t memory_bytes_max = int64_t{4} << 30;
    std::filesystem::path cache;  // folder of compiled databases
  };
  explicit RuleCompiler(Options options) : options_(std::move(options)) {}

  // As the settings say; the cache lies in their data_dir, or in the given folder.
  static RuleCompiler of(const Settings& settings);
  static RuleCompiler of(const Settings& settings, std::filesystem::path cache);

  // Reads and compiles the listeners of a folder or file. Answers `in_force` itself when they say what it says. Errors:
  // those of the files and queries; a bound that is broken, with the listener that breaks it as far as it can be told;
  // kUnavailable when a child cannot be started or a stop is requested.
  [[nodiscard]] Result<std::shared_ptr<const match::RuleSet>> compile(
      const std::filesystem::path& listeners, const std::shared_ptr<const match::RuleSet>& in_force = nullptr,
      const std::stop_token& stop = {}) const;

 private:
  // Of everything that decides what becomes of the files: their bytes, the options, this program.
  [[nodiscard]] std::string key_of(const std::filesystem::path& listeners) const;
  [[nodiscard]] Result<void> compile_in_child(const std::filesystem::path& listeners,
                                              const std::stop_token& stop) const;
  [[nodiscard]] std::string name_culprit(const std::filesystem::path& listeners, const std::stop_token& stop) const;
  [[nodiscard]] std::vector<std::string> child_arguments(const std::filesystem::path& listeners) const;

  Options options_;
};

}  // namespace earshot
