// LISTEN and DESK on a local log: from posts to the queue of a spoke and the standings of authors.
#include "ops/topologies/desk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "engine/runtime/runner.h"
#include "operators/sentiment/post_scorer.h"
#include "ops/rules/triage_queries.h"
#include "ops/topologies/listen.h"
#include "tests/connectors/local/open_log.h"
#include "tests/connectors/temporary_folder.h"
#include "tests/contract/drain.h"

namespace earshot {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr std::string_view kRules = R"(
classes:
  - {class: complaint, urgency: 5, action: make_right}
  - {class: churn_threat, urgency: 2, action: make_right}
  - {class: question, urgency: 2, action: correct}
rules:
  - {class: churn_threat, points: 2, phrases: leaving}
  - {class: complaint, points: 2, phrases: broken}
  - {class: question, points: 2, phrases: where}
history:
  - {ill_before: 1.5, add: 1}
)";

std::shared_ptr<const triage::TriageRules> triage_rules(const std::string& more = {}) {
  auto rules = triage::TriageRules::parse(std::string(kRules) + more, "rules.yaml", rules::triage_query_compiler());
  if (!rules) throw std::logic_error(rules.error().to_string());
  return *rules;
}

class Desk : public testing::Test {
 protected:
  Desk() : log_(local::open_or_fail(local::test_options(folder_.path()))) {
    ListenerSet set;
    set.listeners.push_back({.name = "acme", .spoke = "service", .owner = "me", .query = "acme"});
    rules_ = *match::RuleSet::compile(std::make_shared<const ListenerSet>(std::move(set)), {});
    for (const char* topic : {"posts", "mentions.service", "late", "dead-letters", "audit", "standings"}) {
      local::make_topic(*log_, {.name = topic});
    }
    local::make_topic(*log_, {.name = "partials", .partitions = 2});
    local::make_topic(*log_, {.name = "engagements", .partitions = 2});
    local::make_topic(*log_, {.name = "queue.service", .partitions = static_cast<int32_t>(queue::kBands)});
  }

  // "14:05" on the first of March, or on another day.
  static std::string at(const std::string& time, const std::string& day = "01") {
    return R"("created_at":"2026-03-)" + day + "T" + time + R"(:00Z")";
  }
  static std::string post(const std::string& id, const std::string& author, const std::string& when,
                          const std::string& text, const std::string& more = {}) {
    return R"({"id":")" + id + R"(","platform":"x",)" + when + R"(,"text":")" + text + R"(","author":{"id":")" +
           author + "\"}" + more + "}";
  }

  // Takes these posts through both stages; each call is a life of its own.
  void run(const std::vector<std::string>& posts) {
    append(posts);
    auto input = *log_->subscribe("listen", {"posts"}, {.until_end = true});
    ListenOptions listening;
    listening.topics = {"posts"};
    listening.disorder_ms = 0;
    listening.engagements_topic = "engagements";
    listening.own_accounts.add("@acmehelp");
    listening.summarise.partitions = 2;
    ListenTopology listen(
        listening, rules_, triage_rules(), [] { return std::move(*sentiment::PostScorer::make("vader")); }, *input,
        stats_);
    drive("listen", listen, *input);
    DeskOptions options;
    options.advocates.posts_min = 2.5;
    DeskTopology desk(options, rules_->listeners(), triage_rules(), *log_);
    desk.follow(live_triage_);
    auto engagements = *log_->subscribe("desk", {"engagements"}, {.until_end = true});
    drive("desk", desk, *engagements);
  }
  void append(const std::vector<std::string>& posts) {
    constexpr int64_t kLaterMs = 1'800'000'000'000;  // than any post
    const auto producer = std::move(*log_->open_producer("test"));
    ASSERT_TRUE(producer->begin());
    for (const std::string& post : posts) {
      ASSERT_TRUE(producer->produce({.topic = "posts", .partition = 0, .value = post, .timestamp_ms = kLaterMs}));
    }
    ASSERT_TRUE(producer->commit({}));
  }
  void drive(const std::string& group, Topology& topology, Source& source) {
    Outputs outputs(std::move(*log_->open_producer(group)));
    Runner runner(topology, source, *log_, outputs, {.group = group}, {});
    const auto ran = runner.run({});
    ASSERT_TRUE(ran) << ran.error().to_string();
  }

  // What the spoke reads: "queued a", the most urgent partition first.
  [[nodiscard]] std::vector<std::string> queue() const {
    std::vector<std::string> events;
    for (const auto& event : records("queue.service", queue::kBands)) {
      events.push_back(event["event"].get<std::string>() + " " + event["post_id"].get<std::string>());
    }
    return events;
  }
  [[nodiscard]] std::vector<nlohmann::json> records(const std::string& topic, size_t partitions) const {
    auto source = *log_->subscribe("reader", {topic}, {.until_end = true});
    contract::settle(*source);
    const auto drained = contract::drain(*source);
    std::vector<nlohmann::json> read;
    for (size_t partition = 0; partition < partitions; ++partition) {
      for (const std::string& value : drained.values({topic, static_cast<int32_t>(partition)})) {
        read.push_back(nlohmann::json::parse(value));
      }
    }
    return read;
  }

  TemporaryFolder folder_;
  std::unique_ptr<Log> log_;
  std::shared_ptr<const match::RuleSet> rules_;
  std::shared_ptr<LiveTriage> live_triage_ = std::make_shared<LiveTriage>(triage_rules());
  ListenStats stats_;
};

TEST_F(Desk, QueuesByUrgencyAndStopsTheClockAtOurAnswer) {
  run({post("q", "ann", at("14:00"), "where is acme"), post("c", "bob", at("14:01"), "acme is broken"),
       post("p", "cat", at("14:02"), "acme again")});
  EXPECT_THAT(queue(), ElementsAre("queued c", "queued q"));
  run({post("r", "@acmehelp", at("14:10"), "on it", R"(,"in_reply_to":"c")")});
  EXPECT_THAT(queue(), ElementsAre("queued c", "answered c", "queued q"));
  EXPECT_EQ(records("queue.service", 1)[1]["waited_ms"], 9 * 60'000);
}

TEST_F(Desk, SaysWhatIsOverdueByTheTimeOfPostsThatAreNoneOfItsBusiness) {
  run({post("c", "bob", at("14:00"), "acme is broken")});
  run({post("n", "cat", at("14:10"), "sunny today")});
  EXPECT_THAT(queue(), ElementsAre("queued c"));
  run({post("m", "cat", at("14:20"), "still sunny")});
  ASSERT_THAT(queue(), ElementsAre("queued c", "overdue c"));
  EXPECT_EQ(records("queue.service", 1)[1]["time"], "2026-03-01T14:15:00.000Z");
  run({post("o", "cat", at("15:20"), "and warm")});
  EXPECT_EQ(queue().size(), 2U) << "said once";
}

TEST_F(Desk, LetsGoOfADeletedPost) {
  run({post("c", "bob", at("14:00"), "acme is broken"), post("q", "ann", at("14:01"), "where is acme")});
  run({post("c", "bob", at("14:02"), "", R"(,"change":"deleted")"),
       post("q", "ann", at("14:03"), "never mind", R"(,"change":"edited","edited_at":"2026-03-01T14:03:00Z")")});
  EXPECT_THAT(queue(), ElementsAre("queued c", "withdrawn c", "queued q", "withdrawn q"));
  run({post("n", "cat", at("18:00"), "sunny today")});
  EXPECT_EQ(queue().size(), 4U) << "what is gone is never overdue";
}

TEST_F(Desk, KnowsWhoKeepsSpeakingIllAndServesThemSooner) {
  run({post("1", "bob", at("14:00"), "acme is broken"), post("2", "bob", at("14:01"), "acme is broken again"),
       post("3", "bob", at("14:02"), "acme is broken as ever")});
  EXPECT_THAT(records("standings", 1), IsEmpty()) << "the day is not over";
  run({post("4", "bob", at("09:00", "02"), "leaving acme"), post("5", "cat", at("09:01", "02"), "leaving acme")});
  const auto standings = records("standings", 1);
  ASSERT_EQ(standings.size(), 1U);
  EXPECT_EQ(standings[0]["standing"], "detractor");
  EXPECT_EQ(standings[0]["author"]["id"], "bob");
  std::map<std::string, int> urgency;
  for (const auto& event : records("queue.service", queue::kBands)) urgency[event["post_id"]] = event["urgency"];
  EXPECT_EQ(urgency["5"], 2);
  EXPECT_EQ(urgency["4"], 3) << "a band more urgent: its author complained before";
}

TEST_F(Desk, TakesUpNewRulesOfWhatTheAuthorSaidBefore) {
  run({post("1", "bob", at("14:00"), "acme is broken"), post("2", "bob", at("14:01"), "acme is broken again")});
  live_triage_->replace(triage_rules("  - {class: question, ill_before: 1, action: hand_over, add: 2}\n"));
  run({post("3", "bob", at("14:02"), "where is acme"), post("4", "cat", at("14:03"), "where is acme")});
  std::map<std::string, nlohmann::json> queued;
  for (const auto& event : records("queue.service", queue::kBands)) queued[event["post_id"]] = event;
  EXPECT_EQ(queued["3"]["urgency"], 5);
  EXPECT_EQ(queued["3"]["action"], "hand_over");
  EXPECT_NEAR(queued["3"]["ill_before"].get<double>(), 2, 0.01);
  EXPECT_EQ(queued["4"]["urgency"], 2);
  EXPECT_EQ(queued["4"]["action"], "correct");
}

}  // namespace
}  // namespace earshot
