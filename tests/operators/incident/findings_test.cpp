// Findings that are no surge: they open incidents of their own kind and join the one that there is.
#include <gtest/gtest.h>

#include "schemas/finding.h"
#include "tests/operators/incident/incidents_under_test.h"

namespace earshot::incident {
namespace {

class Findings : public IncidentsUnderTest {
 protected:
  static wire::Signal found(FindingKind kind, const std::string& listener, int64_t minute, const std::string& reason) {
    wire::Signal signal = raised(listener, minute, 12);
    signal.set_expected(12);
    signal.set_kind(std::string(to_string(kind)));
    signal.set_reason(reason);
    return signal;
  }
  static wire::Signal over(FindingKind kind, const std::string& listener, int64_t minute) {
    wire::Signal signal = found(kind, listener, minute, "");
    signal.set_level(0);
    signal.set_is_final(true);
    return signal;
  }
  static constexpr FindingKind kShift = FindingKind::kSentimentShift;
};

TEST_F(Findings, OpenAnIncidentOfTheirKindThatSaysWhy) {
  const auto alerts = incidents_->apply(found(kShift, "acme", 10, "62 % are negative, usually 18 %"));
  ASSERT_EQ(said(alerts), "opened acme, opened acme@service");
  EXPECT_EQ(alert_headline(alerts[0]), "acme: 62 % are negative, usually 18 %");
  EXPECT_EQ(alerts[0].kind, "sentiment_shift");
  ASSERT_EQ(alerts[0].findings.size(), 1U);
  EXPECT_EQ(alerts[0].findings[0].reason, "62 % are negative, usually 18 %");
  EXPECT_EQ(alerts[0].listener_count, 1U);
  std::string json;
  append_alert_json(json, alerts[0]);
  EXPECT_NE(json.find(R"("kind":"sentiment_shift")"), std::string::npos);
  EXPECT_NE(json.find(R"("findings":[{"kind":"sentiment_shift","listener":"acme")"), std::string::npos) << json;
}

TEST_F(Findings, JoinTheIncidentThatIsOpenInsteadOfOpeningASecondOne) {
  ASSERT_EQ(said(incidents_->apply(raised("acme", 10))), "opened acme, opened acme@service");
  const auto alerts = incidents_->apply(found(kShift, "acme", 12, "62 % are negative"));
  ASSERT_EQ(said(alerts), "updated acme, updated acme@service");
  EXPECT_EQ(alert_headline(alerts[0]), "acme: sentiment shift as well; 62 % are negative");
  EXPECT_EQ(alerts[0].kind, "");
  EXPECT_EQ(alerts[0].listener_count, 1U) << "one listener, whatever was found out about it";
  EXPECT_EQ(incidents_->open_incidents(), 1U);
}

TEST_F(Findings, AreJoinedByASurge) {
  incidents_->apply(found(kShift, "acme", 10, "62 % are negative"));
  const auto alerts = incidents_->apply(raised("acme", 12, 40));
  ASSERT_EQ(alerts.size(), 2U);
  EXPECT_EQ(alerts[0].kind, "sentiment_shift");
  EXPECT_TRUE(alert_headline(alerts[0]).starts_with("acme: surge as well; 8 times the usual mentions"))
      << alert_headline(alerts[0]);
  EXPECT_EQ(incidents_->open_incidents(), 1U);
}

TEST_F(Findings, KeepTheIncidentOpenUntilEachOfThemIsOver) {
  incidents_->apply(raised("acme", 10));
  incidents_->apply(found(kShift, "acme", 12, "62 % are negative"));
  EXPECT_EQ(said(incidents_->apply(IncidentsUnderTest::over("acme", 30))), "");
  EXPECT_EQ(incidents_->open_incidents(), 1U);
  restart();
  EXPECT_EQ(said(incidents_->apply(over(kShift, "acme", 40))), "resolved acme, resolved acme@service");
  EXPECT_EQ(incidents_->open_incidents(), 0U);
}

TEST_F(Findings, SayWhatItBeganWithWhenItIsOver) {
  incidents_->apply(found(kShift, "acme", 10, "62 % are negative"));
  const auto alerts = incidents_->apply(over(kShift, "acme", 100));
  ASSERT_FALSE(alerts.empty());
  EXPECT_EQ(alert_headline(alerts[0]), "acme: back to usual after 90 min; it began with: 62 % are negative");
}

TEST_F(Findings, OfTheSameKindAndPaneCountOnce) {
  incidents_->apply(raised("acme", 10));
  EXPECT_EQ(said(incidents_->apply(found(kShift, "acme", 10, "62 %"))), "updated acme, updated acme@service")
      << "a pane may bear out two kinds";
  EXPECT_EQ(said(incidents_->apply(found(kShift, "acme", 10, "62 %"))), "");
}

TEST_F(Findings, WeighMoreTheMoreMentionsAreMissing) {
  wire::Signal silent = found(FindingKind::kFeedSilence, std::string(kFeedName), 10, "the input has brought nothing");
  silent.set_spoke("");
  silent.set_observed(0);
  silent.set_expected(4);
  const auto alerts = incidents_->apply(silent);
  ASSERT_EQ(said(alerts), "opened (feed)") << "an operations alert is the hub's";
  EXPECT_EQ(alerts[0].severity.level(), 3);
}

TEST_F(Findings, DoNotMakeAStorm) {
  options_.storm_listeners = 3;
  reopen();
  for (const char* name : {"a", "b"})
    incidents_->apply(found(FindingKind::kMentionsDrop, name, 10, "2 where 90 are usual"));
  EXPECT_EQ(said(incidents_->apply(raised("c", 10))), "opened c, opened c@service");
}

}  // namespace
}  // namespace earshot::incident
