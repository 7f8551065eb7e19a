#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "engine/observe/admin_credentials.h"
#include "ops/settings/settings.h"

namespace earshot {
namespace {

namespace fs = std::filesystem;

class EnvironmentCheck {
 public:
  explicit EnvironmentCheck(const Settings& settings) : settings_(settings) {}

  void readable(const fs::path& path, const std::string& option) {
    std::error_code fault;
    if (!fs::exists(path, fault)) return report(option, path, "does not exist");
    const int wanted = fs::is_directory(path, fault) ? R_OK | X_OK : R_OK;
    if (access(path.c_str(), wanted) != 0) report(option, path, "cannot be read by this user");
  }

  // A folder that is there and writable, or can be made.
  void writable_folder(const fs::path& path, const std::string& option) {
    std::error_code fault;
    fs::path existing = fs::absolute(path, fault).lexically_normal();
    while (!fs::exists(existing, fault) && existing.has_relative_path()) existing = existing.parent_path();
    if (!fs::is_directory(existing, fault)) return report(option, existing, "is not a folder");
    if (access(existing.c_str(), W_OK | X_OK) != 0)
      report(option, existing, "is a folder that this user cannot write to");
  }

  void writable_file(const fs::path& path, const std::string& option) {
    std::error_code fault;
    if (fs::is_directory(path, fault)) return report(option, path, "is a folder; a file is expected");
    if (fs::exists(path, fault)) {
      if (access(path.c_str(), W_OK) != 0) report(option, path, "cannot be written by this user");
      return;
    }
    writable_folder(path.has_parent_path() ? path.parent_path() : fs::path("."), option);
  }

  // The value is not shown: all properties are secret.
  void readable_property(const std::string& property) {
    const auto found = settings_.kafka.find(property);
    if (found == settings_.kafka.end() || access(found->second.reveal().c_str(), R_OK) == 0) return;
    const std::string option = "kafka." + property;
    lines_.push_back(fmt::format("{}: {}: the file it names cannot be read", settings_.origins.where(option), option));
  }

  // Tokens, keys and certificates as the start would read them.
  void usable_admin_credentials() {
    if (!settings_.admin.enabled) return;
    const auto credentials = load_admin_credentials(settings_.admin.options());
    if (credentials) return;
    lines_.push_back(fmt::format("{}: admin: {}", settings_.origins.where("admin"), credentials.error().to_string()));
  }

  [[nodiscard]] Result<void> result() const {
    if (lines_.empty()) return {};
    std::string message;
    for (const std::string& line : lines_) message += (message.empty() ? "" : "\n") + line;
    return Error{ErrorCode::kInvalid, std::move(message), ""};
  }

 private:
  void report(const std::string& option, const fs::path& path, std::string_view what) {
    lines_.push_back(fmt::format("{}: {}: {} {}", settings_.origins.where(option), option, path.string(), what));
  }

  const Settings& settings_;
  std::vector<std::string> lines_;
};

}  // namespace

Result<void> check_environment(const Settings& settings) {
  EnvironmentCheck check(settings);
  check.readable(settings.listeners, "listeners");
  if (!settings.triage.rules.empty()) check.readable(settings.triage.rules, "triage.rules");
  if (settings.source.connector == SourceConnector::kFile) {
    if (!settings.source.path.empty() && settings.source.path != "-")
      check.readable(settings.source.path, "source.path");
    for (size_t i = 0; i < settings.source.paths.size(); ++i) {
      const fs::path& path = settings.source.paths[i];
      if (path != "-") check.readable(path, fmt::format("source.paths[{}]", i));
    }
  }
  for (size_t i = 0; i < settings.sentiment.lexicons.size(); ++i) {
    check.readable(settings.sentiment.lexicons[i], fmt::format("sentiment.lexicons[{}]", i));
  }
  for (size_t i = 0; i < settings.sentiment.models.size(); ++i) {
    check.readable(settings.sentiment.models[i], fmt::format("sentiment.models[{}]", i));
  }
  check.writable_folder(settings.data_dir, "data_dir");
  if (settings.log.connector == LogConnector::kLocal && settings.origins.is_set("log.path")) {
    check.writable_folder(settings.log.path, "log.path");
  }
  const OutputFileSettings& files = settings.outputs.files;
  const std::array<std::pair<const fs::path*, const char*>, 5> outputs{
      {{&files.alerts, "outputs.files.alerts"},
       {&files.mentions, "outputs.files.mentions"},
       {&files.retractions, "outputs.files.retractions"},
       {&files.windows, "outputs.files.windows"},
       {&files.dead_letters, "outputs.files.dead_letters"}}};
  for (const auto& [path, option] : outputs) {
    if (!path->empty() && *path != "-") check.writable_file(*path, option);
  }
  for (const char* property : {"ssl.ca.location", "ssl.certificate.location", "ssl.key.location", "ssl.crl.location",
                               "ssl.keystore.location"}) {
    check.readable_property(property);
  }
  check.usable_admin_credentials();
  return check.result();
}

}  // namespace earshot
