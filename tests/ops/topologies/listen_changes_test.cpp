// Posts that are edited or deleted after LISTEN heard them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "schemas/evidence.h"
#include "tests/ops/topologies/listen_fixture.h"

namespace earshot {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ListenChanges : public ListenFixture {
 protected:
  ListenChanges() { EXPECT_TRUE(listen_->assigned(kPosts, std::nullopt)); }

  // "listener change" of each record that was committed to the topic since the last call.
  std::vector<std::string> told(const std::string& topic) {
    std::vector<std::string> lines;
    const auto outputs = outbox_.of(topic);
    for (size_t i = seen_[topic]; i < outputs.size(); ++i) {
      const auto mention = nlohmann::json::parse(outputs[i].value);
      lines.push_back(mention["listener"].get<std::string>() + " " + mention.value("change", std::string("new")));
      EXPECT_EQ(outputs[i].key, mention["listener"]);
    }
    seen_[topic] = outputs.size();
    return lines;
  }

  wire::Partial last_partial() {
    wire::Partial partial;
    EXPECT_TRUE(partial.ParseFromString(outbox_.of("partials").back().value));
    return partial;
  }

  std::map<std::string, size_t> seen_;
};

TEST_F(ListenChanges, ADeletionTakesItsMentionsBackOnce) {
  feed({post("1", "acme is down"), changed("1", "deleted")}, 0);
  const auto entry = commit().back();
  EXPECT_THAT(told("mentions.desk"), ElementsAre("acme new", "acme-too new", "acme deleted", "acme-too deleted"));
  EXPECT_EQ(entry.matched(), 1u);
  EXPECT_EQ(entry.unmatched(), 1u);
  EXPECT_EQ(entry.outputs(0).records(), 4u);
  const auto retraction = nlohmann::json::parse(outbox_.of("mentions.desk").back().value);
  EXPECT_EQ(retraction["post"], nlohmann::json({{"id", "1"}, {"platform", "x"}}));
  EXPECT_EQ(retraction["spoke"], "desk");
  EXPECT_THAT(last_partial().deleted(), ElementsAre(post_hash("1", "x")));

  feed({changed("1", "deleted"), post("1", "acme is down")}, 2);
  EXPECT_EQ(commit().back().duplicate(), 1u);
  EXPECT_THAT(told("mentions.desk"), IsEmpty());
}

TEST_F(ListenChanges, ADeletionOfAPostThatNobodyHeardTakesNothingBack) {
  feed({post("1", "something else"), changed("1", "deleted"), changed("2", "deleted")}, 0);
  EXPECT_EQ(commit().back().unmatched(), 3u);
  EXPECT_THAT(told("mentions.desk"), IsEmpty());
  EXPECT_EQ(stats_.retracted, 0u);
  EXPECT_EQ(last_partial().deleted_size(), 2);  // it may have been heard in another partition
}

TEST_F(ListenChanges, AnEditThatStillMatchesIsToldAndNotCountedAgain) {
  feed({post("1", "acme is down")}, 0);
  commit();
  told("mentions.desk");
  feed({changed("1", "edited", "acme is up again"), changed("1", "edited", "acme is up again")}, 1);
  const auto entry = commit().back();
  EXPECT_EQ(entry.matched(), 1u);
  EXPECT_EQ(entry.duplicate(), 1u);
  EXPECT_THAT(told("mentions.desk"), ElementsAre("acme edited", "acme-too edited"));
  EXPECT_EQ(nlohmann::json::parse(outbox_.of("mentions.desk").back().value)["post"]["text"], "acme is up again");
  const auto partial = last_partial();
  EXPECT_EQ(partial.panes_size(), 0);
  ASSERT_EQ(partial.changes_size(), 2);
  EXPECT_EQ(partial.changes(0).post(), post_hash("1", "x"));
  EXPECT_EQ(read_evidence(copy_evidence(partial.changes(0).evidence())).text(), "acme is up again");
  EXPECT_EQ(stats_.mentions, 2u);
}

TEST_F(ListenChanges, AnEditThatNoLongerMatchesIsTakenBack) {
  feed({post("1", "acme is down")}, 0);
  commit();
  told("mentions.desk");
  feed({changed("1", "edited", "never mind"), changed("1", "edited", "acme after all")}, 1);
  commit();
  EXPECT_THAT(told("mentions.desk"),
              ElementsAre("acme retracted", "acme-too retracted", "acme edited", "acme-too edited"));
  const auto partial = last_partial();
  ASSERT_EQ(partial.changes_size(), 4);
  EXPECT_FALSE(partial.changes(0).has_evidence());
  EXPECT_EQ(partial.panes_size(), 0);  // whoever lost it and has it again has counted it
}

TEST_F(ListenChanges, AnEditOfAPostThatNobodyHeardIsANewMention) {
  feed({changed("1", "edited", "acme is down")}, 0);
  EXPECT_EQ(commit().back().matched(), 1u);
  EXPECT_THAT(told("mentions.desk"), ElementsAre("acme edited", "acme-too edited"));
  EXPECT_EQ(last_partial().panes_size(), 2);
}

TEST_F(ListenChanges, AListenerThatIsGoneIsStillToldUnderItsName) {
  feed({post("1", "acme is down")}, 0);
  commit();
  told("mentions.desk");
  ListenerSet other;
  other.listeners.push_back({.name = "zenit", .spoke = "sales", .owner = "me", .query = "zenit"});
  other.version = 8;
  listen_->follow(std::make_shared<LiveRules>(compiled(std::move(other))));
  listen_->begin_interval();
  feed({changed("1", "deleted")}, 1);
  commit();
  EXPECT_THAT(told("mentions.desk"), ElementsAre("acme deleted", "acme-too deleted"));
}

// The memory of what was told is rebuilt by reading the input again.
TEST_F(ListenChanges, ADeletionAfterARestartTakesMentionsBack) {
  feed({post("1", "acme is down"), post("2", "acme is down"), changed("2", "deleted")}, 0);
  commit();
  told("mentions.desk");
  const std::string metadata = listen_->position_metadata(kPosts);
  listen_->revoked(kPosts);
  const auto start = listen_->assigned(kPosts, Position{3, metadata});
  ASSERT_TRUE(start);
  EXPECT_EQ(**start, 0);
  feed({post("1", "acme is down"), post("2", "acme is down"), changed("2", "deleted")}, 0);
  feed({changed("1", "deleted"), changed("2", "deleted"), post("2", "acme is down")}, 3);
  const auto entry = commit().back();
  EXPECT_EQ(entry.unmatched(), 2u);
  EXPECT_EQ(entry.duplicate(), 1u);
  EXPECT_THAT(told("mentions.desk"), ElementsAre("acme deleted", "acme-too deleted"));
}

}  // namespace
}  // namespace earshot
