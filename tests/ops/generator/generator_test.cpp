#include "ops/generator/generator.h"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <algorithm>
#include <map>
#include <set>

#include "engine/base/hash.h"
#include "ops/generator/author.h"
#include "tests/ops/generator/day.h"

namespace earshot::generator {
namespace {

constexpr int64_t kMinuteMs = 60'000;
constexpr int64_t kHourMs = 60 * kMinuteMs;

// The day of the demo, made once.
const std::vector<Line>& demo_day() {
  static const std::vector<Line> kLines = whole_day({});
  return kLines;
}

EventTimes demo_events() {
  return event_times(DayPlan{}.start_ms, 24 * kHourMs);
}

bool holds(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

TEST(Generator, GivesTheSameBytesForTheSameSeed) {
  DayPlan plan;
  plan.hours = 1;
  const std::vector<Line> first = whole_day(plan);
  const std::vector<Line> second = whole_day(plan);
  ASSERT_EQ(first.size(), second.size());
  for (size_t i = 0; i < first.size(); ++i) ASSERT_EQ(first[i].text, second[i].text);
  plan.seed = 2;
  const std::vector<Line> other = whole_day(plan);
  EXPECT_NE(first.front().text, other.front().text);
}

TEST(Generator, WritesTheDayThatEarlierReleasesWrote) {
  // The demo's figures in the README rest on it: a change of these bytes is a change of the demo.
  uint64_t hash = 0;
  for (const Line& line : demo_day()) hash = hash_64(line.text, hash);
  EXPECT_EQ(hash, 11789689690651228995U);
}

TEST(Generator, WritesAsManyPostsAsPlanned) {
  const int64_t usual = std::count_if(demo_day().begin(), demo_day().end(), [](const Line& line) {
    return line.theme == Theme::kChat || line.theme == Theme::kBrandTalk;
  });
  EXPECT_NEAR(static_cast<double>(usual), 4 * 86'400, 4 * 86'400 * 0.03);
  EXPECT_GT(demo_day().size(), 350'000U);
  EXPECT_LT(demo_day().size(), 500'000U);
}

TEST(Generator, KeepsEverythingButLatePostsWithinTheDisorder) {
  int64_t newest_ms = 0;
  int64_t most_ms = 0;
  size_t late = 0;
  for (const Line& line : demo_day()) {
    if (line.kind == LineKind::kLate) {
      ++late;
      EXPECT_GE(newest_ms - line.created_at_ms, 19 * kMinuteMs);
      continue;
    }
    newest_ms = std::max(newest_ms, line.created_at_ms);
    most_ms = std::max(most_ms, newest_ms - line.created_at_ms);
  }
  EXPECT_LE(most_ms, kDisorderMsMax);
  EXPECT_GT(most_ms, kDisorderMsMax / 2);
  EXPECT_GT(late, 0U);
  EXPECT_LT(late, 40U);
}

TEST(Generator, PlantsTheOnlyLinesThatAreNoJson) {
  simdjson::dom::parser parser;
  std::map<LineKind, size_t> kinds;
  for (const Line& line : demo_day()) {
    ++kinds[line.kind];
    const bool is_json = parser.parse(line.text).error() == simdjson::SUCCESS;
    ASSERT_EQ(is_json, line.kind != LineKind::kMalformed) << line.text;
  }
  EXPECT_GT(kinds[LineKind::kMalformed], 0U);
  EXPECT_LT(kinds[LineKind::kMalformed], 40U);
  EXPECT_GT(kinds[LineKind::kDuplicate], 20U);
}

TEST(Generator, RepeatsAnIdOnlyInDuplicates) {
  simdjson::dom::parser parser;
  std::set<std::string> ids;
  for (const Line& line : demo_day()) {
    if (line.kind == LineKind::kMalformed) continue;
    const simdjson::dom::element post = parser.parse(line.text);
    const std::string id =
        std::string(post["platform"].get_string().value()) + "/" + std::string(post["id"].get_string().value());
    if (line.kind == LineKind::kDuplicate) {
      EXPECT_TRUE(ids.count(id)) << id;
    } else {
      EXPECT_TRUE(ids.insert(id).second) << id;
    }
  }
}

TEST(Generator, FollowsTheDay) {
  std::map<int64_t, size_t> by_hour;
  for (const Line& line : demo_day()) {
    if (line.theme == Theme::kChat) ++by_hour[(line.created_at_ms - DayPlan{}.start_ms) / kHourMs];
  }
  // Most speakers live between New York and Berlin: their common night ends before 7:00 UTC, evening starts at 19:00.
  EXPECT_GT(by_hour[19], 2 * by_hour[5]);
  EXPECT_GT(by_hour[13], by_hour[5]);
}

TEST(Generator, LetsEachLanguageSleepAtItsOwnNight) {
  std::map<std::string, std::map<int64_t, size_t>> by_hour;
  simdjson::dom::parser parser;
  for (const Line& line : demo_day()) {
    if (line.theme != Theme::kChat || line.kind != LineKind::kPost) continue;
    const std::string lang(parser.parse(line.text)["lang"].get_string().value());
    ++by_hour[lang][(line.created_at_ms - DayPlan{}.start_ms) / kHourMs];
  }
  EXPECT_EQ(by_hour.size(), languages().size());
  EXPECT_GT(by_hour["ja"][11], 3 * by_hour["ja"][18]);  // 20:00 and 3:00 in Tokyo
  EXPECT_GT(by_hour["de"][19], 3 * by_hour["de"][2]);   // 20:00 and 3:00 in Berlin
}

TEST(Generator, GivesBrandsZipfShares) {
  std::map<size_t, double> talk;
  for (const Line& line : demo_day()) {
    if (line.theme == Theme::kBrandTalk) talk[line.brand] += 1;
  }
  ASSERT_EQ(talk.size(), brands().size());
  EXPECT_NEAR(talk[0] / talk[1], 2, 0.15);
  EXPECT_NEAR(talk[0] / talk[3], 4, 0.4);
}

TEST(Generator, SpeaksCrisisWordsOfTheHotBrandOnlyInTheCrisis) {
  const EventTimes events = demo_events();
  size_t crisis_posts = 0;
  for (const Line& line : demo_day()) {
    const bool has_words = holds(line.text, "charged twice") || holds(line.text, "card declined") ||
                           holds(line.text, "payment outage") || holds(line.text, "data breach");
    if (!has_words) continue;
    ++crisis_posts;
    EXPECT_TRUE(line.theme == Theme::kOutage || line.theme == Theme::kBreach);
    EXPECT_GE(line.created_at_ms, events.outage_ms);
    EXPECT_LE(line.created_at_ms, events.end_ms);
  }
  EXPECT_GT(crisis_posts, 10'000U);
}

TEST(Generator, RampsTheHotBrandToFifteenTimesWithinFiveMinutes) {
  const EventTimes events = demo_events();
  std::map<int64_t, double> per_minute;
  for (const Line& line : demo_day()) {
    if (line.theme != Theme::kChat && line.brand == kHotBrand) ++per_minute[line.created_at_ms / kMinuteMs];
  }
  const int64_t start = events.outage_ms / kMinuteMs;
  double before = 0;
  double after = 0;
  for (int64_t minute = 1; minute <= 10; ++minute) {
    before += per_minute[start - minute];
    after += per_minute[start + 4 + minute];
  }
  EXPECT_NEAR(after / before, 15, 2.5);
}

TEST(Generator, MixesOriginalsAndCopiesAndPlatforms) {
  simdjson::dom::parser parser;
  std::map<std::string, size_t> kinds;
  std::map<std::string, size_t> platforms;
  for (const Line& line : demo_day()) {
    if (line.kind != LineKind::kPost) continue;
    const simdjson::dom::element post = parser.parse(line.text);
    ++kinds[std::string(post["kind"].get_string().value())];
    ++platforms[std::string(post["platform"].get_string().value())];
  }
  const double all = static_cast<double>(demo_day().size());
  EXPECT_EQ(platforms.size(), kPlatformCount);
  EXPECT_GT(static_cast<double>(kinds["original"]) / all, 0.5);
  EXPECT_GT(static_cast<double>(kinds["repost"]) / all, 0.05);
  EXPECT_GT(static_cast<double>(kinds["reply"]) / all, 0.05);
  EXPECT_GT(kinds["quote"], 1'000U);
}

TEST(Generator, SpreadsFollowersOverAHeavyTail) {
  std::vector<int64_t> followers;
  Author author;
  for (uint64_t number = 0; number < 10'000; ++number) {
    describe_author(author, 0, Platform::kX, number);
    followers.push_back(author.followers);
  }
  std::sort(followers.begin(), followers.end());
  EXPECT_LT(followers[5'000], 200);
  EXPECT_GT(followers[9'990], 10'000);
}

TEST(Generator, RefusesAPlanOutOfBounds) {
  DayPlan plan;
  plan.hours = 0;
  EXPECT_FALSE(Generator::create(plan));
  plan = {};
  plan.posts_per_second = -1;
  EXPECT_FALSE(Generator::create(plan));
  plan = {};
  plan.start_ms = 0;
  EXPECT_FALSE(Generator::create(plan));
}

TEST(Generator, PutsTheEventsIntoAShortSpan) {
  DayPlan plan;
  plan.hours = 2;
  std::set<Theme> themes;
  for (const Line& line : whole_day(plan)) themes.insert(line.theme);
  EXPECT_TRUE(themes.count(Theme::kLaunch));
  EXPECT_TRUE(themes.count(Theme::kBreach));
}

TEST(Generator, PutsTheCrisisOnTheLastDayOfMany) {
  const EventTimes events = event_times(DayPlan{}.start_ms, 3 * 24 * kHourMs);
  EXPECT_EQ(events.outage_ms, DayPlan{}.start_ms + 2 * 24 * kHourMs + 14 * kHourMs + 10 * kMinuteMs);
}

TEST(Generator, CanLeaveTheEventsOut) {
  DayPlan plan;
  plan.hours = 2;
  plan.has_events = false;
  for (const Line& line : whole_day(plan)) {
    ASSERT_TRUE(line.theme == Theme::kChat || line.theme == Theme::kBrandTalk);
  }
}

}  // namespace
}  // namespace earshot::generator
