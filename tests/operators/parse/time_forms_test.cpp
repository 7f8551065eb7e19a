#include "operators/parse/time_forms.h"

#include <gtest/gtest.h>

#include "engine/time/timestamp.h"

namespace earshot::parse {
namespace {

std::string read(std::string_view text) {
  const auto time_ms = parse_any_time_ms(text);
  return time_ms ? format_rfc3339(*time_ms) : "no time";
}

TEST(TimeForms, ReadEveryFormToTheSameInstant) {
  for (const char* text : {"2026-03-01T12:00:00Z", "2026-03-01T14:00:00.000+02:00", "2026-03-01T12:00Z",
                           " 2026-03-01 12:00:00 UTC\n", "2026-03-01T13:00:00+01", "20260301T120000Z", "20260301120000",
                           "Sun, 01 Mar 2026 12:00:00 GMT", "Sun, 1 Mar 2026 12:00 +0000", "1 Mar 26 07:00:00 EST",
                           "01 Mar 2026 12:00:00", "Dom, 01 Mar 2026 09:00:00 -0300", "So, 01 Mär 2026 13:00:00 +0100",
                           "Sun Mar 01 12:00:00 +0000 2026", "Sun,01 Mar 2026 12:00:00 Z"}) {
    EXPECT_EQ(read(text), "2026-03-01T12:00:00.000Z") << text;
  }
}

TEST(TimeForms, ReadADateAsItsFirstMoment) {
  EXPECT_EQ(read("2026-03-01"), "2026-03-01T00:00:00.000Z");
  EXPECT_EQ(read("20260301"), "2026-03-01T00:00:00.000Z");
}

TEST(TimeForms, KnowMonthsInSixLanguages) {
  for (const char* month : {"Sep", "set", "Sept", "SETEMBRO", "septiembre"}) {
    EXPECT_EQ(read("Seg, 24 " + std::string(month) + " 2018 19:42:40 -0300"), "2018-09-24T22:42:40.000Z") << month;
  }
  EXPECT_EQ(read("5 juin 2026 00:00:00 Z"), "2026-06-05T00:00:00.000Z");
  EXPECT_EQ(read("5 juillet 2026 00:00:00 Z"), "2026-07-05T00:00:00.000Z");
  EXPECT_EQ(read("5 Dez 2026 00:00:00 Z"), "2026-12-05T00:00:00.000Z");
}

TEST(TimeForms, RefuseWhatIsNoTime) {
  for (const char* text :
       {"", "   ", "yesterday", "2026-13-01", "2026-03-32T00:00:00Z", "Sun, 01 Foo 2026 12:00:00 GMT", "12:00:00",
        "1772366400", "2026-03-01T25:00:00Z", "Sun, 01 Mar 2026 12:00:00 XYZ", "+", "2026"}) {
    EXPECT_EQ(read(text), "no time") << text;
  }
  EXPECT_EQ(read(std::string(100'000, '1')), "no time");
}

TEST(TimeForms, TellTheUnitOfAnEpochByItsSize) {
  for (const int64_t number :
       {1'772'366'400LL, 1'772'366'400'000LL, 1'772'366'400'000'000LL, 1'772'366'400'000'000'000LL}) {
    EXPECT_EQ(epoch_to_ms(number), 1'772'366'400'000LL);
  }
  EXPECT_EQ(epoch_to_ms(INT64_MIN), INT64_MIN / 1'000'000);
}

}  // namespace
}  // namespace earshot::parse
