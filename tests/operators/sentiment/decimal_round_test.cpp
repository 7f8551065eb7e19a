#include "operators/sentiment/decimal_round.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdint>

namespace earshot::sentiment {
namespace {

TEST(RoundToDecimal, SendsAnExactTieToTheEvenDigit) {
  EXPECT_EQ(round_to_decimal(0.03125, 1e4), 0.0312);
  EXPECT_EQ(round_to_decimal(0.09375, 1e4), 0.0938);
  EXPECT_EQ(round_to_decimal(0.0625, 1e3), 0.062);
  EXPECT_EQ(round_to_decimal(-0.1875, 1e3), -0.188);
}

TEST(RoundToDecimal, LooksAtTheExactValueOfWhatReadsLikeATie) {
  EXPECT_EQ(round_to_decimal(0.0005, 1e3), 0.001);    // in binary a little above
  EXPECT_EQ(round_to_decimal(0.00015, 1e4), 0.0001);  // a little below
  EXPECT_EQ(round_to_decimal(0.1235, 1e3), 0.123);
}

TEST(RoundToDecimal, GivesNoNegativeZero) {
  EXPECT_FALSE(std::signbit(round_to_decimal(-0.00001, 1e4)));
}

// The tie test in integers: value is mantissa / 2^53, so value * 10^4 is compared with half steps without any rounding.
RC_GTEST_PROP(RoundToDecimal, AgreesWithIntegerArithmetic, ()) {
  const int64_t half_step = *rc::gen::inRange<int64_t>(0, 20001);
  const int64_t offset = *rc::gen::inRange<int64_t>(-3, 4);
  __extension__ using int128 = __int128;
  constexpr int64_t kOne = int64_t{1} << 53;
  const auto mantissa = static_cast<int64_t>((static_cast<int128>(half_step) << 53) / 20000) + offset;
  RC_PRE(mantissa >= 0 && mantissa <= kOne);
  const int128 twice_steps = static_cast<int128>(mantissa) * 20000;  // value * 20000 * 2^53
  int64_t steps = static_cast<int64_t>(twice_steps >> 54);
  const int128 rest = twice_steps - (static_cast<int128>(steps) << 54);
  if (rest > kOne || (rest == kOne && steps % 2 == 1)) ++steps;
  RC_ASSERT(round_to_decimal(static_cast<double>(mantissa) / static_cast<double>(kOne), 1e4) ==
            static_cast<double>(steps) / 1e4);
}

}  // namespace
}  // namespace earshot::sentiment
