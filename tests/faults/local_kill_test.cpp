// Engines on the local log are killed at any moment, under load; nothing is lost and nothing doubled.
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <iostream>
#include <random>
#include <thread>

#include "tests/faults/fault_plan.h"
#include "tests/faults/local_run.h"
#include "tests/faults/post_feed.h"

namespace earshot::faults {
namespace {

constexpr int64_t kStartMs = 1'772'409'600'000;  // 2026-03-02T00:00:00Z

TEST(LocalFaults, LoseAndDoubleNothingWhenTheEngineIsKilledAtAnyMoment) {
  const FaultPlan plan = fault_plan(20);
  SCOPED_TRACE(plan.replay());
  const PostScript script(plan.seed, kStartMs);
  const LocalRun run;
  const std::string config = run.configure("killed");
  PostFeed feed(script, 6'000, [&](const auto& posts) { run.append(posts); });
  CommittedReader reader(run.open_outputs("killed", false));
  std::mt19937_64 random(plan.seed);
  int kills = 0;
  int kills_with_progress = 0;
  while (kills < plan.rounds) {
    const size_t seen_before = reader.count();
    EngineProcess engine({"run", "--config", config});
    std::this_thread::sleep_for(std::chrono::milliseconds(100 + random() % 900));
    engine.signal(SIGKILL);
    const auto ended = engine.wait();
    ASSERT_EQ(ended.status, 128 + SIGKILL) << ended.err;
    ++kills;
    kills_with_progress += reader.count() > seen_before;
  }
  const uint64_t posts = feed.stop();
  const auto resumed = run_earshot({"run", "--config", config, "--until-end"});
  ASSERT_EQ(resumed.status, 0) << resumed.err;

  const Oracle oracle = oracle_of(script, posts);
  const Records final = read_all(run.open_outputs("killed", true));
  EXPECT_EQ(compare(oracle, values_of(final, "windows"), values_of(final, "mentions.")), "");
  EXPECT_EQ(find_revisions(values_of(final, "windows")), "");
  EXPECT_EQ(compare_records(reader.finish(count_of(final)), final), "");
  EXPECT_EQ(compare(oracle, run.lines("killed", "windows"), run.lines("killed", "mentions")), "");

  const auto undisturbed = run_earshot({"run", "--config", run.configure("undisturbed"), "--until-end"});
  ASSERT_EQ(undisturbed.status, 0) << undisturbed.err;
  EXPECT_GT(run.lines("undisturbed", "alerts").size(), 0u);
  EXPECT_EQ(compare_lines(run.lines("undisturbed", "alerts"), run.lines("killed", "alerts")), "");
  EXPECT_GT(kills_with_progress, plan.rounds / 4) << "the kills did not meet an engine at work";
  std::cout << kills << " kills, " << kills_with_progress << " of them after output; " << posts << " posts, "
            << oracle.mentions().size() << " mentions, " << oracle.windows().size() << " windows, "
            << run.lines("killed", "alerts").size() << " alerts\n";
}

}  // namespace
}  // namespace earshot::faults
