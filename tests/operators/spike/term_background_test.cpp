#include "operators/spike/term_background.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace earshot::spike {
namespace {

TEST(Terms, AreNormalisedWordsThatSaySomething) {
  EXPECT_EQ(terms_of("The OUTAGE is in Köln, is it? 12345 ok outage"), (std::set<std::string>{"outage", "köln"}));
  EXPECT_TRUE(terms_of("").empty());
}

TEST(TermBackground, PutsTheNewWordBeforeTheUsualOne) {
  TermBackground background;
  for (int i = 0; i < 50; ++i) background.learn("coffee with friends in the morning");
  const std::vector<std::string_view> now{"coffee outage", "outage everywhere coffee", "friends say outage"};
  const std::vector<wire::Term> terms = background.rising(now, {}, 5);
  ASSERT_FALSE(terms.empty());
  EXPECT_EQ(terms[0].text(), "outage");
  EXPECT_EQ(terms[0].count(), 3U);
  EXPECT_GT(terms[0].lift(), 10);
  for (const wire::Term& term : terms) EXPECT_NE(term.text(), "coffee") << "it is always there";
}

TEST(TermBackground, LeavesOutTheListenersOwnWordsAndWhatStandsInOneTextOnly) {
  TermBackground background;
  for (int i = 0; i < 50; ++i) background.learn("nothing special");
  const std::vector<std::string_view> now{"acme outage", "acme refund", "acme outage"};
  const std::vector<wire::Term> terms = background.rising(now, {"acme"}, 5);
  ASSERT_EQ(terms.size(), 1U);
  EXPECT_EQ(terms[0].text(), "outage");
}

TEST(TermBackground, NamesTheReasonBeforeTheFillerOfAThousandCopies) {
  TermBackground background;
  for (int i = 0; i < 50; ++i) background.learn("coffee with friends in the morning");
  const std::vector<std::string_view> copies(
      10, "everybody must know that acme poisoned people, tell all before it is late");
  const std::vector<wire::Term> terms = background.rising(copies, {"acme"}, 5);
  ASSERT_FALSE(terms.empty());
  EXPECT_EQ(terms[0].text(), "poisoned");
}

TEST(TermBackground, StaysBoundedAndKeepsWhatIsFrequent) {
  TermBackground background;
  for (int i = 0; i < 5000; ++i) background.learn("coffee word" + std::to_string(i));
  wire::ListenerState state;
  background.save(state);
  EXPECT_LE(static_cast<size_t>(state.term_hashes_size()), TermBackground::kTermsMax);
  const std::vector<std::string_view> now{"coffee", "coffee"};
  EXPECT_TRUE(background.rising(now, {}, 5).empty()) << "coffee is usual";
}

}  // namespace
}  // namespace earshot::spike
