#include "operators/incident/incident_operator.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "tests/engine/state/table_state.h"

namespace earshot::incident {
namespace {

constexpr int64_t kMinuteMs = 60'000;

struct Step {
  uint32_t level = 0;
  double observed = 10;
  bool is_final = false;
};

class Incidents : public testing::Test {
 protected:
  Incidents() { reopen(); }

  void reopen() {
    store_ = std::make_unique<StateStore>("incident", 0, std::make_unique<TableState>(table_));
    incidents_ = std::make_unique<IncidentOperator>(IncidentOptions{}, *store_);
    ASSERT_TRUE(incidents_->restore().ok());
  }
  void commit() {
    incidents_->checkpoint();
    commit_to(table_, *store_);
  }

  static wire::Signal signal(int64_t minute, const Step& step) {
    wire::Signal made;
    made.set_hub("hub");
    made.set_listener("brand");
    made.set_spoke("service");
    made.set_pane_ms(10'000);
    made.set_pane_start_ms(minute * kMinuteMs - 10'000);
    made.set_level(step.level);
    made.set_observed(step.observed);
    made.set_expected(5);
    made.set_window_ms(300'000);
    made.set_is_final(step.is_final);
    return made;
  }
  // A step for each minute; what each brings about, "" for nothing.
  std::string play(const std::vector<Step>& steps) {
    std::string events;
    for (const Step& step : steps) {
      for (const Alert& alert : incidents_->apply(signal(++minute_, step))) {
        (alert.parent.empty() ? last_ : last_child_) = alert;
        if (alert.parent.empty()) events += std::to_string(minute_) + ":" + std::string(to_string(alert.event)) + " ";
      }
    }
    return events;
  }
  static std::vector<Step> repeat(size_t count, const Step& step) { return std::vector<Step>(count, step); }

  Table table_;
  std::unique_ptr<StateStore> store_;
  std::unique_ptr<IncidentOperator> incidents_;
  int64_t minute_ = 0;
  Alert last_;        // of the hub
  Alert last_child_;  // of a spoke
};

TEST_F(Incidents, LiveFromOpenedThroughEasingToResolved) {
  EXPECT_EQ(play({{1, 40}, {1, 50}, {1, 45}, {0}, {0}, {0}, {0}, {0, 5, true}}), "1:opened 6:easing 8:resolved ");
  EXPECT_EQ(last_.sequence, 3U);
  EXPECT_EQ(incidents_->open_incidents(), 0U);
}

TEST_F(Incidents, DoNotOpenOnCalm) {
  EXPECT_EQ(play({{0}, {0, 5, true}}), "");
}

TEST_F(Incidents, EscalateWhenCriticalAndOnce) {
  EXPECT_EQ(play({{1, 40}, {2, 50}, {2, 50}, {2, 55}, {1, 40}, {2, 50}}), "1:opened 2:escalated ");
}

TEST_F(Incidents, EscalateWhenVolumeDoublesButNotAtEveryStep) {
  std::vector<Step> steps = repeat(6, {1, 40});
  for (double observed = 60; observed < 40'000; observed *= 1.5) steps.push_back({1, observed});
  const std::string events = play(steps);
  const auto escalations = static_cast<size_t>(std::count(events.begin(), events.end(), 'c'));
  EXPECT_GE(escalations, 2U) << events;
  EXPECT_LE(escalations, 5U) << events;
}

TEST_F(Incidents, NeverRepeatThemselvesWhileNothingChanges) {
  EXPECT_EQ(play(repeat(600, {1, 40})), "1:opened ");
}

TEST_F(Incidents, DoNotFlapBetweenEasingAndRaised) {
  std::vector<Step> steps;
  for (int i = 0; i < 40; ++i) {
    steps.insert(steps.end(), {{1, 40}, {0}, {0}, {0}, {0}});
  }
  const std::string events = play(steps);
  EXPECT_LE(std::count(events.begin(), events.end(), ':'), 2) << events;
}

TEST_F(Incidents, ReopenUnderTheSameIdWhenItComesBackSoon) {
  play({{1, 40}, {0}, {0, 5, true}});
  const std::string id = last_.incident_id;
  minute_ += 60;
  EXPECT_EQ(play({{1, 40}}), "64:reopened ");
  EXPECT_EQ(last_.incident_id, id);
  EXPECT_EQ(last_.sequence, 3U);
  EXPECT_EQ(last_.timeline.resolved_ms, 0);
}

TEST_F(Incidents, AreNewOnesAfterALongCalm) {
  play({{1, 40}, {0, 5, true}});
  const std::string id = last_.incident_id;
  minute_ += 600;
  EXPECT_EQ(play({{1, 40}}), "603:opened ");
  EXPECT_NE(last_.incident_id, id);
  EXPECT_EQ(last_.sequence, 1U);
}

TEST_F(Incidents, HaveIdsThatFollowFromHubListenerAndOpeningPane) {
  EXPECT_EQ(incident_id("hub", "brand", 1000), incident_id("hub", "brand", 1000));
  EXPECT_NE(incident_id("hub", "brand", 1000), incident_id("hub", "brand", 2000));
  EXPECT_NE(incident_id("hub", "brand", 1000), incident_id("hub", "brand2", 1000));
  EXPECT_NE(incident_id("hub", "brand", 1000), incident_id("hub2", "brand", 1000));
}

TEST_F(Incidents, IgnoreASignalThatTheyHaveSeen) {
  const wire::Signal opening = signal(1, {1, 40});
  EXPECT_FALSE(incidents_->apply(opening).empty());
  EXPECT_TRUE(incidents_->apply(opening).empty());
}

TEST_F(Incidents, GoOnFromWhatWasCommitted) {
  play({{1, 40}, {1, 50}});
  const std::string id = last_.incident_id;
  commit();
  reopen();
  EXPECT_EQ(incidents_->open_incidents(), 1U);
  EXPECT_EQ(play({{1, 45}, {0}, {0}, {0}, {0, 5, true}}), "6:easing 7:resolved ");
  EXPECT_EQ(last_.incident_id, id);
  EXPECT_EQ(last_.timeline.peak_observed, 50);
}

TEST_F(Incidents, LeaveTheStoreOnceTheyCannotReopen) {
  play({{1, 40}, {0, 5, true}});
  commit();
  EXPECT_EQ(table_.size(), 1U);
  wire::Signal other = signal(2000, {1, 40});
  other.set_listener("other");
  incidents_->apply(other);
  commit();
  ASSERT_EQ(table_.size(), 1U);
  EXPECT_NE(table_.begin()->second.find("other"), std::string::npos);
}

TEST_F(Incidents, KeepEvidenceBoundedNewestFirstAndWithoutCopies) {
  for (int64_t minute = 1; minute <= 8; ++minute) {
    wire::Signal made = signal(minute, {1, 40 + 30.0 * static_cast<double>(minute)});
    for (uint64_t i = 0; i < 4; ++i) {
      wire::Evidence& post = *made.add_evidence();
      post.set_post_id(std::to_string(minute) + "-" + std::to_string(i));
      post.set_text_hash(i == 0 ? 7 : static_cast<uint64_t>(minute) * 10 + i);
    }
    incidents_->apply(made);
  }
  wire::Signal final_signal = signal(9, {0, 5, true});
  const auto resolved = incidents_->apply(final_signal);
  ASSERT_FALSE(resolved.empty());
  ASSERT_EQ(resolved[0].evidence.size(), 10U);
  EXPECT_EQ(resolved[0].evidence[0].post_id(), "8-0");
  EXPECT_EQ(resolved[0].evidence[4].post_id(), "7-1") << "7-0 is a copy of 8-0";
}

TEST_F(Incidents, TakeUpStateOfBeforeTheyCouldBeAboutSeveralListeners) {
  wire::IncidentState old;
  old.set_version(1);
  old.set_id(incident_id("hub", "brand", 50'000));
  old.set_sequence(2);
  old.set_phase(1);
  old.set_hub("hub");
  old.set_listener("brand");
  old.set_opened_ms(60'000);
  old.set_updated_ms(120'000);
  old.set_calm_since_ms(120'000);
  table_[std::string("ihub\0brand", 10)] = old.SerializeAsString();
  reopen();
  EXPECT_EQ(incidents_->open_incidents(), 1U);
  minute_ = 2;
  EXPECT_EQ(play({{1, 40}, {0}, {0}, {0}, {0, 5, true}}), "6:easing 7:resolved ");
  EXPECT_EQ(last_.incident_id, old.id());
  EXPECT_EQ(last_.sequence, 4U);
  commit();
  EXPECT_EQ(table_.size(), 1U) << "the record moved to its new key";
}

TEST_F(Incidents, TellASpokeUnderAnIdAndNumbersOfItsOwn) {
  play({{1, 40}});
  EXPECT_EQ(last_child_.parent, last_.incident_id);
  EXPECT_NE(last_child_.incident_id, last_.incident_id);
  EXPECT_EQ(last_child_.spoke, "service");
  EXPECT_EQ(last_child_.sequence, 1U);
  ASSERT_EQ(last_.children.size(), 1U);
  EXPECT_EQ(last_.children[0].incident_id, last_child_.incident_id);
  play({{0}, {0, 5, true}});
  EXPECT_EQ(last_child_.event, IncidentEvent::kResolved);
  EXPECT_EQ(last_child_.sequence, 2U);
}

TEST_F(Incidents, CloseWhenTheirListenerIsGone) {
  play({{1, 40}});
  wire::Signal other = signal(200, {1, 40});
  other.set_listener("other");
  const auto alerts = incidents_->apply(other);
  ASSERT_GE(alerts.size(), 2U);
  EXPECT_EQ(alerts[0].event, IncidentEvent::kResolved);
  EXPECT_EQ(alerts[0].listener, "brand");
  EXPECT_NE(alerts[0].cause, "");
}

TEST_F(Incidents, RefuseStateOfAnotherVersion) {
  wire::IncidentState state;
  state.set_version(99);
  table_["ihub"] = state.SerializeAsString();
  IncidentOperator other(IncidentOptions{}, *store_);
  const auto restored = other.restore();
  ASSERT_FALSE(restored.ok());
  EXPECT_EQ(restored.error().code, ErrorCode::kCorrupt);
}

class SurgesOfVolumeAlone : public testing::Test {
 protected:
  SurgesOfVolumeAlone() : store_("incident", 0, std::make_unique<TableState>(table_)), incidents_(options(), store_) {}

  static IncidentOptions options() {
    IncidentOptions options;
    options.open_score = 0.5;
    options.volume_score = 0.8;
    return options;
  }
  static wire::Signal surge(double score) {
    wire::Signal signal;
    signal.set_hub("hub");
    signal.set_listener("brand");
    signal.set_pane_start_ms(60'000);
    signal.set_pane_ms(10'000);
    signal.set_level(1);
    signal.set_score(score);
    signal.set_observed(60);
    signal.set_expected(20);
    signal.set_window_ms(300'000);
    signal.mutable_counts()->set_mentions(60);
    signal.mutable_counts()->set_originals(60);
    signal.mutable_counts()->set_negative(12);
    signal.set_usual_negative_share(0.2);
    return signal;
  }
  bool opens(const wire::Signal& signal) { return !incidents_.apply(signal).empty(); }

  Table table_;
  StateStore store_;
  IncidentOperator incidents_;
};

TEST_F(SurgesOfVolumeAlone, MustBeFarRarer) {
  EXPECT_FALSE(opens(surge(0.79)));
  EXPECT_TRUE(opens(surge(0.8)));
}

TEST_F(SurgesOfVolumeAlone, AreNoneOnceTheyAreNegative) {
  wire::Signal signal = surge(0.5);
  signal.mutable_counts()->set_negative(40);
  EXPECT_TRUE(opens(signal));
}

TEST_F(SurgesOfVolumeAlone, AreNoneOnceWordsStandOut) {
  wire::Signal signal = surge(0.5);
  for (const char* word : {"outage", "refund"}) {
    wire::Term& term = *signal.add_terms();
    term.set_text(word);
    term.set_count(5);
    term.set_lift(9);
  }
  EXPECT_TRUE(opens(signal));
}

TEST_F(SurgesOfVolumeAlone, AreNoneWhenTheyRepeatOneText) {
  wire::Signal signal = surge(0.5);
  std::string few(32, '\0');
  few[3] = 7;
  signal.mutable_counts()->set_shape_bits(few);
  EXPECT_TRUE(opens(signal));
}

TEST(SeverityFactors, GrowWithVolumeNegativityReachAndBreadth) {
  wire::Signal mild;
  mild.set_observed(20);
  mild.set_expected(10);
  mild.mutable_counts()->set_mentions(20);
  wire::Signal grave = mild;
  grave.set_observed(400);
  grave.mutable_counts()->set_mentions(400);
  grave.mutable_counts()->set_negative(350);
  grave.mutable_counts()->set_reach(9'000'000);
  grave.mutable_counts()->set_author_bits(std::string(32, '\xff'));
  EXPECT_EQ(severity_of(mild).level(), 1);
  EXPECT_EQ(severity_of(grave).level(), 5);
  double shares = 0;
  for (int i = 0; i < Severity::kFactors; ++i) shares += severity_of(grave).share(static_cast<Severity::Factor>(i));
  EXPECT_NEAR(shares, 1, 1e-9);
}

}  // namespace
}  // namespace earshot::incident
