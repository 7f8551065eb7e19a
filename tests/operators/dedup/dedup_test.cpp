#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

#include "operators/dedup/dedup_window.h"

namespace earshot::dedup {
namespace {

TEST(DedupWindow, TakesAnIdOnce) {
  DedupWindow window(10);
  EXPECT_TRUE(window.insert(7, 0));
  EXPECT_FALSE(window.insert(7, 1));
  EXPECT_TRUE(window.insert(8, 2));
}

TEST(DedupWindow, ForgetsTheLeastRecentlySeenIdBeyondItsCapacity) {
  DedupWindow window(2);
  EXPECT_TRUE(window.insert(1, 0));
  EXPECT_TRUE(window.insert(2, 1));
  EXPECT_FALSE(window.insert(1, 2));
  EXPECT_TRUE(window.insert(3, 3));
  EXPECT_EQ(window.size(), 2u);
  EXPECT_FALSE(window.insert(1, 4));
  EXPECT_TRUE(window.insert(2, 5));
}

TEST(DedupWindow, HasNothingToRewindToWhileEmpty) {
  DedupWindow window(4);
  EXPECT_EQ(window.rewind_offset(), std::nullopt);
  window.insert(1, 100);
  EXPECT_EQ(window.rewind_offset(), 100);
}

// Several posts may share one record, so offsets repeat.
TEST(DedupWindow, DecidesAlikeAfterBeingRebuiltFromItsRewindOffset) {
  std::mt19937_64 random(20260301);
  for (int round = 0; round < 50; ++round) {
    std::vector<std::pair<uint64_t, int64_t>> input;
    for (int64_t offset = 0; offset < 300; ++offset) {
      for (uint64_t posts = random() % 3; posts > 0; --posts) input.emplace_back(random() % 120, offset);
    }
    const int64_t restart = static_cast<int64_t>(random() % 300);
    DedupWindow original(20);
    DedupWindow rebuilt(20);
    std::optional<int64_t> rewind;
    for (const auto& [id, offset] : input) {
      if (offset < restart) {
        original.insert(id, offset);
        rewind = original.rewind_offset();
      }
    }
    for (const auto& [id, offset] : input) {
      if (offset < restart && rewind && offset >= *rewind) rebuilt.insert(id, offset);
    }
    for (const auto& [id, offset] : input) {
      if (offset >= restart) {
        ASSERT_EQ(original.insert(id, offset), rebuilt.insert(id, offset)) << "round " << round;
      }
    }
  }
}

}  // namespace
}  // namespace earshot::dedup
