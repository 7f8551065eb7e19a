// LocalRun: a workspace whose engines read a growing file of numbered posts into a local log.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/faults/committed_reader.h"
#include "tests/faults/numbered_posts.h"
#include "tests/integration/pipeline/engine_process.h"

namespace earshot::faults {

// The settings that all scenarios share, as YAML.
std::string shared_settings();

class LocalRun {
 public:
  LocalRun();

  // Settings that replace the usual runtime section, as YAML; call before configure().
  void set_runtime(std::string yaml) { runtime_ = std::move(yaml); }

  // A configuration of its own log and output files over the same posts; answers its path.
  std::string configure(const std::string& name) const;

  // Appends to the posts that every configuration reads.
  void append(const std::vector<NumberedPost>& posts) const;
  void append_line(const std::string& line) const;

  // Topics of a run's log, for a reader; those that exist by then.
  OpenSource open_outputs(const std::string& name, bool until_end) const;

  // Lines of "windows", "mentions", "alerts" or "dead" as the run's files hold them.
  std::vector<std::string> lines(const std::string& name, const std::string& output) const;

  [[nodiscard]] std::filesystem::path log_folder(const std::string& name) const { return path(name) / "log"; }
  [[nodiscard]] std::filesystem::path path(const std::string& name) const { return workspace_.path(name); }

 private:
  Workspace workspace_;
  std::string runtime_ = "{commit_interval: 20ms, batch_bytes: 64KiB}";
};

}  // namespace earshot::faults
