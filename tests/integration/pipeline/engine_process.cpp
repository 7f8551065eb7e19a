#include "tests/integration/pipeline/engine_process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <sstream>
#include <thread>

#include "ops/generator/generator.h"

extern char** environ;

namespace earshot {
namespace {

namespace fs = std::filesystem;

fs::path new_folder() {
  std::string name = (fs::temp_directory_path() / "earshot-test-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  return name;
}

std::string content_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

}  // namespace

EngineProcess::EngineProcess(const std::vector<std::string>& arguments, const std::string& input,
                             const std::string& binary)
    : folder_(new_folder()) {
  std::ofstream(folder_ / "in", std::ios::binary) << input;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  const auto redirect = [&](int descriptor, const char* name, int flags) {
    posix_spawn_file_actions_addopen(&actions, descriptor, (folder_ / name).c_str(), flags, 0600);
  };
  redirect(STDIN_FILENO, "in", O_RDONLY);
  redirect(STDOUT_FILENO, "out", O_WRONLY | O_CREAT | O_TRUNC);
  redirect(STDERR_FILENO, "err", O_WRONLY | O_CREAT | O_TRUNC);
  std::vector<std::string> words{binary.empty() ? EARSHOT_BINARY : binary};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> raw;
  for (std::string& word : words) raw.push_back(word.data());
  raw.push_back(nullptr);
  if (posix_spawn(&pid_, raw.front(), &actions, nullptr, raw.data(), environ) != 0) {
    throw std::runtime_error("earshot could not be started");
  }
  posix_spawn_file_actions_destroy(&actions);
}

EngineProcess::~EngineProcess() {
  if (pid_ > 0) {
    signal(SIGKILL);
    wait();
  }
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void EngineProcess::signal(int number) const {
  kill(pid_, number);
}

std::string EngineProcess::errors_so_far() const {
  return content_of(folder_ / "err");
}

bool EngineProcess::is_running() const {
  siginfo_t info{};
  return waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == 0;
}

Finished EngineProcess::wait() {
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  Finished finished;
  finished.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  finished.out = content_of(folder_ / "out");
  finished.err = content_of(folder_ / "err");
  return finished;
}

Finished EngineProcess::wait_at_most(std::chrono::seconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (is_running() && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  if (is_running()) signal(SIGKILL);
  return wait();
}

Workspace::Workspace() : folder_(new_folder()) {
  fs::create_directory(folder_ / "listeners");
  std::ofstream(folder_ / "listeners" / "brands.yaml")
      << std::ifstream(fs::path(EARSHOT_SOURCE_DIR) / "ops/demo/listeners/crisis-desk.yaml").rdbuf();
}

Workspace::~Workspace() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

std::string Workspace::configure(const std::string& name, const std::string& sections) const {
  const fs::path path = folder_ / (name + ".yaml");
  std::ofstream(path) << "name: test\nlisteners: listeners\ndata_dir: " << name << "\nadmin: {enabled: false}\n"
                      << sections;
  return path.string();
}

const fs::path& Workspace::posts() {
  static const fs::path path = [] {
    static const fs::path folder = new_folder();
    std::atexit([] {
      std::error_code ignored;
      fs::remove_all(folder, ignored);
    });
    generator::DayPlan plan;
    plan.posts_per_second = 0.5;
    const auto written = generator::generate_file(plan, folder / "day.ndjson");
    if (!written) throw std::runtime_error(written.error().to_string());
    return folder / "day.ndjson";
  }();
  return path;
}

std::vector<std::string> lines_of(const fs::path& path) {
  std::vector<std::string> lines;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

std::vector<std::string> sorted_lines_of(const fs::path& path) {
  auto lines = lines_of(path);
  std::sort(lines.begin(), lines.end());
  return lines;
}

}  // namespace earshot
