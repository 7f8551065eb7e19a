#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "schemas/counts.h"
#include "schemas/evidence.h"

namespace earshot {
namespace {

wire::Evidence post(int number, int copies, int followers) {
  wire::Evidence made;
  made.set_post_id("post" + std::to_string(number));
  made.set_platform("x");
  made.set_followers(followers);
  made.set_text_hash(static_cast<uint64_t>(number % copies));
  return made;
}

std::string ids(const std::vector<RankedEvidence>& kept) {
  std::string text;
  for (const RankedEvidence& ranked : kept) text += read_evidence(ranked).post_id() + " ";
  return text;
}

TEST(Evidence, IsTheSameWhateverTheOrderOfArrivalAndTheCutsBefore) {
  EXPECT_TRUE(rc::check([](uint64_t seed, const std::vector<uint8_t>& followers) {
    std::vector<RankedEvidence> posts;
    for (size_t i = 0; i < followers.size(); ++i)
      posts.push_back(rank(post(static_cast<int>(i), 7, followers[i] / 32)));
    std::vector<RankedEvidence> expected;
    for (const auto& one : posts) offer_evidence(expected, one, 3);

    std::shuffle(posts.begin(), posts.end(), std::mt19937_64(seed));
    std::vector<RankedEvidence> merged;
    for (size_t first = 0; first < posts.size(); first += 5) {
      std::vector<RankedEvidence> part;
      for (size_t i = first; i < std::min(posts.size(), first + 5); ++i) offer_evidence(part, posts[i], 3);
      for (const auto& one : part) offer_evidence(merged, one, 3);
    }
    RC_ASSERT(ids(merged) == ids(expected));
  }));
}

TEST(Evidence, KeepsTheLoudestOfCopies) {
  std::vector<RankedEvidence> kept;
  offer_evidence(kept, rank(post(1, 1, 10)), 3);
  offer_evidence(kept, rank(post(2, 1, 5000)), 3);
  offer_evidence(kept, rank(post(3, 1, 10)), 3);
  EXPECT_EQ(ids(kept), "post2 ");
}

TEST(Evidence, PutsTheAngryPostBeforeTheKindOneOfTheSameReach) {
  wire::Evidence kind = post(1, 10, 100);
  kind.set_sentiment_e4(8000);
  wire::Evidence angry = post(2, 10, 100);
  angry.set_sentiment_e4(-8000);
  EXPECT_GT(rank(angry).place, rank(kind).place);
}

TEST(DistinctEstimate, IsNearTheTruthUntilTheSketchFills) {
  for (const int truth : {1, 10, 100, 300}) {
    std::string bits(kSketchBytes, '\0');
    std::mt19937_64 random(3);
    for (int i = 0; i < truth; ++i) {
      const uint64_t bit = random() % 256;
      bits[bit / 8] = static_cast<char>(bits[bit / 8] | (1 << (bit % 8)));
    }
    EXPECT_NEAR(static_cast<double>(estimate_distinct(bits)), truth, 1 + 0.15 * truth);
  }
  EXPECT_EQ(estimate_distinct(std::string(kSketchBytes, '\xff')), 1420U);
  EXPECT_EQ(estimate_distinct(std::string(kSketchBytes, '\xff'), 12), 12U) << "never more than there were mentions";
  EXPECT_EQ(estimate_distinct(""), 0U);
}

}  // namespace
}  // namespace earshot
