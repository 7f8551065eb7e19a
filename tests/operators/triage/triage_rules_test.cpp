#include "operators/triage/triage_rules.h"

#include <gtest/gtest.h>

#include <string>

namespace earshot::triage {
namespace {

std::string error_of(std::string_view text) {
  const auto rules = TriageRules::parse(text, "team.txt");
  return rules.ok() ? "no error" : rules.error().to_string();
}

TEST(TriageRules, NamesFileAndLineOfAnUnknownClass) {
  EXPECT_EQ(error_of("# ours\n\n[complaints 2]\nbroken"),
            "team.txt:3: unknown class 'complaints'; known: purchase_intent, complaint, question, praise, urgency");
}

TEST(TriageRules, NamesFileAndLineOfAnUnknownSignal) {
  EXPECT_EQ(error_of("[praise 1]\n@happy"),
            "team.txt:2: unknown signal '@happy'; known: @negative, @very_negative, @positive, @very_positive, @reply");
}

TEST(TriageRules, RefusesAPhraseOutsideASection) {
  EXPECT_EQ(error_of("broken"), "team.txt:1: a phrase stands under a section, as in [complaint 2]");
}

TEST(TriageRules, RefusesPointsThatAreNoNumber) {
  EXPECT_EQ(error_of("[complaint two]"), "team.txt:1: points are a whole number from -100 to 100");
  EXPECT_EQ(error_of("[complaint 2.5]"), "team.txt:1: points are a whole number from -100 to 100");
  EXPECT_EQ(error_of("[complaint 101]"), "team.txt:1: points are a whole number from -100 to 100");
  EXPECT_EQ(error_of("[complaint]"), "team.txt:1: a section is [CLASS POINTS], as in [complaint 2]");
  EXPECT_EQ(error_of("[complaint 2"), "team.txt:1: a section ends with ']', as in [complaint 2]");
}

TEST(TriageRules, RefusesAWordThatNoPostCanMatch) {
  EXPECT_EQ(error_of("[complaint 2]\nnever Again"),
            "team.txt:2: 'Again' is not a word: a word has the letters a to z and apostrophes; ^, ? and 0 stand alone");
}

TEST(TriageRules, BoundsTheFormsOfAPhrase) {
  EXPECT_EQ(error_of("[complaint 2]\na/b/c/d/e/f/g/h/i/j a/b/c/d/e/f/g/h/i/j a/b/c/d/e/f/g/h/i/j a/b/c/d"),
            "team.txt:2: the phrase has more than 3,000 forms; split it");
}

TEST(TriageRules, ReadsAnEmptyFileAsNoRules) {
  EXPECT_EQ((*TriageRules::parse("", "team.txt"))->phrase_count(), 0U);
}

TEST(TriageRules, SaysWhichFileItCannotRead) {
  const auto rules = TriageRules::load("/nowhere/team.txt");
  ASSERT_FALSE(rules.ok());
  EXPECT_EQ(rules.error().to_string(), "/nowhere/team.txt: cannot read the triage rules");
}

TEST(TriageRules, LoadTheFileThatIsCompiledIn) {
  const auto rules = TriageRules::load(EARSHOT_SOURCE_DIR "/operators/triage/triage_rules.txt");
  ASSERT_TRUE(rules.ok()) << rules.error().to_string();
  EXPECT_EQ((*rules)->phrase_count(), TriageRules::builtin()->phrase_count());
  EXPECT_GT((*rules)->phrase_count(), 100U);
}

}  // namespace
}  // namespace earshot::triage
