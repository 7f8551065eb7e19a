// Rules that change while LISTEN runs.
#include "ops/topologies/live_rules.h"

#include <gtest/gtest.h>

#include "tests/ops/topologies/listen_fixture.h"

namespace earshot {
namespace {

class LiveRulesTest : public ListenFixture {
 protected:
  LiveRulesTest() { EXPECT_TRUE(listen_->assigned(kPosts, std::nullopt)); }

  static ListenerSet other_set() {
    ListenerSet set;
    set.listeners.push_back({.name = "zenit", .spoke = "sales", .owner = "me", .query = "zenit"});
    set.listeners.push_back({.name = "acme", .spoke = "desk", .owner = "me", .query = "acme"});
    set.version = 8;
    return set;
  }
};

TEST_F(LiveRulesTest, AreTakenUpBetweenTwoCommitsOnly) {
  const auto live = std::make_shared<LiveRules>(compiled(other_set()));
  feed({post("1", "acme and zenit")}, 0);
  listen_->follow(live);
  feed({post("2", "acme and zenit")}, 1);
  EXPECT_EQ(commit().back().matched(), 2u);
  EXPECT_EQ(outbox_.of("mentions.desk").size(), 4u);  // two listeners of the first set
  EXPECT_TRUE(outbox_.of("mentions.sales").empty());

  listen_->begin_interval();
  feed({post("3", "acme and zenit"), post("2", "acme again")}, 2);
  const auto entry = commit().back();
  EXPECT_EQ(entry.matched(), 1u);
  EXPECT_EQ(entry.duplicate(), 1u);  // what was heard before is still known
  ASSERT_EQ(outbox_.of("mentions.sales").size(), 1u);
  EXPECT_NE(outbox_.of("mentions.sales")[0].value.find("\"zenit\""), std::string::npos);
  EXPECT_EQ(outbox_.of("mentions.desk").size(), 5u);
  uint64_t counted = 0;
  for (const auto& output : entry.outputs()) counted += output.topic() == "mentions.sales" ? output.records() : 0;
  EXPECT_EQ(counted, 1u);
}

TEST_F(LiveRulesTest, AreFreedByWhoReplacesThemOnceNobodyGoesByThem) {
  const auto live = std::make_shared<LiveRules>(compiled(other_set()));
  listen_->follow(live);
  listen_->begin_interval();
  feed({post("1", "acme and zenit")}, 0);
  const std::weak_ptr<const match::RuleSet> before = live->current();
  live->replace(compiled(other_set()));
  live->free_replaced();
  EXPECT_FALSE(before.expired());  // LISTEN goes by them until it has committed
  commit();
  listen_->begin_interval();
  EXPECT_FALSE(before.expired());  // nor does LISTEN free them
  live->free_replaced();
  EXPECT_TRUE(before.expired());
  EXPECT_EQ(live->replaced(), 0u);
}

TEST_F(LiveRulesTest, AreKeptByWhoHoldsTheirListeners) {
  LiveRules live(compiled(other_set()));
  auto listeners = listeners_in_force(live);
  live.replace(compiled(other_set()));
  live.free_replaced();
  EXPECT_EQ(live.replaced(), 1u);
  EXPECT_EQ(listeners->find("zenit")->spoke, "sales");
  listeners.reset();
  live.free_replaced();
  EXPECT_EQ(live.replaced(), 0u);
}

TEST_F(LiveRulesTest, SumPanesUnderTheListenerThatWasHeard) {
  const auto live = std::make_shared<LiveRules>(compiled(other_set()));
  feed({post("1", "acme")}, 0);
  commit();
  const size_t partials_before = outbox_.of("partials").size();
  listen_->follow(live);
  listen_->begin_interval();
  feed({post("2", "zenit")}, 1);
  commit();
  const auto partials = outbox_.of("partials");
  ASSERT_EQ(partials.size(), partials_before + 1);
  wire::Partial partial;
  ASSERT_TRUE(partial.ParseFromString(partials.back().value));
  ASSERT_EQ(partial.panes_size(), 1);
  EXPECT_EQ(partial.panes(0).listener(), "zenit");
  EXPECT_EQ(partial.rule_version(), 8u);
}

}  // namespace
}  // namespace earshot
