// A computer's clock that is an hour off, or is set while the engine works, changes nothing of what comes out.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tests/faults/fault_plan.h"
#include "tests/faults/local_run.h"
#include "tests/faults/post_feed.h"

namespace earshot::faults {
namespace {

constexpr int64_t kStartMs = 1'772'409'600'000;  // 2026-03-02T00:00:00Z
constexpr uint64_t kPosts = 120'000;

// Engines that are started meanwhile see a wall clock that is off by what set_offset() says, from that moment on.
class WrongClock {
 public:
  explicit WrongClock(const std::string& path) {
    std::ofstream(path, std::ios::binary).write("\0\0\0\0\0\0\0", sizeof(int64_t));
    const int file = open(path.c_str(), O_RDWR | O_CLOEXEC);
    void* mapped = mmap(nullptr, sizeof(int64_t), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (mapped == MAP_FAILED) throw std::runtime_error("cannot map " + path);
    offset_s_ = static_cast<std::atomic<int64_t>*>(mapped);
    setenv("LD_PRELOAD", WRONG_CLOCK_LIBRARY, 1);
    setenv("WRONG_CLOCK", path.c_str(), 1);
  }
  ~WrongClock() {
    unsetenv("LD_PRELOAD");
    unsetenv("WRONG_CLOCK");
    munmap(offset_s_, sizeof(int64_t));
  }
  WrongClock(const WrongClock&) = delete;
  WrongClock& operator=(const WrongClock&) = delete;

  void set_offset(std::chrono::seconds offset) const { offset_s_->store(offset.count()); }

 private:
  std::atomic<int64_t>* offset_s_;
};

std::vector<std::string> all_outputs(const LocalRun& run, const std::string& name) {
  std::vector<std::string> lines;
  for (const char* output : {"alerts", "windows", "mentions"}) {
    const auto some = run.lines(name, output);
    lines.insert(lines.end(), some.begin(), some.end());
  }
  return lines;
}

// What the process that asks sees, in seconds off.
TEST(Clock, IsAsWrongAsItIsSet) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "a sanitizer's own library has to be the first, and so has that of the wrong clock";
#endif
  const LocalRun run;
  const WrongClock clock(run.path("clock").string());
  clock.set_offset(std::chrono::hours(1));
  const std::string command = "date +%s > '" + run.path("seen").string() + "'";
  ASSERT_EQ(std::system(command.c_str()), 0);
  int64_t seen_s = 0;
  std::ifstream(run.path("seen")) >> seen_s;
  EXPECT_NEAR(static_cast<double>(seen_s - std::chrono::system_clock::to_time_t(std::chrono::system_clock::now())),
              3'600, 30);
}

TEST(Clock, ThatIsAnHourOffOrSetMeanwhileChangesNothing) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "a sanitizer's own library has to be the first, and so has that of the wrong clock";
#endif
  const FaultPlan plan = fault_plan(1);
  SCOPED_TRACE(plan.replay());
  const PostScript script(plan.seed, kStartMs);
  const LocalRun run;
  std::vector<NumberedPost> posts;
  for (uint64_t number = 0; number < kPosts; ++number) posts.push_back(script.post(number));
  run.append(posts);
  const auto run_to_the_end = [&](const std::string& name) {
    const auto ended = run_earshot({"run", "--config", run.configure(name), "--until-end"});
    ASSERT_EQ(ended.status, 0) << ended.err;
  };
  run_to_the_end("right");
  EXPECT_EQ(compare(oracle_of(script, kPosts), run.lines("right", "windows"), run.lines("right", "mentions")), "");
  ASSERT_FALSE(run.lines("right", "alerts").empty());

  const WrongClock clock(run.path("clock").string());
  constexpr std::array<std::chrono::hours, 2> kOffsets{std::chrono::hours(1), std::chrono::hours(-1)};
  for (const auto offset : kOffsets) {
    clock.set_offset(offset);
    const std::string name = offset.count() > 0 ? "ahead" : "behind";
    run_to_the_end(name);
    EXPECT_EQ(compare_lines(all_outputs(run, "right"), all_outputs(run, name)), "") << name;
  }
  const std::jthread setter([&](const std::stop_token& stop) {
    for (size_t turn = 0; !stop.stop_requested(); ++turn) {
      clock.set_offset(kOffsets[turn % kOffsets.size()]);
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
  });
  run_to_the_end("set");
  EXPECT_EQ(compare_lines(all_outputs(run, "right"), all_outputs(run, "set")), "");
}

}  // namespace
}  // namespace earshot::faults
