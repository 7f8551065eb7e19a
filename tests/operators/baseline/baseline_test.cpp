#include "operators/baseline/baseline.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <random>

namespace earshot::baseline {
namespace {

constexpr int64_t kMonday = 1'772'409'600'000;  // 2026-03-02T00:00:00Z
constexpr int64_t kBlocksADay = 288;

double expected_block(const Baseline& baseline, int64_t time_ms) {
  return baseline.at(time_ms).rate_per_ms * static_cast<double>(kBlockMs);
}

// Mean by time of day: 20 ± 12.
double daily(int64_t time_ms) {
  const double hours = static_cast<double>((time_ms - kMonday) % (24 * kHourMs)) / static_cast<double>(kHourMs);
  return 20 + 12 * std::sin(2 * std::numbers::pi * hours / 24);
}

template <class Mean>
int64_t teach(Baseline& baseline, int64_t from_ms, int64_t blocks, uint64_t seed, const Mean& mean) {
  std::mt19937_64 random(seed);
  for (int64_t i = 0; i < blocks; ++i, from_ms += kBlockMs) {
    baseline.learn(from_ms, std::poisson_distribution<int>(mean(from_ms + kBlockMs / 2))(random));
  }
  return from_ms;
}

TEST(Baseline, CountsHoursOfTheWeekFromMonday) {
  EXPECT_EQ(hour_of_week(kMonday), 0);
  EXPECT_EQ(hour_of_week(kMonday + 25 * kHourMs), 25);
  EXPECT_EQ(hour_of_week(kMonday - 1), 167);
  EXPECT_EQ(hour_of_week(0), 72) << "1970 began on a Thursday";
}

TEST(Baseline, WorksFromTheFirstHour) {
  Baseline baseline{BaselineOptions{}};
  EXPECT_EQ(baseline.at(kMonday).confidence, 0);
  const int64_t end = teach(baseline, kMonday, 12, 1, [](int64_t) { return 30.0; });
  EXPECT_NEAR(expected_block(baseline, end), 30, 5);
  EXPECT_GT(baseline.at(end).confidence, 0);
  EXPECT_LT(baseline.at(end).confidence, 0.2);
}

TEST(Baseline, GrowsSurer) {
  Baseline baseline{BaselineOptions{}};
  const int64_t first = teach(baseline, kMonday, kBlocksADay, 1, daily);
  const double after_a_day = baseline.at(first).confidence;
  const double doubt_after_a_day = baseline.at(first).uncertainty;
  const int64_t later = teach(baseline, first, 6 * kBlocksADay, 2, daily);
  EXPECT_GT(baseline.at(later).confidence, after_a_day);
  EXPECT_LT(baseline.at(later).uncertainty, doubt_after_a_day);
}

TEST(Baseline, LearnsTheRhythmOfTheDay) {
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    Baseline baseline{BaselineOptions{}};
    const int64_t end = teach(baseline, kMonday, 14 * kBlocksADay, seed, daily);
    for (int hour = 0; hour < 24; ++hour) {
      const int64_t time_ms = end + hour * kHourMs + kHourMs / 2;
      EXPECT_NEAR(expected_block(baseline, time_ms), daily(time_ms), 0.25 * daily(time_ms) + 1) << hour;
    }
  }
}

TEST(Baseline, FollowsTheFirstDayBeforeItKnowsTheRhythm) {
  const auto known_for = [](int64_t hours, uint64_t seed) {
    Baseline baseline{BaselineOptions{}};
    const int64_t end = teach(baseline, kMonday, hours * 12, seed, daily);
    return expected_block(baseline, end) / daily(end);
  };
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    EXPECT_NEAR(known_for(6, seed), 1, 0.25) << "at the peak of the day";
    EXPECT_NEAR(known_for(18, seed), 1, 0.5) << "at its lowest, where the mean of the day is 2.5 times too much";
  }
}

TEST(Baseline, IsHardlyMovedByACrisis) {
  Baseline calm{BaselineOptions{}};
  Baseline shaken{BaselineOptions{}};
  int64_t end = teach(calm, kMonday, 5 * kBlocksADay, 1, daily);
  teach(shaken, kMonday, 5 * kBlocksADay, 1, daily);
  teach(calm, end, 12, 2, daily);
  end = teach(shaken, end, 12, 2, [](int64_t time_ms) { return 20 * daily(time_ms); });
  EXPECT_LT(expected_block(shaken, end), 1.3 * expected_block(calm, end));
}

TEST(Baseline, FollowsANewLevelWithinDays) {
  Baseline baseline{BaselineOptions{}};
  int64_t end = teach(baseline, kMonday, 5 * kBlocksADay, 1, [](int64_t) { return 20.0; });
  end = teach(baseline, end, 6 * kBlocksADay, 2, [](int64_t) { return 40.0; });
  EXPECT_NEAR(expected_block(baseline, end), 40, 8);
}

TEST(Baseline, MeasuresBurstiness) {
  Baseline steady{BaselineOptions{}};
  Baseline bursty{BaselineOptions{}};
  std::mt19937_64 random(4);
  std::gamma_distribution<double> rate(2, 10);  // mean 20, dispersion 0.5
  for (int64_t i = 0; i < 14 * kBlocksADay; ++i) {
    steady.learn(kMonday + i * kBlockMs, std::poisson_distribution<int>(20)(random));
    bursty.learn(kMonday + i * kBlockMs, std::poisson_distribution<int>(rate(random))(random));
  }
  const int64_t end = kMonday + 14 * kBlocksADay * kBlockMs;
  EXPECT_LT(steady.at(end).dispersion, 0.03);
  EXPECT_NEAR(bursty.at(end).dispersion, 0.4, 0.15);
}

TEST(Baseline, CatchesUpOnQuietInClosedForm) {
  Baseline one_by_one{BaselineOptions{}};
  Baseline at_once{BaselineOptions{}};
  const auto low = [](int64_t) { return 0.3; };
  const int64_t start = teach(one_by_one, kMonday, 3 * kBlocksADay, 1, low);
  teach(at_once, kMonday, 3 * kBlocksADay, 1, low);
  for (int64_t i = 0; i < 36; ++i) one_by_one.learn(start + i * kBlockMs, 0);
  at_once.learn_quiet(start, 36);
  const int64_t end = start + 36 * kBlockMs;
  EXPECT_NEAR(expected_block(at_once, end), expected_block(one_by_one, end), 0.02);
}

TEST(Baseline, ForgetsAfterAVeryLongSilence) {
  Baseline baseline{BaselineOptions{}};
  const int64_t end = teach(baseline, kMonday, kBlocksADay, 1, [](int64_t) { return 5.0; });
  baseline.learn_quiet(end, 400 * kBlocksADay);
  EXPECT_LT(expected_block(baseline, end + 400 * kBlocksADay * kBlockMs), 0.1);
}

TEST(Baseline, KnowsTheSameTimeLastWeek) {
  Baseline baseline{BaselineOptions{}};
  const int64_t hour = kMonday + 30 * kHourMs;
  for (int64_t i = 0; i < 8 * kBlocksADay; ++i) {
    const int64_t at = kMonday + i * kBlockMs;
    baseline.learn(at, at >= hour && at < hour + kHourMs ? 50 : 10);
  }
  const int64_t week = 7 * 24 * kHourMs;
  EXPECT_NEAR(baseline.same_time_last_week(hour + week + 900'000, 300'000), 50, 0.01);
  EXPECT_NEAR(baseline.same_time_last_week(hour + week + 150'000, 300'000), 30, 0.01) << "half of each hour";
  EXPECT_LT(baseline.same_time_last_week(hour + 900'000, 300'000), 0) << "not seen";
}

TEST(Baseline, GoesOnFromSavedStateOnTheFirstDay) {
  Baseline whole{BaselineOptions{}};
  const int64_t middle = teach(whole, kMonday, 40, 1, daily);
  wire::BaselineState state;
  whole.save(state);
  Baseline restored{BaselineOptions{}};
  restored.restore(state);
  EXPECT_EQ(whole.at(middle).rate_per_ms, restored.at(middle).rate_per_ms);
  const int64_t end = teach(whole, middle, 20, 2, daily);
  teach(restored, middle, 20, 2, daily);
  EXPECT_EQ(whole.at(end).rate_per_ms, restored.at(end).rate_per_ms);
  EXPECT_EQ(whole.at(end).uncertainty, restored.at(end).uncertainty);
}

TEST(Baseline, GoesOnFromSavedState) {
  Baseline whole{BaselineOptions{}};
  Baseline first{BaselineOptions{}};
  const int64_t middle = teach(whole, kMonday, 3 * kBlocksADay + 7, 1, daily);
  teach(first, kMonday, 3 * kBlocksADay + 7, 1, daily);
  wire::BaselineState state;
  first.save(state);
  Baseline second{BaselineOptions{}};
  second.restore(state);
  const int64_t end = teach(whole, middle, kBlocksADay, 2, daily);
  teach(second, middle, kBlocksADay, 2, daily);
  EXPECT_EQ(whole.at(end).rate_per_ms, second.at(end).rate_per_ms);
  EXPECT_EQ(whole.at(end).dispersion, second.at(end).dispersion);
  EXPECT_LT(state.ByteSizeLong(), 5'000U);
}

}  // namespace
}  // namespace earshot::baseline
