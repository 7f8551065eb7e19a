#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <system_error>

#include "ops/earshot/commands.h"
#include "ops/earshot/pipeline.h"
#include "ops/earshot/rule_compiler.h"

namespace earshot {
namespace {

// A check leaves nothing behind, not even what it compiled.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::error_code fault;
    std::string pattern = (std::filesystem::temp_directory_path(fault) / "earshot-check-XXXXXX").string();
    if (::mkdtemp(pattern.data()) != nullptr) path_ = pattern;
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code fault;
    if (!path_.empty()) std::filesystem::remove_all(path_, fault);
  }
  // Empty when there is none: then nothing is kept, and the set is compiled twice.
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace

int check_command(const std::string& config) {
  const TemporaryFolder databases;
  const auto prepared =
      prepare(config, [&](const Settings& settings) { return RuleCompiler::of(settings, databases.path()); });
  if (!prepared) {
    std::cerr << prepared.error().to_string() << '\n';
    return 1;
  }
  // What `run` would refuse is wrong here too; only brokers that do not answer are no fault of the configuration.
  const auto state = judge_state(prepared->settings, std::chrono::seconds(5));
  const auto admitted = state ? refuse_resets(*state) : Result<void>(state.error());
  if (!admitted) {
    if (!state) std::cerr << "not compared with the state on the log: ";
    std::cerr << admitted.error().to_string() << '\n';
    if (state || state.error().code != ErrorCode::kUnavailable) return 1;
  }
  for (const std::string& remark : prepared->remarks) std::cerr << config << ": warning: " << remark << '\n';
  const ListenerSet& listeners = *prepared->rules->listeners();
  std::cout << config << ": good; " << listeners.listeners.size() << " listeners, rule version " << listeners.version
            << '\n';
  return 0;
}

}  // namespace earshot
