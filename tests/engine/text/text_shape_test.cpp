#include "engine/text/text_shape.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace earshot {
namespace {

TEST(TextShape, IsSharedByTextsThatDifferInNumbersAlone) {
  EXPECT_EQ(text_shape(" they steal from you switch now 1234 "), text_shape(" they steal from you switch now 99 "));
}

TEST(TextShape, IsMostlySharedByTextsThatDifferInAWord) {
  std::set<uint64_t> shapes;
  constexpr int kTexts = 200;
  for (int i = 0; i < kTexts; ++i) {
    const std::string name = {static_cast<char>('a' + i % 26), static_cast<char>('a' + i / 26)};
    shapes.insert(text_shape(" everybody must know that this bank steals from people tell your friends " + name + " "));
  }
  EXPECT_LT(shapes.size(), kTexts / 3);
}

TEST(TextShape, TellsDifferentTextsApart) {
  EXPECT_NE(text_shape(" my card was charged twice today "), text_shape(" nobody answers the phone since hours "));
  EXPECT_NE(text_shape(" acme is down "), text_shape(" acme is up "));
  EXPECT_EQ(text_shape(" "), text_shape(" "));
}

}  // namespace
}  // namespace earshot
