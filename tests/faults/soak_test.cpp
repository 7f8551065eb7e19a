// An engine at work for a long time: its memory stays what it is once it is warm, and its output right. Two minutes, or
// as long as EARSHOT_FAULTS_SOAK_S says.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <thread>
#include <vector>

#include "tests/faults/fault_plan.h"
#include "tests/faults/local_run.h"
#include "tests/faults/memory_use.h"
#include "tests/faults/post_feed.h"

namespace earshot::faults {
namespace {

constexpr int64_t kStartMs = 1'772'409'600'000;  // 2026-03-02T00:00:00Z

double median(std::vector<double> samples) {
  const auto middle = samples.begin() + static_cast<std::ptrdiff_t>(samples.size() / 2);
  std::nth_element(samples.begin(), middle, samples.end());
  return *middle;
}

TEST(Soak, LeavesMemoryFlatOnceItIsWarm) {
  const char* asked = std::getenv("EARSHOT_FAULTS_SOAK_S");
  const auto seconds = static_cast<size_t>(asked == nullptr ? 120 : std::max(40L, std::strtol(asked, nullptr, 10)));
  const FaultPlan plan = fault_plan(1);
  SCOPED_TRACE(plan.replay());
  const PostScript script(plan.seed, kStartMs);
  const LocalRun run;
  const std::string config = run.configure("soaked");
  PostFeed feed(script, 500, [&](const auto& posts) { run.append(posts); });
  EngineProcess engine({"run", "--config", config});
  std::vector<double> samples;
  for (size_t second = 0; second < seconds; ++second) {
    std::this_thread::sleep_for(std::chrono::seconds(1));
    ASSERT_TRUE(engine.is_running()) << engine.wait_at_most({}).err;
    samples.push_back(resident_mib(engine));
  }
  const uint64_t posts = feed.stop();
  engine.signal(SIGTERM);
  EXPECT_EQ(engine.wait_at_most(std::chrono::seconds(60)).status, 0);

  // The first half is warm-up; the quarters after it lie a quarter of the time apart.
  const auto quarter = static_cast<std::ptrdiff_t>(samples.size() / 4);
  const double third_mib = median({samples.begin() + 2 * quarter, samples.begin() + 3 * quarter});
  const double fourth_mib = median({samples.begin() + 3 * quarter, samples.end()});
  const double hours = static_cast<double>(quarter) / 3600;
  const double growth = (fourth_mib - third_mib) / third_mib;
  std::cout << posts << " posts in " << seconds << " s; " << third_mib << " MiB, then " << fourth_mib
            << " MiB: " << growth * 100 << " % in " << hours << " h\n";
  // A short run is not warm yet and shows no more than a leak that fills memory within the hour.
  const double allowed = hours < 0.25 ? 0.25 : std::max(0.02, 0.01 * hours);
  EXPECT_LT(growth, allowed);

  const auto finished = run_earshot({"run", "--config", config, "--until-end"});
  ASSERT_EQ(finished.status, 0) << finished.err;
  EXPECT_EQ(compare(oracle_of(script, posts), run.lines("soaked", "windows"), run.lines("soaked", "mentions")), "");
}

}  // namespace
}  // namespace earshot::faults
