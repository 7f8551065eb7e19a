// Sentiment towards one brand of several: what the documentation says of each construction, and its bounds.
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <string>

#include "operators/sentiment/post_scorer.h"

namespace earshot::sentiment {
namespace {

class TowardsABrand : public testing::Test {
 protected:
  Sentiment towards(const std::string& text, const std::string& brand) {
    scorer_->score(text, "en");
    const size_t begin = text.find(brand);
    EXPECT_NE(begin, std::string::npos);
    const ClauseMatch match{brand, static_cast<uint32_t>(begin), static_cast<uint32_t>(begin + brand.size())};
    return scorer_->towards(text, std::span(&match, 1));
  }

  void expect(const std::string& text, const std::string& liked, const std::string& disliked) {
    EXPECT_EQ(towards(text, liked).label, SentimentLabel::kPositive) << text << ", " << liked;
    EXPECT_EQ(towards(text, disliked).label, SentimentLabel::kNegative) << text << ", " << disliked;
  }

  std::unique_ptr<PostScorer> scorer_ = std::move(*PostScorer::make("earshot"));
};

TEST_F(TowardsABrand, ReadsTheClauseThatNamesIt) {
  expect("love my Velora, but Kestrix ruined the day", "Velora", "Kestrix");
  expect("Kestrix ruined the day, while my Velora was lovely", "Velora", "Kestrix");
  expect("Velora is awesome and Kestrix is awful", "Velora", "Kestrix");
}

TEST_F(TowardsABrand, ReadsComparisonsByTheirSides) {
  expect("Velora is so much better than Kestrix", "Velora", "Kestrix");
  expect("My Kestrix is slower than the old Velora", "Velora", "Kestrix");
  expect("Kestrix is not as good as Velora", "Velora", "Kestrix");
  expect("Velora > Kestrix", "Velora", "Kestrix");
  expect("I switched from Kestrix to Velora", "Velora", "Kestrix");
  expect("I prefer Velora to Kestrix", "Velora", "Kestrix");
  expect("Why can't Kestrix be more like Velora?", "Velora", "Kestrix");
}

TEST_F(TowardsABrand, TurnsWhatTheOtherClauseSaysWhereAClauseOnlyPointsAtIt) {
  expect("Kestrix always cheats me. Velora never does.", "Velora", "Kestrix");
  expect("Unlike Kestrix, Velora has wonderful staff", "Velora", "Kestrix");
}

TEST_F(TowardsABrand, GivesEmojiToTheBrandTheyStandBeside) {
  expect("Velora 😍😍 Kestrix 🤮", "Velora", "Kestrix");
  expect("👍 Velora 👎 Kestrix", "Velora", "Kestrix");
}

TEST_F(TowardsABrand, IsNeutralWhenNothingIsSaidOfEither) {
  EXPECT_EQ(towards("Does Velora work with Kestrix chargers?", "Velora").label, SentimentLabel::kNeutral);
  EXPECT_EQ(towards("Does Velora work with Kestrix chargers?", "Kestrix").label, SentimentLabel::kNeutral);
}

TEST_F(TowardsABrand, IsThePostsOwnFeelingWhenItNamesNoOther) {
  const std::string text = "the new phone from Velora is nice, but the battery died in an hour";
  const Sentiment whole = scorer_->score(text, "en");
  EXPECT_EQ(towards(text, "Velora").compound, whole.compound);
  EXPECT_EQ(towards(text, "Velora").label, whole.label);
}

TEST_F(TowardsABrand, IsThePostsOwnFeelingWhenNothingInTheTextMatched) {
  const std::string text = "love my Velora, but Kestrix ruined the day";
  const Sentiment whole = scorer_->score(text, "en");
  EXPECT_EQ(scorer_->towards(text, {}).compound, whole.compound);
}

TEST_F(TowardsABrand, IsThePostsOwnFeelingWhenTheConfigurationSaysSo) {
  SentimentOptions options;
  options.towards_listener = false;
  PostScorer scorer(std::move(*SentimentModels::load(options)));
  const std::string text = "love my Velora, but Kestrix ruined the day";
  const Sentiment whole = scorer.score(text, "en");
  const ClauseMatch match{"Kestrix", 20, 27};
  EXPECT_EQ(scorer.towards(text, std::span(&match, 1)).compound, whole.compound);
}

TEST_F(TowardsABrand, CostsOneListenerLittleHoweverLongTheText) {
  std::string text;
  for (int i = 0; i < 100'000; ++i)
    text += "Kestrix is worse than Velora, and nothing compares to as as from ... as > < ";
  scorer_->score(text, "en");
  const ClauseMatch match{"Velora", 22, 28};
  const auto begin = std::chrono::steady_clock::now();
  constexpr int kListeners = 50;
  for (int i = 0; i < kListeners; ++i) EXPECT_LE(std::abs(scorer_->towards(text, std::span(&match, 1)).compound), 1);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  EXPECT_LT(took.count() / kListeners, 0.1);
}

TEST_F(TowardsABrand, TakesMatchesAtTheEdgesOfTheWindowAndBrokenBytes) {
  std::string text(40'000, '\xF0');
  text += " Velora rocks, Kestrix sucks ";
  text += std::string(40'000, '\x9F');
  scorer_->score(text, "en");
  EXPECT_EQ(towards(text, "Velora").label, SentimentLabel::kPositive);
  const ClauseMatch outside{"x", 0, static_cast<uint32_t>(text.size())};
  EXPECT_LE(std::abs(scorer_->towards(text, std::span(&outside, 1)).compound), 1);
}

}  // namespace
}  // namespace earshot::sentiment
