#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>
#include <set>
#include <string_view>

#include "connectors/kafka/managed_properties.h"
#include "engine/config/document.h"
#include "engine/config/quantity.h"
#include "operators/parse/custom_fields.h"
#include "ops/settings/settings.h"

namespace earshot {
namespace {

void check_source(const Settings& settings, ConfigReading& reading) {
  const SourceSettings& source = settings.source;
  const bool has_path = !source.path.empty();
  const bool has_paths = !source.paths.empty();
  if (source.connector == SourceConnector::kFile) {
    reading.require(has_path || has_paths, {"source.path", "source.paths", "source.connector"},
                    "is required when source.connector is file: a file, a folder or - for stdin");
    reading.require(!(has_path && has_paths), {"source.paths", "source.path"},
                    "set either source.path or source.paths");
  }
  const bool is_local_pair = settings.log.connector == LogConnector::kLocal;
  reading.require(source.connector != SourceConnector::kLocal || is_local_pair, {"source.connector", "log.connector"},
                  "local reads topics of the local log, so it needs log.connector: local");
}

// Every fault of the map with its own line.
void check_fields(const SourceSettings& source, ConfigReading& reading) {
  const bool is_custom = source.format == "custom";
  reading.require(is_custom || source.fields.empty(), {"source.fields", "source.format"},
                  "is for source.format: custom");
  if (!is_custom) return;
  std::map<std::string, std::string> pointers;
  bool is_sound = true;
  for (const auto& [member, pointer] : source.fields) {
    const std::string fault = parse::CustomFields::fault_of(member, pointer.reveal());
    reading.require(fault.empty(), {fmt::format("source.fields.{}", member)}, fault);
    is_sound = is_sound && fault.empty();
    pointers.emplace(member, pointer.reveal());
  }
  if (!is_sound) return;
  const auto fields = parse::CustomFields::from(pointers);
  reading.require(fields.ok(), {"source.fields", "source.format"}, fields ? "" : fields.error().message);
}

void check_kafka(const Settings& settings, ConfigReading& reading) {
  const bool uses_kafka =
      settings.source.connector == SourceConnector::kKafka || settings.log.connector == LogConnector::kKafka;
  const bool has_servers =
      settings.kafka.contains("bootstrap.servers") || settings.kafka.contains("metadata.broker.list");
  const std::string_view user =
      settings.source.connector == SourceConnector::kKafka ? "source.connector" : "log.connector";
  reading.require(!uses_kafka || has_servers, {user, "kafka"},
                  "kafka needs the brokers' addresses: kafka: {bootstrap.servers: \"host:9092\"}");
  for (const kafka::ManagedProperty& property : kafka::kManagedProperties) {
    reading.require(!settings.kafka.contains(std::string(property.name)), {fmt::format("kafka.{}", property.name)},
                    fmt::format("earshot sets this property itself: {}; remove it", property.reason));
  }
}

void check_windows(const Settings& settings, ConfigReading& reading) {
  const WindowSettings& windows = settings.windows;
  for (size_t i = 0; i < windows.sizes.size(); ++i) {
    const std::string path = fmt::format("windows.sizes[{}]", i);
    reading.require(windows.sizes[i] % windows.pane == std::chrono::milliseconds(0), {path, "windows.pane"},
                    fmt::format("{} is not a multiple of windows.pane, which is {}", format_duration(windows.sizes[i]),
                                format_duration(windows.pane)));
    reading.require(i == 0 || windows.sizes[i - 1] < windows.sizes[i], {path}, "windows.sizes must ascend, each once");
  }
}

void check_outputs(const Settings& settings, ConfigReading& reading) {
  const OutputFileSettings& files = settings.outputs.files;
  reading.require(files.mentions.empty() || settings.outputs.mentions, {"outputs.files.mentions", "outputs.mentions"},
                  "needs outputs.mentions: true");
  reading.require(files.retractions.empty() || settings.outputs.mentions,
                  {"outputs.files.retractions", "outputs.mentions"}, "needs outputs.mentions: true");
  reading.require(files.windows.empty() || settings.outputs.windows, {"outputs.files.windows", "outputs.windows"},
                  "needs outputs.windows: true");
  std::set<std::filesystem::path> taken;
  const std::array<std::pair<const std::filesystem::path*, const char*>, 5> outputs{
      {{&files.alerts, "outputs.files.alerts"},
       {&files.mentions, "outputs.files.mentions"},
       {&files.retractions, "outputs.files.retractions"},
       {&files.windows, "outputs.files.windows"},
       {&files.dead_letters, "outputs.files.dead_letters"}}};
  for (const auto& [path, name] : outputs) {
    const bool is_own = path->empty() || *path == "-" || taken.insert(*path).second;
    reading.require(is_own, {name}, "another output is written to this file already");
  }
}

void check_admin(const Settings& settings, ConfigReading& reading) {
  const std::string& listen = settings.admin.listen;
  const int port = std::atoi(listen.substr(listen.rfind(':') + 1).c_str());
  reading.require(port <= 65535, {"admin.listen"}, fmt::format("{} is not a port; ports end at 65535", port));
  if (!settings.admin.enabled) return;
  const bool has_certificate = !settings.admin.certificate.empty();
  const bool has_key = !settings.admin.private_key.empty();
  reading.require(has_certificate == has_key, {"admin.tls.certificate", "admin.tls.private_key", "admin.tls"},
                  "TLS needs both admin.tls.certificate and admin.tls.private_key");
  const bool is_guarded = has_certificate && has_key && !settings.admin.token_file.empty();
  reading.require(is_loopback(listen) || is_guarded, {"admin.listen", "admin.tls", "admin.token_file"},
                  fmt::format("other machines can reach {}, so it needs TLS and a token: set admin.tls.certificate, "
                              "admin.tls.private_key and admin.token_file, or listen on 127.0.0.1",
                              listen));
}

Result<std::string> read_text(const std::filesystem::path& path) {
  std::error_code fault;
  if (std::filesystem::is_directory(path, fault)) {
    return invalid("expected a configuration file, found a folder", path.string());
  }
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in) return Error{ErrorCode::kNotFound, fmt::format("cannot read it: {}", std::strerror(errno)), path.string()};
  std::string text(kConfigBytesMax + 1, '\0');  // one byte more than is taken, so that too much is seen
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad()) return failed("cannot read it", path.string());
  text.resize(static_cast<size_t>(in.gcount()));
  return text;
}

}  // namespace

ReadSettings read_settings(std::string_view yaml, const ConfigContext& context) {
  ReadSettings read;
  Settings& settings = read.settings;
  read.reading = read_config(yaml, declare_settings(settings), context);
  ConfigReading& reading = read.reading;
  check_source(settings, reading);
  check_fields(settings.source, reading);
  check_kafka(settings, reading);
  check_windows(settings, reading);
  check_outputs(settings, reading);
  check_admin(settings, reading);
  if (settings.log.path.empty()) settings.log.path = settings.data_dir / "log";
  settings.origins = reading.origins;
  return read;
}

Result<Settings> load_settings(const std::filesystem::path& path) {
  const Result<std::string> text = read_text(path);
  if (!text) return text.error();
  const ConfigContext context{path.string(), path.parent_path(), process_environment()};
  ReadSettings read = read_settings(*text, context);
  if (!read.reading.ok()) return read.reading.to_error();
  return std::move(read.settings);
}

}  // namespace earshot
