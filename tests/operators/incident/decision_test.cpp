#include "tests/operators/incident/incidents_under_test.h"

namespace earshot::incident {
namespace {

class Decisions : public IncidentsUnderTest {
 protected:
  Decisions() { opened_ = incidents_->apply(raised("brand", 1)); }

  [[nodiscard]] std::string id() const { return opened_[0].incident_id; }
  std::vector<Alert> decide(const IncidentControl& control) {
    auto alerts = incidents_->decide(control);
    EXPECT_TRUE(alerts.ok()) << alerts.error().to_string();
    return alerts ? *alerts : std::vector<Alert>();
  }

  std::vector<Alert> opened_;
};

TEST_F(Decisions, AreEventsOfTheirIncidentThatTellNobody) {
  const auto alerts = decide(decision(ControlAction::kAcknowledge, id()));
  ASSERT_EQ(said(alerts), "updated brand, updated brand@service");
  EXPECT_EQ(alerts[0].desk.acknowledged_by, "nora");
  EXPECT_EQ(alerts[0].sequence, 2U);
  EXPECT_FALSE(alerts[0].notifies);
  EXPECT_EQ(alerts[0].cause, "acknowledged by nora");
}

TEST_F(Decisions, MayNameTheIncidentAsASpokeKnowsIt) {
  IncidentControl control = decision(ControlAction::kAssign, opened_[1].incident_id);
  control.assignee = "tom";
  EXPECT_EQ(decide(control)[0].desk.assignee, "tom");
}

TEST_F(Decisions, ThatComeTwiceCountOnce) {
  const IncidentControl note = [&] {
    IncidentControl control = decision(ControlAction::kNote, id());
    control.text = "called the bank";
    return control;
  }();
  EXPECT_FALSE(decide(note).empty());
  restart();
  EXPECT_TRUE(decide(note).empty());
}

TEST_F(Decisions, AboutAnIncidentThatIsNotThereAreRefused) {
  const auto refused = incidents_->decide(decision(ControlAction::kAcknowledge, "inc-0000000000000000"));
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message.find("inc-0000000000000000"), std::string::npos);
}

TEST_F(Decisions, KeepTheNewestNotes) {
  std::vector<Alert> alerts;
  for (int i = 0; i < 60; ++i) {
    IncidentControl note = decision(ControlAction::kNote, id());
    note.text = std::to_string(i);
    alerts = decide(note);
  }
  ASSERT_EQ(alerts[0].desk.notes.size(), 50U);
  EXPECT_EQ(alerts[0].desk.notes.back().text, "59");
}

TEST_F(Decisions, MuteUntilATime) {
  IncidentControl mute = decision(ControlAction::kMute, id());
  mute.until_ms = 30 * kMinuteMs;
  decide(mute);
  const auto during = incidents_->apply(raised("brand", 10, 400));
  ASSERT_EQ(said(during), "escalated brand") << "for the record of the hub alone";
  EXPECT_EQ(during[0].silenced_by, "mute");
  const auto after = incidents_->apply(raised("brand", 31, 4000));
  EXPECT_EQ(said(after), "escalated brand, escalated brand@service");
  EXPECT_TRUE(after[0].notifies);
}

TEST_F(Decisions, MuteUnlessItWorsens) {
  IncidentControl mute = decision(ControlAction::kMute, id());
  mute.worsens_by = 2;
  decide(mute);
  EXPECT_EQ(said(incidents_->apply(raised("brand", 2, 79))), "");
  const auto worse = incidents_->apply(raised("brand", 3, 161));
  ASSERT_FALSE(worse.empty());
  EXPECT_TRUE(worse[0].notifies);
  EXPECT_EQ(worse[0].event, IncidentEvent::kEscalated);
  EXPECT_EQ(worse[0].cause, "it was muted and got worse");
  EXPECT_TRUE(worse[0].desk.muted_by.empty());
}

TEST_F(Decisions, MuteForEverUntilUnmuted) {
  decide(decision(ControlAction::kMute, id()));
  EXPECT_FALSE(incidents_->apply(raised("brand", 1000, 400))[0].notifies);
  decide(decision(ControlAction::kUnmute, id()));
  EXPECT_TRUE(incidents_->apply(raised("brand", 1010, 4000))[0].notifies);
}

TEST_F(Decisions, RefuseAMuteThatEndsBeforeItBegins) {
  IncidentControl mute = decision(ControlAction::kMute, id());
  mute.until_ms = kMinuteMs / 2;
  EXPECT_FALSE(incidents_->decide(mute).ok());
}

TEST_F(Decisions, ResolveByHandUntilTheSurgeIsOver) {
  EXPECT_EQ(decide(decision(ControlAction::kResolve, id()))[0].event, IncidentEvent::kResolved);
  EXPECT_EQ(said(incidents_->apply(raised("brand", 2))), "") << "the same surge";
  EXPECT_EQ(said(incidents_->apply(over("brand", 20))), "");
  EXPECT_EQ(incidents_->apply(raised("brand", 60))[0].event, IncidentEvent::kReopened);
}

TEST_F(Decisions, ResolvedByHandSpeakAgainWhenItGetsMuchWorse) {
  decide(decision(ControlAction::kResolve, id()));
  EXPECT_EQ(incidents_->apply(raised("brand", 10, 400))[0].event, IncidentEvent::kReopened);
  EXPECT_FALSE(incidents_->decide(decision(ControlAction::kMute, "inc-0")).ok());
}

class Feedback : public Decisions {
 protected:
  void say(bool is_true_alarm) {
    IncidentControl control = decision(ControlAction::kFeedback, id());
    control.is_true_alarm = is_true_alarm;
    last_ = decide(control);
  }
  bool opens_with(double score, int64_t minute) {
    wire::Signal signal = raised("brand", minute);
    signal.set_score(score);
    return !incidents_->apply(signal).empty();
  }
  std::vector<Alert> last_;
};

TEST_F(Feedback, OfAFalseAlarmRaisesTheBarOfThatListener) {
  say(false);
  say(false);
  say(false);
  EXPECT_NE(last_[0].cause.find("0.65"), std::string::npos) << last_[0].cause;
  incidents_->apply(over("brand", 20));
  restart();
  EXPECT_FALSE(opens_with(0.6, 2000));
  EXPECT_TRUE(opens_with(0.66, 2001));
  EXPECT_FALSE(incidents_->apply(raised("other", 2001)).empty()) << "another listener's bar stays";
}

TEST_F(Feedback, OfATrueAlarmLowersItAgainButNotBelowTheDetectors) {
  say(false);
  say(true);
  say(true);
  EXPECT_NE(last_[0].cause.find("still needs a score of 0.50"), std::string::npos) << last_[0].cause;
  incidents_->apply(over("brand", 20));
  EXPECT_TRUE(opens_with(0.5, 2000));
}

class SpokePolicies : public IncidentsUnderTest {
 protected:
  void use(const std::vector<std::string>& floors, const std::vector<std::string>& quiet_hours) {
    auto policy = NoticePolicy::make(floors, quiet_hours, 4);
    ASSERT_TRUE(policy.ok()) << policy.error().to_string();
    options_.notice = *policy;
    reopen();
  }
  static wire::Signal grave(wire::Signal signal) {
    signal.set_observed(4000);
    signal.mutable_counts()->set_mentions(4000);
    signal.mutable_counts()->set_negative(3900);
    signal.mutable_counts()->set_reach(9'000'000);
    signal.mutable_counts()->set_author_bits(std::string(32, '\xff'));
    return signal;
  }
};

TEST_F(SpokePolicies, KeepAMildIncidentFromASpokeUntilItIsGraveEnough) {
  use({"service=3"}, {});
  EXPECT_EQ(said(incidents_->apply(raised("brand", 1))), "opened brand") << "the hub is told of all";
  const auto graver = incidents_->apply(grave(raised("brand", 2)));
  ASSERT_FALSE(graver.empty());
  EXPECT_EQ(graver.back().spoke, "service");
  EXPECT_EQ(graver.back().event, IncidentEvent::kOpened) << "the first that the spoke hears of it";
  EXPECT_TRUE(graver.back().notifies);
}

TEST_F(SpokePolicies, TellAfterQuietHoursWhatStillGoesOn) {
  use({}, {"service=00:00-00:30"});
  EXPECT_EQ(said(incidents_->apply(raised("brand", 1))), "opened brand");
  EXPECT_EQ(said(incidents_->apply(raised("brand", 29))), "");
  EXPECT_EQ(said(incidents_->apply(raised("brand", 30))), "opened brand@service");
  EXPECT_EQ(said(incidents_->apply(raised("brand", 31))), "");
}

TEST_F(SpokePolicies, TellAGraveIncidentInQuietHoursToo) {
  use({}, {"service=00:00-23:59"});
  EXPECT_EQ(said(incidents_->apply(grave(raised("brand", 1)))), "opened brand, opened brand@service");
}

TEST_F(SpokePolicies, SayNothingOfTheEndToASpokeThatWasNeverTold) {
  use({"service=5"}, {});
  incidents_->apply(raised("brand", 1));
  EXPECT_EQ(said(incidents_->apply(over("brand", 20))), "resolved brand");
}

}  // namespace
}  // namespace earshot::incident
