// The disk of the local log is full for a while: the engine pauses, loses nothing, and goes on by itself.
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/statvfs.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <thread>

#include "tests/faults/fault_plan.h"
#include "tests/faults/local_run.h"
#include "tests/faults/post_feed.h"

namespace earshot::faults {
namespace {

using std::chrono::seconds;
using Clock = std::chrono::steady_clock;

constexpr int64_t kStartMs = 1'772'409'600'000;  // 2026-03-02T00:00:00Z

// A file system in memory that is small at first.
class SmallDisk {
 public:
  explicit SmallDisk(std::filesystem::path folder) : folder_(std::move(folder)) {
    std::filesystem::create_directories(folder_);
    is_mounted_ = mount("tmpfs", folder_.c_str(), "tmpfs", 0, "size=16m") == 0;
  }
  ~SmallDisk() {
    if (is_mounted_) umount2(folder_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  [[nodiscard]] bool is_mounted() const { return is_mounted_; }
  [[nodiscard]] uint64_t free_bytes() const {
    struct statvfs status {};
    return statvfs(folder_.c_str(), &status) == 0 ? status.f_bavail * status.f_bsize : 0;
  }
  bool resize(const std::string& size) const {
    return mount("tmpfs", folder_.c_str(), "tmpfs", MS_REMOUNT, ("size=" + size).c_str()) == 0;
  }

 private:
  std::filesystem::path folder_;
  bool is_mounted_ = false;
};

template <class Condition>
bool comes_true_within(seconds limit, Condition condition) {
  for (const auto deadline = Clock::now() + limit; Clock::now() < deadline;) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return condition();
}

void fill_and_free(const FaultPlan& plan) {
  const PostScript script(plan.seed, kStartMs);
  const LocalRun run;
  const SmallDisk disk(run.path("filled"));
  if (!disk.is_mounted()) GTEST_SKIP() << "mounting a file system is not permitted here";
  const std::string config = run.configure("filled");
  PostFeed feed(script, 6'000, [&](const auto& posts) { run.append(posts); });
  EngineProcess engine({"run", "--config", config});
  // What it could not write whole it takes away again: the disk itself may not look full.
  ASSERT_TRUE(comes_true_within(
      seconds(60),
      [&] { return engine.errors_so_far().find("No space left") != std::string::npos || !engine.is_running(); }))
      << disk.free_bytes() << " bytes are free; " << engine.errors_so_far();
  std::this_thread::sleep_for(seconds(3));
  ASSERT_TRUE(engine.is_running()) << engine.wait_at_most({}).err;
  const size_t written_when_full = run.lines("filled", "mentions").size();

  ASSERT_TRUE(disk.resize("1g"));
  const auto freed = Clock::now();
  EXPECT_TRUE(comes_true_within(seconds(60), [&] {
    return run.lines("filled", "mentions").size() > written_when_full + 1'000 || !engine.is_running();
  })) << "it did not go on";
  const double resumed_s = std::chrono::duration<double>(Clock::now() - freed).count();
  EXPECT_TRUE(engine.is_running()) << engine.wait_at_most({}).err;
  const uint64_t posts = feed.stop();
  engine.signal(SIGTERM);
  const auto ended = engine.wait_at_most(seconds(30));
  EXPECT_EQ(ended.status, 0) << ended.err;
  const auto finished = run_earshot({"run", "--config", config, "--until-end"});
  ASSERT_EQ(finished.status, 0) << finished.err;
  const Oracle oracle = oracle_of(script, posts);
  const Records final = read_all(run.open_outputs("filled", true));
  EXPECT_EQ(compare(oracle, values_of(final, "windows"), values_of(final, "mentions.")), "");
  EXPECT_EQ(compare(oracle, run.lines("filled", "windows"), run.lines("filled", "mentions")), "");
  std::cout << posts << " posts, went on " << resumed_s << " s after there was room\n";
}

TEST(DiskFull, PausesTheEngineWhichLosesNothingAndGoesOnWhenThereIsRoom) {
  const FaultPlan plan = fault_plan(1);
  SCOPED_TRACE(plan.replay());
  for (int round = 0; round < plan.rounds && !HasFailure() && !IsSkipped(); ++round) {
    fill_and_free({plan.seed + static_cast<uint64_t>(round), plan.rounds});
  }
}

}  // namespace
}  // namespace earshot::faults
