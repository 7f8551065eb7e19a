// What a batch takes while a large set of listeners is compiled and taken up. Of a small set it is looked at in every
// run, by processor time, so that neighbours on the machine count for little; of a large one, and by the clock, on
// demand: EARSHOT_RELOAD_LISTENERS=50000 test_ops_topologies --gtest_filter='ReloadTime.*'
#include <gtest/gtest.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <limits>
#include <thread>

#include "tests/ops/topologies/listen_fixture.h"

namespace earshot {
namespace {

using Clock = std::chrono::steady_clock;

class ReloadTime : public ListenFixture {
 protected:
  static ListenerSet set_of(size_t count, uint64_t version) {
    ListenerSet set;
    for (size_t i = 0; i < count; ++i) {
      const std::string number = std::to_string(i);
      set.listeners.push_back(
          {.name = "listener-" + number,
           .spoke = "desk",
           .owner = "o",
           .query = "brand" + number + " (outage OR \"is down\" OR refund" + std::to_string(version) + ")"});
    }
    set.version = version;
    return set;
  }

  // A megabyte of posts, a third of which match.
  static std::vector<std::string> batch(size_t number, size_t listeners) {
    std::vector<std::string> posts;
    for (size_t i = 0; i < 2'000; ++i) {
      const std::string id = std::to_string(number) + "-" + std::to_string(i);
      const std::string brand = "brand" + std::to_string((number * 2'000 + i) % listeners);
      const std::string text = i % 3 == 0 ? brand + " is down again and nobody answers the phone"
                                          : "what a lovely morning to go for a walk with " + brand;
      posts.push_back(post(id, text + std::string(300, '.')));
    }
    return posts;
  }

  // Of one batch with its commit, in milliseconds: by the clock, and of processors.
  struct BatchTime {
    double clock_ms = 0;
    double cpu_ms = 0;
  };
  BatchTime time_batch(size_t number, size_t listeners) {
    const auto posts = batch(number, listeners);
    const auto began = Clock::now();
    const double cpu_began = cpu_ms();
    listen_->begin_interval();
    feed(posts, static_cast<int64_t>(number * posts.size()));
    EXPECT_TRUE(listen_->before_commit({}, false, outbox_));
    const BatchTime time{std::chrono::duration<double, std::milli>(Clock::now() - began).count(), cpu_ms() - cpu_began};
    outbox_.abort();
    return time;
  }
  double time_of_batch(size_t number, size_t listeners) { return time_batch(number, listeners).clock_ms; }

  // Of the whole process, all threads.
  static double cpu_ms() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
  }

  // The least of three, of what a rule takes.
  static double cpu_of_compiling_a_rule(size_t count) {
    double least = std::numeric_limits<double>::max();
    for (uint64_t version = 1; version <= 3; ++version) {
      ListenerSet set = set_of(count, version);
      const double began = cpu_ms();
      compiled(std::move(set));
      least = std::min(least, (cpu_ms() - began) / static_cast<double>(count));
    }
    return least;
  }

  static double median(std::vector<double> values) {
    std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
    return values[values.size() / 2];
  }
};

TEST_F(ReloadTime, NoBatchTakesTwiceItsUsualTime) {
  const char* wanted = std::getenv("EARSHOT_RELOAD_LISTENERS");
  if (wanted == nullptr) GTEST_SKIP() << "set EARSHOT_RELOAD_LISTENERS to a number of listeners";
  const size_t count = std::strtoul(wanted, nullptr, 10);
  const auto live = std::make_shared<LiveRules>(compiled(set_of(count, 1)));
  listen_->follow(live);
  for (int32_t partition = 0; partition < 8; ++partition) {
    ASSERT_TRUE(listen_->assigned({kPosts.topic, partition}, std::nullopt));
  }
  size_t number = 0;
  for (; number < 20; ++number) time_batch(number, count);

  std::vector<double> usual;
  std::vector<double> meanwhile;
  std::vector<double> taking_up;
  std::vector<double> compiling_ms;
  for (uint64_t version = 2; version < 9; ++version) {
    std::shared_ptr<const match::RuleSet> rules;
    std::atomic<bool> is_compiled = false;
    std::jthread compiling([&] {
      live->free_replaced();
      auto listeners = set_of(count, version);
      const auto began = Clock::now();
      rules = compiled(std::move(listeners));
      compiling_ms.push_back(std::chrono::duration<double, std::milli>(Clock::now() - began).count());
      is_compiled = true;
    });
    while (!is_compiled) meanwhile.push_back(time_of_batch(number++, count));
    compiling.join();
    for (int i = 0; i < 10; ++i) usual.push_back(time_of_batch(number++, count));
    live->replace(std::move(rules));
    taking_up.push_back(time_of_batch(number++, count));
    ASSERT_EQ(live->replaced(), 1U);  // not freed by the batch
  }
  std::cout << count << " listeners compile in " << median(compiling_ms) << " ms; a batch takes " << median(usual)
            << " ms, while compiling " << median(meanwhile) << " ms, the one that takes the new set up "
            << median(taking_up) << " ms, at most " << std::ranges::max(taking_up) << " ms (medians of "
            << taking_up.size() << " reloads)\n";
  EXPECT_LT(median(taking_up), 2 * median(usual));
}

TEST_F(ReloadTime, ABatchThatTakesUpASetCostsLessThanTwiceTheUsual) {
  constexpr size_t kListeners = 4000;
  constexpr uint64_t kReloads = 5;
  const auto live = std::make_shared<LiveRules>(compiled(set_of(kListeners, 1)));
  listen_->follow(live);
  ASSERT_TRUE(listen_->assigned(kPosts, std::nullopt));
  size_t number = 0;
  for (; number < 5; ++number) time_of_batch(number, kListeners);
  std::vector<double> usual;
  std::vector<double> taking_up;
  for (uint64_t version = 2; version < 2 + kReloads; ++version) {
    for (int i = 0; i < 3; ++i) usual.push_back(time_batch(number++, kListeners).cpu_ms);
    live->replace(compiled(set_of(kListeners, version)));
    taking_up.push_back(time_batch(number++, kListeners).cpu_ms);
    EXPECT_EQ(live->replaced(), 1U);  // not freed by the batch
    live->free_replaced();
    EXPECT_EQ(live->replaced(), 0U);
  }
  EXPECT_LT(median(taking_up), 2 * median(usual));
}

// 50,000 rules in 5 s are 0.1 ms a rule.
TEST_F(ReloadTime, CompilingARuleTakesNoLongerInALargerSet) {
  const double few_ms = cpu_of_compiling_a_rule(2000);
  const double many_ms = cpu_of_compiling_a_rule(16'000);
  EXPECT_LT(many_ms, 2 * few_ms);
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "sanitizers take a multiple";
#else
  EXPECT_LT(many_ms, 0.1);
#endif
}

}  // namespace
}  // namespace earshot
