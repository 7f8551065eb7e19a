#include "operators/triage/triage_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "ops/rules/triage_queries.h"

namespace earshot::triage {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

const std::string kClassList = "classes:\n  - {class: complaint, spoke: service}\n";

std::string error_of(const std::string& text) {
  const auto rules = TriageRules::parse(text, "team.yaml", rules::triage_query_compiler());
  return rules.ok() ? "no error" : rules.error().to_string();
}

TEST(TriageRules, NamesThePlaceOfAnUnknownClass) {
  EXPECT_THAT(error_of(kClassList + "rules:\n  - {class: complaints, points: 2, query: broken}\n"),
              StartsWith("team.yaml:4:13: unknown class 'complaints'; known: complaint, question"));
}

TEST(TriageRules, SaysWhatAMistypedKeyMayMean) {
  EXPECT_EQ(error_of(kClassList + "rules:\n  - {class: complaint, point: 2, query: broken}\n"),
            "team.yaml:4:24: unknown key 'point'; did you mean 'points'?\nteam.yaml:4:5: this rule has no 'class' and "
            "'points'");
}

TEST(TriageRules, NamesThePlaceOfAnErrorInsideAQuery) {
  EXPECT_THAT(error_of(kClassList + "rules:\n  - class: complaint\n    points: 2\n    query: broken (late\n"),
              StartsWith("team.yaml:6:19: this '(' is never closed"));
  EXPECT_THAT(error_of(kClassList + "rules:\n  - class: complaint\n    points: 2\n    query: |\n      broken\n"
                                    "      (late\n"),
              StartsWith("team.yaml:8:7: this '(' is never closed"));
  EXPECT_THAT(error_of(kClassList + "rules:\n  - {class: complaint, points: 2, query: \"-late\"}\n"),
              AllOf(StartsWith("team.yaml:4:43: "), HasSubstr("only excludes")));
}

TEST(TriageRules, NamesThePlaceOfAPhraseAtFault) {
  EXPECT_EQ(error_of(kClassList + "rules:\n  - class: complaint\n    points: 2\n    phrases: |\n      so late;\n"
                                  "      too//late\n"),
            "team.yaml:8:7: 'too//late' is not a word: a phrase has words with single '/' between alternatives");
}

TEST(TriageRules, RefusesNumbersOutOfTheirRange) {
  EXPECT_THAT(error_of(kClassList + "rules:\n  - {class: complaint, points: 101, query: late}\n"),
              StartsWith("team.yaml:4:32: 'points' must be a whole number from -100 to 100, found '101'"));
  EXPECT_THAT(error_of("classes:\n  - {class: complaint, urgency: six}\n"),
              StartsWith("team.yaml:2:33: 'urgency' must be a whole number from 1 to 5, found 'six'"));
}

TEST(TriageRules, NamesThePlaceOfWhatATeamMayNotExtendOrName) {
  EXPECT_EQ(error_of("extends: ours\n"), "team.yaml:1:10: unknown extends 'ours'; known: builtin");
  EXPECT_EQ(error_of("extends: builtin\ncompetitors: [Kestrix, \"A \\\"B\\\"\"]\n"),
            "team.yaml:2:24: 'A \"B\"' is no name of words");
  EXPECT_EQ(error_of("extends: builtin\nclasses:\n  - {class: praise, outranks: [risk]}\n"),
            "team.yaml:3:32: only classes further down can be outranked");
  EXPECT_EQ(error_of("extends: builtin\nrule: []\n"), "team.yaml:2:1: unknown key 'rule'; did you mean 'rules'?");
}

TEST(TriageRules, KnowOneTextOfRulesFromAnother) {
  const auto compile = rules::triage_query_compiler();
  const auto one = *TriageRules::parse(kClassList, "team.yaml", compile);
  const auto other = *TriageRules::parse(kClassList + "negations: [not]\n", "team.yaml", compile);
  EXPECT_EQ(one->version(), TriageRules::version_of(kClassList));
  EXPECT_NE(one->version(), other->version());
}

TEST(TriageRules, RefusesARuleForEveryPost) {
  EXPECT_THAT(error_of(kClassList + "rules:\n  - {class: complaint, points: 1}\n"),
              StartsWith("team.yaml:4:5: this rule holds for every post"));
}

TEST(TriageRules, RefusesClassesThatOutrankEachOther) {
  EXPECT_EQ(error_of("classes:\n  - {class: risk, outranks: [complaint]}\n  - {class: complaint, outranks: [risk]}\n"),
            "team.yaml:3:35: only classes further down can be outranked");
}

TEST(TriageRules, TellsEveryFaultOfAFile) {
  EXPECT_THAT(error_of("classes:\n  - {class: risk, urgency: 0}\n  - {class: risk}\n  - {class: rant}\nrule: []\n"),
              AllOf(HasSubstr("team.yaml:2:"), HasSubstr("team.yaml:3:"), HasSubstr("team.yaml:4:"),
                    HasSubstr("team.yaml:5:1: unknown key 'rule'; did you mean 'rules'?")));
}

TEST(TriageRules, BoundsTheFormsOfARule) {
  std::string phrase = "a/b/c/d/e/f/g/h/i/j";
  for (int i = 0; i < 4; ++i) phrase += " a/b/c/d/e/f/g/h/i/j";
  EXPECT_THAT(error_of(kClassList + "rules:\n  - {class: complaint, points: 2, phrases: " + phrase + "}\n"),
              StartsWith("team.yaml:4:44: the phrases of one rule have more than 10000 forms"));
}

TEST(TriageRules, RefusesAnEmptyFileAndOneThatIsNoYaml) {
  EXPECT_THAT(error_of(""), HasSubstr("the file has no settings"));
  EXPECT_THAT(error_of("classes: ["), StartsWith("team.yaml:"));
  EXPECT_EQ(error_of("rules: []\n"), "team.yaml:1:1: the file has no 'classes'");
}

TEST(TriageRules, SaysWhichFileItCannotRead) {
  const auto rules = TriageRules::load("/nowhere/team.yaml", rules::triage_query_compiler());
  ASSERT_FALSE(rules.ok());
  EXPECT_EQ(rules.error().to_string(), "/nowhere/team.yaml: cannot read the triage rules");
}

TEST(TriageRules, LoadTheFileThatIsCompiledIn) {
  const auto rules =
      TriageRules::load(EARSHOT_SOURCE_DIR "/operators/triage/triage_rules.yaml", rules::triage_query_compiler());
  ASSERT_TRUE(rules.ok()) << rules.error().to_string();
  EXPECT_EQ((*rules)->rules().size(), (*TriageRules::builtin(rules::triage_query_compiler()))->rules().size());
  for (size_t i = 0; i + 1 < kClasses; ++i) {
    const auto kind = static_cast<TriageClass>(i);
    EXPECT_GT((*rules)->policy(kind).place, 0) << to_string(kind) << " is not among the classes";
  }
}

}  // namespace
}  // namespace earshot::triage
