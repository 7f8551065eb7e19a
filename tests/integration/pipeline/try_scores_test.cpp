// `earshot try sentiment`, `triage` and `spike`: a line out for each line in. What they say is tested with their
// operators.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/integration/pipeline/engine_process.h"

namespace earshot {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::vector<std::string> lines_in(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

TEST(TryScores, SentimentIsAddedToEachObjectAndTowardsEachBrand) {
  const auto ended = run_earshot({"try", "sentiment"},
                                 "{\"n\": 1.0,\"text\":\"I love it\"}\n{\"text\":\"Acme is great, Brand is "
                                 "awful\",\"towards\":[\"Acme\",\"Brand\"]}");
  EXPECT_EQ(ended.status, 0) << ended.err;
  const auto lines = lines_in(ended.out);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_THAT(lines[0], StartsWith(R"({"n": 1.0,"text":"I love it","sentiment":{)"));
  EXPECT_EQ(nlohmann::json::parse(lines[0])["sentiment"]["label"], "positive");
  EXPECT_EQ(nlohmann::json::parse(lines[1])["sentiment_towards"]["Brand"]["label"], "negative");
}

TEST(TryScores, SentimentNamesTheLineOfWhatItCannotRead) {
  const auto ended = run_earshot({"try", "sentiment"},
                                 "{\"text\":1}\n{\"text\":\"a\"\n{\"text\":\"x\",\"towards\":\"y\"}\n"
                                 "{\"text\":\"fine\"}\n{\"text\":\"x\",\"towards\":[]}\n");
  EXPECT_EQ(ended.status, 1);
  const auto lines = lines_in(ended.out);
  ASSERT_EQ(lines.size(), 5U);
  EXPECT_EQ(lines[0], R"({"error":"line 1: expected a member \"text\" that is a string"})");
  EXPECT_THAT(lines[1], StartsWith(R"({"error":"line 2: expected a JSON object)"));
  EXPECT_EQ(lines[2], R"({"error":"line 3: \"y\" is not in the text"})");
  EXPECT_THAT(lines[3], StartsWith(R"({"text":"fine","sentiment":)"));
  EXPECT_THAT(lines[4], StartsWith(R"({"error":"line 5: expected \"towards\")"));
  EXPECT_EQ(run_earshot({"try", "sentiment", "--model", "oracle"}).status, 2);
  const auto lexicon = run_earshot({"try", "sentiment", "--lexicon", "/nowhere/de.txt"});
  EXPECT_EQ(lexicon.status, 2);
  EXPECT_THAT(lexicon.err, HasSubstr("/nowhere/de.txt"));
}

TEST(TryScores, TriageIsAddedToEachPostAndBadLinesAreNamed) {
  const std::string post = R"({"id":"1","platform":"x","created_at":"2026-03-02T10:00:00Z","lang":"en",)"
                           R"("text":"Acme is down again, I want my money back")";
  const auto ended = run_earshot({"try", "triage"}, post + "}\n{\"id\":\"2\"}\n");
  EXPECT_EQ(ended.status, 1);
  const auto lines = lines_in(ended.out);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_THAT(lines[0], StartsWith(post + R"(,"triage":{"class":"complaint")"));
  EXPECT_EQ(lines[1], R"({"error":"line 2: platform is missing"})");
  EXPECT_EQ(ended.err, "line 2: platform is missing\n");
  const auto rules = run_earshot({"try", "triage", "--rules", "/nowhere/triage.yaml"});
  EXPECT_EQ(rules.status, 2);
  EXPECT_THAT(rules.err, HasSubstr("/nowhere/triage.yaml"));
}

TEST(TryScores, SpikeScoresEachValueAndNamesTheLineOfWhatIsNone) {
  const auto ended = run_earshot({"try", "spike", "--pane", "60"},
                                 "timestamp,value\r\n2026-03-02 10:00:00,1\nx,1\n2026-03-02 10:01:00,-1\n"
                                 "2026-03-02 10:02:00,2");
  EXPECT_EQ(ended.status, 1);
  const auto lines = lines_in(ended.out);
  ASSERT_EQ(lines.size(), 5U);
  EXPECT_EQ(lines[0], "timestamp,value,score,alert,level");
  EXPECT_THAT(lines[1], StartsWith("2026-03-02 10:00:00,1,"));
  EXPECT_EQ(lines[2], "x,1,,,");
  EXPECT_THAT(ended.err, HasSubstr("line 3: 'x' is not a timestamp"));
  EXPECT_THAT(ended.err, HasSubstr("line 4: '-1' is not a value"));
  EXPECT_THAT(run_earshot({"try", "spike", "--pane", "0"}).err, HasSubstr("expected 1 to 86400 seconds, not 0"));
}

}  // namespace
}  // namespace earshot
