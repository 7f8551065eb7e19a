// How long a batch takes while a large set of listeners is compiled and taken up. It measures time, so it runs on
// demand: EARSHOT_RELOAD_LISTENERS=50000 test_ops_topologies --gtest_filter='ReloadTime.*'
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
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

  // Of one batch with its commit, in milliseconds.
  double time_of_batch(size_t number, size_t listeners) {
    const auto posts = batch(number, listeners);
    const auto began = Clock::now();
    listen_->begin_interval();
    feed(posts, static_cast<int64_t>(number * posts.size()));
    EXPECT_TRUE(listen_->before_commit({}, false, outbox_));
    const double ms = std::chrono::duration<double, std::milli>(Clock::now() - began).count();
    outbox_.abort();
    return ms;
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
  ASSERT_TRUE(listen_->assigned(kPosts, std::nullopt));
  size_t number = 0;
  std::vector<double> usual;
  for (; number < 60; ++number) usual.push_back(time_of_batch(number, count));
  usual.erase(usual.begin(), usual.begin() + 20);
  const double usual_ms = median(usual);

  std::atomic<bool> is_compiled = false;
  double compile_ms = 0;
  std::thread compiling([&] {
    auto listeners = set_of(count, 2);
    const auto began = Clock::now();
    auto rules = compiled(std::move(listeners));
    compile_ms = std::chrono::duration<double, std::milli>(Clock::now() - began).count();
    live->replace(std::move(rules));
    is_compiled = true;
  });
  std::vector<double> meanwhile;
  while (!is_compiled) meanwhile.push_back(time_of_batch(number++, count));
  compiling.join();
  const double taking_up_ms = time_of_batch(number++, count);
  std::cout << count << " listeners compile in " << compile_ms << " ms; a batch takes " << usual_ms
            << " ms (median), while compiling " << (meanwhile.empty() ? 0 : median(meanwhile))
            << " ms (median), the one that takes the new set up " << taking_up_ms << " ms\n";
  EXPECT_LT(taking_up_ms, 2 * usual_ms);
}

}  // namespace
}  // namespace earshot
