// `earshot rules`: listeners are looked at as code is, before they run.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/integration/pipeline/engine_process.h"

namespace earshot {
namespace {

using testing::HasSubstr;

class Rules : public testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(workspace_.path(name)) << text;
    return workspace_.path(name).string();
  }

  Workspace workspace_;
  const std::string listeners_ = write("rules.yaml",
                                       "listeners:\n"
                                       "  - {name: down, spoke: s, owner: o, query: 'payvanta (outage OR down)'}\n"
                                       "  - {name: refund, spoke: s, owner: o, query: 'refund NEAR/3 payvanta'}\n");
  static constexpr const char* kPost =
      R"({"id":"1","platform":"x","created_at":"2026-03-02T14:00:00Z","text":"Payvanta is down")";
};

TEST_F(Rules, TestSucceedsWhenPostsMatchAsExpected) {
  const auto ended = run_earshot(
      {"rules", "test", "--listeners", listeners_, write("f.ndjson", kPost + std::string(R"(,"expect":["down"]})"))});
  EXPECT_EQ(ended.status, 0) << ended.out << ended.err;
  EXPECT_EQ(ended.out, "1 posts, 0 faults\n");
}

TEST_F(Rules, TestNamesTheLineOfEachDifference) {
  const std::string fixtures = write("f.ndjson", std::string(kPost) + ",\"expect\":[\"refund\"]}\n" + kPost +
                                                     ",\"expect\":[\"dwon\"]}\n" + kPost + "}\n");
  const auto ended = run_earshot({"rules", "test", "--listeners", listeners_, fixtures});
  EXPECT_EQ(ended.status, 1);
  EXPECT_THAT(ended.out, HasSubstr("f.ndjson:1: 'refund' does not match 'Payvanta is down'"));
  EXPECT_THAT(ended.out, HasSubstr("f.ndjson:1: 'down' matches 'Payvanta is down'"));
  EXPECT_THAT(ended.out, HasSubstr("f.ndjson:2: no listener is named \"dwon\""));
  EXPECT_THAT(ended.out, HasSubstr("f.ndjson:3: expected a canonical post with a list of listeners in 'expect'"));
  EXPECT_THAT(ended.out, HasSubstr("3 posts, 4 faults"));
}

TEST_F(Rules, ExplainSaysWhichTermsHold) {
  const auto ended =
      run_earshot({"rules", "explain", "down", "--listeners", listeners_, "--post", "-"}, kPost + std::string("}\n"));
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("-:1: 'down' matches 'Payvanta is down'"));
  EXPECT_THAT(ended.out, HasSubstr("no      outage\n"));
  EXPECT_THAT(ended.out, HasSubstr("yes     down  [12, 16) 'down'\n"));
  EXPECT_THAT(run_earshot({"rules", "explain", "up", "--listeners", listeners_, "--post", "-"}).err,
              HasSubstr("no listener is named 'up'"));
}

TEST_F(Rules, LintFailsOnARemarkWhenAsked) {
  const std::string broad = write("broad.yaml", "listeners:\n  - {name: any, spoke: s, owner: o, query: 'lang:en'}\n");
  EXPECT_EQ(run_earshot({"rules", "lint", "--listeners", broad}).status, 0);
  const auto strict = run_earshot({"rules", "lint", "--listeners", broad, "--strict"});
  EXPECT_EQ(strict.status, 1);
  EXPECT_THAT(strict.out, HasSubstr("broad.yaml:2:"));
  EXPECT_EQ(run_earshot({"rules", "lint", "--listeners", listeners_, "--strict"}).status, 0);
}

}  // namespace
}  // namespace earshot
