#include "operators/incident/notice_policy.h"

#include <gtest/gtest.h>

#include "engine/time/timestamp.h"

namespace earshot::incident {
namespace {

bool is_quiet(const std::string& hours, const std::string& time) {
  const auto quiet = QuietHours::parse(hours);
  EXPECT_TRUE(quiet.ok()) << quiet.error().to_string();
  return quiet->holds(parse_rfc3339_ms(time).value());
}

TEST(QuietHoursOfASpoke, SpanMidnight) {
  EXPECT_TRUE(is_quiet("22:00-07:00", "2026-03-02T23:00:00Z"));
  EXPECT_TRUE(is_quiet("22:00-07:00", "2026-03-02T06:59:59Z"));
  EXPECT_FALSE(is_quiet("22:00-07:00", "2026-03-02T07:00:00Z"));
  EXPECT_FALSE(is_quiet("22:00-07:00", "2026-03-02T21:59:59Z"));
}

TEST(QuietHoursOfASpoke, FollowItsClockThroughTheYear) {
  EXPECT_TRUE(is_quiet("22:00-07:00 Europe/Berlin", "2026-01-15T21:30:00Z"));
  EXPECT_FALSE(is_quiet("22:00-07:00 Europe/Berlin", "2026-01-15T20:30:00Z"));
  EXPECT_TRUE(is_quiet("22:00-07:00 Europe/Berlin", "2026-07-15T20:30:00Z")) << "summer time";
  EXPECT_TRUE(is_quiet("22:00-07:00 Asia/Kolkata", "2026-07-15T16:31:00Z")) << "half an hour off";
}

TEST(QuietHoursOfASpoke, SayWhatIsWrongWithThem) {
  for (const char* text : {"", "22:00", "22:00-", "22:00-25:00", "22:60-07:00", "07:00-07:00", "22:00-07:00Berlin",
                           "22:00-07:00 Nowhere/Here", "aa:00-07:00"}) {
    const auto quiet = QuietHours::parse(text);
    ASSERT_FALSE(quiet.ok()) << text;
    EXPECT_FALSE(quiet.error().message.empty());
  }
}

TEST(NoticePolicyOfSpokes, RefusesWhatItCannotRead) {
  EXPECT_FALSE(NoticePolicy::make({"sales"}, {}, 4).ok());
  EXPECT_FALSE(NoticePolicy::make({"sales=6"}, {}, 4).ok());
  EXPECT_FALSE(NoticePolicy::make({"sales=2", "sales=3"}, {}, 4).ok());
  EXPECT_FALSE(NoticePolicy::make({}, {"=22:00-07:00"}, 4).ok());
  EXPECT_TRUE(NoticePolicy::make({"sales=2"}, {"sales=22:00-07:00", "sales=12:00-13:00"}, 4).ok());
}

}  // namespace
}  // namespace earshot::incident
