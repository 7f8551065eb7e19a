#include "engine/config/nearest_name.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <array>

namespace earshot {
namespace {

constexpr std::array<std::string_view, 4> kNames{"connector", "commit_interval", "path", "paths"};

TEST(NearestName, FindsWhatWasMeant) {
  EXPECT_EQ(nearest_name("conector", kNames), "connector");
  EXPECT_EQ(nearest_name("connetcor", kNames), "connector");
  EXPECT_EQ(nearest_name("Commit-Interval", kNames), "commit_interval");
  EXPECT_EQ(nearest_name("pathes", kNames), "paths");
  EXPECT_EQ(nearest_name("pat", kNames), "path");
}

TEST(NearestName, AnswersNothingRatherThanAGuess) {
  EXPECT_EQ(nearest_name("frobnicate", kNames), "");
  EXPECT_EQ(nearest_name("x", kNames), "");
  EXPECT_EQ(nearest_name(std::string(100'000, 'x'), kNames), "");
}

TEST(EditDistance, CountsASwapAsOneEdit) {
  EXPECT_EQ(edit_distance("abcd", "abcd"), 0U);
  EXPECT_EQ(edit_distance("abcd", "abdc"), 1U);
  EXPECT_EQ(edit_distance("abcd", "bcd"), 1U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
}

TEST(EditDistance, IsSymmetricAndZeroForEqualNamesOnly) {
  EXPECT_TRUE(rc::check("a metric's first two laws", [] {
    const auto letters = rc::gen::container<std::string>(rc::gen::element('a', 'b', 'c'));
    const std::string a = *letters;
    const std::string b = *letters;
    RC_PRE(a.size() <= 64 && b.size() <= 64);
    RC_ASSERT(edit_distance(a, b) == edit_distance(b, a));
    RC_ASSERT((edit_distance(a, b) == 0) == (a == b));
  }));
}

}  // namespace
}  // namespace earshot
