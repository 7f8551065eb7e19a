#include <gtest/gtest.h>

#include <map>
#include <numeric>
#include <random>
#include <set>

#include "operators/summarise/summariser.h"
#include "schemas/counts.h"

namespace earshot::summarise {
namespace {

std::shared_ptr<const ListenerSet> listeners(size_t count) {
  auto set = std::make_shared<ListenerSet>();
  for (size_t i = 0; i < count; ++i) {
    Listener listener;
    listener.name = "listener-" + std::to_string(i);
    set->listeners.push_back(listener);
  }
  set->version = 42;
  return set;
}

struct Sample {
  Post post;
  Mention mention;
  std::vector<ClauseMatch> clauses;
  Sample(std::string_view id, std::string_view text, int64_t followers, double compound) {
    post.id = id;
    post.text = text;
    post.followers = followers;
    mention.sentiment.compound = compound;
    mention.sentiment.label = compound < -0.05  ? SentimentLabel::kNegative
                              : compound > 0.05 ? SentimentLabel::kPositive
                                                : SentimentLabel::kNeutral;
    clauses = {{"acme", 0, 4}, {"refund", 5, 11}};
  }
  const Mention& get() {
    mention.post = &post;
    mention.clauses = clauses;
    return mention;
  }
};

std::vector<wire::Partial> drain(Summariser& summariser, const InputProgress& progress = {}) {
  std::vector<wire::Partial> partials;
  const auto drained = summariser.drain(progress, [&](int32_t, const wire::Partial& partial) {
    partials.push_back(partial);
    return Result<void>();
  });
  EXPECT_TRUE(drained);
  return partials;
}

TEST(Summariser, SumsTheMentionsOfAListenerAndPane) {
  Summariser summariser(listeners(1), {});
  Sample loud("a", "acme refund", 1000, -0.5);
  Sample quiet("b", "acme refund!", 10, 0.25);
  summariser.add(0, loud.get(), {1, 11, 21}, 10'000, false);
  summariser.add(0, quiet.get(), {2, 12, 22}, 10'000, false);
  const auto partials = drain(summariser);
  ASSERT_EQ(partials.size(), 1u);
  ASSERT_EQ(partials[0].panes_size(), 1);
  const wire::PanePartial& pane = partials[0].panes(0);
  EXPECT_EQ(pane.listener(), "listener-0");
  EXPECT_EQ(pane.pane_start_ms(), 10'000);
  EXPECT_EQ(pane.counts().mentions(), 2u);
  EXPECT_EQ(pane.counts().hits(), 4u);
  EXPECT_EQ(pane.counts().sentiment_sum_e4(), -2500);
  EXPECT_EQ(pane.counts().negative(), 1u);
  EXPECT_EQ(pane.counts().positive(), 1u);
  EXPECT_EQ(pane.counts().reach(), 1010u);
  ASSERT_EQ(pane.evidence_size(), 2);
  EXPECT_EQ(read_evidence(copy_evidence(pane.evidence(0))).post_id(), "a");
}

// Evidence is written field by field without a message between: its bytes must be those that Protobuf would write.
TEST(Evidence, HasTheBytesThatProtobufWrites) {
  Sample sample("id-1", "acme refund, now", 12'345, -0.5);
  sample.post.platform = "x";
  sample.post.url = "https://x.com/1";
  sample.post.author_handle = "ann";
  sample.post.created_at_ms = 1'772'366'400'123;
  sample.post.likes = -7;  // as platforms sometimes say
  sample.mention.triage.kind = TriageClass::kComplaint;
  wire::Evidence expected;
  expected.set_post_id("id-1");
  expected.set_platform("x");
  expected.set_url("https://x.com/1");
  expected.set_author_handle("ann");
  expected.set_text("acme refund");
  expected.set_created_at_ms(1'772'366'400'123);
  expected.set_followers(12'345);
  expected.set_engagement(-7);
  expected.set_sentiment_e4(-5000);
  expected.set_triage("complaint");
  expected.set_kind("original");
  expected.add_clauses("acme");
  expected.add_clauses("refund");
  expected.set_text_hash(99);
  std::string written;
  append_evidence(written, sample.get(), 99, 11);
  EXPECT_EQ(written, expected.SerializeAsString());
}

TEST(Summariser, StartsAnewAfterADrain) {
  Summariser summariser(listeners(1), {});
  Sample post("a", "acme", 1, 0);
  summariser.add(0, post.get(), {1, 1, 1}, 0, false);
  drain(summariser);
  EXPECT_TRUE(summariser.empty());
  EXPECT_EQ(drain(summariser)[0].panes_size(), 0);
}

TEST(Summariser, KeepsCorrectionsApartFromOnTimeMentions) {
  Summariser summariser(listeners(1), {});
  Sample post("a", "acme", 1, 0);
  summariser.add(0, post.get(), {1, 1, 1}, 0, false);
  summariser.add(0, post.get(), {2, 1, 1}, 0, true);
  const auto partials = drain(summariser);
  ASSERT_EQ(partials[0].panes_size(), 2);
  EXPECT_FALSE(partials[0].panes(0).correction());
  EXPECT_TRUE(partials[0].panes(1).correction());
}

TEST(Summariser, KeepsTheSameEvidenceWhateverTheOrderOfArrival) {
  std::vector<Sample> samples;
  std::vector<std::string> ids;
  for (int i = 0; i < 40; ++i) ids.push_back("post-" + std::to_string(i));
  for (size_t i = 0; i < ids.size(); ++i) samples.emplace_back(ids[i], ids[i], 1 << (i % 9), (i % 5) * -0.2);
  std::vector<size_t> order(samples.size());
  std::iota(order.begin(), order.end(), 0);
  std::set<std::string> outcomes;
  std::mt19937 random(7);
  for (int round = 0; round < 20; ++round) {
    std::shuffle(order.begin(), order.end(), random);
    Summariser summariser(listeners(1), {});
    for (const size_t i : order) summariser.add(0, samples[i].get(), {i * 77, i, i}, 0, false);
    outcomes.insert(drain(summariser)[0].SerializeAsString());
  }
  EXPECT_EQ(outcomes.size(), 1u);
}

TEST(Summariser, DrawsMentionsByTheirPostsWithTheirWordsButNoneOfACorrection) {
  Summariser summariser(listeners(1), {});
  Sample post("a", "acme", 1, 0);
  for (uint64_t i = 100; i > 0; --i) summariser.add(0, post.get(), {i, 1, 1}, 0, false, "acme refund");
  summariser.add(0, post.get(), {200, 1, 1}, 0, true, "acme refund");
  const auto partials = drain(summariser);
  ASSERT_EQ(partials[0].panes_size(), 2);
  const wire::PanePartial& pane = partials[0].panes(0);
  ASSERT_EQ(pane.sample_size(), static_cast<int>(kSampledPerPane));
  for (int i = 0; i < pane.sample_size(); ++i) EXPECT_EQ(pane.sample(i).post(), static_cast<uint64_t>(i + 1));
  EXPECT_EQ(pane.sample(0).words(), "acme refund");
  EXPECT_EQ(partials[0].panes(1).sample_size(), 0);
}

TEST(Summariser, FoldsCopiesIntoTheLoudestOne) {
  Summariser summariser(listeners(1), {});
  Sample quiet("quiet", "same words", 10, 0);
  Sample loud("loud", "same words", 100'000, 0);
  summariser.add(0, quiet.get(), {1, 1, 5}, 0, false);
  summariser.add(0, loud.get(), {2, 2, 5}, 0, false);
  const auto partials = drain(summariser);
  ASSERT_EQ(partials[0].panes(0).evidence_size(), 1);
  EXPECT_EQ(read_evidence(copy_evidence(partials[0].panes(0).evidence(0))).post_id(), "loud");
}

TEST(Summariser, CutsEvidenceTextAtACodePoint) {
  Summariser summariser(listeners(1), {.evidence_text_bytes = 5});
  Sample post("a", "añoño!", 1, 0);  // the fifth and sixth byte are one letter
  summariser.add(0, post.get(), {1, 1, 1}, 0, false);
  EXPECT_EQ(read_evidence(copy_evidence(drain(summariser)[0].panes(0).evidence(0))).text(), "año");
}

TEST(Summariser, SendsEachListenerToOnePartitionAndTellsEveryPartitionTheWatermark) {
  Summariser summariser(listeners(50), {.partitions = 4});
  Sample post("a", "acme", 1, 0);
  for (uint32_t listener = 0; listener < 50; ++listener) summariser.add(listener, post.get(), {1, 1, 1}, 0, false);
  std::map<std::string, std::set<int32_t>> partitions;
  std::set<int32_t> told;
  const auto drained = summariser.drain({.watermark_ms = 99}, [&](int32_t partition, const wire::Partial& partial) {
    told.insert(partition);
    EXPECT_EQ(partial.watermark_ms(), 99);
    EXPECT_EQ(partial.rule_version(), 42u);
    for (const auto& pane : partial.panes()) partitions[pane.listener()].insert(partition);
    return Result<void>();
  });
  ASSERT_TRUE(drained);
  EXPECT_EQ(told.size(), 4u);
  EXPECT_EQ(partitions.size(), 50u);
  for (const auto& [listener, places] : partitions) EXPECT_EQ(places.size(), 1u) << listener;
}

TEST(Summariser, SplitsALargePartialAndAdvancesTheWatermarkOnlyWithItsLastRecord) {
  Summariser summariser(listeners(1), {.record_bytes_max = 2000});
  Sample post("a", "acme refund", 1, 0);
  for (int64_t pane = 0; pane < 100; ++pane) summariser.add(0, post.get(), {1, 1, 1}, pane * 10'000, false);
  const auto partials = drain(summariser, {.watermark_ms = 900, .previous_watermark_ms = 100});
  ASSERT_GT(partials.size(), 3u);
  int panes = 0;
  for (size_t i = 0; i < partials.size(); ++i) {
    panes += partials[i].panes_size();
    EXPECT_EQ(partials[i].watermark_ms(), i + 1 == partials.size() ? 900 : 100);
    EXPECT_LT(partials[i].ByteSizeLong(), 3000u);
  }
  EXPECT_EQ(panes, 100);
}

}  // namespace
}  // namespace earshot::summarise
