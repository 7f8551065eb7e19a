// A computer's clock that is an hour off, or is set while the engine works, changes nothing of what comes out.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
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

// libfaketime as Debian packages it; "" when it is not installed.
std::string find_faketime() {
  for (const std::string folder : {"x86_64-linux-gnu", "aarch64-linux-gnu"}) {
    const std::string path = "/usr/lib/" + folder + "/faketime/libfaketimeMT.so.1";
    if (std::filesystem::exists(path)) return path;
  }
  return {};
}

// Engines that are started meanwhile see the wall clock that set_offset() says.
class WrongClock {
 public:
  WrongClock(const std::string& library, std::string file) : file_(std::move(file)) {
    set_offset("+0");
    setenv("LD_PRELOAD", library.c_str(), 1);
    setenv("FAKETIME_TIMESTAMP_FILE", file_.c_str(), 1);
    setenv("FAKETIME_NO_CACHE", "1", 1);
    setenv("FAKETIME_DONT_FAKE_MONOTONIC", "1", 1);
  }
  ~WrongClock() {
    for (const char* name :
         {"LD_PRELOAD", "FAKETIME_TIMESTAMP_FILE", "FAKETIME_NO_CACHE", "FAKETIME_DONT_FAKE_MONOTONIC"}) {
      unsetenv(name);
    }
  }
  WrongClock(const WrongClock&) = delete;
  WrongClock& operator=(const WrongClock&) = delete;

  // Such as "+1h"; put in place at once, so that nobody reads half of it.
  void set_offset(const std::string& offset) const {
    std::ofstream(file_ + ".next") << offset << '\n';
    std::filesystem::rename(file_ + ".next", file_);
  }

 private:
  std::string file_;
};

std::vector<std::string> all_outputs(const LocalRun& run, const std::string& name) {
  std::vector<std::string> lines;
  for (const char* output : {"alerts", "windows", "mentions"}) {
    const auto some = run.lines(name, output);
    lines.insert(lines.end(), some.begin(), some.end());
  }
  return lines;
}

TEST(Clock, ThatIsAnHourOffOrSetMeanwhileChangesNothing) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "a sanitizer's own library has to be the first, and so has libfaketime";
#endif
  const std::string library = find_faketime();
  if (library.empty()) GTEST_SKIP() << "libfaketime is not installed";
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

  const WrongClock clock(library, run.path("clock"));
  constexpr std::array<const char*, 2> kOffsets{"+1h", "-1h"};
  for (const char* offset : kOffsets) {
    clock.set_offset(offset);
    run_to_the_end(offset);
    EXPECT_EQ(compare_lines(all_outputs(run, "right"), all_outputs(run, offset)), "") << offset;
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
