#include "tests/operators/incident/incidents_under_test.h"

namespace earshot::incident {
namespace {

class RelatedListeners : public IncidentsUnderTest {
 protected:
  static wire::Signal outage(const std::string& listener, int64_t minute) {
    return with_words(raised(listener, minute), {"outage", "refund"});
  }
};

TEST_F(RelatedListeners, JoinTheIncidentThatTheSameWordsTell) {
  const auto opened = incidents_->apply(outage("payments", 1));
  const auto joined = incidents_->apply(outage("brand", 2));
  ASSERT_FALSE(joined.empty());
  EXPECT_EQ(joined[0].incident_id, opened[0].incident_id);
  EXPECT_EQ(joined[0].event, IncidentEvent::kUpdated);
  EXPECT_FALSE(joined[0].notifies);
  EXPECT_EQ(joined[0].listener_count, 2U);
  EXPECT_EQ(incidents_->open_incidents(), 1U);
}

TEST_F(RelatedListeners, JoinTheIncidentThatHoldsTheSamePosts) {
  const auto both = [](wire::Signal signal) {
    return with_post(with_post(std::move(signal), "1", "nothing works"), "2", "again down");
  };
  incidents_->apply(both(raised("payments", 1)));
  incidents_->apply(both(raised("brand", 2)));
  EXPECT_EQ(incidents_->open_incidents(), 1U);
}

TEST_F(RelatedListeners, ThatHaveNothingInCommonAreIncidentsOfTheirOwn) {
  incidents_->apply(with_words(raised("payments", 1), {"outage", "refund"}));
  incidents_->apply(with_words(raised("brand", 2), {"strike", "union"}));
  EXPECT_EQ(incidents_->open_incidents(), 2U);
}

TEST_F(RelatedListeners, OfTwoSpokesAreTwoChildrenOfOneParent) {
  const auto opened = incidents_->apply(outage("payments", 1));
  wire::Signal legal = outage("brand", 2);
  legal.set_spoke("legal");
  const auto joined = incidents_->apply(legal);
  EXPECT_EQ(said(opened), "opened payments, opened payments@service");
  EXPECT_EQ(said(joined), "updated brand, updated payments@service, opened brand@legal");
  EXPECT_EQ(joined[2].parent, opened[0].incident_id);
  EXPECT_TRUE(joined[2].notifies) << "the spoke hears of it for the first time";
  EXPECT_EQ(joined[0].children.size(), 2U);
}

TEST_F(RelatedListeners, EndTheIncidentWithTheLastOfThem) {
  incidents_->apply(outage("payments", 1));
  incidents_->apply(outage("brand", 2));
  EXPECT_EQ(said(incidents_->apply(over("payments", 20))), "");
  EXPECT_EQ(incidents_->apply(over("brand", 25))[0].event, IncidentEvent::kResolved);
  EXPECT_EQ(incidents_->open_incidents(), 0U);
}

TEST_F(RelatedListeners, StayTogetherAcrossARestart) {
  incidents_->apply(outage("payments", 1));
  incidents_->apply(outage("brand", 2));
  restart();
  EXPECT_EQ(incidents_->open_incidents(), 1U);
  EXPECT_EQ(said(incidents_->apply(raised("brand", 3))), "");
  EXPECT_EQ(incidents_->open_incidents(), 1U);
}

TEST_F(RelatedListeners, AreOneStormWhenManySurgeAtOnceWithoutWordsOfTheirOwn) {
  size_t told = 0;
  for (int i = 0; i < 400; ++i) {
    for (const Alert& alert : incidents_->apply(raised("listener " + std::to_string(i), 1 + i / 200))) {
      told += alert.parent.empty() && alert.notifies ? 1 : 0;
    }
  }
  EXPECT_EQ(incidents_->open_incidents(), 1U);
  EXPECT_LE(told, 6U) << "those before it was a storm, and the storm";
}

TEST_F(RelatedListeners, LeaveNoIncidentBehindThatTheStormTookUp) {
  std::vector<Alert> alerts;
  for (int i = 0; i < 6; ++i) {
    for (Alert& alert : incidents_->apply(raised("listener " + std::to_string(i), 1))) alerts.push_back(alert);
  }
  const auto merged = std::count_if(alerts.begin(), alerts.end(), [](const Alert& alert) {
    return alert.parent.empty() && alert.event == IncidentEvent::kResolved && !alert.merged_into.empty() &&
           !alert.notifies;
  });
  EXPECT_EQ(merged, 4);
  const auto storm = std::find_if(alerts.begin(), alerts.end(), [](const Alert& alert) { return alert.is_storm; });
  ASSERT_NE(storm, alerts.end());
  EXPECT_EQ(storm->listener_count, 6U);
}

TEST_F(RelatedListeners, WithWordsOfTheirOwnAreNoPartOfAStorm) {
  for (int i = 0; i < 20; ++i) incidents_->apply(raised("listener " + std::to_string(i), 1));
  const auto own = incidents_->apply(outage("payments", 1));
  ASSERT_FALSE(own.empty());
  EXPECT_EQ(own[0].event, IncidentEvent::kOpened);
  EXPECT_EQ(incidents_->open_incidents(), 2U);
}

TEST_F(RelatedListeners, LeaveAStormOnceTheirOwnWordsShow) {
  for (int i = 0; i < 20; ++i) incidents_->apply(raised("listener " + std::to_string(i), 1));
  const auto left = incidents_->apply(outage("listener 7", 2));
  ASSERT_FALSE(left.empty());
  EXPECT_EQ(left[0].event, IncidentEvent::kOpened);
  EXPECT_FALSE(left[0].is_storm);
  EXPECT_EQ(incidents_->open_incidents(), 2U);
}

}  // namespace
}  // namespace earshot::incident
