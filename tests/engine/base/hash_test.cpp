#include "engine/base/hash.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <bit>
#include <set>
#include <string>
#include <vector>

namespace earshot {
namespace {

// The hash decides partitions and ids that are stored: these values must never change.
TEST(Hash, IsTheSameInEveryRelease) {
  EXPECT_EQ(hash_64(""), 0x42bc986dc5eec4d3ULL);
  EXPECT_EQ(hash_64("a"), 0x218cac7ef932012fULL);
  EXPECT_EQ(hash_64("listener-17"), 0xdfdcb8964722a26bULL);
  EXPECT_EQ(hash_64("a text that is longer than sixteen bytes"), 0x079966d2fa597577ULL);
  EXPECT_EQ(hash_64("listener-17", 42), 0x3193839ae7097a18ULL);
}

TEST(Hash, DependsOnNothingOutsideTheBytes) {
  const std::string text = "a text that is longer than sixteen bytes, and then some";
  for (size_t shift = 0; shift < 17; ++shift) {
    const std::string moved = std::string(shift, '#') + text + "tail";
    EXPECT_EQ(hash_64(std::string_view(moved).substr(shift, text.size())), hash_64(text)) << shift;
  }
}

TEST(Hash, TellsTextsOfZerosApartByTheirLength) {
  std::set<uint64_t> seen;
  for (size_t size = 0; size < 200; ++size) EXPECT_TRUE(seen.insert(hash_64(std::string(size, '\0'))).second) << size;
}

TEST(Hash, ChangesAboutHalfOfItsBitsWithEachBitOfTheInput) {
  const std::string text = "some thirty bytes of input text";
  int flipped = 0;
  int least = 64;
  for (size_t bit = 0; bit < text.size() * 8; ++bit) {
    std::string other = text;
    other[bit / 8] = static_cast<char>(other[bit / 8] ^ (1 << (bit % 8)));
    const int changed = std::popcount(hash_64(text) ^ hash_64(other));
    flipped += changed;
    least = std::min(least, changed);
  }
  const double mean = flipped / static_cast<double>(text.size() * 8);
  EXPECT_NEAR(mean, 32, 1.5);
  EXPECT_GT(least, 10);
}

TEST(Hash, SpreadsNumberedKeysEvenlyOverPartitions) {
  std::vector<int> counts(16);
  for (int i = 0; i < 160'000; ++i) ++counts[hash_64("listener-" + std::to_string(i)) % 16];
  for (const int count : counts) EXPECT_NEAR(count, 10'000, 500);
}

RC_GTEST_PROP(HashProperty, SeedsGiveIndependentHashes, (const std::string& text, uint64_t seed)) {
  RC_PRE(seed != 0);
  RC_ASSERT(hash_64(text) != hash_64(text, seed));
  RC_ASSERT(hash_64(text, seed) == hash_64(text, seed));
}

}  // namespace
}  // namespace earshot
