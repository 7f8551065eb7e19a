// EngineProcess: the real `earshot` binary as a child process, and the workspace it runs in.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace earshot {

struct Finished {
  int status = -1;  // exit status; 128 + signal when a signal ended it
  std::string out;
  std::string err;
};

class EngineProcess {
 public:
  // Starts `earshot ARGUMENTS…` with stdin from `input` ("" for none) and the environment of this process; `binary` is
  // another build of it, if given.
  explicit EngineProcess(const std::vector<std::string>& arguments, const std::string& input = {},
                         const std::string& binary = {});
  ~EngineProcess();
  EngineProcess(const EngineProcess&) = delete;
  EngineProcess& operator=(const EngineProcess&) = delete;

  void signal(int number) const;
  [[nodiscard]] pid_t pid() const { return pid_; }
  // False once it has ended by itself; wait() then tells how.
  [[nodiscard]] bool is_running() const;
  Finished wait();
  [[nodiscard]] std::string errors_so_far() const;  // what it has written to stderr
  // Kills it when it has not ended by then: the status tells.
  Finished wait_at_most(std::chrono::seconds limit);

 private:
  pid_t pid_ = -1;
  std::filesystem::path folder_;  // of the child's streams
};

inline Finished run_earshot(const std::vector<std::string>& arguments, const std::string& input = {}) {
  return EngineProcess(arguments, input).wait();
}

// A fresh folder with a generated day of posts, listeners and a configuration; removed at the end.
class Workspace {
 public:
  Workspace();
  ~Workspace();
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;

  // Writes earshot.yaml with these sections (YAML text), after name, data_dir and listeners; answers its path.
  std::string configure(const std::string& name, const std::string& sections) const;
  [[nodiscard]] std::filesystem::path path(const std::string& name) const { return folder_ / name; }

  // One generated day for all tests of this process: 24 hours at half a post a second.
  static const std::filesystem::path& posts();

 private:
  std::filesystem::path folder_;
};

std::vector<std::string> lines_of(const std::filesystem::path& path);
// The same in byte order, for outputs of several partitions, which have no order among each other.
std::vector<std::string> sorted_lines_of(const std::filesystem::path& path);

}  // namespace earshot
