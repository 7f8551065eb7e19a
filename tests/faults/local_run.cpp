#include "tests/faults/local_run.h"

#include <fstream>
#include <set>

#include "connectors/local/local_log.h"

namespace earshot::faults {

std::string shared_settings() {
  return "listeners: listeners\nadmin: {enabled: false}\nlogging: {level: warning}\nwindows: {sizes: [1m, 15m]}\n"
         "detect: {warm_up: 8m, cool_down: 5m}\ndedup: "
         "{mentions: 5000}\n";
}

LocalRun::LocalRun() {
  std::ofstream(workspace_.path("listeners") / "brands.yaml") << PostScript::listeners_yaml();
  append({});
}

std::string LocalRun::configure(const std::string& name) const {
  const std::string config = path(name + ".yaml").string();
  std::ofstream(config) << "name: faults\ndata_dir: " << name << '\n'
                        << shared_settings() << "source: {connector: file, path: posts.ndjson, follow: true}\n"
                        << "log: {partitions: 2}\nruntime: " << runtime_ << "\noutputs: {files: {alerts: " << name
                        << "-alerts, windows: " << name << "-windows, mentions: " << name
                        << "-mentions, dead_letters: " << name << "-dead}}\n";
  return config;
}

void LocalRun::append(const std::vector<NumberedPost>& posts) const {
  std::string text;
  for (const NumberedPost& post : posts) text += post.json + '\n';
  std::ofstream(path("posts.ndjson"), std::ios::binary | std::ios::app) << text;
}

void LocalRun::append_line(const std::string& line) const {
  std::ofstream(path("posts.ndjson"), std::ios::binary | std::ios::app) << line << '\n';
}

OpenSource LocalRun::open_outputs(const std::string& name, bool until_end) const {
  return [log_path = log_folder(name).string(), until_end]() -> Result<std::unique_ptr<Source>> {
    auto reader = local::open_local_log_reader(log_path);
    if (!reader) return reader.error();
    return (*reader)->subscribe({"windows", "mentions.service", "mentions.sales"}, {.until_end = until_end});
  };
}

std::vector<std::string> LocalRun::lines(const std::string& name, const std::string& output) const {
  return lines_of(path(name + "-" + output));
}

}  // namespace earshot::faults
