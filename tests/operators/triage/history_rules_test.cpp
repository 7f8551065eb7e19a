#include "operators/triage/history_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "operators/triage/triage_rules.h"
#include "ops/rules/triage_queries.h"

namespace earshot::triage {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string with_history(const std::string& rules) {
  return "classes:\n  - {class: complaint}\nhistory:\n" + rules;
}

std::string error_of(const std::string& rules) {
  const auto read = TriageRules::parse(with_history(rules), "team.yaml", rules::triage_query_compiler());
  return read.ok() ? "no error" : read.error().to_string();
}

Response respond_to(const std::string& rules, TriageClass kind, const AuthorHistory& before) {
  const auto read = TriageRules::parse(with_history(rules), "team.yaml", rules::triage_query_compiler());
  if (!read) throw std::logic_error(read.error().to_string());
  return respond((*read)->history(), kind, before, {.urgency = 3, .action = TriageAction::kMonitor});
}

TEST(HistoryRules, AddToTheUrgencyOfWhoSaidEnoughBefore) {
  const std::string rules = "  - {ill_before: 1.5, add: 1}\n  - {ill_before: 3, add: 1}\n";
  EXPECT_EQ(respond_to(rules, TriageClass::kComplaint, {.ill = 1.4}).urgency, 3);
  EXPECT_EQ(respond_to(rules, TriageClass::kComplaint, {.ill = 1.5}).urgency, 4);
  EXPECT_EQ(respond_to(rules, TriageClass::kComplaint, {.ill = 3}).urgency, 5);
  EXPECT_EQ(respond_to(rules, TriageClass::kQuestion, {.good = 9}).urgency, 3);
}

TEST(HistoryRules, KeepTheUrgencyBetweenOneAndFive) {
  EXPECT_EQ(respond_to("  - {ill_before: 1, add: 4}\n", TriageClass::kComplaint, {.ill = 2}).urgency, 5);
  EXPECT_EQ(respond_to("  - {good_before: 1, add: -4}\n", TriageClass::kComplaint, {.good = 2}).urgency, 1);
}

TEST(HistoryRules, HoldForTheirClassAlone) {
  const std::string rules = "  - {class: rager, good_before: 2, action: make_right}\n";
  EXPECT_EQ(respond_to(rules, TriageClass::kRager, {.good = 2}).action, TriageAction::kMakeRight);
  EXPECT_EQ(respond_to(rules, TriageClass::kComplaint, {.good = 2}).action, TriageAction::kMonitor);
}

TEST(HistoryRules, AskForAllThatTheyName) {
  const std::string rules = "  - {good_before: 2, ill_before: 1, add: 2}\n";
  EXPECT_EQ(respond_to(rules, TriageClass::kComplaint, {.good = 2}).urgency, 3);
  EXPECT_EQ(respond_to(rules, TriageClass::kComplaint, {.good = 2, .ill = 1}).urgency, 5);
}

TEST(HistoryRules, TakeTheFirstActionThatHolds) {
  const std::string rules =
      "  - {ill_before: 5, action: hand_over}\n  - {ill_before: 1, action: make_right}\n"
      "  - {ill_before: 1, action: let_stand}\n";
  EXPECT_EQ(respond_to(rules, TriageClass::kComplaint, {.ill = 2}).action, TriageAction::kMakeRight);
  EXPECT_EQ(respond_to(rules, TriageClass::kComplaint, {.ill = 6}).action, TriageAction::kHandOver);
}

TEST(HistoryRules, ComeAfterTheBuiltInOneInAFileThatExtendsIt) {
  const auto extending = TriageRules::parse("extends: builtin\nhistory:\n  - {ill_before: 1.5, add: -1}\n", "team.yaml",
                                            rules::triage_query_compiler());
  ASSERT_TRUE(extending) << extending.error().to_string();
  const auto builtin = TriageRules::builtin(rules::triage_query_compiler());
  const AuthorHistory before{.ill = 2};
  EXPECT_EQ(respond((*builtin)->history(), TriageClass::kComplaint, before, {.urgency = 3}).urgency, 4);
  EXPECT_EQ(respond((*extending)->history(), TriageClass::kComplaint, before, {.urgency = 3}).urgency, 3);
}

TEST(HistoryRules, NameThePlaceOfAFault) {
  EXPECT_EQ(error_of("  - {add: 1}\n"),
            "team.yaml:4:5: this rule asks for no history: give it 'ill_before' or 'good_before'");
  EXPECT_EQ(error_of("  - {ill_before: 2, class: complaint}\n"), "team.yaml:4:5: this rule has no 'add' or 'action'");
  EXPECT_EQ(error_of("  - {ill_before: many, add: 1}\n"),
            "team.yaml:4:18: 'ill_before' must be a number from 0.1 to 1000, found 'many'");
  EXPECT_EQ(error_of("  - {ill_before: 2, add: 5}\n"),
            "team.yaml:4:26: 'add' must be a whole number from -4 to 4, found '5'");
  EXPECT_THAT(error_of("  - {ill_bevore: 2, ill_before: 2, add: 1}\n"),
              StartsWith("team.yaml:4:6: unknown key 'ill_bevore'; did you mean 'ill_before'?"));
  EXPECT_THAT(error_of("  - {ill_before: 2, action: shout}\n"), HasSubstr("unknown action 'shout'; known: monitor"));
  EXPECT_EQ(error_of("  - nothing\n"), "team.yaml:4:5: a rule must be a map");
}

}  // namespace
}  // namespace earshot::triage
