#include "operators/sentiment/earshot_scorer.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <fstream>
#include <string>

namespace earshot::sentiment {
namespace {

std::unique_ptr<Scorer> scorer() {
  auto made = make_scorer("earshot");
  EXPECT_TRUE(made.ok());
  return std::move(*made);
}

TEST(EarshotScorer, TellsPraiseFromAnger) {
  const auto model = scorer();
  EXPECT_EQ(model->score("I love this, best day ever!").label, SentimentLabel::kPositive);
  EXPECT_EQ(model->score("worst service ever, never again").label, SentimentLabel::kNegative);
  EXPECT_EQ(model->score("The shop opens on Monday at nine").label, SentimentLabel::kNeutral);
}

TEST(EarshotScorer, IsNoSurerOfALongTextForItsLength) {
  const auto model = scorer();
  std::string text;
  for (int i = 0; i < 30; ++i) text += "the shop opens on Monday at nine and closes at six ";
  EXPECT_EQ(model->score(text).label, SentimentLabel::kNeutral);
  for (int i = 0; i < 100; ++i) text += "the shop opens on Monday at nine and closes at six ";
  EXPECT_LT(std::abs(model->score(text).compound), 0.5);
  EXPECT_LT(model->score(text).confidence, 0.999);
}

TEST(EarshotScorer, TurnsPraiseThatIsMarkedAsIronic) {
  const auto model = scorer();
  const std::string praise = "Great, love this amazing service";
  EXPECT_EQ(model->score(praise).label, SentimentLabel::kPositive);
  for (const char* mark : {" /s", " #sarcasm", " #Not", " #irony!"}) {
    EXPECT_EQ(model->score(praise + mark).label, SentimentLabel::kNegative) << mark;
    EXPECT_LT(model->score(praise + mark).compound, 0) << mark;
  }
  const std::string anger = "worst service ever";
  EXPECT_EQ(model->score(anger + " #sarcasm").label, SentimentLabel::kNegative);
}

TEST(EarshotScorer, GivesSharesThatAddUpAndACompoundWithinItsBounds) {
  const auto model = scorer();
  for (const std::string text : {"", "hm", "I hate it", "so GOOD 😍😍", "日本", "n't not never"}) {
    const Sentiment sentiment = model->score(text);
    const double shares = sentiment.neg + sentiment.neu + sentiment.pos;
    EXPECT_NEAR(shares, text.empty() ? 0 : 1, 0.002) << text;
    EXPECT_LE(std::abs(sentiment.compound), 1) << text;
    EXPECT_LE(sentiment.confidence, 1) << text;
  }
}

TEST(EarshotScorer, ScoresATextAlikeWhateverCameBefore) {
  const auto fresh = scorer();
  const auto used = scorer();
  for (int i = 0; i < 10'000; ++i) used->score("word" + std::to_string(i) + " is not what it was");
  const std::string text = "not bad, but the refund took ages";
  EXPECT_EQ(fresh->score(text).compound, used->score(text).compound);
  EXPECT_EQ(fresh->score(text).neg, used->score(text).neg);
}

size_t class_of(const std::string& label) {
  return label == "negative" ? 0 : label == "neutral" ? 1 : 2;
}

TEST(EarshotScorer, FindsMoreThanTwoThirdsOfEachClassOnAverage) {
  std::ifstream file(EARSHOT_SOURCE_DIR "/../shared/data/sentiment/val.tsv");
  if (!file) GTEST_SKIP() << "needs the labelled texts beside the project";
  const auto model = scorer();
  std::array<double, 3> found{};
  std::array<double, 3> all{};
  for (std::string line; std::getline(file, line);) {
    const size_t tab = line.find('\t');
    const size_t expected = class_of(line.substr(0, tab));
    all[expected] += 1;
    found[expected] += static_cast<size_t>(model->score(line.substr(tab + 1)).label) == expected ? 1 : 0;
  }
  const double macro_recall = (found[0] / all[0] + found[1] / all[1] + found[2] / all[2]) / 3;
  EXPECT_GT(macro_recall, 0.68);
}

}  // namespace
}  // namespace earshot::sentiment
