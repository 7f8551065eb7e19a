#include "operators/spike/series.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace earshot::spike {
namespace {

std::string transform(SpikeCsv& csv, std::string_view line) {
  std::string out;
  EXPECT_TRUE(csv.transform(line, out).ok()) << line;
  return out;
}

TEST(SpikeCsv, AddsItsColumnsToTheHeader) {
  SpikeCsv csv(300'000);
  EXPECT_EQ(transform(csv, "timestamp,value"), "timestamp,value,score,alert,level");
  EXPECT_EQ(transform(csv, "2015-02-26 21:42:53,104"), "2015-02-26 21:42:53,104,0.000000,0,0");
}

TEST(SpikeCsv, ReadsEveryKindOfTimestamp) {
  SpikeCsv csv(60'000);
  for (const char* line : {"2026-03-02 12:00:00,1", "2026-03-02T12:01:00Z,2", "2026-03-02T14:02:00+02:00,3",
                           "1772452980,4", "1772453040.5,5.5"}) {
    EXPECT_EQ(transform(csv, line), std::string(line) + ",0.000000,0,0");
  }
}

TEST(SpikeCsv, NamesTheLineThatItCannotReadAndStaysInStep) {
  for (const char* bad : {"yesterday,5", "2026-03-02 12:00:00,many", "2026-03-02 12:00:00,-1",
                          "2026-03-02 12:00:00,nan", "2026-03-02 12:00:00", "2026-02-30 12:00:00,1"}) {
    SpikeCsv csv(60'000);
    transform(csv, "timestamp,value");
    std::string out;
    const auto done = csv.transform(bad, out);
    ASSERT_FALSE(done.ok()) << bad;
    EXPECT_EQ(done.error().where, "line 2");
    EXPECT_EQ(out, std::string(bad) + ",,,");
  }
}

TEST(SpikeCsv, KeepsBlankLinesAndCarriageReturns) {
  SpikeCsv csv(60'000);
  EXPECT_EQ(transform(csv, "timestamp,value\r"), "timestamp,value,score,alert,level\r");
  EXPECT_EQ(transform(csv, ""), "");
  EXPECT_EQ(transform(csv, "2026-03-02 12:00:00,1\r"), "2026-03-02 12:00:00,1,0.000000,0,0\r");
}

class SeriesTest : public testing::Test {
 protected:
  static constexpr int64_t kPaneMs = 300'000;
  static constexpr int64_t kStartMs = 1'772'409'773'000;  // aligned to nothing

  // Calm for `panes`, drawn around 20.
  int64_t calm(SeriesDetector& detector, int64_t from_ms, int panes) {
    for (int i = 0; i < panes; ++i, from_ms += kPaneMs) {
      alerts_ += detector.observe(from_ms, std::poisson_distribution<int>(20)(random_)).is_alert;
    }
    return from_ms;
  }

  std::mt19937_64 random_{11};
  int alerts_ = 0;
};

TEST_F(SeriesTest, AlertsOnceForASurgeAndAgainOnlyAfterTheCoolDown) {
  SeriesDetector detector(kPaneMs);
  int64_t at = calm(detector, kStartMs, 1000);
  EXPECT_EQ(alerts_, 0);
  int surge_alerts = 0;
  for (int i = 0; i < 24; ++i, at += kPaneMs) surge_alerts += detector.observe(at, 200).is_alert;
  EXPECT_EQ(surge_alerts, 1);
}

TEST_F(SeriesTest, TakesMissingPanesForUnknownNotForSilence) {
  SeriesDetector detector(kPaneMs);
  int64_t at = calm(detector, kStartMs, 1000);
  at = calm(detector, at + 12 * 3'600'000, 200);
  EXPECT_EQ(alerts_, 0) << "coming back to the usual level is no surge";
}

TEST_F(SeriesTest, ToleratesJitterOfLessThanHalfAPane) {
  SeriesDetector straight(kPaneMs);
  SeriesDetector jittered(kPaneMs);
  std::mt19937_64 jitter(5);
  for (int64_t i = 0; i < 600; ++i) {
    const double value = std::poisson_distribution<int>(20)(random_);
    const int64_t shift = i == 0 ? 0 : static_cast<int64_t>(jitter() % (kPaneMs / 2)) - kPaneMs / 4;
    const double expected = straight.observe(kStartMs + i * kPaneMs, value).score;
    EXPECT_EQ(jittered.observe(kStartMs + i * kPaneMs + shift, value).score, expected) << i;
  }
}

TEST_F(SeriesTest, IsNotThrownByOneTimeFromNextYear) {
  SeriesDetector straight(kPaneMs);
  SeriesDetector strayed(kPaneMs);
  for (int64_t i = 0; i < 1000; ++i) {
    const double value = std::poisson_distribution<int>(20)(random_);
    const int64_t at = kStartMs + i * kPaneMs;
    if (i == 600) {
      EXPECT_EQ(strayed.observe(at + 365LL * 86'400'000, 5'000).score, 0);
    }
    EXPECT_EQ(strayed.observe(at, value).score, straight.observe(at, value).score) << i;
  }
}

TEST_F(SeriesTest, GoesOnAfterMonthsWithoutData) {
  SeriesDetector detector(kPaneMs);
  int64_t at = calm(detector, kStartMs, 1000);
  at = calm(detector, at + 90LL * 86'400'000, 300);
  EXPECT_EQ(alerts_, 0);
  int surge_alerts = 0;
  for (int i = 0; i < 24; ++i, at += kPaneMs) surge_alerts += detector.observe(at, 400).is_alert;
  EXPECT_EQ(surge_alerts, 1) << "what comes after is judged again";
}

TEST_F(SeriesTest, TakesAClockThatJumpsBackForARepeat) {
  SeriesDetector detector(kPaneMs);
  int64_t at = calm(detector, kStartMs, 1000);
  at = calm(detector, at - 2 * 3'600'000, 300);
  at = calm(detector, at + 3 * 3'600'000, 300);
  EXPECT_EQ(alerts_, 0);
}

TEST_F(SeriesTest, DoesNotTakeOldMentionsAfterASilenceForNews) {
  SeriesDetector detector(kPaneMs);
  const int64_t silence = calm(detector, kStartMs, 1000);
  const int64_t end = calm(detector, silence + 5 * 3'600'000, 10);
  for (int64_t at = silence; at < end; at += kPaneMs) {
    EXPECT_EQ(detector.observe(at, 2'000).score, 0) << "time has passed it";
  }
  calm(detector, end, 300);
  EXPECT_EQ(alerts_, 0);
}

TEST_F(SeriesTest, LearnsNothingFromAFeedThatRepeatsItself) {
  SeriesDetector detector(kPaneMs);
  const int64_t end = calm(detector, kStartMs, 500);
  for (int64_t at = kStartMs; at < end; at += kPaneMs) {
    const SpikeScore repeated = detector.observe(at, 900);
    EXPECT_EQ(repeated.score, 0);
    EXPECT_FALSE(repeated.is_alert);
  }
  calm(detector, end, 100);
  EXPECT_EQ(alerts_, 0);
}

}  // namespace
}  // namespace earshot::spike
