#include "engine/observe/metrics.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <regex>
#include <sstream>
#include <thread>

namespace earshot {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Metrics, ScrapesCountersGaugesAndHistogramsByLabel) {
  Metrics metrics;
  metrics.counter("earshot_posts_total", "Posts.", {{"outcome", "matched"}}).add(3);
  metrics.gauge("earshot_lag_records", "Lag.", {{"topic", "posts"}, {"partition", "0"}}).set(17);
  metrics.histogram("earshot_commit_seconds", "Commits.", {0.1, 1}).observe(0.5);
  const std::string text = metrics.scrape();
  EXPECT_THAT(text, HasSubstr("# TYPE earshot_posts_total counter\nearshot_posts_total{outcome=\"matched\"} 3"));
  EXPECT_THAT(text, HasSubstr("earshot_lag_records{partition=\"0\",topic=\"posts\"} 17"));
  EXPECT_THAT(text, HasSubstr("earshot_commit_seconds_bucket{le=\"1\"} 1"));
  EXPECT_THAT(text, HasSubstr("earshot_commit_seconds_count 1"));
}

TEST(Metrics, EveryLineIsPrometheusText) {
  Metrics metrics;
  metrics.counter("earshot_posts_total", "Posts.", {{"name", "quote \" slash \\ line \n é"}}).add(1);
  metrics.gauge("earshot_temperature", "A gauge.").set(-1.5e-7);
  metrics.histogram("earshot_commit_seconds", "Commits.", {0.1, 1}).observe(5);
  const std::regex comment(R"(# (HELP|TYPE) [a-z_]+ .*)");
  const std::regex sample(R"re([a-z_]+(\{([a-z_]+="([^"\\\n]|\\["\\n])*",?)*\})? (-?[0-9][0-9.e+-]*|[+-]Inf|Nan))re");
  std::istringstream lines(metrics.scrape());
  int samples = 0;
  for (std::string line; std::getline(lines, line);) {
    const bool is_sample = std::regex_match(line, sample);
    EXPECT_TRUE(is_sample || std::regex_match(line, comment)) << line;
    samples += is_sample ? 1 : 0;
  }
  EXPECT_EQ(samples, 7);
}

TEST(Metrics, TheSameNameAndLabelsAreTheSameSeries) {
  Metrics metrics;
  metrics.counter("earshot_posts_total", "Posts.", {{"a", "1"}}).add(1);
  metrics.counter("earshot_posts_total", "Posts.", {{"a", "1"}}).add(2);
  metrics.counter("earshot_posts_total", "Posts.", {{"a", "2"}}).add(5);
  EXPECT_EQ(metrics.counter("earshot_posts_total", "Posts.", {{"a", "1"}}).value(), 3);
}

TEST(Metrics, RefusesNamesThatBreakTheConventions) {
  Metrics metrics;
  EXPECT_THROW(metrics.counter("posts_total", ""), std::invalid_argument);
  EXPECT_THROW(metrics.counter("earshot_posts", ""), std::invalid_argument);
  EXPECT_THROW(metrics.gauge("earshot_lag_total", ""), std::invalid_argument);
  EXPECT_THROW(metrics.gauge("earshot_lag records", ""), std::invalid_argument);
  metrics.gauge("earshot_lag_records", "");
  EXPECT_THROW(metrics.histogram("earshot_lag_records", "", {1}), std::invalid_argument);
}

TEST(Metrics, BoundsTheLabelsThatOneNameMayHave) {
  Metrics metrics;
  for (size_t i = 0; i < Metrics::kSeriesMax + 500; ++i) {
    metrics.counter("earshot_matches_total", "Matches.", {{"listener", fmt::format("l{}", i)}}).add(1);
  }
  const std::string text = metrics.scrape();
  EXPECT_THAT(text, HasSubstr("earshot_matches_total{listener=\"other\"} 500"));
  EXPECT_THAT(text, Not(HasSubstr(fmt::format("listener=\"l{}\"", Metrics::kSeriesMax))));
}

TEST(Metrics, RemovesAGaugeThatNoLongerHolds) {
  Metrics metrics;
  const Gauge lag = metrics.gauge("earshot_lag_records", "Lag.", {{"partition", "0"}});
  lag.set(5);
  metrics.remove("earshot_lag_records", {{"partition", "0"}});
  metrics.remove("earshot_lag_records", {{"partition", "1"}});
  EXPECT_THAT(metrics.scrape(), Not(HasSubstr("partition")));
  EXPECT_EQ(metrics.gauge("earshot_lag_records", "Lag.", {{"partition", "0"}}).value(), 0);
}

TEST(Metrics, RefreshesBeforeEachScrape) {
  Metrics metrics;
  const Counter total = metrics.counter("earshot_posts_total", "Posts.");
  double counted_elsewhere = 0;
  metrics.on_scrape([&] { total.raise_to(counted_elsewhere += 10); });
  EXPECT_THAT(metrics.scrape(), HasSubstr("earshot_posts_total 10"));
  EXPECT_THAT(metrics.scrape(), HasSubstr("earshot_posts_total 20"));
  total.raise_to(5);
  EXPECT_EQ(total.value(), 20) << "a counter never falls";
}

TEST(Metrics, ManyThreadsCountWithoutLoss) {
  Metrics metrics;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&metrics] {
      for (int j = 0; j < 1000; ++j) metrics.counter("earshot_posts_total", "Posts.").add(1);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(metrics.counter("earshot_posts_total", "Posts.").value(), 4000);
}

}  // namespace
}  // namespace earshot
