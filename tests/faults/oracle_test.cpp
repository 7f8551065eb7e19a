// The oracle itself: a comparison that overlooks a fault would prove nothing.
#include <gtest/gtest.h>

#include "tests/faults/numbered_posts.h"
#include "tests/faults/post_feed.h"

namespace earshot::faults {
namespace {

using Lines = std::vector<std::string>;

const PostScript kScript(7, 1'772'409'600'000);

Lines windows_of(const Oracle& oracle) {
  Lines lines;
  for (const auto& [key, count] : oracle.windows()) {
    lines.push_back(R"({"listener":")" + std::get<0>(key) + R"(","start":")" + std::get<1>(key) + R"(","length_ms":)" +
                    std::to_string(std::get<2>(key)) + R"(,"revision":0,"mentions":)" + std::to_string(count.mentions) +
                    R"(,"reach":)" + std::to_string(count.reach) + "}");
  }
  return lines;
}

Lines mentions_of(const Oracle& oracle) {
  Lines lines;
  for (const auto& [listener, id] : oracle.mentions()) {
    lines.push_back(R"({"listener":")" + listener + R"(","post":{"id":")" + id + R"("}})");
  }
  return lines;
}

class OracleTest : public testing::Test {
 protected:
  const Oracle oracle_ = oracle_of(kScript, 2'000);
  Lines windows_ = windows_of(oracle_);
  Lines mentions_ = mentions_of(oracle_);
};

TEST_F(OracleTest, AgreesWithWhatItSays) {
  ASSERT_GT(windows_.size(), 10u);
  ASSERT_GT(mentions_.size(), 1'000u);
  EXPECT_EQ(compare(oracle_, windows_, mentions_), "");
}

TEST_F(OracleTest, NamesAMentionThatIsLostAndOneThatIsDoubled) {
  const std::string lost = mentions_[5];
  mentions_[5] = mentions_[6];
  const std::string found = compare(oracle_, windows_, mentions_);
  EXPECT_NE(found.find("mention lost"), std::string::npos) << found;
  EXPECT_NE(found.find("mention doubled"), std::string::npos) << found;
}

TEST_F(OracleTest, NamesAWindowThatIsLostDoubledOrWrong) {
  windows_[2] = windows_[3];
  windows_[4].replace(windows_[4].find("reach"), 7, R"(reach":1)");
  const std::string found = compare(oracle_, windows_, mentions_);
  EXPECT_NE(found.find("window lost"), std::string::npos) << found;
  EXPECT_NE(found.find("window doubled"), std::string::npos) << found;
  EXPECT_NE(found.find("window wrong"), std::string::npos) << found;
}

TEST_F(OracleTest, CountsAPostThatIsSentAgainOnce) {
  Oracle twice = oracle_;
  for (uint64_t number = 0; number < 100; ++number) twice.add(kScript.post(number));
  EXPECT_EQ(twice.windows(), oracle_.windows());
}

TEST_F(OracleTest, IsOfAScriptThatSendsSomePostsAgain) {
  size_t again = 0;
  for (uint64_t number = 0; number < 2'000; ++number) again += kScript.post(number).id != "n" + std::to_string(number);
  EXPECT_GT(again, 5u);
  EXPECT_LT(again, 50u);
}

}  // namespace
}  // namespace earshot::faults
