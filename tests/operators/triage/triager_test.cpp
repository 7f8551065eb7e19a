#include "operators/triage/triager.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace earshot::triage {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Sentiment felt(double compound) {
  Sentiment sentiment;
  sentiment.compound = compound;
  if (compound >= 0.05) sentiment.label = SentimentLabel::kPositive;
  if (compound <= -0.05) sentiment.label = SentimentLabel::kNegative;
  return sentiment;
}

std::shared_ptr<const TriageRules> rules_of(std::string_view text) {
  return *TriageRules::parse(text, "rules");
}

Triage triage(Triager& triager, std::string_view text, double compound = 0, int64_t followers = 0) {
  Post post;
  post.text = text;
  post.followers = followers;
  return triager.classify(post, felt(compound));
}

TEST(Triager, GivesTheClassWithTheMostPoints) {
  Triager triager(rules_of("[complaint 2]\nbroken; very late\n[praise 3]\nlove"));
  EXPECT_EQ(triage(triager, "it is broken").kind, TriageClass::kComplaint);
  EXPECT_EQ(triage(triager, "broken but I love it").kind, TriageClass::kPraise);
  EXPECT_EQ(triage(triager, "broken, VERY late, love it").kind, TriageClass::kComplaint);
  EXPECT_EQ(triage(triager, "late").kind, TriageClass::kOther);
}

TEST(Triager, CountsAPhraseOnceForEachPost) {
  Triager triager(rules_of("[complaint 2]\nbroken\n[praise 3]\nlove"));
  EXPECT_EQ(triage(triager, "broken broken broken love").kind, TriageClass::kPraise);
  EXPECT_EQ(triage(triager, "broken").kind, TriageClass::kComplaint) << "the next post starts afresh";
}

TEST(Triager, NamesTheWordsThatDecidedAsThePostWroteThem) {
  Triager triager(rules_of("[complaint 2]\nisn't working\n[complaint 3]\nmoney back\n[urgency 1]\nasap"));
  const std::string text = "@acme It ISN\u2019T working, I want my Money  back ASAP!";
  const Triage result = triage(triager, text);
  EXPECT_EQ(result.kind, TriageClass::kComplaint);
  EXPECT_THAT(result.because, ElementsAre("Money  back", "ISN\u2019T working", "ASAP"));
  EXPECT_GE(result.because[0].data(), text.data());
  EXPECT_LT(result.because[0].data(), text.data() + text.size());
}

TEST(Triager, NamesTheSentimentWhenItDecided) {
  Triager triager(rules_of("[complaint 2]\n@negative\n[praise 2]\n@very_positive"));
  EXPECT_THAT(triage(triager, "so it goes", -0.2).because, ElementsAre("negative"));
  EXPECT_THAT(triage(triager, "so it goes", 0.9).because, ElementsAre("very_positive"));
  EXPECT_THAT(triage(triager, "so it goes", 0.1).because, IsEmpty());
}

TEST(Triager, LeavesWordsOutOfLinksAndNames) {
  Triager triager(rules_of("[complaint 2]\nbroken; ?"));
  EXPECT_EQ(triage(triager, "see https://broken.example/a?b=broken and @broken").kind, TriageClass::kOther);
  EXPECT_EQ(triage(triager, "see #broken").kind, TriageClass::kComplaint);
}

TEST(Triager, DoesNotReadAPhraseAcrossClauses) {
  Triager triager(rules_of("[question 2]\n^ is it; over there"));
  EXPECT_EQ(triage(triager, "Well, is it true").kind, TriageClass::kQuestion);
  EXPECT_EQ(triage(triager, "so is it").kind, TriageClass::kOther);
  EXPECT_EQ(triage(triager, "it is over. There we go").kind, TriageClass::kOther);
}

TEST(Triager, CountsAnyNumberForZero) {
  Triager triager(rules_of("[complaint 2]\nwaited 0 hours/days"));
  EXPECT_EQ(triage(triager, "waited 14 days").kind, TriageClass::kComplaint);
  EXPECT_EQ(triage(triager, "waited three hours").kind, TriageClass::kComplaint);
  EXPECT_EQ(triage(triager, "waited some hours").kind, TriageClass::kOther);
}

TEST(Triager, TakesAQuestionOfABuyerForIntentToBuy) {
  Triager triager(rules_of("[question 5]\n?\n[purchase_intent 3]\ncan i buy"));
  EXPECT_EQ(triage(triager, "where can I buy it?").kind, TriageClass::kPurchaseIntent);
}

TEST(Triager, RaisesTheUrgencyOfAComplaintByAngerReachAndWords) {
  Triager triager(rules_of("[complaint 2]\nbroken\n[urgency 1]\nasap\n[urgency 2]\nfire"));
  EXPECT_EQ(triage(triager, "it is broken").urgency, 2);
  EXPECT_EQ(triage(triager, "it is broken", -0.8).urgency, 3);
  EXPECT_EQ(triage(triager, "it is broken", -0.8, 250'000).urgency, 4);
  EXPECT_EQ(triage(triager, "broken, fix it asap", -0.8, 250'000).urgency, 5);
  EXPECT_EQ(triage(triager, "broken and on fire, asap", -0.8, 250'000).urgency, 5) << "5 is the most";
  EXPECT_EQ(triage(triager, "a walk in the park").urgency, 1);
  EXPECT_EQ(triage(triager, "the shop is on fire").urgency, 3) << "urgent without a class";
}

TEST(Triager, TakesTextsOfAnyLengthAndBytes) {
  Triager triager(TriageRules::builtin());
  std::string text;
  for (int i = 0; i < 300'000; ++i) text += "never again? ";
  EXPECT_EQ(triage(triager, text).kind, TriageClass::kComplaint);
  for (const std::string_view cut : {"", "\xE2", "a\xE2\x80", "\xF0\x9F", "@", "http://", "?", "'"})
    triage(triager, cut);
}

}  // namespace
}  // namespace earshot::triage
