#include "ops/earshot/control_spool.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <system_error>
#include <utility>
#include <vector>

#include "engine/base/stoppable_sleep.h"
#include "engine/observe/logging.h"
#include "engine/time/wall_clock.h"
#include "ops/earshot/connectors.h"
#include "ops/earshot/topics.h"

namespace earshot {
namespace {

namespace fs = std::filesystem;

constexpr size_t kFileBytesMax = 64 * 1024;
constexpr size_t kFilesAtOnceMax = 1000;
constexpr const char* kEnding = ".json";

Error file_fault(const std::string& what, const fs::path& path) {
  return failed(what + ": " + std::generic_category().message(errno), path.string());
}

// Whole or not at all, also when the machine stops.
Result<void> write_file(const fs::path& path, const std::string& text) {
  const fs::path draft = path.string() + ".draft";
  const int descriptor = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) return file_fault("cannot write the decision", draft);
  const bool is_written =
      ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(descriptor) == 0;
  ::close(descriptor);
  if (is_written && ::rename(draft.c_str(), path.c_str()) == 0) return {};
  const Error fault = file_fault("cannot write the decision", draft);
  ::unlink(draft.c_str());
  return fault;
}

Result<void> produce(Log& log, const std::string& producer_id, const std::string& topic,
                     const std::vector<std::string>& decisions) {
  auto producer = log.open_producer(producer_id);
  if (!producer) return producer.error();
  if (auto begun = (*producer)->begin(); !begun) return begun;
  for (const std::string& decision : decisions) {
    auto produced =
        (*producer)->produce({.topic = topic, .key = {}, .value = decision, .timestamp_ms = wall_clock_ms()});
    if (!produced) return produced;
  }
  return (*producer)->commit({});
}

std::vector<fs::path> waiting_files(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code fault;
  for (fs::directory_iterator it(folder, fault), end; !fault && it != end; it.increment(fault)) {
    if (it->path().extension() == kEnding) files.push_back(it->path());
  }
  std::ranges::sort(files);
  if (files.size() > kFilesAtOnceMax) files.resize(kFilesAtOnceMax);
  return files;
}

}  // namespace

fs::path control_folder(const Settings& settings) {
  return settings.data_dir / "control";
}

Result<void> send_control(const Settings& settings, const IncidentControl& control) {
  std::string json;
  append_incident_control_json(json, control);
  if (settings.log.connector == LogConnector::kKafka) {
    auto log = open_log(settings, {});
    if (!log) return log.error();
    const Topics topics(settings.log.topic_prefix);
    return produce(**log, settings.name + "-control-" + control.id, topics.incident_control, {json});
  }
  const fs::path folder = control_folder(settings);
  std::error_code fault;
  fs::create_directories(folder, fault);
  if (fault) return failed("cannot create the folder: " + fault.message(), folder.string());
  return write_file(folder / fmt::format("{:020}-{}{}", control.time_ms, control.id, kEnding), json);
}

ControlSpool::ControlSpool(fs::path folder, Log& log, std::string topic, std::string producer_id)
    : folder_(std::move(folder)), log_(log), topic_(std::move(topic)), producer_id_(std::move(producer_id)) {
  look();
  thread_ = std::jthread([this](const std::stop_token& stop) {
    constexpr std::chrono::milliseconds kEvery{500};
    while (sleep_unless_stopped(stop, kEvery)) look();
  });
}

void ControlSpool::look() {
  const auto taken = take_up();
  const std::string fault = taken ? "" : taken.error().to_string();
  if (!fault.empty() && fault != last_fault_) {
    log_error("incident", "decisions about incidents wait", {{"reason", fault}});
  }
  last_fault_ = fault;
}

Result<void> ControlSpool::take_up() {
  const std::vector<fs::path> files = waiting_files(folder_);
  if (files.empty()) return {};
  std::vector<std::string> decisions;
  for (const fs::path& path : files) {
    std::ifstream file(path, std::ios::binary);
    std::string text(kFileBytesMax, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!file.eof() && !file) return failed("cannot be read", path.string());
    text.resize(static_cast<size_t>(file.gcount()));
    decisions.push_back(std::move(text));
  }
  if (auto produced = produce(log_, producer_id_, topic_, decisions); !produced) return produced;
  for (const fs::path& path : files) {
    if (::unlink(path.c_str()) != 0) return file_fault("cannot be taken out of the folder", path);
  }
  return {};
}

}  // namespace earshot
