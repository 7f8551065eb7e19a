// Posts whose deletion or edit comes on another input partition: LISTEN over two of them, and POST-CHANGES behind it.
#include "ops/topologies/post_changes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "ops/topologies/post_change_batch.h"
#include "tests/ops/topologies/listen_fixture.h"

namespace earshot {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const TopicPartition kChanges{"post-changes", 0};

class PostChanges : public testing::Test {
 protected:
  PostChanges() { start(); }

  void start() {
    ListenOptions options;
    options.topics = {"posts"};
    options.post_changes_topic = "post-changes";
    options.engagements_topic = "engagements";
    const auto make_scorer = [] { return std::move(*sentiment::PostScorer::make("vader")); };
    listen_ = std::make_unique<ListenTopology>(options, rules(), triage_rules(), make_scorer, source_, stats_);
    for (int32_t partition : {0, 1}) EXPECT_TRUE(listen_->assigned({"posts", partition}, std::nullopt));
    listeners_ = rules()->listeners();
    restart_changes();
  }

  static std::shared_ptr<const match::RuleSet> rules() {
    static const auto compiled = [] {
      auto set = std::make_shared<ListenerSet>();
      for (const char* name : {"acme", "globex"}) {
        set->listeners.push_back({.name = name, .spoke = "desk", .owner = "me", .query = name});
      }
      set->version = 7;
      return *match::RuleSet::compile(set, {});
    }();
    return compiled;
  }
  static std::shared_ptr<const triage::TriageRules> triage_rules() {
    static const auto builtin = *triage::TriageRules::builtin(rules::triage_query_compiler());
    return builtin;
  }

  // From the last commit.
  void restart_changes() {
    PostChangesOptions options;
    options.engagements_topic = "engagements";
    options.posts_max = posts_max_;
    changes_ = std::make_unique<PostChangesTopology>(options, ListenerDirectory(listeners_), log_);
    const auto start = changes_->assigned(kChanges, Position{static_cast<int64_t>(relayed_), {}});
    ASSERT_TRUE(start) << start.error().to_string();
    EXPECT_EQ(**start, static_cast<int64_t>(relayed_));
  }

  // One commit of LISTEN.
  void hear(int32_t partition, const std::vector<std::string>& values) {
    auto batch = std::make_unique<RecordBatch>(TopicPartition{"posts", partition}, 4096);
    for (const std::string& value : values) batch->append("", value, offsets_[partition]++, kNoTimestamp);
    auto work = listen_->process(std::move(batch));
    ASSERT_TRUE(listen_->apply(*work, outbox_));
    ASSERT_TRUE(listen_->before_commit({}, false, outbox_));
    outbox_.commit();
  }

  // What LISTEN committed, to POST-CHANGES in one commit; a record each where `restarts`.
  void pass_on(bool restarts = false) {
    const auto records = outbox_.of("post-changes");
    for (size_t first = relayed_; first < records.size(); first = relayed_) {
      std::vector<std::string> values;
      const size_t end = restarts ? first + 1 : records.size();
      for (size_t i = first; i < end; ++i) values.push_back(records[i].value);
      auto work = changes_->process(batch_of("post-changes", values, static_cast<int64_t>(first)));
      const auto applied = changes_->apply(*work, outbox_);
      ASSERT_TRUE(applied) << applied.error().to_string();
      ASSERT_TRUE(changes_->before_commit({}, false, outbox_));
      outbox_.commit();
      log_.commit(changes_->stores());
      relayed_ = end;
      if (restarts) restart_changes();
    }
  }

  // "listener change" of each mention since the last call.
  std::vector<std::string> told(const std::string& topic = "mentions.desk") {
    std::vector<std::string> lines;
    const auto outputs = outbox_.of(topic);
    for (size_t i = seen_[topic]; i < outputs.size(); ++i) {
      const auto mention = nlohmann::json::parse(outputs[i].value);
      if (!mention.contains("listener")) continue;  // how far the posts are
      lines.push_back(mention["listener"].get<std::string>() + " " + mention.value("change", std::string("new")));
      EXPECT_EQ(outputs[i].key, mention["listener"]);
    }
    seen_[topic] = outputs.size();
    return lines;
  }

  OnePartition source_;
  ListenStats stats_;
  MemoryOutbox outbox_;
  MemoryLog log_;
  std::shared_ptr<const ListenerSet> listeners_;
  std::unique_ptr<ListenTopology> listen_;
  std::unique_ptr<PostChangesTopology> changes_;
  size_t posts_max_ = 1000;
  size_t relayed_ = 0;
  std::map<int32_t, int64_t> offsets_;
  std::map<std::string, size_t> seen_;
};

TEST_F(PostChanges, ADeletionOnAnotherPartitionTakesMentionsBackOnce) {
  hear(0, {post("1", "acme and globex"), post("2", "acme")});
  pass_on();
  EXPECT_THAT(told(), ElementsAre("acme new", "globex new", "acme new"));
  hear(1, {changed("1", "deleted"), changed("1", "deleted")});
  pass_on();
  EXPECT_THAT(told(), ElementsAre("acme deleted", "globex deleted"));
  hear(0, {changed("1", "deleted"), changed("1", "deleted")});
  hear(1, {changed("1", "deleted")});
  pass_on();
  EXPECT_THAT(told(), IsEmpty());
  const auto retraction = nlohmann::json::parse(outbox_.of("mentions.desk").back().value);
  EXPECT_EQ(retraction["post"], nlohmann::json({{"id", "1"}, {"platform", "x"}}));
  EXPECT_EQ(retraction["spoke"], "desk");
  EXPECT_EQ(retraction["rule_version"], 7);
}

TEST_F(PostChanges, ADeletionOnItsOwnPartitionIsToldOnceAlsoWhenItComesOnBoth) {
  for (const int32_t first : {0, 1}) {
    const std::string id = "p" + std::to_string(first);
    hear(0, {post(id, "acme")});
    hear(first, {changed(id, "deleted")});
    hear(1 - first, {changed(id, "deleted")});
    pass_on();
    EXPECT_THAT(told(), ElementsAre("acme new", "acme deleted"));
  }
}

TEST_F(PostChanges, ADeletionThatComesBeforeItsPostTakesEffectWhenThatComes) {
  hear(1, {changed("1", "deleted")});
  pass_on();
  EXPECT_THAT(told(), IsEmpty());
  hear(0, {post("1", "acme")});
  pass_on();
  EXPECT_THAT(told(), ElementsAre("acme new", "acme deleted"));
  hear(1, {changed("1", "deleted"), post("1", "acme")});  // a repeat of a deleted post stays deleted
  pass_on();
  EXPECT_THAT(told(), ElementsAre("acme new", "acme deleted"));
}

TEST_F(PostChanges, APostThatTwoPartitionsToldIsTakenBackAsOften) {
  hear(0, {post("1", "acme")});
  hear(1, {post("1", "acme")});
  hear(0, {changed("1", "deleted")});
  pass_on();
  EXPECT_THAT(told(), ElementsAre("acme new", "acme new", "acme deleted", "acme deleted"));
}

TEST_F(PostChanges, AnEditOnAnotherPartitionThatStillMatchesIsToldOnce) {
  hear(0, {post("1", "acme is down")});
  hear(1, {changed("1", "edited", "acme is up again")});
  pass_on();
  EXPECT_THAT(told(), ElementsAre("acme new", "acme edited"));
  hear(0, {changed("1", "deleted")});
  pass_on();
  EXPECT_THAT(told(), ElementsAre("acme deleted"));
}

TEST_F(PostChanges, AnEditOnAnotherPartitionMovesThePostToWhomItMatchesNow) {
  hear(0, {post("1", "acme is down")});
  hear(1, {changed("1", "edited", "globex is down")});
  pass_on();
  EXPECT_THAT(told(), ElementsAre("acme new", "globex edited", "acme retracted"));
  hear(0, {changed("1", "deleted")});
  pass_on();
  EXPECT_THAT(told(), ElementsAre("globex deleted"));
}

TEST_F(PostChanges, AnEditOnAnotherPartitionThatMatchesNobodyTakesMentionsBack) {
  hear(0, {post("1", "acme and globex")});
  hear(1, {changed("1", "edited", "never mind")});
  pass_on();
  EXPECT_THAT(told(), ElementsAre("acme new", "globex new", "acme retracted", "globex retracted"));
  hear(0, {changed("1", "edited", "never mind")});  // comes here too
  hear(1, {changed("1", "deleted")});
  pass_on();
  EXPECT_THAT(told(), IsEmpty());
}

TEST_F(PostChanges, AnEditThatComesBeforeItsPostTakesBackWhatThePostTells) {
  hear(1, {changed("1", "edited", "globex"), changed("2", "edited", "never mind")});
  hear(0, {post("1", "acme and globex"), post("2", "acme")});
  pass_on();
  EXPECT_THAT(told(),
              ElementsAre("globex edited", "acme new", "globex new", "acme new", "acme retracted", "acme retracted"));
  hear(1, {changed("1", "deleted"), changed("2", "deleted")});
  pass_on();
  EXPECT_THAT(told(), ElementsAre("globex deleted"));
}

TEST_F(PostChanges, AnOlderEditThatComesAfterALaterOneDoesNotStay) {
  hear(0, {post("1", "acme")});
  hear(1, {changed("1", "edited", "nothing", "2026-03-02T14:02:00Z")});
  hear(0, {changed("1", "edited", "globex", "2026-03-02T14:01:00Z")});
  pass_on();
  EXPECT_THAT(told(), ElementsAre("acme new", "globex edited", "acme retracted", "globex retracted"));
}

TEST_F(PostChanges, AnEditAfterADeletionIsTakenBack) {
  hear(0, {post("1", "acme")});
  hear(1, {changed("1", "deleted")});
  pass_on();
  told();
  hear(1, {changed("1", "edited", "globex")});
  pass_on();
  EXPECT_THAT(told(), ElementsAre("globex edited", "globex deleted"));
}

TEST_F(PostChanges, TheDeskIsToldOnceWhereverTheDeletionComes) {
  hear(0, {post("1", "acme is broken, refund me"), post("2", "acme is broken, refund me")});
  pass_on();
  EXPECT_THAT(told("engagements"), ElementsAre("acme new", "acme new"));
  hear(0, {changed("1", "deleted")});
  hear(1, {changed("2", "deleted")});
  pass_on();
  EXPECT_THAT(told("engagements"), ElementsAre("acme deleted", "acme deleted"));
}

TEST_F(PostChanges, ARestartAfterAnyRecordChangesNothing) {
  const auto play = [&](bool restarts) {
    hear(1, {changed("4", "deleted"), changed("5", "edited", "nothing")});
    hear(0, {post("1", "acme and globex"), post("2", "acme"), post("3", "globex"), post("4", "acme")});
    pass_on(restarts);
    hear(1, {changed("1", "deleted"), changed("2", "edited", "globex"), post("3", "globex")});
    hear(0, {post("5", "acme"), changed("3", "deleted")});
    hear(1, {changed("2", "deleted"), changed("1", "deleted"), post("1", "acme")});
    pass_on(restarts);
    return told();
  };
  const auto undisturbed = play(false);
  log_ = {};
  outbox_ = {};
  relayed_ = 0;
  offsets_.clear();
  seen_.clear();
  start();
  EXPECT_THAT(play(true), testing::UnorderedElementsAreArray(undisturbed));
  EXPECT_EQ(std::ranges::count(undisturbed, "acme deleted"), 3);
}

TEST_F(PostChanges, WhatIsForgottenHereIsTakenBackIfItsOwnPartitionKnowsIt) {
  posts_max_ = 2;
  restart_changes();
  hear(0, {post("1", "acme"), post("2", "acme"), post("3", "acme")});
  pass_on();
  told();
  hear(1, {changed("1", "deleted")});
  pass_on();
  EXPECT_THAT(told(), IsEmpty()) << "two posts are remembered";
  hear(1, {changed("2", "deleted")});
  hear(0, {changed("3", "deleted")});
  pass_on();
  EXPECT_THAT(told(), ElementsAre("acme deleted", "acme deleted"));
}

TEST_F(PostChanges, StateStaysAsSmallAsWhatIsRemembered) {
  posts_max_ = 5;
  restart_changes();
  size_t entries = 0;
  for (int i = 0; i < 50; ++i) {
    hear(0, {post(std::to_string(i), "acme")});
    hear(1, {changed(std::to_string(i), "deleted"), changed("x" + std::to_string(i), "deleted")});
    pass_on();
    entries = std::max(entries, log_.table("post-changes", 0).size());
  }
  EXPECT_LE(entries, 2 * (posts_max_ + 1));
  EXPECT_EQ(std::ranges::count(told(), "acme deleted"), 50);
}

TEST_F(PostChanges, AnIdOfNoPlatformIsTakenBackByItsOwnPartitionAlone) {
  const std::string id(2000, '7');
  hear(0, {post(id, "acme"), changed(id, "deleted")});
  hear(1, {changed(id, "deleted")});
  EXPECT_THAT(outbox_.of("post-changes"), IsEmpty());
  EXPECT_THAT(told(), ElementsAre("acme new", "acme deleted"));
}

TEST_F(PostChanges, PostsThatMatchNobodySendNothing) {
  hear(0, {post("1", "something else"), post("2", "and more")});
  EXPECT_THAT(outbox_.of("post-changes"), IsEmpty());
  hear(0, {post("3", "acme"), post("4", "acme"), post("5", "globex")});
  const auto records = outbox_.of("post-changes");
  ASSERT_EQ(records.size(), 1u) << "one for each commit";
  EXPECT_LT(records.front().value.size(), 100u);
}

TEST_F(PostChanges, TheAuditCountsWhatIsTakenBack) {
  hear(0, {post("1", "acme and globex")});
  hear(1, {changed("1", "deleted")});
  pass_on();
  uint64_t written = 0;
  for (const Output& output : outbox_.of("audit")) {
    wire::AuditEntry entry;
    ASSERT_TRUE(entry.ParseFromString(output.value));
    for (const auto& topic : entry.outputs()) written += topic.topic() == "mentions.desk" ? topic.records() : 0;
  }
  EXPECT_EQ(written, outbox_.of("mentions.desk").size());
}

TEST_F(PostChanges, ASpokeThatIsGoneBeforeTheStartIsNotToldAnyMore) {
  hear(0, {post("1", "acme")});
  pass_on();
  told();
  ListenerSet others;
  others.listeners.push_back({.name = "zenit", .spoke = "sales", .owner = "me", .query = "zenit"});
  listeners_ = std::make_shared<const ListenerSet>(std::move(others));
  restart_changes();
  hear(1, {changed("1", "deleted")});
  pass_on();
  EXPECT_THAT(told(), IsEmpty());
}

TEST_F(PostChanges, RecordsThatContradictThemselvesStopTheTask) {
  wire::PostChanges other_version;
  other_version.set_version(kPostChangesVersion + 1);
  wire::PostChanges no_set;
  no_set.set_version(kPostChangesVersion);
  no_set.add_posts(1);
  no_set.add_told(1);
  wire::PostChanges no_listener = no_set;
  no_listener.mutable_told_sets()->add_sets()->add_listeners(3);
  for (const auto* record : {&other_version, &no_set, &no_listener}) {
    auto work = changes_->process(batch_of("post-changes", {record->SerializeAsString()}, 41));
    const auto applied = changes_->apply(*work, outbox_);
    ASSERT_FALSE(applied);
    EXPECT_EQ(applied.error().code, ErrorCode::kCorrupt);
    EXPECT_EQ(applied.error().where, "post-changes/0@41");
  }
}

}  // namespace
}  // namespace earshot
