#include "ops/earshot/rule_compiler.h"

#include <fmt/format.h>
#include <hs.h>
#include <signal.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>
#include <vector>

#include "engine/base/hash.h"
#include "engine/config/quantity.h"
#include "ops/earshot/bounded_child.h"
#include "ops/earshot/rule_compile_child.h"
#include "ops/rules/database_files.h"

namespace earshot {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

// Whoever compiled the set before was this program: another build may compile otherwise.
uint64_t hash_of_program() {
  std::error_code fault;
  const fs::path program = fs::read_symlink("/proc/self/exe", fault);
  const auto size = fs::file_size(program, fault);
  const auto time = fs::last_write_time(program, fault).time_since_epoch().count();
  return hash_64(fmt::format("{} {} {} {}", program.string(), size, time, EARSHOT_VERSION), hash_64(hs_version()));
}

void append_files(const fs::path& folder, std::vector<fs::path>& files) {
  std::error_code fault;
  for (auto entry = fs::recursive_directory_iterator(folder, fault);
       !fault && entry != fs::recursive_directory_iterator(); entry.increment(fault)) {
    std::error_code gone;
    if (entry->is_regular_file(gone)) files.push_back(entry->path());
  }
}

std::string broken_bound(const ChildEnd& end, milliseconds time_max, int64_t memory_bytes_max) {
  if (end.is_timed_out || end.signal == SIGXCPU) {
    return fmt::format("compiling the listeners takes longer than {} (listeners_compile_time)",
                       format_duration(time_max));
  }
  if (end.status == kChildOutOfMemory) {
    return fmt::format("compiling the listeners takes more memory than {} (listeners_compile_memory)",
                       format_byte_size({memory_bytes_max}));
  }
  return end.signal != 0 ? fmt::format("compiling the listeners ended with signal {}", end.signal)
                         : fmt::format("compiling the listeners ended with status {}", end.status);
}

}  // namespace

match::RuleOptions rule_options(const Settings& settings) {
  match::RuleOptions options;
  options.folding = settings.match.case_folding == "ascii" ? CaseFolding::kAscii : CaseFolding::kUnicode;
  return options;
}

RuleCompiler RuleCompiler::of(const Settings& settings) {
  return of(settings, settings.data_dir / "compiled-rules");
}

RuleCompiler RuleCompiler::of(const Settings& settings, fs::path cache) {
  return RuleCompiler({.rules = rule_options(settings),
                       .time_max = settings.listeners_compile_time,
                       .memory_bytes_max = settings.listeners_compile_memory.bytes,
                       .cache = std::move(cache)});
}

std::string RuleCompiler::key_of(const fs::path& listeners) const {
  std::vector<fs::path> files;
  std::error_code fault;
  if (fs::is_directory(listeners, fault)) {
    append_files(listeners, files);
  } else {
    files.push_back(listeners);
    append_files(listeners.parent_path() / "lists", files);
  }
  std::ranges::sort(files);
  const auto seed = static_cast<uint64_t>(options_.rules.folding) + 1;
  uint64_t one = hash_64(fmt::format("{} {}", options_.memory_bytes_max, options_.time_max.count()), seed);
  uint64_t other = hash_of_program() ^ seed;
  for (const fs::path& file : files) {
    std::ifstream in(file, std::ios::binary);
    const std::string content{std::istreambuf_iterator<char>(in), {}};
    one = hash_64(content, hash_64(file.string(), one));
    other = hash_64(content, hash_64(file.string(), other));
  }
  return fmt::format("{:016x}{:016x}", one, other);
}

Result<std::shared_ptr<const match::RuleSet>> RuleCompiler::compile(
    const fs::path& listeners, const std::shared_ptr<const match::RuleSet>& in_force,
    const std::stop_token& stop) const {
  constexpr int kAttempts = 3;  // files that are written meanwhile are read again
  const auto databases = std::make_shared<rules::DatabaseFiles>(options_.cache);
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const std::string key = key_of(listeners);
    const std::string proof = "proof-" + key;
    if (!databases->find(proof)) {
      if (auto compiled = compile_in_child(listeners, stop); !compiled) return compiled.error();
      databases->keep(proof, "compiled");
    }
    auto loaded = load_listeners(listeners);
    if (!loaded) return loaded.error();
    if (key_of(listeners) != key) continue;
    if (in_force && (*loaded)->version == in_force->listeners()->version) return in_force;
    match::RuleOptions rules = options_.rules;
    rules.databases = databases;
    return match::RuleSet::compile(std::move(*loaded), rules);
  }
  return Error{ErrorCode::kUnavailable, "the listeners are written again and again while they are read",
               listeners.string()};
}

std::vector<std::string> RuleCompiler::child_arguments(const fs::path& listeners) const {
  constexpr int64_t kMsPerSecond = 1000;
  const int64_t seconds = (options_.time_max.count() + kMsPerSecond - 1) / kMsPerSecond;
  const bool is_ascii = options_.rules.folding == CaseFolding::kAscii;
  return {std::string(kCompileVerb),
          "--listeners=" + listeners.string(),
          std::string("--case-folding=") + (is_ascii ? "ascii" : "unicode"),
          "--cache=" + options_.cache.string(),
          "--memory=" + std::to_string(options_.memory_bytes_max),
          "--seconds=" + std::to_string(seconds)};
}

Result<void> RuleCompiler::compile_in_child(const fs::path& listeners, const std::stop_token& stop) const {
  const auto end = run_child(child_arguments(listeners), options_.time_max, stop);
  if (!end) return end.error();
  if (end->is_stopped) return Error{ErrorCode::kUnavailable, "stopped while compiling the listeners", {}};
  if (end->signal == 0 && end->status == 0) return {};
  const int code = end->status - kChildErrorBase;
  const bool is_fault_of_set = end->signal == 0 && code >= 0 && code <= static_cast<int>(ErrorCode::kFailed);
  if (is_fault_of_set) return Error{static_cast<ErrorCode>(code), end->output, {}};
  return failed(broken_bound(*end, options_.time_max, options_.memory_bytes_max) + name_culprit(listeners, stop),
                listeners.string());
}

// Listeners are compiled one by one in another child: the one at which it ends like the first is the culprit.
std::string RuleCompiler::name_culprit(const fs::path& listeners, const std::stop_token& stop) const {
  auto arguments = child_arguments(listeners);
  arguments.emplace_back("--one-by-one");
  const auto end = run_child(arguments, 2 * options_.time_max, stop);  // it ends by itself long before
  if (!end || end->is_stopped) return {};
  std::string_view last = end->output;
  while (last.ends_with('\n')) last.remove_suffix(1);
  last = last.substr(last.rfind('\n') + 1);
  if (last.empty()) return "; its files alone do so";
  if (end->is_timed_out) return fmt::format("; compiling one by one got as far as listener '{}'", last);
  const bool is_alone = end->signal != 0 || end->status != 0;
  return is_alone ? fmt::format("; listener '{}' does so alone", last) : fmt::format("; {}", last);
}

}  // namespace earshot
