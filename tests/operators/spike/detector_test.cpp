#include "operators/spike/detector.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "operators/spike/negative_binomial.h"

namespace earshot::spike {
namespace {

constexpr int64_t kPaneMs = 10'000;

TEST(NegativeBinomial, IsPoissonWithoutDispersion) {
  // P(X >= 3) for a mean of 2 is 1 - 5 exp(-2).
  EXPECT_NEAR(upper_tail_probability(3, 2, 0), 1 - 5 * std::exp(-2.0), 1e-12);
  EXPECT_EQ(upper_tail_probability(0, 2, 0), 1);
  EXPECT_NEAR(stabilised_deviation(9, 4, 0), 2 * (std::sqrt(9.375) - std::sqrt(4.375)), 1e-12);
}

TEST(NegativeBinomial, HasTheTailOfTheGeometricAtDispersionOne) {
  // Dispersion 1 and mean 3: P(X >= k) = (3/4)^k.
  for (const int count : {1, 2, 5, 20}) {
    EXPECT_NEAR(upper_tail_probability(count, 3, 1), std::pow(0.75, count), 1e-12);
  }
}

TEST(NegativeBinomial, HasUnitVarianceOnceStabilised) {
  std::mt19937_64 random(2);
  for (const double mean : {5.0, 30.0, 400.0}) {
    for (const double dispersion : {0.0, 0.1, 0.4}) {
      double sum = 0;
      double squares = 0;
      constexpr int kDraws = 20'000;
      for (int i = 0; i < kDraws; ++i) {
        double rate = mean;
        if (dispersion > 0) rate = std::gamma_distribution<double>(1 / dispersion, mean * dispersion)(random);
        const double deviation = stabilised_deviation(std::poisson_distribution<int>(rate)(random), mean, dispersion);
        sum += deviation;
        squares += deviation * deviation;
      }
      const double variance = squares / kDraws - sum / kDraws * (sum / kDraws);
      EXPECT_NEAR(variance, 1, 0.25) << mean << " " << dispersion;
    }
  }
}

class DetectorTest : public testing::Test {
 protected:
  SpikeScore feed(Detector& detector, int64_t panes, double mean) {
    SpikeScore last;
    for (int64_t i = 0; i < panes; ++i) {
      last = detector.observe(pane_++ * kPaneMs, std::poisson_distribution<int>(mean)(random_));
      alerts_ += last.is_alert;
    }
    return last;
  }

  std::mt19937_64 random_{3};
  int64_t pane_ = 17'724'096;
  int alerts_ = 0;
};

TEST_F(DetectorTest, SaysThatItWarmsUpAndAlertsNobodyThen) {
  Detector detector{DetectorOptions{}};
  EXPECT_TRUE(feed(detector, 179, 50).is_warming_up);
  EXPECT_EQ(alerts_, 0);
  EXPECT_FALSE(feed(detector, 10, 1).is_warming_up);
}

// Mentions a minute, and how many times as many in the surge that comes when the warm-up has just passed.
struct YoungSurge {
  double a_minute;
  double factor;
};

class YoungDetectorTest : public DetectorTest, public testing::WithParamInterface<YoungSurge> {};

TEST_P(YoungDetectorTest, AlertsWithinThreeMinutesOfASurgeAfterHalfAnHour) {
  constexpr int64_t kPanesAMinute = 60'000 / kPaneMs;
  const double mean = GetParam().a_minute / kPanesAMinute;
  Detector detector{DetectorOptions{}};
  feed(detector, 30 * kPanesAMinute, mean);
  EXPECT_EQ(alerts_, 0);
  feed(detector, 3 * kPanesAMinute, GetParam().factor * mean);
  EXPECT_EQ(alerts_, 1);
}

INSTANTIATE_TEST_SUITE_P(Surges, YoungDetectorTest,
                         testing::Values(YoungSurge{22, 8}, YoungSurge{22, 5}, YoungSurge{200, 5}));

TEST_F(DetectorTest, AlertsAfterTenMinutesWhenItNeedsNoLongerToWarmUp) {
  DetectorOptions options;
  options.warm_up_ms = 480'000;
  Detector detector{options};
  EXPECT_TRUE(feed(detector, 60, 5).is_warming_up) << "two blocks are the least";
  EXPECT_FALSE(feed(detector, 1, 5).is_warming_up);
  feed(detector, 18, 40);
  EXPECT_EQ(alerts_, 1);
}

TEST_F(DetectorTest, TakesAYoungListenersRiseOfAThirdForWhatItIs) {
  Detector detector{DetectorOptions{}};
  for (double mean = 4; mean < 12; mean *= 1.3) feed(detector, 360, mean);
  EXPECT_EQ(alerts_, 0) << "a morning";
}

TEST_F(DetectorTest, RaisesItsLevelInASurgeAndLowersItAfter) {
  Detector detector{DetectorOptions{}};
  feed(detector, 3 * 8640, 2);
  EXPECT_EQ(alerts_, 0);
  const SpikeScore surge = feed(detector, 60, 20);
  EXPECT_EQ(surge.level, 2);
  EXPECT_GT(surge.observed, 5 * surge.expected);
  EXPECT_EQ(alerts_, 1) << "a surge that still rises is one surge";
  EXPECT_EQ(feed(detector, 120, 2).level, 0);
  EXPECT_FALSE(detector.is_active());
}

TEST_F(DetectorTest, AlertsNobodyBelowTheLeastCount) {
  DetectorOptions options;
  options.count_min = 1000;
  Detector detector{options};
  feed(detector, 8640, 0.5);
  const SpikeScore surge = feed(detector, 60, 10);
  EXPECT_EQ(alerts_, 0);
  EXPECT_LT(surge.score, 0.5);
  EXPECT_EQ(surge.level, 0);
}

TEST_F(DetectorTest, AlertsSoonerWithAGreaterBudget) {
  DetectorOptions strict;
  strict.false_alarms_per_week = 1e-3;
  DetectorOptions lenient;
  lenient.false_alarms_per_week = 10;
  Detector first{strict};
  Detector second{lenient};
  for (int64_t i = 0; i < 8640; ++i, ++pane_) {
    const double count = std::poisson_distribution<int>(2)(random_);
    const double strict_score = first.observe(pane_ * kPaneMs, count).surprise;
    EXPECT_LE(strict_score, second.observe(pane_ * kPaneMs, count).surprise);
  }
}

TEST_F(DetectorTest, TakesSkippedPanesForQuiet) {
  Detector stepped{DetectorOptions{}};
  Detector skipped{DetectorOptions{}};
  for (int64_t i = 0; i < 8640; ++i) {
    const double count = i % 50 == 0 ? 1 : 0;
    stepped.observe(i * kPaneMs, count);
    if (count > 0) skipped.observe(i * kPaneMs, count);
  }
  for (int64_t i = 8640; i < 8700; ++i) {
    const SpikeScore one = stepped.observe(i * kPaneMs, 3);
    const SpikeScore other = skipped.observe(i * kPaneMs, 3);
    EXPECT_EQ(one.window_ms, other.window_ms);
    EXPECT_EQ(one.observed, other.observed);
    EXPECT_NEAR(one.expected, other.expected, 0.01 * one.expected);
    EXPECT_NEAR(one.surprise, other.surprise, 0.01);
  }
}

TEST_F(DetectorTest, ComesBackFromYearsOfSilence) {
  Detector detector{DetectorOptions{}};
  feed(detector, 8640, 2);
  pane_ += 3 * 365 * 8640;
  const SpikeScore back = detector.observe(pane_++ * kPaneMs, 2);
  EXPECT_TRUE(std::isfinite(back.score));
  EXPECT_EQ(back.observed, 2);
}

TEST_F(DetectorTest, GoesOnFromSavedState) {
  Detector whole{DetectorOptions{}};
  Detector part{DetectorOptions{}};
  for (int64_t i = 0; i < 9000; ++i, ++pane_) {
    const double count = std::poisson_distribution<int>(i > 8800 ? 9 : 2)(random_);
    if (i % 997 == 0) {
      wire::DetectorState state;
      part.save(state);
      part = Detector{DetectorOptions{}};
      if (i > 0) {
        ASSERT_TRUE(part.restore(state).ok());
      }
    }
    const SpikeScore expected = whole.observe(pane_ * kPaneMs, count);
    const SpikeScore score = part.observe(pane_ * kPaneMs, count);
    ASSERT_EQ(score.score, expected.score) << i;
    ASSERT_EQ(score.level, expected.level) << i;
  }
}

TEST_F(DetectorTest, RefusesStateOfAnotherPaneLength) {
  Detector detector{DetectorOptions{}};
  wire::DetectorState state;
  detector.save(state);
  DetectorOptions other;
  other.pane_ms = 30'000;
  EXPECT_FALSE(Detector{other}.restore(state).ok());
  state.set_version(2);
  EXPECT_FALSE(detector.restore(state).ok());
}

}  // namespace
}  // namespace earshot::spike
