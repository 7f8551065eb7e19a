#include "operators/sentiment/lexicon.h"

#include <gtest/gtest.h>

#include <string>

#include "operators/sentiment/lexicon_scorer.h"

namespace earshot::sentiment {
namespace {

std::string fault_of(std::string_view text) {
  const auto lexicon = Lexicon::parse(text, "ours.txt");
  return lexicon.ok() ? "no error" : lexicon.error().to_string();
}

TEST(Lexicon, NamesLineAndColumnOfAFault) {
  EXPECT_EQ(fault_of("gut 1.9\n"), "ours.txt:1:1: expected \"@language\" before the first word");
  EXPECT_EQ(fault_of("@language Deutsch"), "ours.txt:1:11: \"Deutsch\" is no language: expected two or three letters");
  EXPECT_EQ(fault_of("@language de\ngut gern 1"),
            "ours.txt:2:5: expected the value of \"gut\", a number from -4 to 4, found \"gern\"");
  EXPECT_EQ(fault_of("@language de\ngut 1  schlecht"),
            "ours.txt:2:16: expected the value of \"schlecht\", a number from -4 to 4, found \"\"");
  EXPECT_EQ(fault_of("@language de\ngut 5"),
            "ours.txt:2:5: expected the value of \"gut\", a number from -4 to 4, found \"5\"");
  EXPECT_EQ(fault_of("@language de\ngut nan"),
            "ours.txt:2:5: expected the value of \"gut\", a number from -4 to 4, found \"nan\"");
  EXPECT_EQ(
      fault_of("@language de\n  @negations nicht"),
      "ours.txt:2:3: \"@negations\" is unknown; expected @language, @negation, @intensifier, @dampener or @contrast");
  EXPECT_EQ(fault_of("@language de\nsch\xF6n 2"), "ours.txt:2:4: not UTF-8");
  EXPECT_EQ(fault_of("@language de\n"), "ours.txt: expected words with their values");
  EXPECT_EQ(fault_of(""), "ours.txt: expected a line \"@language\" with the language");
}

TEST(Lexicon, IsRefusedWhenItIsMissingOrAFolder) {
  EXPECT_NE(Lexicon::load("/nowhere/de.txt").error().to_string().find("/nowhere/de.txt: cannot read it"),
            std::string::npos);
  EXPECT_NE(Lexicon::load("/tmp").error().to_string().find("/tmp: expected a file, found a folder"), std::string::npos);
}

class GermanTexts : public testing::Test {
 protected:
  static std::shared_ptr<const Lexicon> german() {
    auto lexicon = Lexicon::load(EARSHOT_SOURCE_DIR "/operators/sentiment/lexicons/de.txt");
    EXPECT_TRUE(lexicon.ok()) << lexicon.error().to_string();
    return *lexicon;
  }
  double compound(std::string_view text) { return scorer_.score(text).compound; }

  LexiconScorer scorer_{german()};
};

TEST_F(GermanTexts, AreRatedByTheirWords) {
  EXPECT_GT(compound("Das Essen war wirklich gut"), 0.3);
  EXPECT_LT(compound("Furchtbarer Service, eine Katastrophe"), -0.3);
  EXPECT_EQ(scorer_.score("ÄRGERLICH, einfach schlecht").label, SentimentLabel::kNegative);
}

TEST_F(GermanTexts, AreTurnedByANegationBeforeOrAfter) {
  EXPECT_LT(compound("Das war nicht gut"), 0);
  EXPECT_LT(compound("Das gefällt mir nicht"), 0);
  EXPECT_GT(compound("nicht schlecht, gut"), 0);
}

TEST_F(GermanTexts, CountMoreAfterContrastAndIntensifiers) {
  EXPECT_LT(compound("gut, aber schlecht"), compound("schlecht, aber gut"));
  EXPECT_GT(compound("sehr gut"), compound("gut"));
  EXPECT_LT(compound("etwas langweilig gut"), compound("sehr gut"));
}

TEST_F(GermanTexts, WithoutARatedWordAreUnscored) {
  const Sentiment sentiment = scorer_.score("Der Zug fährt um neun");
  EXPECT_EQ(sentiment.label, SentimentLabel::kUnscored);
  EXPECT_EQ(sentiment.compound, 0);
  EXPECT_EQ(sentiment.confidence, 0);
}

TEST(EmojiScores, AreReadInEveryLanguageAndRunsCountThreeAtMost) {
  LexiconScorer scorer(nullptr);
  EXPECT_EQ(scorer.score("これは 😍").label, SentimentLabel::kPositive);
  EXPECT_EQ(scorer.score("это 😡😡").label, SentimentLabel::kNegative);
  EXPECT_EQ(scorer.score("hola :)").label, SentimentLabel::kPositive);
  EXPECT_EQ(scorer.score("❤️ x").label, SentimentLabel::kPositive);
  EXPECT_EQ(scorer.score("ja 😡😡😡").compound, scorer.score("ja 😡😡😡😡😡😡😡😡").compound);
  EXPECT_GT(scorer.score("😍").confidence, 0);
}

}  // namespace
}  // namespace earshot::sentiment
