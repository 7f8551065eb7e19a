// The posts that POST-CHANGES remembers.
#include "ops/topologies/told_posts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/ops/topologies/memory_log.h"

namespace earshot {
namespace {

using testing::ElementsAre;

class ToldPostsTest : public testing::Test {
 protected:
  // What one life knows.
  struct Life {
    Life(MemoryLog& log, size_t posts_max)
        : store(*log.open_state("s", 0)), posts(*store, "t", posts_max, names, sets) {}
    std::unique_ptr<StateStore> store;
    ListenerNumbers names;
    dedup::ListenerSets sets;
    ToldPosts posts;
  };
  std::unique_ptr<Life> begin_life(size_t posts_max) {
    auto life = std::make_unique<Life>(log_, posts_max);
    EXPECT_TRUE(life->posts.restore());
    return life;
  }
  void commit(Life& life) {
    life.posts.checkpoint();
    log_.commit({life.store.get()});
  }

  MemoryLog log_;
};

TEST_F(ToldPostsTest, KeepWhomTheyWereToldAndTheirFateAcrossARestart) {
  auto life = begin_life(10);
  const uint32_t acme = life->names.number_of("acme", "desk");
  const uint32_t globex = life->names.number_of("globex", "sales");
  life->posts.put(1, std::vector{acme, globex}, nullptr);
  life->posts.put(2, std::vector{globex, globex}, nullptr);
  commit(*life);
  life->posts.put(
      1, std::vector{acme},
      std::make_shared<const PostFate>(PostFate{.now = {acme}, .edited_at_ms = 5, .id = "one", .platform = "x"}));
  commit(*life);

  auto restored = begin_life(10);
  EXPECT_EQ(restored->posts.size(), 2u);
  const auto one = restored->posts.find(1);
  ASSERT_TRUE(one && one->fate);
  ASSERT_EQ(one->told.size(), 1u);
  EXPECT_EQ(restored->names.heard(one->told[0]).name, "acme");
  EXPECT_EQ(one->fate->id, "one");
  EXPECT_EQ(one->fate->edited_at_ms, 5);
  EXPECT_EQ(one->fate->now, std::vector(one->told.begin(), one->told.end()));
  const auto two = restored->posts.find(2);
  ASSERT_TRUE(two && two->told.size() == 2);
  EXPECT_EQ(restored->names.heard(two->told[1]).spoke, "sales");
  EXPECT_FALSE(two->fate);
}

TEST_F(ToldPostsTest, WhatIsRememberedDoesNotDependOnWhereCommitsFall) {
  const auto remembered = [&](uint64_t posts_per_commit, bool restarts) {
    log_ = {};
    auto life = begin_life(7);
    for (uint64_t i = 0; i < 40; ++i) {
      const uint32_t acme = life->names.number_of("acme", "desk");
      life->posts.put(i % 3 == 0 ? i / 6 : i, std::vector{acme}, nullptr);
      if (i % posts_per_commit != posts_per_commit - 1) continue;
      commit(*life);
      if (restarts) life = begin_life(7);
    }
    commit(*life);
    life = begin_life(7);
    std::vector<uint64_t> known;
    for (uint64_t i = 0; i < 40; ++i) {
      if (life->posts.find(i)) known.push_back(i);
    }
    return known;
  };
  const auto expected = remembered(1, false);
  EXPECT_THAT(expected, ElementsAre(5, 6, 34, 35, 37, 38));
  for (const uint64_t posts_per_commit : {2, 5, 11, 40}) {
    EXPECT_EQ(remembered(posts_per_commit, false), expected);
    EXPECT_EQ(remembered(posts_per_commit, true), expected);
  }
}

TEST_F(ToldPostsTest, AreSplitIntoRecordsOfASizeThatBrokersTake) {
  auto life = begin_life(100'000);
  const uint32_t acme = life->names.number_of("acme", "desk");
  for (uint64_t i = 0; i < 60'000; ++i) life->posts.put(i, std::vector{acme}, nullptr);
  for (uint64_t i = 0; i < 1'000; ++i) {
    life->posts.put(i, {},
                    std::make_shared<const PostFate>(PostFate{.is_deleted = true, .id = std::string(1000, 'i')}));
  }
  commit(*life);
  for (const auto& [key, value] : log_.table("s", 0)) EXPECT_LT(value.size(), 300u * 1024);
  const auto restored = begin_life(100'000);
  EXPECT_EQ(restored->posts.size(), 60'000u);
  EXPECT_EQ(restored->posts.find(999)->fate->id.size(), 1000u);
  EXPECT_EQ(restored->posts.find(1000)->told.size(), 1u);
}

TEST_F(ToldPostsTest, AFewerNumberFromTheNextStartOnForgetsTheOldest) {
  auto life = begin_life(10);
  for (uint64_t i = 0; i < 10; ++i) life->posts.put(i, {}, nullptr);
  commit(*life);
  auto smaller = begin_life(4);
  EXPECT_EQ(smaller->posts.size(), 4u);
  EXPECT_FALSE(smaller->posts.find(5));
  EXPECT_TRUE(smaller->posts.find(6));
  smaller->posts.put(20, {}, nullptr);
  commit(*smaller);
  EXPECT_EQ(begin_life(4)->posts.size(), 4u);
}

TEST_F(ToldPostsTest, ARecordOfAnotherVersionIsRefused) {
  auto life = begin_life(10);
  life->posts.put(1, {}, nullptr);
  commit(*life);
  wire::PostBlock block;
  auto& [key, value] = *log_.table("s", 0).begin();
  ASSERT_TRUE(block.ParseFromString(value));
  block.set_version(2);
  value = block.SerializeAsString();
  Life other(log_, 10);
  const auto restored = other.posts.restore();
  ASSERT_FALSE(restored);
  EXPECT_EQ(restored.error().code, ErrorCode::kCorrupt);
}

}  // namespace
}  // namespace earshot
