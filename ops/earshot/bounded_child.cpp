#include "ops/earshot/bounded_child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

extern char** environ;

namespace earshot {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

Error system_error(const std::string& what, int code) {
  return {ErrorCode::kUnavailable, what + ": " + std::generic_category().message(code), {}};
}

class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(); }
  [[nodiscard]] int number() const { return number_; }
  void close() {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
  }

 private:
  int number_;
};

// What posix_spawn() is told: three streams and nothing else, and signals as a new program has them.
class SpawnPlan {
 public:
  explicit SpawnPlan(int output) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions_, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
    posix_spawnattr_init(&attributes_);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes_, &none);
    sigset_t all;
    sigfillset(&all);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
  ~SpawnPlan() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }

  // Answers the error, 0 for none.
  int spawn(const std::vector<std::string>& arguments, pid_t& child) const {
    std::vector<std::string> words{"earshot"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    return posix_spawn(&child, "/proc/self/exe", &actions_, &attributes_, pointers.data(), environ);
  }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

// Reads until the child closes its end, its time is up or a stop is requested.
void read_output(int pipe, Clock::time_point end, const std::stop_token& stop, ChildEnd& child) {
  constexpr size_t kOutputBytesMax = size_t{256} << 10;
  constexpr milliseconds kLookEvery(50);
  std::array<char, 16384> buffer;
  while (true) {
    child.is_stopped = stop.stop_requested();
    child.is_timed_out = !child.is_stopped && Clock::now() >= end;
    if (child.is_stopped || child.is_timed_out) return;
    pollfd waiting{pipe, POLLIN, 0};
    if (::poll(&waiting, 1, static_cast<int>(kLookEvery.count())) <= 0) continue;
    const ssize_t count = ::read(pipe, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;
    child.output.append(buffer.data(), static_cast<size_t>(count));
    if (child.output.size() > 2 * kOutputBytesMax) child.output.erase(0, child.output.size() - kOutputBytesMax);
  }
}

}  // namespace

Result<ChildEnd> run_child(const std::vector<std::string>& arguments, milliseconds time_max,
                           const std::stop_token& stop) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return system_error("cannot make a pipe", errno);
  const Descriptor output(ends[0]);
  Descriptor input(ends[1]);
  pid_t child = -1;
  if (const int failure = SpawnPlan(input.number()).spawn(arguments, child); failure != 0) {
    return system_error("cannot start a child process", failure);
  }
  input.close();
  ChildEnd end;
  read_output(output.number(), Clock::now() + time_max, stop, end);
  if (end.is_timed_out || end.is_stopped) ::kill(child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFSIGNALED(status)) end.signal = WTERMSIG(status);
  if (WIFEXITED(status)) end.status = WEXITSTATUS(status);
  return end;
}

Result<void> bound_this_process(int64_t memory_bytes, std::chrono::seconds processor_time) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  constexpr int kNiceness = 10;
  ::setpriority(PRIO_PROCESS, 0, kNiceness);  // a wish: without it the bounds still hold
  // Of processor time the first limit is a signal that says why, and the second one kills.
  const auto limit = [](auto resource, rlim_t value, rlim_t grace = 0) {
    const rlimit both{value, value + grace};
    return ::setrlimit(resource, &both) == 0;
  };
  limit(RLIMIT_CORE, 0);
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  const bool is_memory_bounded =
      memory_bytes > 0;  // a sanitizer's shadow takes more address space than there is memory
#else
  const bool is_memory_bounded = limit(RLIMIT_AS, static_cast<rlim_t>(memory_bytes));
#endif
  if (is_memory_bounded && limit(RLIMIT_CPU, static_cast<rlim_t>(std::max<int64_t>(1, processor_time.count())), 1)) {
    return {};
  }
  return failed("cannot bound a process: " + std::generic_category().message(errno));
}

}  // namespace earshot
