#include "operators/triage/word_weights.h"

#include <gtest/gtest.h>

#include <string>

namespace earshot::triage {
namespace {

constexpr size_t kComplaint = static_cast<size_t>(TriageClass::kComplaint);
constexpr size_t kPress = static_cast<size_t>(TriageClass::kPress);

WordWeights parse(const std::string& text) {
  auto weights = WordWeights::parse(text);
  EXPECT_TRUE(weights.ok()) << (weights.ok() ? "" : weights.error().to_string());
  return *weights;
}

TEST(WordWeights, AddsUpWordsPairsNumbersAndSignsWhateverTheirCase) {
  const WordWeights words = parse(
      "# a comment\n"
      "dont\t3 0 0 0 0 0 0 0 0 0 0 0 0\n"
      "work ?\t5 0 0 0 0 0 0 0 0 0 -7 0 0\n"
      "0\t1 0 0 0 0 0 0 0 0 0 0 0 0\n"
      "🙄\t2 0 0 0 0 0 0 0 0 0 0 0 0\n");
  EXPECT_EQ(words.size(), 4U);
  const auto scores = words.add_up("Why DON'T 24 bulbs work?! 🙄 don’t");
  EXPECT_EQ(scores[kComplaint], 3 + 1 + 5 + 2 + 3);
  EXPECT_EQ(scores[kPress], -7);
}

TEST(WordWeights, SaysNothingOfWordsItDoesNotKnow) {
  const WordWeights words = parse("late\t3 0 0 0 0 0 0 0 0 0 0 0 0\n");
  EXPECT_EQ(words.add_up("lately plate, translated"), WordWeights::Scores{});
  EXPECT_EQ(words.add_up("\xF0\x9F ' \xE2\x80"), WordWeights::Scores{}) << "cut in a character";
  EXPECT_EQ(words.strongest("plate", TriageClass::kComplaint), "");
}

TEST(WordWeights, NamesTheWordsThatSpeakMostForAClassAsThePostHasThem) {
  const WordWeights words = parse("late\t3 0 0 0 0 0 0 0 0 0 0 0 0\nlate again\t9 0 0 0 0 0 0 0 0 0 0 0 0\n");
  EXPECT_EQ(words.strongest("The bus: LATE, again.", TriageClass::kComplaint), "LATE, again");
  EXPECT_EQ(words.strongest("late again", TriageClass::kPress), "");
}

TEST(WordWeights, LooksAtNoMoreWordsThanItsBound) {
  const WordWeights words = parse("late\t127 0 0 0 0 0 0 0 0 0 0 0 0\nlate late\t127 0 0 0 0 0 0 0 0 0 0 0 0\n");
  std::string text;
  for (size_t i = 0; i < 2 * WordWeights::kWordsMax; ++i) text += "late ";
  EXPECT_EQ(words.add_up(text)[kComplaint], 127 * (2 * static_cast<int>(WordWeights::kWordsMax) - 1));
}

TEST(WordWeights, NamesTheLineThatIsWrong) {
  for (const char* text : {"# one\nlate 3\n", "# one\nlate\t1 2 3\n", "# one\na b c\t0 0 0 0 0 0 0 0 0 0 0 0 0\n",
                           "# one\nlate\t0 0 0 0 0 0 0 0 0 0 0 0 200\n"}) {
    const auto weights = WordWeights::parse(text);
    ASSERT_FALSE(weights.ok()) << text;
    EXPECT_NE(weights.error().to_string().find("line 2"), std::string::npos) << weights.error().to_string();
  }
}

TEST(WordWeights, OfTheBuiltInTableAreWellFormed) {
  const auto weights = WordWeights::builtin();
  ASSERT_TRUE(weights.ok()) << weights.error().to_string();
  EXPECT_GT(weights->size(), 1000U);
}

}  // namespace
}  // namespace earshot::triage
