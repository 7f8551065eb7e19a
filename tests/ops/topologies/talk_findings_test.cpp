// Findings about what is said, from partials to alerts: a post that everybody passes on, and a word that emerges.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "engine/base/hash.h"
#include "ops/topologies/detect.h"
#include "ops/topologies/incident.h"
#include "schemas/evidence.h"
#include "schemas/mention_sample.h"
#include "tests/ops/topologies/memory_log.h"

namespace earshot {
namespace {

constexpr int64_t kStartMs = 1'772'409'600'000;  // 2026-03-02, a Monday
constexpr int64_t kPaneMs = 60'000;
constexpr int64_t kHourMs = 3'600'000;
constexpr int64_t kNewsMs = kStartMs + 50 * kHourMs;
constexpr int64_t kEndMs = kNewsMs + 6 * kHourMs;

std::shared_ptr<const ListenerSet> acme() {
  auto set = std::make_shared<ListenerSet>();
  Listener& listener = set->listeners.emplace_back();
  listener.name = listener.query = "acme";
  listener.spoke = "service";
  set->version = 7;
  return set;
}

// What is said of acme in a pane, as LISTEN sums it up.
class Talk {
 public:
  void say(const std::string& id, const std::string& text, const std::string& repost_of = {}) {
    Post post;
    post.id = id;
    post.platform = "x";
    post.text = text;
    post.repost_of = repost_of;
    post.repost_of_handle = "ann";
    post.kind = repost_of.empty() ? PostKind::kOriginal : PostKind::kRepost;
    // A repost's audience is that of whoever repeats it; what the platform counts is of the post.
    post.followers = repost_of.empty() ? 100 : 10'000;
    Mention mention;
    mention.post = &post;
    SampledMention sampled{.post = post_hash(id, "x"),
                           .author = hash_64(id),
                           .text = hash_64(text),
                           .shape = hash_64(text),
                           .words = text};
    set_reference(sampled, post);
    std::string bytes;
    append_evidence(bytes, mention, sampled.text, 500);
    offer_evidence(evidence_, {{evidence_rank(post.followers, 0, 0), sampled.post, sampled.text}, bytes}, 3);
    offer_sampled(sample_, std::move(sampled));
    ++mentions_;
  }
  // The record of a pane.
  std::string take(int64_t pane_start_ms) {
    wire::Partial partial;
    partial.set_source_partitions(1);
    partial.set_rule_version(7);
    partial.set_watermark_ms(pane_start_ms + kPaneMs);
    wire::PanePartial& pane = *partial.add_panes();
    pane.set_listener("acme");
    pane.set_pane_start_ms(pane_start_ms);
    pane.mutable_counts()->set_mentions(mentions_);
    pane.mutable_counts()->set_originals(mentions_);
    for (const RankedEvidence& piece : evidence_) write_evidence(piece, *pane.add_evidence());
    for (const SampledMention& mention : sample_) write_sampled(mention, *pane.add_sample());
    mentions_ = 0;
    evidence_.clear();
    sample_.clear();
    return partial.SerializeAsString();
  }

 private:
  uint64_t mentions_ = 0;
  std::vector<RankedEvidence> evidence_;
  std::vector<SampledMention> sample_;
};

// Says what is new in the pane; answers how many mentions that is.
using News = std::function<uint64_t(Talk& talk, int64_t time_ms, std::mt19937_64& random)>;

// As many mentions as ever, of which some are news.
std::vector<std::string> history(const News& news, double usual_mentions) {
  constexpr const char* kWords[] = {"coffee", "parcel",  "weekend", "offer", "review",  "thanks", "update",
                                    "price",  "concert", "summer",  "store", "website", "order",  "question"};
  std::mt19937_64 random(5);
  std::vector<std::string> records;
  Talk talk;
  for (int64_t pane_ms = kStartMs; pane_ms < kEndMs; pane_ms += kPaneMs) {
    const uint64_t mentions = std::poisson_distribution<uint64_t>(usual_mentions)(random);
    const uint64_t told = pane_ms < kNewsMs ? 0 : news(talk, pane_ms, random);
    for (uint64_t i = told; i < mentions; ++i) {
      std::string text = "acme";
      for (int word = 0; word < 5; ++word) text += std::string(" ") + kWords[random() % std::size(kWords)];
      const std::string id = std::to_string(random());
      talk.say(id, text);
    }
    records.push_back(talk.take(pane_ms));
  }
  return records;
}

// Commits after every `records_per_commit`, and begins anew from the store each time when it `restarts`.
template <class MakeTopology>
void drive(const std::string& topic, const std::vector<std::string>& records, size_t records_per_commit, bool restarts,
           MemoryLog& log, MemoryOutbox& outbox, const MakeTopology& make_topology) {
  auto topology = make_topology();
  for (size_t next = 0; next < records.size();) {
    if (next == 0 || restarts) {
      topology = make_topology();
      ASSERT_TRUE(topology->assigned({topic, 0}, Position{static_cast<int64_t>(next), {}}).ok());
    }
    const size_t last = std::min(records.size(), next + records_per_commit);
    const std::vector<std::string> batch(records.begin() + static_cast<ptrdiff_t>(next),
                                         records.begin() + static_cast<ptrdiff_t>(last));
    auto work = topology->process(batch_of(topic, batch, static_cast<int64_t>(next)));
    ASSERT_TRUE(topology->apply(*work, outbox).ok());
    ASSERT_TRUE(topology->before_commit({}, false, outbox).ok());
    outbox.commit();
    log.commit(topology->stores());
    next = last;
  }
}

std::vector<std::string> alerts_of(const std::vector<std::string>& partials, size_t records_per_commit = 10,
                                   bool restarts = false, size_t* state_bytes = nullptr) {
  MemoryLog log;
  MemoryOutbox signals;
  DetectOptions options;
  options.window.pane_ms = kPaneMs;
  options.window.lengths_ms = {kPaneMs};
  options.writes_windows = false;
  drive("partials", partials, records_per_commit, restarts, log, signals,
        [&] { return std::make_unique<DetectTopology>(options, acme(), log); });
  if (state_bytes) *state_bytes = log.table("detect", 0).at("dacme").size() + log.table("detect", 0).at("facme").size();
  std::vector<std::string> records;
  for (const Output& signal : signals.of("signals")) records.push_back(signal.value);
  MemoryOutbox alerts;
  drive("signals", records, 1, false, log, alerts,
        [&] { return std::make_unique<IncidentTopology>(IncidentOptions{}, acme(), log); });
  std::vector<std::string> told;
  for (const Output& alert : alerts.of("alerts")) told.push_back(alert.value);
  return told;
}

size_t opened(const std::vector<std::string>& alerts) {
  return static_cast<size_t>(std::ranges::count_if(
      alerts, [](const std::string& alert) { return alert.find(R"("state":"opened")") != std::string::npos; }));
}

// Among forty mentions a minute, as many as ever, most of a quarter of an hour are reposts of one post.
std::vector<std::string> everybody_reposts() {
  return history(
      [](Talk& talk, int64_t time_ms, std::mt19937_64& random) {
        if (time_ms == kNewsMs) talk.say("the-post", "look at what acme did to my dog");
        if (time_ms >= kNewsMs + 15 * kPaneMs) return uint64_t{0};
        constexpr uint64_t kReposts = 20;
        for (uint64_t i = 0; i < kReposts; ++i) {
          talk.say(std::to_string(random()), "look at what acme did to my dog", "the-post");
        }
        return kReposts;
      },
      40);
}

// A third of the mentions of two hours say a word that nobody said before.
std::vector<std::string> a_word_emerges() {
  return history(
      [](Talk& talk, int64_t time_ms, std::mt19937_64& random) {
        if (time_ms >= kNewsMs + 2 * kHourMs) return uint64_t{0};
        const std::string own = std::to_string(random());
        talk.say(own, "acme lettuce " + own + " is bad");
        if (time_ms / kPaneMs % 2 != 0) return uint64_t{1};
        talk.say("b" + own, "what about the lettuce of acme " + own);
        return uint64_t{2};
      },
      3);
}

TEST(TalkFindings, OpenOneIncidentOfAViralPostThatShowsThePostFirst) {
  const auto alerts = alerts_of(everybody_reposts());
  ASSERT_FALSE(alerts.empty());
  EXPECT_EQ(opened(alerts), 1U);
  EXPECT_NE(alerts.front().find(R"("kind":"viral_post")"), std::string::npos) << alerts.front();
  EXPECT_NE(alerts.front().find("acme: one post by @ann was passed on or answered "), std::string::npos)
      << alerts.front();
  const size_t evidence = alerts.front().find(R"("evidence":[)");
  ASSERT_NE(evidence, std::string::npos);
  const size_t shown = alerts.front().find("what acme did to my dog", evidence);
  EXPECT_LT(shown, alerts.front().find(R"("text":)", evidence) + 40) << alerts.front();
  EXPECT_NE(alerts.back().find(R"("state":"resolved")"), std::string::npos);
}

TEST(TalkFindings, OpenOneIncidentOfAnEmergingTermThatNamesIt) {
  const auto alerts = alerts_of(a_word_emerges());
  ASSERT_FALSE(alerts.empty());
  EXPECT_EQ(opened(alerts), 1U);
  EXPECT_NE(alerts.front().find(R"("kind":"emerging_term")"), std::string::npos) << alerts.front();
  EXPECT_NE(alerts.front().find("acme: 'lettuce' is said by "), std::string::npos) << alerts.front();
  EXPECT_NE(alerts.front().find(R"("terms":[{"text":"lettuce")"), std::string::npos) << alerts.front();
  EXPECT_NE(alerts.back().find(R"("state":"resolved")"), std::string::npos);
}

TEST(TalkFindings, SayTheSameHoweverCommitsAndRestartsCutTheInput) {
  for (const auto& records : {everybody_reposts(), a_word_emerges()}) {
    const auto expected = alerts_of(records);
    ASSERT_FALSE(expected.empty());
    EXPECT_EQ(alerts_of(records, 1), expected);
    EXPECT_EQ(alerts_of(records, 7, true), expected);
    EXPECT_EQ(alerts_of(records, 500), expected);
  }
}

TEST(TalkFindings, KeepAListenersStateSmall) {
  size_t bytes = 0;
  alerts_of(everybody_reposts(), 10, false, &bytes);
  EXPECT_GT(bytes, 0U);
  EXPECT_LE(bytes, 20'000U);
}

}  // namespace
}  // namespace earshot
