#include "operators/triage/triager.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "ops/rules/triage_queries.h"

namespace earshot::triage {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kClassList = R"(
classes:
  - {class: risk, at_least: 3, outranks: [complaint], urgency: 4, action: hand_over, spoke: legal}
  - {class: purchase_intent, urgency: 2, urgency_max: 4, spoke: sales}
  - {class: complaint, urgency: 2, action: make_right, spoke: service}
  - {class: question, urgency: 2}
  - {class: praise, urgency: 1, urgency_max: 2, action: thank_and_share}
negations: [not, never, isnt, dont]
)";

Triager triager_with(const std::string& rules) {
  auto parsed = TriageRules::parse(std::string(kClassList) + rules, "rules", rules::triage_query_compiler());
  EXPECT_TRUE(parsed.ok()) << (parsed.ok() ? "" : parsed.error().to_string());
  return Triager(*parsed);
}

Triage triage(Triager& triager, std::string_view text, double compound = 0, int64_t followers = 0) {
  Post post;
  post.text = text;
  post.followers = followers;
  Sentiment sentiment;
  sentiment.compound = compound;
  return triager.classify(post, sentiment);
}

TEST(Triager, GivesTheClassWithTheMostPoints) {
  Triager triager = triager_with(R"(
rules:
  - {class: complaint, points: 2, phrases: broken; very late}
  - {class: praise, points: 3, phrases: love}
)");
  EXPECT_EQ(triage(triager, "it is broken").kind, TriageClass::kComplaint);
  EXPECT_EQ(triage(triager, "broken but I love it").kind, TriageClass::kPraise);
  EXPECT_EQ(triage(triager, "broken, VERY late, love it").kind, TriageClass::kComplaint);
  EXPECT_EQ(triage(triager, "late").kind, TriageClass::kOther);
}

TEST(Triager, CountsAPhraseOnceForEachPostAndNoMorePhrasesThanTheRuleSays) {
  Triager triager = triager_with(R"(
rules:
  - {class: complaint, points: 2, count: 2, phrases: broken; late; cold}
  - {class: praise, points: 5, phrases: love}
)");
  EXPECT_EQ(triage(triager, "broken broken broken love").kind, TriageClass::kPraise);
  EXPECT_EQ(triage(triager, "broken late cold love").kind, TriageClass::kPraise);
  EXPECT_EQ(triage(triager, "broken late").kind, TriageClass::kComplaint) << "the next post starts afresh";
}

TEST(Triager, SpeaksTheLanguageOfListeners) {
  Triager triager = triager_with(R"(
rules:
  - {class: complaint, points: 2, query: (refund ONEAR/2 never) -joke}
  - {class: risk, points: 4, query: "followers:1000 recall*"}
)");
  EXPECT_EQ(triage(triager, "my refund has never come").kind, TriageClass::kComplaint);
  EXPECT_EQ(triage(triager, "my refund has never come, joke").kind, TriageClass::kOther);
  EXPECT_EQ(triage(triager, "they are recalling it", 0, 2000).kind, TriageClass::kRisk);
  EXPECT_EQ(triage(triager, "they are recalling it", 0, 20).kind, TriageClass::kOther);
}

TEST(Triager, LetsAClassOutrankOthersHoweverManyPointsTheyHave) {
  Triager triager = triager_with(R"(
rules:
  - {class: complaint, points: 50, phrases: broken}
  - {class: risk, points: 3, phrases: on fire}
)");
  const Triage result = triage(triager, "broken and on fire");
  EXPECT_EQ(result.kind, TriageClass::kRisk);
  EXPECT_EQ(result.action, TriageAction::kHandOver);
  EXPECT_EQ(result.spoke, "legal");
}

TEST(Triager, NamesTheWordsThatDecidedAsThePostWroteThem) {
  Triager triager = triager_with(R"(
rules:
  - {class: complaint, points: 2, phrases: isn't working}
  - {class: complaint, points: 3, phrases: money back}
urgency:
  - {add: 1, phrases: asap}
)");
  const std::string text = "@acme It ISN\u2019T working, I want my Money  back ASAP!";
  const Triage result = triage(triager, text);
  EXPECT_EQ(result.kind, TriageClass::kComplaint);
  EXPECT_THAT(result.because, ElementsAre("Money  back", "ISN\u2019T working", "ASAP"));
  EXPECT_GE(result.because[0].data(), text.data());
  EXPECT_LT(result.because[0].data(), text.data() + text.size());
}

TEST(Triager, NamesTheSentimentWhenItDecided) {
  Triager triager = triager_with(R"(
rules:
  - {class: complaint, points: 2, sentiment: negative}
  - {class: praise, points: 2, sentiment: very_positive}
)");
  EXPECT_THAT(triage(triager, "so it goes", -0.2).because, ElementsAre("negative"));
  EXPECT_THAT(triage(triager, "so it goes", 0.9).because, ElementsAre("very_positive"));
  EXPECT_THAT(triage(triager, "so it goes", 0.1).because, IsEmpty());
}

TEST(Triager, LooksWhereAPhraseStands) {
  Triager triager = triager_with(R"(
rules:
  - {class: question, points: 2, where: opening, phrases: is it}
  - {class: purchase_intent, points: 2, where: question, phrases: any good}
  - {class: praise, points: 2, affirmed: true, phrases: worth it}
)");
  EXPECT_EQ(triage(triager, "@acme \U0001F914 Is it true").kind, TriageClass::kQuestion);
  EXPECT_EQ(triage(triager, "so is it").kind, TriageClass::kOther);
  EXPECT_EQ(triage(triager, "any good ones around?").kind, TriageClass::kPurchaseIntent);
  EXPECT_EQ(triage(triager, "any good ones around. Who knows?").kind, TriageClass::kOther);
  EXPECT_EQ(triage(triager, "it is worth it").kind, TriageClass::kPraise);
  EXPECT_EQ(triage(triager, "it ISN'T really worth it").kind, TriageClass::kOther);
  EXPECT_EQ(triage(triager, "never mind. worth it").kind, TriageClass::kPraise);
}

TEST(Triager, SeesTheShapeOfAText) {
  Triager triager = triager_with(R"(
rules:
  - {class: question, points: 2, asks: true}
  - {class: complaint, points: 3, shouts: true, exclaims: true}
  - {class: praise, points: 4, hashtags: 3, mentions: 2, links: 1}
)");
  EXPECT_EQ(triage(triager, "see https://broken.example/a?b=c").kind, TriageClass::kOther);
  EXPECT_EQ(triage(triager, "really?").kind, TriageClass::kQuestion);
  EXPECT_EQ(triage(triager, "WHERE IS MY PARCEL!!!").kind, TriageClass::kComplaint);
  EXPECT_EQ(triage(triager, "where is my PARCEL!!!").kind, TriageClass::kOther);
  EXPECT_EQ(triage(triager, "WHERE IS IT!!! @somebody_with_a_small_name https://a.example/with/small/letters").kind,
            TriageClass::kOther)
      << "twelve letters are needed, and those of names and links are none";
  EXPECT_EQ(triage(triager, "WHERE IS MY PARCEL!!! @somebody_small https://a.example/small").kind,
            TriageClass::kComplaint);
  const std::string far = std::string(600, 'A') + std::string(300, 'b') + "!!!";
  EXPECT_EQ(triage(triager, far).kind, TriageClass::kOther) << "more than twice as many capitals are needed";
  EXPECT_EQ(triage(triager, far + "A").kind, TriageClass::kComplaint);
  EXPECT_EQ(triage(triager, "#a #b #c @d @e http://f.example").kind, TriageClass::kPraise);
  EXPECT_EQ(triage(triager, "#a #b #c d@e.example http://f.example").kind, TriageClass::kOther);
}

TEST(Triager, RaisesUrgencyUpToWhatTheClassAllows) {
  Triager triager = triager_with(R"(
rules:
  - {class: complaint, points: 2, phrases: broken}
  - {class: praise, points: 2, phrases: lovely}
urgency:
  - {add: 1, phrases: asap}
  - {add: 1, query: "followers:100000"}
  - {add: 1, sentiment: very_negative}
  - {add: -1, phrases: no hurry}
)");
  EXPECT_EQ(triage(triager, "it is broken").urgency, 2);
  EXPECT_EQ(triage(triager, "it is broken", -0.8).urgency, 3);
  EXPECT_EQ(triage(triager, "it is broken", -0.8, 250'000).urgency, 4);
  EXPECT_EQ(triage(triager, "broken, fix it asap", -0.8, 250'000).urgency, 5);
  EXPECT_EQ(triage(triager, "broken, no hurry").urgency, 1);
  EXPECT_EQ(triage(triager, "lovely, asap", -0.8, 250'000).urgency, 2);
}

TEST(Triager, MakesExceptionsFromWhatAClassAsksFor) {
  Triager triager = triager_with(R"(
rules:
  - {class: complaint, points: 2, phrases: broken}
exceptions:
  - {class: complaint, query: is:repost, action: monitor, spoke: community}
)");
  Post post;
  post.text = "it is broken";
  EXPECT_EQ(triager.classify(post, {}).action, TriageAction::kMakeRight);
  post.kind = PostKind::kRepost;
  EXPECT_EQ(triager.classify(post, {}).action, TriageAction::kMonitor);
  EXPECT_EQ(triager.classify(post, {}).spoke, "community");
}

TEST(Triager, TakesTextsOfAnyLengthAndBytes) {
  Triager triager(*TriageRules::builtin(rules::triage_query_compiler()));
  std::string text;
  for (int i = 0; i < 150'000; ++i) text += "my order never arrived. ";
  EXPECT_NE(triage(triager, text).kind, TriageClass::kOther);
  for (const std::string_view cut : {"", "\xE2", "a\xE2\x80", "\xF0\x9F", "@", "http://", "?", "'"})
    triage(triager, cut);
}

// The built-in rules, with what a team adds to them.
Triager team_triager(const std::string& text) {
  auto parsed = TriageRules::parse("extends: builtin\n" + text, "team", rules::triage_query_compiler());
  EXPECT_TRUE(parsed.ok()) << (parsed.ok() ? "" : parsed.error().to_string());
  return Triager(*parsed);
}

TEST(Triager, SendsComparisonsWithACompetitorToSales) {
  Triager triager = team_triager("competitors: [Kestrix, Velora Mobile]\n");
  for (const char* text : {"is your plan any better than Kestrix", "Thinking of switching from velora mobile to you",
                           "you vs Kestrix for a small office"}) {
    const Triage judged = triage(triager, text);
    EXPECT_EQ(judged.kind, TriageClass::kPurchaseIntent) << text;
    EXPECT_EQ(judged.spoke, "sales") << text;
  }
  EXPECT_THAT(triage(triager, "you vs Kestrix for a small office").because, testing::Contains("vs Kestrix"));
  const Triage leaving = triage(triager, "switching to Velora Mobile on Monday");
  EXPECT_EQ(leaving.kind, TriageClass::kChurnThreat);
  Triager nobody = team_triager("");
  EXPECT_THAT(triage(nobody, "you vs Kestrix for a small office").because,
              testing::Not(testing::Contains("vs Kestrix")));
}

TEST(Triager, LetsATeamAddToTheRulesThatAreCompiledIn) {
  Triager triager = team_triager(
      "classes:\n  - {class: praise, spoke: shop}\n"
      "rules:\n  - {class: praise, points: 9, phrases: zonk}\n");
  const Triage added = triage(triager, "zonk");
  EXPECT_EQ(added.kind, TriageClass::kPraise);
  EXPECT_EQ(added.spoke, "shop");
  EXPECT_EQ(added.action, TriageAction::kThankAndShare) << "what the file does not say stays";
  EXPECT_EQ(triage(triager, "my battery exploded and caught fire").kind, TriageClass::kRisk);
}

}  // namespace
}  // namespace earshot::triage
