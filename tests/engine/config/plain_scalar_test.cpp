#include "engine/config/plain_scalar.h"

#include <gtest/gtest.h>

#include <cmath>

namespace earshot {
namespace {

template <class T>
bool resolves_to(std::string_view text, T value) {
  const PlainScalar plain = resolve_plain_scalar(text);
  return std::holds_alternative<T>(plain) && std::get<T>(plain) == value;
}

bool is_text(std::string_view text) {
  return std::holds_alternative<PlainText>(resolve_plain_scalar(text));
}

TEST(PlainScalar, TellsIntegers) {
  EXPECT_TRUE(resolves_to<int64_t>("0", 0));
  EXPECT_TRUE(resolves_to<int64_t>("-17", -17));
  EXPECT_TRUE(resolves_to<int64_t>("+17", 17));
  EXPECT_TRUE(resolves_to<int64_t>("010", 10));
  EXPECT_TRUE(resolves_to<int64_t>("0x1F", 31));
  EXPECT_TRUE(resolves_to<int64_t>("0o17", 15));
  EXPECT_TRUE(resolves_to<int64_t>("9223372036854775807", INT64_MAX));
}

TEST(PlainScalar, TakesWholeDecimalsAsIntegersLikeJsonSchema) {
  EXPECT_TRUE(resolves_to<int64_t>("1e3", 1000));
  EXPECT_TRUE(resolves_to<int64_t>("4.0", 4));
  EXPECT_TRUE(resolves_to<double>("1e300", 1e300));
}

TEST(PlainScalar, TellsDecimals) {
  EXPECT_TRUE(resolves_to<double>("1.5", 1.5));
  EXPECT_TRUE(resolves_to<double>(".5", 0.5));
  EXPECT_TRUE(resolves_to<double>("-2.5e-3", -0.0025));
  EXPECT_TRUE(resolves_to<double>("9223372036854775808", 9223372036854775808.0));
  EXPECT_TRUE(resolves_to<double>("1e999", HUGE_VAL));
}

TEST(PlainScalar, TellsBooleansOfYaml12Only) {
  EXPECT_TRUE(resolves_to<bool>("true", true));
  EXPECT_TRUE(resolves_to<bool>("False", false));
  for (const char* text : {"yes", "no", "on", "off", "y", "tRUE"}) EXPECT_TRUE(is_text(text)) << text;
}

TEST(PlainScalar, LeavesTheRestAsText) {
  for (const char* text : {"", "-", "+", ".", "e3", "1e", "1e+", "0x", "0xG", "0x-1", "0o8", "1_000", "12:30", "1.2.3",
                           ".inf", ".nan", "10s", "--1", "1 2"}) {
    EXPECT_TRUE(is_text(text)) << text;
  }
}

}  // namespace
}  // namespace earshot
