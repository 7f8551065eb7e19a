#include "tests/layout/arrows.h"

#include <gtest/gtest.h>

namespace earshot::layout {
namespace {

constexpr std::string_view kRules = R"(# comment
engine            engine
operators         operators/= schemas engine
operators/spike   operators/spike operators/baseline
)";

TEST(Arrows, AllowWhatTheLongestRuleNames) {
  const Arrows arrows(kRules);
  EXPECT_TRUE(arrows.allows("engine/flow/log.h", "engine/base/result.h"));
  EXPECT_TRUE(arrows.allows("operators/match/rule.cpp", "schemas/post.h"));
  EXPECT_TRUE(arrows.allows("operators/spike/score.h", "operators/baseline/baseline.h"));
  EXPECT_FALSE(arrows.allows("operators/spike/score.h", "schemas/post.h"));
}

TEST(Arrows, RefuseTheOtherDirection) {
  const Arrows arrows(kRules);
  EXPECT_FALSE(arrows.allows("engine/flow/log.h", "schemas/post.h"));
  EXPECT_FALSE(arrows.allows("engine/flow/log.h", "engineering/log.h"));
}

TEST(Arrows, KeepAnOperatorToItsOwnFolder) {
  const Arrows arrows(kRules);
  EXPECT_TRUE(arrows.allows("operators/match/rule.cpp", "operators/match/rule.h"));
  EXPECT_FALSE(arrows.allows("operators/match/rule.cpp", "operators/parse/parser.h"));
  EXPECT_FALSE(arrows.allows("operators/match/rule.cpp", "operators/matching/rule.h"));
}

TEST(Arrows, CoverOnlyFoldersWithARule) {
  const Arrows arrows(kRules);
  EXPECT_TRUE(arrows.covers("engine/flow/log.h"));
  EXPECT_FALSE(arrows.covers("plugins/x.h"));
  EXPECT_FALSE(arrows.allows("plugins/x.h", "engine/base/result.h"));
}

TEST(QuotedIncludes, GivesPathsWithTheirLines) {
  const std::vector<Include> found =
      quoted_includes("#include <vector>\n#include \"engine/base/result.h\"\n  # include \"a.h\"\n");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].path, "engine/base/result.h");
  EXPECT_EQ(found[0].line, 2U);
  EXPECT_EQ(found[1].path, "a.h");
}

}  // namespace
}  // namespace earshot::layout
