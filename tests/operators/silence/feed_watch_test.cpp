#include "operators/silence/feed_watch.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/time/watermark.h"

namespace earshot::silence {
namespace {

constexpr int64_t kStartMs = 1'772'366'400'000;
constexpr int64_t kMinuteMs = 60'000;
constexpr int64_t kHourMs = 60 * kMinuteMs;

// Partitions of an input, minute by minute of the clock.
class Feed {
 public:
  explicit Feed(int partitions) : partitions_(partitions) {}

  // `is_live`: of each partition, whether it brings posts; `behind_ms`: how old they are.
  void pass(int64_t minutes, const std::vector<bool>& is_live, int64_t behind_ms = 0) {
    for (int64_t i = 0; i < minutes; ++i) {
      now_ms_ += kMinuteMs;
      for (int number = 0; number < partitions_; ++number) {
        wire::Partial partial;
        partial.set_source_partition(number);
        partial.set_source_partitions(partitions_);
        const bool lives = is_live[static_cast<size_t>(number)];
        auto& watermark = watermarks_[number];
        if (lives) watermark = now_ms_ - behind_ms;
        partial.set_watermark_ms(watermark);
        partial.set_idle(!lives);
        watch_.observe(partial, now_ms_);
      }
      if (auto said = watch_.judge(now_ms_)) said_.push_back(*said);
    }
  }
  void restart(int64_t after_ms) {
    const std::string bytes = watch_.save();
    now_ms_ += after_ms;
    watch_ = FeedWatch(FeedWatchOptions{});
    ASSERT_TRUE(watch_.restore(bytes, now_ms_).ok());
  }
  [[nodiscard]] const std::vector<Finding>& said() const { return said_; }
  FeedWatch& watch() { return watch_; }
  [[nodiscard]] int64_t now_ms() const { return now_ms_; }

 private:
  int partitions_;
  int64_t now_ms_ = kStartMs;
  std::map<int, int64_t> watermarks_;
  FeedWatch watch_{FeedWatchOptions{}};
  std::vector<Finding> said_;
};

TEST(FeedWatch, TellsThatTheInputStoppedAndThatItIsBack) {
  Feed feed(2);
  feed.pass(120, {true, true});
  EXPECT_TRUE(feed.said().empty());
  feed.pass(12, {false, false});
  ASSERT_EQ(feed.said().size(), 1U);
  EXPECT_EQ(feed.said()[0].kind, FindingKind::kFeedSilence);
  EXPECT_EQ(feed.said()[0].level, 2);
  EXPECT_EQ(feed.said()[0].observed, 0);
  EXPECT_EQ(feed.said()[0].reason, "the input has brought nothing for 10 min");
  feed.pass(1, {true, true});
  ASSERT_EQ(feed.said().size(), 2U);
  EXPECT_TRUE(feed.said()[1].is_final);
  EXPECT_EQ(feed.said()[1].level, 0);
}

TEST(FeedWatch, NamesThePartitionsThatStopped) {
  Feed feed(4);
  feed.pass(120, {true, true, true, true});
  feed.pass(12, {true, false, true, false});
  ASSERT_EQ(feed.said().size(), 1U);
  EXPECT_EQ(feed.said()[0].level, 1);
  EXPECT_EQ(feed.said()[0].reason, "2 of 4 partitions of the input have brought nothing, the longest for 10 min: 1, 3");
  feed.pass(12, {false, false, false, false});
  ASSERT_EQ(feed.said().size(), 2U) << "all of it is worse than half of it";
  EXPECT_EQ(feed.said()[1].level, 2);
}

TEST(FeedWatch, SpeaksHalfHourlyWhileItLasts) {
  Feed feed(1);
  feed.pass(120, {true});
  feed.pass(100, {false});
  EXPECT_EQ(feed.said().size(), 4U);
}

TEST(FeedWatch, LeavesHistoryThatIsReadAgainAlone) {
  Feed feed(1);
  feed.pass(300, {true}, 48 * kHourMs);
  feed.pass(120, {false});
  EXPECT_TRUE(feed.said().empty());
}

TEST(FeedWatch, LeavesAFeedAloneThatHasOnlyBegun) {
  Feed feed(1);
  feed.pass(30, {true});
  feed.pass(120, {false});
  EXPECT_TRUE(feed.said().empty());
}

TEST(FeedWatch, LeavesAnInputAloneThatHasEnded) {
  Feed feed(1);
  feed.pass(120, {true});
  wire::Partial last;
  last.set_watermark_ms(kEndOfTime);
  last.set_idle(true);
  feed.watch().observe(last, feed.now_ms());
  EXPECT_FALSE(feed.watch().judge(feed.now_ms() + 24 * kHourMs).has_value());
}

TEST(FeedWatch, LearnsThatAFeedRestsAtNight) {
  Feed feed(1);
  for (int day = 0; day < 2; ++day) {
    feed.pass(16 * 60, {true});
    feed.pass(8 * 60, {false});
  }
  feed.pass(16 * 60, {true});
  const size_t told = feed.said().size();
  EXPECT_TRUE(feed.said().back().is_final);
  for (int day = 2; day < 6; ++day) {
    feed.pass(8 * 60, {false});
    feed.pass(16 * 60, {true});
  }
  EXPECT_EQ(feed.said().size(), told) << "from the third night on it is usual";
}

TEST(FeedWatch, DoesNotTakeAnOutageForTheUsualGap) {
  Feed feed(1);
  feed.pass(120, {true});
  feed.pass(180, {false});
  feed.pass(120, {true});
  const size_t before = feed.said().size();
  feed.pass(12, {false});
  EXPECT_EQ(feed.said().size(), before + 1);
}

TEST(FeedWatch, DoesNotHoldItsOwnAbsenceAgainstTheFeed) {
  Feed feed(1);
  feed.pass(120, {true});
  feed.restart(5 * kHourMs);
  feed.pass(9, {false});
  EXPECT_TRUE(feed.said().empty());
  feed.pass(3, {false});
  EXPECT_EQ(feed.said().size(), 1U) << "but it is silent from then on";
}

TEST(FeedWatch, TellsTheRecoveryAfterARestartToo) {
  Feed feed(1);
  feed.pass(120, {true});
  feed.pass(15, {false});
  ASSERT_EQ(feed.said().size(), 1U);
  feed.restart(kMinuteMs);
  feed.pass(1, {true});
  ASSERT_EQ(feed.said().size(), 2U);
  EXPECT_TRUE(feed.said()[1].is_final);
}

TEST(FeedWatch, RefusesAStateThatItDoesNotKnow) {
  FeedWatch watch{FeedWatchOptions{}};
  EXPECT_EQ(watch.restore("nonsense", kStartMs).error().code, ErrorCode::kCorrupt);
}

}  // namespace
}  // namespace earshot::silence
