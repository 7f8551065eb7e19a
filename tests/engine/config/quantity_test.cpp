#include "engine/config/quantity.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <regex>

namespace earshot {
namespace {

using std::chrono::milliseconds;

TEST(Duration, ReadsEveryUnit) {
  EXPECT_EQ(parse_duration("500ms"), milliseconds(500));
  EXPECT_EQ(parse_duration("10s"), milliseconds(10'000));
  EXPECT_EQ(parse_duration("15m"), milliseconds(900'000));
  EXPECT_EQ(parse_duration("1h"), milliseconds(3'600'000));
  EXPECT_EQ(parse_duration("7d"), milliseconds(604'800'000));
  EXPECT_EQ(parse_duration("2w"), milliseconds(1'209'600'000));
  EXPECT_EQ(parse_duration("0s"), milliseconds(0));
}

TEST(Duration, RefusesWhatHasNoUnitOrMoreThanOneNumber) {
  for (const char* text :
       {"", "10", "s", "10 s", "-1s", "+1s", "1.5h", "1h30m", "10S", "10sec", "ms", "1e3s", "10s "}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

TEST(Duration, RefusesWhatOverflows) {
  EXPECT_NE(parse_duration("999999999999999ms"), std::nullopt);
  EXPECT_EQ(parse_duration("999999999999999d"), std::nullopt);
  EXPECT_EQ(parse_duration("99999999999999999999ms"), std::nullopt);
}

TEST(Duration, ReadsBackWhatItWrites) {
  EXPECT_TRUE(rc::check("parse(format(x)) == x", [] {
    const milliseconds duration(*rc::gen::inRange<int64_t>(0, 1'000'000'000'000) *
                                *rc::gen::element<int64_t>(1, 10, 1000, 60'000, 3'600'000 / 60));
    RC_PRE(duration.count() < 999'999'999'999'999);
    RC_ASSERT(parse_duration(format_duration(duration)) == duration);
  }));
  EXPECT_EQ(format_duration(milliseconds(604'800'000)), "7d");
  EXPECT_EQ(format_duration(milliseconds(90'000)), "90s");
  EXPECT_EQ(format_duration(milliseconds(0)), "0s");
}

TEST(ByteSize, TellsDecimalFromBinaryUnits) {
  EXPECT_EQ(parse_byte_size("64MiB"), ByteSize{64LL << 20});
  EXPECT_EQ(parse_byte_size("1GB"), ByteSize{1'000'000'000});
  EXPECT_EQ(parse_byte_size("2kB"), ByteSize{2000});
  EXPECT_EQ(parse_byte_size("2KB"), ByteSize{2000});
  EXPECT_EQ(parse_byte_size("2KiB"), ByteSize{2048});
  EXPECT_EQ(parse_byte_size("5B"), ByteSize{5});
  EXPECT_EQ(parse_byte_size("5"), std::nullopt);
  EXPECT_EQ(parse_byte_size("5mib"), std::nullopt);
  EXPECT_EQ(parse_byte_size("99999999TiB"), std::nullopt);
}

TEST(ByteSize, ReadsBackWhatItWrites) {
  EXPECT_TRUE(rc::check("parse(format(x)) == x", [] {
    const ByteSize size{*rc::gen::inRange<int64_t>(0, 1'000'000) * *rc::gen::element<int64_t>(1, 1000, 1024, 1 << 20)};
    RC_ASSERT(parse_byte_size(format_byte_size(size)) == size);
  }));
}

TEST(Quantity, ThePatternsTakeWhatTheParsersTake) {
  const std::regex duration{std::string(kDurationPattern)};
  const std::regex size{std::string(kByteSizePattern)};
  EXPECT_TRUE(rc::check("pattern and parser agree", [&] {
    const auto digits = *rc::gen::container<std::string>(rc::gen::element('0', '1', '9'));
    const auto unit = *rc::gen::element<std::string>("", "ms", "s", "m", "h", "d", "w", "M", "B", "kB", "KB", "KiB",
                                                     "MB", "MiB", "GB", "GiB", "b", "sm", " s");
    const std::string text = digits + unit;
    RC_PRE(digits.size() < 10 || digits.size() > 15);  // between them, large units overflow
    RC_ASSERT(std::regex_search(text, duration) == parse_duration(text).has_value());
    RC_ASSERT(std::regex_search(text, size) == parse_byte_size(text).has_value());
  }));
}

}  // namespace
}  // namespace earshot
