#include "schemas/mention_sample.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <random>

#include "operators/window/window_operator.h"
#include "schemas/evidence.h"
#include "tests/engine/state/table_state.h"

namespace earshot {
namespace {

SampledMention mention(uint64_t post, uint64_t reported = 0) {
  return {.post = post, .author = post + 1, .reported_reposts = reported, .words = "acme " + std::to_string(post)};
}

std::string posts(const std::vector<SampledMention>& sample) {
  std::string text;
  for (const SampledMention& each : sample)
    text += std::to_string(each.post) + ":" + std::to_string(each.reported_reposts) + " ";
  return text;
}

TEST(MentionSample, IsTheSameWhateverTheOrderOfArrivalAndTheCutsBefore) {
  EXPECT_TRUE(rc::check([](uint64_t seed, const std::vector<uint8_t>& numbers) {
    std::vector<SampledMention> mentions;
    for (size_t i = 0; i < numbers.size(); ++i) mentions.push_back(mention(numbers[i] / 2, i));  // some of them twice
    std::vector<SampledMention> expected;
    for (const auto& each : mentions) offer_sampled(expected, each);
    RC_ASSERT(expected.size() <= kSampledPerPane);

    std::shuffle(mentions.begin(), mentions.end(), std::mt19937_64(seed));
    std::vector<SampledMention> merged;
    for (size_t first = 0; first < mentions.size(); first += 5) {
      std::vector<SampledMention> part;
      for (size_t i = first; i < std::min(mentions.size(), first + 5); ++i) offer_sampled(part, mentions[i]);
      for (const auto& each : part) offer_sampled(merged, each);
    }
    RC_ASSERT(posts(merged) == posts(expected));
  }));
}

TEST(MentionSample, HoldsThePostThatARepostRepeatsAndWhatThePlatformCounts) {
  Post post;
  post.id = "2";
  post.platform = "x";
  post.repost_of = "1";
  post.repost_of_handle = "ann";
  post.reposts = 340;
  SampledMention sampled;
  set_reference(sampled, post);
  EXPECT_EQ(sampled.reference, post_hash("1", "x"));
  EXPECT_EQ(sampled.reference_handle, "ann");
  EXPECT_EQ(sampled.reported_reposts, 340U);
  Post original;
  original.reposts = 340;
  SampledMention of_original;
  set_reference(of_original, original);
  EXPECT_EQ(of_original.reference, 0U);
}

TEST(MentionSample, CutsWordsBetweenWords) {
  EXPECT_EQ(sampled_words(" acme recall "), "acme recall");
  EXPECT_EQ(sampled_words(" "), "");
  std::string text = " ";
  for (int i = 0; i < 100; ++i) text += "word ";
  const std::string_view words = sampled_words(text);
  EXPECT_LE(words.size(), kSampledWordsBytes);
  EXPECT_TRUE(words.ends_with("word"));
  EXPECT_EQ(sampled_words(" " + std::string(300, 'a') + " "), "") << "no word fits";
}

TEST(MentionSample, OfAnOpenPaneSurvivesARestart) {
  Table table;
  const auto open = [&] { return std::make_unique<StateStore>("detect", 0, std::make_unique<TableState>(table)); };
  wire::Partial partial;
  partial.set_source_partitions(1);
  partial.set_watermark_ms(0);
  wire::PanePartial& pane = *partial.add_panes();
  pane.set_listener("acme");
  pane.mutable_counts()->set_mentions(2);
  write_sampled(mention(5, 7), *pane.add_sample());
  write_sampled(mention(9), *pane.add_sample());
  {
    const auto store = open();
    window::WindowOperator windows({}, *store);
    ASSERT_TRUE(windows.add(partial).ok());
    ASSERT_TRUE(windows.checkpoint().ok());
    commit_to(table, *store);
  }
  const auto store = open();
  window::WindowOperator windows({}, *store);
  ASSERT_TRUE(windows.restore().ok());
  const auto taken = windows.take_pane(0);
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_EQ(posts(taken[0].sum.sample), "5:7 9:0 ");
  EXPECT_EQ(taken[0].sum.sample[0].words, "acme 5");
}

}  // namespace
}  // namespace earshot
