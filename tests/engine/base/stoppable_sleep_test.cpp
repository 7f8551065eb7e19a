#include "engine/base/stoppable_sleep.h"

#include <gtest/gtest.h>

#include <thread>

namespace earshot {
namespace {

using std::chrono::steady_clock;

TEST(StoppableSleep, LastsAsLongAsIsAskedFor) {
  const auto began = steady_clock::now();
  EXPECT_TRUE(sleep_unless_stopped({}, std::chrono::milliseconds(30)));
  EXPECT_GE(steady_clock::now() - began, std::chrono::milliseconds(30));
}

TEST(StoppableSleep, EndsWithTheRequestToStop) {
  bool goes_on = true;
  const auto began = steady_clock::now();
  std::jthread thread(
      [&](const std::stop_token& stop) { goes_on = sleep_unless_stopped(stop, std::chrono::minutes(10)); });
  thread.request_stop();
  thread.join();
  EXPECT_FALSE(goes_on);
  EXPECT_LT(steady_clock::now() - began, std::chrono::minutes(1));
}

}  // namespace
}  // namespace earshot
