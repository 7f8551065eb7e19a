#include "bench/spikes/nab_score.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "bench/spikes/nab_data.h"

namespace earshot::bench {
namespace {

constexpr size_t kRows = 2000;

ScoredSeries series_with(std::initializer_list<size_t> detections) {
  ScoredSeries series{"series", std::vector<double>(kRows, 0.0), {{1000, 1099}, {1500, 1599}}};
  for (const size_t row : detections) series.scores[row] = 0.9;
  return series;
}

double score_of(std::initializer_list<size_t> detections) {
  const ScoredSeries series = series_with(detections);
  return score_at({&series, 1}, 0.5, {}).normalised;
}

TEST(NabScore, GivesSilenceNothing) {
  EXPECT_DOUBLE_EQ(score_of({}), 0);
}

TEST(NabScore, GivesAHundredForEachWindowHitAtItsStart) {
  EXPECT_DOUBLE_EQ(score_of({1000, 1500}), 100);
}

TEST(NabScore, RewardsAnEarlyDetectionMoreThanALateOne) {
  EXPECT_GT(score_of({1010}), score_of({1090}));
  EXPECT_GT(score_of({1099}), 0) << "better late than never";
}

TEST(NabScore, CountsOnlyTheFirstDetectionInAWindow) {
  EXPECT_DOUBLE_EQ(score_of({1010, 1020, 1090}), score_of({1010}));
}

TEST(NabScore, TakesAnEleventhForADetectionFarFromAnyWindow) {
  // Two windows: from silence (-2) to perfect (2) are four points.
  EXPECT_NEAR(score_of({500}), -100 * 0.11 / 4, 1e-9) << "before the first window";
  EXPECT_NEAR(score_of({1450}), -100 * 0.11 / 4, 1e-9) << "three lengths after a window";
}

TEST(NabScore, TakesLessForADetectionJustAfterAWindow) {
  const double just_after = score_of({1110});
  EXPECT_LT(just_after, 0);
  const double position = 11.0 / 99.0;
  const double expected = 2.0 / (1.0 + std::exp(5.0 * position)) - 1.0;
  EXPECT_NEAR(just_after, 100 * 0.11 * expected / 4, 1e-9);
}

TEST(NabScore, IgnoresTheProbation) {
  EXPECT_EQ(probation_rows(kRows), 300U);
  EXPECT_EQ(probation_rows(20'000), 750U);
  EXPECT_DOUBLE_EQ(score_of({0, 299}), 0);
  EXPECT_LT(score_of({300}), 0);
}

TEST(NabScore, FindsTheThresholdThatIsBestForAllSeriesTogether) {
  ScoredSeries first = series_with({});
  first.scores[1000] = 0.8;
  first.scores[1500] = 0.6;
  first.scores[400] = 0.3;
  ScoredSeries second = series_with({});
  second.scores[1000] = 0.7;
  for (size_t row = 400; row < 900; ++row) second.scores[row] = 0.5;
  const std::vector<ScoredSeries> both{first, second};
  const NabScore best = best_score(both, {});
  EXPECT_DOUBLE_EQ(best.threshold, 0.6);
  EXPECT_EQ(best.windows_found, 3);
  EXPECT_EQ(best.detections_outside, 0);
  EXPECT_DOUBLE_EQ(best.normalised, 75);
  EXPECT_DOUBLE_EQ(score_at(both, best.threshold, {}).normalised, best.normalised);
}

TEST(EpisodeCount, TakesRowsThatAreNearEachOtherForOneEpisode) {
  ScoredSeries series = series_with({});
  series.levels.assign(kRows, 0);
  for (const size_t row : {10, 400, 405, 410, 600, 1000, 1001}) series.levels[row] = 2;
  series.levels[700] = 1;
  const EpisodeCount count = count_episodes({&series, 1}, 2, 72, 288);
  EXPECT_EQ(count.false_episodes, 2) << "400 to 410, and 600; 10 is before anything counts";
  EXPECT_EQ(count.windows_found, 1);
  EXPECT_EQ(count_episodes({&series, 1}, 1, 72, 288).false_episodes, 3);
  EXPECT_DOUBLE_EQ(count.days, (kRows - 300) / 288.0);
}

TEST(NabScore, OfTheDetectorIsAboveItsFloorOnFiveCompanies) {
  const std::filesystem::path folder = EARSHOT_SOURCE_DIR "/../shared/data/spikes";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "the labelled series are not here: " << folder;
  const auto all = score_folder(folder, 300'000);
  ASSERT_TRUE(all.ok()) << all.error().to_string();
  ASSERT_EQ(all->size(), 5U);
  EXPECT_GE(best_score(*all, {}).normalised, 82);
  EXPECT_GE(score_at(*all, 0.5, {}).normalised, 82) << "where it alerts";
  const EpisodeCount critical = count_episodes(*all, 2, 72, 288);
  EXPECT_GE(critical.windows_found, 12);
  EXPECT_LE(critical.false_episodes / critical.days, 0.03);
}

}  // namespace
}  // namespace earshot::bench
