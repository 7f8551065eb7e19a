// Parity with Python's vaderSentiment 3.3.2 on a file of its scores, when that file lies beside the project.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <string>

#include "operators/sentiment/vader.h"

namespace earshot::sentiment {
namespace {

TEST(VaderParity, HoldsOnEveryLineOfTheFile) {
  const std::string path = EARSHOT_SOURCE_DIR "/../shared/data/sentiment/vader_parity.jsonl";
  simdjson::padded_string file;
  if (simdjson::padded_string::load(path).get(file) != simdjson::SUCCESS) GTEST_SKIP() << path << " is absent";
  simdjson::dom::parser parser;
  simdjson::dom::document_stream lines;
  ASSERT_EQ(parser.parse_many(file).get(lines), simdjson::SUCCESS);
  Vader vader(VaderModel::builtin());
  int count = 0;
  for (const auto line : lines) {
    std::string_view text;
    ASSERT_EQ(line["text"].get(text), simdjson::SUCCESS);
    const Sentiment sentiment = vader.score(text);
    EXPECT_EQ(sentiment.neg, double(line["neg"])) << text;
    EXPECT_EQ(sentiment.neu, double(line["neu"])) << text;
    EXPECT_EQ(sentiment.pos, double(line["pos"])) << text;
    EXPECT_EQ(sentiment.compound, double(line["compound"])) << text;
    ++count;
  }
  EXPECT_GT(count, 0);
}

}  // namespace
}  // namespace earshot::sentiment
