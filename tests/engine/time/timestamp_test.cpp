#include "engine/time/timestamp.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace earshot {
namespace {

TEST(Timestamp, ReadsRfc3339WithAnyFractionAndOffset) {
  constexpr int64_t noon = 1'772'366'400'000;  // 2026-03-01T12:00:00Z
  EXPECT_EQ(parse_rfc3339_ms("2026-03-01T12:00:00Z"), noon);
  EXPECT_EQ(parse_rfc3339_ms("2026-03-01t12:00:00z"), noon);
  EXPECT_EQ(parse_rfc3339_ms("2026-03-01 12:00:00Z"), noon);
  EXPECT_EQ(parse_rfc3339_ms("2026-03-01T14:00:00+02:00"), noon);
  EXPECT_EQ(parse_rfc3339_ms("2026-03-01T06:30:00-0530"), noon);
  EXPECT_EQ(parse_rfc3339_ms("2026-03-01T12:00:00.5Z"), noon + 500);
  EXPECT_EQ(parse_rfc3339_ms("2026-03-01T12:00:00.123456789Z"), noon + 123);
  EXPECT_EQ(parse_rfc3339_ms("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(parse_rfc3339_ms("1969-12-31T23:59:59.999Z"), -1);
}

TEST(Timestamp, TakesALeapSecondForTheNextSecond) {
  EXPECT_EQ(parse_rfc3339_ms("2016-12-31T23:59:60Z"), parse_rfc3339_ms("2017-01-01T00:00:00Z"));
}

TEST(Timestamp, RefusesWhatIsNoRfc3339Time) {
  for (const char* text :
       {"", "2026-03-01", "2026-03-01T12:00:00", "2026-3-1T12:00:00Z", "2026-03-01T12:00Z", "2026-02-29T12:00:00Z",
        "2026-13-01T12:00:00Z", "2026-00-01T12:00:00Z", "2026-03-01T24:00:00Z", "2026-03-01T12:60:00Z",
        "2026-03-01T12:00:61Z", "2026-03-01T12:00:00.Z", "2026-03-01T12:00:00+24:00", "2026-03-01T12:00:00Z ",
        " 2026-03-01T12:00:00Z", "2026-03-01T12:00:00+2:00", "-026-03-01T12:00:00Z", "now"}) {
    EXPECT_EQ(parse_rfc3339_ms(text), std::nullopt) << text;
  }
  EXPECT_TRUE(parse_rfc3339_ms("2028-02-29T12:00:00Z").has_value());
}

TEST(Timestamp, ReadsTheFormOfTwitterV1) {
  EXPECT_EQ(parse_twitter_time_ms("Wed Aug 27 13:08:45 +0000 2008"), parse_rfc3339_ms("2008-08-27T13:08:45Z"));
  EXPECT_EQ(parse_twitter_time_ms("Sun Aug 31 00:29:15 +0200 2014"), parse_rfc3339_ms("2014-08-31T00:29:15+02:00"));
  for (const char* text :
       {"", "Wed Aug 27 13:08:45 2008", "Xyz Aug 27 13:08:45 +0000 2008", "Wed aug 27 13:08:45 +0000 2008",
        "Wed Feb 30 13:08:45 +0000 2008", "Wed Aug 27 13:08:45 +0000 2008 "}) {
    EXPECT_EQ(parse_twitter_time_ms(text), std::nullopt) << text;
  }
}

TEST(Timestamp, WritesThreeDigitsAndZ) {
  EXPECT_EQ(format_rfc3339(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(format_rfc3339(1'772'366'400'007), "2026-03-01T12:00:00.007Z");
  EXPECT_EQ(format_rfc3339(-1), "1969-12-31T23:59:59.999Z");
}

RC_GTEST_PROP(TimestampProperty, ReadsBackEveryTimeThatItWrites, ()) {
  const auto time_ms = *rc::gen::inRange<int64_t>(-62'167'219'200'000, 253'402'300'800'000);  // years 0 to 9999
  RC_ASSERT(parse_rfc3339_ms(format_rfc3339(time_ms)) == time_ms);
}

}  // namespace
}  // namespace earshot
