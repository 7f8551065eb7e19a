#include "operators/sentiment/earshot_scorer.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

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

// The texts of the hand-written posts about two brands, and some that are hard to read.
std::vector<std::string> many_texts() {
  std::vector<std::string> texts = {"n't not never",
                                    "@a #b /s",
                                    "it\u2019s GOOD\u2026 no:",
                                    "\U0001F602\U0001F602 ok\u2122",
                                    "\u00c9t\u00e9 \u00c9T\u00c9 \u00e9t\u00e9!",
                                    std::string(300, 'a') + " not b",
                                    "'' \" ' ?!"};
  for (const char* name : {"two_brands_held_out.tsv", "two_brands_tuned.tsv"}) {
    std::ifstream file(std::string(EARSHOT_SOURCE_DIR "/tests/operators/sentiment/") + name);
    for (std::string line; std::getline(file, line);) texts.push_back(line.substr(line.rfind('\t') + 1));
  }
  EXPECT_GT(texts.size(), 300U);
  return texts;
}

TEST(EarshotScorer, ScoresToTheDigitAlikeWhatItKnowsAndWhatItReadsForTheFirstTime) {
  const auto used = scorer();
  for (const std::string& text : many_texts()) used->score(text);
  for (const std::string& text : many_texts()) {
    const Sentiment known = used->score(text);
    const Sentiment first = scorer()->score(text);
    EXPECT_EQ(known.compound, first.compound) << text;
    EXPECT_EQ(known.confidence, first.confidence) << text;
    EXPECT_EQ(known.neg, first.neg) << text;
  }
}

// More tokens than are kept: each pass finds some of them and reads the others anew.
TEST(EarshotScorer, ScoresToTheDigitAlikeAfterMoreWordsThanItKeeps) {
  std::vector<std::string> texts;
  for (int i = 0; i < 10000; ++i) {
    const std::string number = std::to_string(i * 7919 % 10007);
    texts.push_back("not good" + number + " #sad" + number + "! GREAT, WORD" + number + "wordwordword x" + number +
                    "'s");
  }
  const auto used = scorer();
  std::vector<Sentiment> first;
  first.reserve(texts.size());
  for (const std::string& text : texts) first.push_back(used->score(text));
  for (size_t i = texts.size(); i-- > 0;) {
    const Sentiment again = used->score(texts[i]);
    EXPECT_EQ(again.compound, first[i].compound) << texts[i];
    EXPECT_EQ(again.confidence, first[i].confidence) << texts[i];
  }
}

// Training reads a text by features, scoring by what is known of its tokens: both must add up the same rows.
TEST(EarshotScorer, AddsUpTheRowsThatTrainingReads) {
  class FeatureModel final : public Vader::TokenModel {
   public:
    TokenWeights weigh(const Vader::Word& word, const char* lower_text) const override {
      const TokenFeature token = read_token(lower_text, word);
      return {.sums = {static_cast<int16_t>(token.mark_row)}, .hash = token.hash, .traits = token.traits};
    }
  };
  Vader vader(VaderModel::builtin(), std::make_unique<FeatureModel>());
  FeatureReader reader;
  for (const std::string& text : many_texts()) {
    reader.read(vader, vader.score(text));
    ASSERT_EQ(reader.tokens().size(), vader.words().size());
    for (size_t i = 0; i < vader.words().size(); ++i) {
      const TokenFeature& token = reader.tokens()[i];
      const TokenWeights& weights = vader.words()[i].weights;
      EXPECT_EQ(weights.hash, token.hash) << text;
      EXPECT_EQ(weights.traits, token.traits) << text;
      EXPECT_EQ(weights.sums[0], static_cast<int16_t>(token.mark_row)) << text;
    }
  }
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
