#include "schemas/origin.h"

#include <gtest/gtest.h>

#include <random>

#include "engine/base/hash.h"
#include "engine/text/text_normaliser.h"
#include "engine/text/text_shape.h"
#include "schemas/counts.h"

namespace earshot {
namespace {

using Reading = Origin::Reading;

// A crowd's mentions, counted as LISTEN counts them.
class Crowd {
 public:
  void say(const std::string& text, uint64_t author, bool is_repost = false, bool is_new_account = false) {
    const std::string normalised = TextNormaliser().normalise(text);
    ++counts_.mentions;
    counts_.originals += is_repost ? 0 : 1;
    add_to_sketch(counts_.author_bits, hash_64(std::to_string(author)));
    add_to_sketch(counts_.text_bits, hash_64(normalised));
    add_to_sketch(counts_.shape_bits, text_shape(normalised));
    ++counts_.accounts_dated;
    counts_.accounts_new += is_new_account ? 1 : 0;
  }
  [[nodiscard]] Origin origin() const {
    wire::Counts counts;
    counts_.write_to(counts);
    return read_origin(counts);
  }

 private:
  CountSums counts_;
};

std::string own_words(std::mt19937_64& random) {
  static const char* const kWords[] = {"card",  "charged", "twice",  "nobody", "answers", "waiting", "angry", "money",
                                       "hours", "phone",   "cancel", "still",  "broken",  "please",  "help",  "again"};
  std::string text = "payvanta";
  for (int i = 0; i < 9; ++i) text += std::string(" ") + kWords[random() % 16];
  return text;
}

TEST(OriginOfASurge, OfAngryCustomersIsOrganic) {
  std::mt19937_64 random(1);
  Crowd crowd;
  for (uint64_t i = 0; i < 120; ++i) crowd.say(own_words(random), i);
  EXPECT_EQ(crowd.origin().reading, Reading::kOrganic);
  EXPECT_LT(crowd.origin().near_copies, 0.25);
}

TEST(OriginOfASurge, OfAViralPostIsShared) {
  std::mt19937_64 random(2);
  Crowd crowd;
  crowd.say("payvanta lost all my money and nobody answers", 0);
  for (uint64_t i = 1; i < 100; ++i) crowd.say("payvanta lost all my money and nobody answers", i, true);
  for (uint64_t i = 0; i < 20; ++i) crowd.say(own_words(random), 200 + i);
  EXPECT_EQ(crowd.origin().reading, Reading::kShared);
}

TEST(OriginOfASurge, OfTheSameWordsFromNewAccountsIsASwarm) {
  Crowd crowd;
  for (uint64_t i = 0; i < 120; ++i) {
    crowd.say("do not trust payvanta they steal from you, switch to rivalpay now " + std::to_string(i * 7919), i, false,
              i % 4 != 0);
  }
  EXPECT_EQ(crowd.origin().reading, Reading::kSwarm);
  EXPECT_GT(crowd.origin().near_copies, 0.8) << "no two of them are equal";
  EXPECT_LT(crowd.origin().copies, 0.2);
}

TEST(OriginOfASurge, OfTheSameWordsFromManyIsACampaign) {
  static const char* const kNames[] = {"anna", "ben", "carla", "dave", "emil", "fay", "gus", "hana"};
  Crowd crowd;
  for (uint64_t i = 0; i < 120; ++i) {
    crowd.say(std::string("payvanta must stop funding coal, sign the petition with me and ") + kNames[i % 8], i);
  }
  EXPECT_EQ(crowd.origin().reading, Reading::kCampaign);
}

TEST(OriginOfASurge, OfAFewLoudAuthorsIsASwarm) {
  std::mt19937_64 random(3);
  Crowd crowd;
  for (uint64_t i = 0; i < 120; ++i) crowd.say(own_words(random), i % 6);
  EXPECT_EQ(crowd.origin().reading, Reading::kSwarm);
}

TEST(OriginOfASurge, OfThousandsOfCustomersIsNotTakenForCopies) {
  std::mt19937_64 random(4);
  Crowd crowd;
  for (uint64_t i = 0; i < 20'000; ++i) crowd.say(own_words(random), i);
  EXPECT_NE(crowd.origin().reading, Reading::kSwarm);
  EXPECT_NE(crowd.origin().reading, Reading::kCampaign);
  EXPECT_EQ(crowd.origin().authors_per_mention, Origin::kUnknown) << "more than a sketch can tell";
}

TEST(OriginOfASurge, OfAHandfulOfMentionsIsUnclear) {
  Crowd crowd;
  for (uint64_t i = 0; i < 5; ++i) crowd.say("payvanta is down", i);
  EXPECT_EQ(crowd.origin().reading, Reading::kUnclear);
}

}  // namespace
}  // namespace earshot
