#include <gtest/gtest.h>

#include "bench/crises/judgement.h"

namespace earshot::crises {
namespace {

// Two days of a few listeners; bench/crises runs the week of a thousand.
class SmallWorld : public testing::Test {
 protected:
  const World world_{{.listeners = 30, .days = 2, .crises = 6, .seed = 3}};
};

TEST_F(SmallWorld, HasEveryCrisisFoundOnceAndInTime) {
  const Judgement judgement = judge(world_, simulate(world_, {}));
  EXPECT_EQ(judgement.in_time(), world_.crises().size()) << to_table(world_, judgement);
  EXPECT_EQ(judgement.one_incident_each(), world_.crises().size()) << to_table(world_, judgement);
  EXPECT_GE(judgement.right_terms() + 1, world_.crises().size()) << to_table(world_, judgement);
  EXPECT_LE(judgement.false_incidents, 1U) << to_table(world_, judgement);
}

TEST_F(SmallWorld, IsJudgedAlikeOnAnyNumberOfThreads) {
  const SimulationOutcome one = simulate(world_, {.threads = 1});
  const SimulationOutcome three = simulate(world_, {.threads = 3});
  ASSERT_EQ(one.alerts.size(), three.alerts.size());
  for (size_t i = 0; i < one.alerts.size(); ++i) {
    std::string a;
    std::string b;
    append_alert_json(a, one.alerts[i]);
    append_alert_json(b, three.alerts[i]);
    EXPECT_EQ(a, b);
  }
}

TEST_F(SmallWorld, WithoutACrisisOpensNone) {
  const World calm({.listeners = 30, .days = 2, .crises = 0, .seed = 4});
  const Judgement judgement = judge(calm, simulate(calm, {}));
  EXPECT_LE(judgement.false_incidents, 1U) << to_table(calm, judgement);
}

}  // namespace
}  // namespace earshot::crises
