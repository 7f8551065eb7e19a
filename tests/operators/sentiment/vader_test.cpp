// Texts for each trap of the original, with the scores that Python's vaderSentiment 3.3.2 gives them.
#include "operators/sentiment/vader.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>

namespace earshot::sentiment {
namespace {

struct Scores {
  double neg, neu, pos, compound;
  bool operator==(const Scores&) const = default;
  friend std::ostream& operator<<(std::ostream& out, const Scores& s) {
    return out << s.neg << ' ' << s.neu << ' ' << s.pos << ' ' << s.compound;
  }
};

Scores vader_scores(std::string_view text) {
  Vader vader(VaderModel::builtin());
  const Sentiment sentiment = vader.score(text);
  return {sentiment.neg, sentiment.neu, sentiment.pos, sentiment.compound};
}

struct Case {
  const char* name;
  std::string_view text;
  Scores expected;
};

class VaderScoresAsTheOriginal : public testing::TestWithParam<Case> {};

TEST_P(VaderScoresAsTheOriginal, On) {
  EXPECT_EQ(vader_scores(GetParam().text), GetParam().expected);
}

const Case kCases[] = {
    {"PlainWords", "the service was good and the food was awful", {0.233, 0.543, 0.225, -0.0258}},
    {"Empty", "", {0.0, 0.0, 0.0, 0.0}},
    {"OnlyWhiteSpace", " \t\u00A0\u2003", {0.0, 0.0, 0.0, 0.0}},
    {"OnlyPunctuation", "!!! ???", {0.0, 1.0, 0.0, 0.0}},
    {"IntensifierByDistance", "very good, very a good, very a a good", {0.0, 0.386, 0.614, 0.8603}},
    {"DampenerOnNegative", "it was barely bad and kind of horrible", {0.538, 0.462, 0.0, -0.7906}},
    {"CapitalsAmongOthers", "the food was GREAT and VERY good", {0.0, 0.363, 0.637, 0.8677}},
    {"AllCapitals", "THE FOOD WAS GREAT", {0.0, 0.423, 0.577, 0.6249}},
    {"CapitalsOutsideAscii", "\u00C9T\u00C9 was GREAT and \u01C5 \u2167 \u24D0 bad", {0.244, 0.419, 0.337, 0.3254}},
    {"NegationByDistance", "not good; isn't a good; don't you a good one", {0.508, 0.492, 0.0, -0.7366}},
    {"NoBeforeLexiconWord", "no problem, no good or great, NO", {0.584, 0.135, 0.281, -0.6691}},
    {"NeverSo", "never so good and never this bad", {0.359, 0.366, 0.274, -0.2881}},
    {"SoAlone", "a so lovely x so y bad", {0.294, 0.388, 0.318, 0.081}},
    {"WithoutDoubt", "without a doubt good, without doubt good", {0.0, 0.23, 0.77, 0.841}},
    {"LeastNegates", "the least good; at least good; least good", {0.379, 0.393, 0.228, -0.2292}},
    {"But", "great food great view but bad service bad bad", {0.61, 0.171, 0.218, -0.9032}},
    {"ButWithSharedValues", "good good bad but good bad good good", {0.299, 0.043, 0.659, 0.8151}},
    {"Idiom", "this is simply the bomb and the shit to die for", {0.184, 0.408, 0.408, 0.6597}},
    {"IdiomFarFromStart", "he waits at a bus stop with a beating heart yeah right", {0.308, 0.462, 0.231, -0.128}},
    {"SortOf", "it is sort of nice and just enough nice", {0.0, 0.583, 0.417, 0.6142}},
    {"KindOf", "a kind of magic, a kind man, this was kind of great", {0.0, 0.581, 0.419, 0.8024}},
    {"Emoticons", ":) :D (-: >:-( x-D", {0.219, 0.0, 0.781, 0.8602}},
    {"Emoji", "love it\U0001F600\U0001F600 x\u2764\uFE0F \U0001F44D\U0001F44E \u00A92024", {0.0, 0.545, 0.455, 0.8481}},
    {"EmojiBesideNoBreakSpace", "a\u00A0\U0001F602\u00A0good", {0.151, 0.317, 0.532, 0.7003}},
    {"KelvinSign", "li\u212Ae Li\u212AE LI\u212AE it", {0.0, 0.108, 0.892, 0.8038}},
    {"DottedCapitalI", "N\u0130CE nice L\u0130KE", {0.0, 0.417, 0.583, 0.4215}},
    {"ExclamationsBeyondFour", "good!!!!!!!", {0.0, 0.0, 1.0, 0.6209}},
    {"TwoQuestions", "good??", {0.0, 0.0, 1.0, 0.504}},
    {"FourQuestions", "bad????", {1.0, 0.0, 0.0, -0.6662}},
    {"ShortTokensStayWhole", "ok. ok! (ok) hm: no. ..good.. 'bad'", {0.324, 0.428, 0.248, -0.2244}},
    {"ControlCharactersSplit", "good\034bad\037ugly\302\205great\013nice", {0.41, 0.0, 0.59, 0.4588}},
    {"ZeroWidthSpaceDoesNotSplit", "good\u200Bbad great\uFEFF", {0.0, 1.0, 0.0, 0.0}},
    {"SixtyFourBytes", "good good good good good good good good good good good good fine", {0.0, 0.0, 1.0, 0.9868}},
};

INSTANTIATE_TEST_SUITE_P(Traps, VaderScoresAsTheOriginal, testing::ValuesIn(kCases),
                         [](const auto& each) { return each.param.name; });

TEST(Vader, TakesNulForALetter) {
  using std::string_view_literals::operator""sv;
  EXPECT_EQ(vader_scores("good\0 bad"sv), (Scores{0.778, 0.222, 0.0, -0.5423}));
}

TEST(Vader, FindsAWordWhereverTheBlockOfBytesEnds) {
  Vader vader(VaderModel::builtin());
  for (size_t padding = 0; padding < 200; ++padding) {
    const std::string text = std::string(padding, 'x') + " terrible";
    const Sentiment sentiment = vader.score(text);
    EXPECT_EQ(sentiment.compound, -0.4767) << padding;
    EXPECT_EQ(sentiment.neg, padding == 0 ? 1.0 : 0.756) << padding;
  }
}

TEST(Vader, StripsPunctuationFromTokensOfAnyLength) {
  Vader vader(VaderModel::builtin());
  for (size_t marks = 0; marks < 150; ++marks) {
    EXPECT_EQ(vader.score(std::string(marks, '#') + "terrible" + std::string(marks, ')')).compound, -0.4767) << marks;
  }
}

TEST(Vader, TakesBytesThatAreNotUtf8ForLetters) {
  Vader vader(VaderModel::builtin());
  for (int first = 128; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const char bytes[] = {static_cast<char>(first), static_cast<char>(second)};
      const Sentiment sentiment = vader.score("good " + std::string(bytes, 2) + " good");
      EXPECT_GT(sentiment.compound, 0) << first << ' ' << second;
    }
  }
}

// 200,000 words with a value, which a search from the start for each would turn into 20 billion steps.
TEST(Vader, WeighsManyWordsAroundButInLinearTime) {
  const std::string_view words[] = {"good ", "bad ", "great ", "horrible ", "very nice ", "ok "};
  std::string text;
  for (int i = 0; i < 200'000; ++i) text += i == 100'000 ? "but " : words[i * 7 % 6];
  const Sentiment sentiment = Vader(VaderModel::builtin()).score(text);
  EXPECT_EQ(sentiment.compound, 1.0);
}

TEST(Vader, WeighsManyWordsAroundButAsTheOriginal) {
  std::string text;
  for (int i = 0; i < 150; ++i) text += i == 70 ? "but " : i % 3 == 0 ? "good " : i % 7 == 1 ? "GREAT " : "awful ";
  EXPECT_EQ(vader_scores(text), (Scores{0.537, 0.002, 0.461, -0.9769}));
}

TEST(Vader, LabelsByTheAuthorsThresholds) {
  Vader vader(VaderModel::builtin());
  EXPECT_EQ(vader.score("the food was good").label, SentimentLabel::kPositive);
  EXPECT_EQ(vader.score("the food was bad").label, SentimentLabel::kNegative);
  EXPECT_EQ(vader.score("the food was food").label, SentimentLabel::kNeutral);
  EXPECT_EQ(vader.score("").label, SentimentLabel::kNeutral);
}

TEST(Vader, ForgetsTheTextBefore) {
  Vader vader(VaderModel::builtin());
  const double alone = vader.score("the food was good").compound;
  vader.score("NOT " + std::string(5000, '!') + "\U0001F600 BUT terrible");
  EXPECT_EQ(vader.score("the food was good").compound, alone);
}

TEST(MakeScorer, NamesTheKnownModels) {
  const auto scorer = make_scorer("vadr");
  ASSERT_FALSE(scorer.ok());
  EXPECT_NE(scorer.error().message.find("vader"), std::string::npos);
  EXPECT_TRUE(make_scorer("vader").ok());
}

}  // namespace
}  // namespace earshot::sentiment
