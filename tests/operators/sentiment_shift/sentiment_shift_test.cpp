#include "operators/sentiment_shift/sentiment_shift.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace earshot::sentiment_shift {
namespace {

constexpr int64_t kStartMs = 1'772'366'400'000;
constexpr int64_t kPaneMs = 60'000;
constexpr int64_t kHour = 60;  // panes

// A listener with so many mentions a pane, of which a share is negative; the share of a block wavers by `unrest`.
class Talk {
 public:
  explicit Talk(uint64_t seed) : random_(seed) {}

  void pass(int64_t panes, double mean, double share, double unrest = 0) {
    for (int64_t i = 0; i < panes; ++i, time_ms_ += kPaneMs) {
      if (time_ms_ % SentimentShift::kBlockMs == 0) {
        wavering_ = std::clamp(share + unrest * std::normal_distribution<double>()(random_), 0.0, 1.0);
      }
      const uint64_t mentions = mean <= 0 ? 0 : std::poisson_distribution<uint64_t>(mean)(random_);
      const double now = unrest > 0 ? wavering_ : share;
      const uint64_t negative = std::binomial_distribution<uint64_t>(mentions, now)(random_);
      if (mentions == 0) continue;
      if (auto said = shift_.observe(time_ms_, mentions, negative)) said_.push_back(*said);
    }
  }
  void pass_quietly(int64_t panes) {
    time_ms_ += panes * kPaneMs;
    if (auto said = shift_.pass_quiet_until(time_ms_)) said_.push_back(*said);
  }
  [[nodiscard]] const std::vector<Finding>& said() const { return said_; }
  [[nodiscard]] size_t begun() const {
    size_t begun = 0;
    bool is_on = false;
    for (const Finding& finding : said_) {
      begun += finding.level > 0 && !is_on;
      is_on = !finding.is_final;
    }
    return begun;
  }
  SentimentShift& shift() { return shift_; }

 private:
  std::mt19937_64 random_;
  SentimentShift shift_{SentimentShiftOptions{}};
  int64_t time_ms_ = kStartMs;
  double wavering_ = 0;
  std::vector<Finding> said_;
};

TEST(SentimentShift, TellsAShiftAtSteadyVolumeInPlainWordsAndItsEnd) {
  Talk talk(1);
  talk.pass(48 * kHour, 2, 0.18);
  ASSERT_TRUE(talk.said().empty());
  talk.pass(kHour, 2, 0.62);
  ASSERT_FALSE(talk.said().empty());
  const Finding& told = talk.said().front();
  EXPECT_EQ(told.kind, FindingKind::kSentimentShift);
  EXPECT_GE(told.level, 1);
  EXPECT_GE(told.score, 0.5);
  EXPECT_NE(told.reason.find("mentions are negative, usually 1"), std::string::npos) << told.reason;
  talk.pass(4 * kHour, 2, 0.18);
  EXPECT_TRUE(talk.said().back().is_final);
  EXPECT_EQ(talk.said().back().level, 0);
}

TEST(SentimentShift, FindsNineShiftsInTenWithinAnHour) {
  int found = 0;
  for (uint64_t seed = 0; seed < 40; ++seed) {
    Talk talk(seed);
    talk.pass(48 * kHour, 2, 0.2);
    talk.pass(kHour, 2, 0.55);
    found += static_cast<int>(talk.begun());
  }
  EXPECT_GE(found, 36);
}

TEST(SentimentShift, LeavesCalmListenersAlone) {
  size_t begun = 0;
  for (const double mean : {0.05, 0.5, 2.0, 20.0}) {
    for (const double share : {0.02, 0.2, 0.6}) {
      for (uint64_t seed = 0; seed < 10; ++seed) {
        Talk talk(1000 + seed);
        talk.pass(7 * 24 * kHour, mean, share);
        begun += talk.begun();
      }
    }
  }
  EXPECT_EQ(begun, 0U) << "of 120 weeks";
}

TEST(SentimentShift, LearnsHowRestlessAListenerIs) {
  size_t begun = 0;
  for (uint64_t seed = 0; seed < 20; ++seed) {
    Talk talk(2000 + seed);
    talk.pass(7 * 24 * kHour, 5, 0.3, 0.12);
    begun += talk.begun();
  }
  EXPECT_LE(begun, 1U) << "of 20 weeks";
}

TEST(SentimentShift, NeedsEnoughMentionsToSpeakAtAll) {
  Talk talk(1);
  talk.pass(48 * kHour, 0.4, 0.1);
  talk.pass(2 * kHour, 0.4, 1.0);  // 24 an hour
  EXPECT_TRUE(talk.said().empty());
}

TEST(SentimentShift, TakesWhatLastsForDaysAsUsual) {
  Talk talk(1);
  talk.pass(48 * kHour, 2, 0.2);
  talk.pass(5 * 24 * kHour, 2, 0.6);
  EXPECT_EQ(talk.begun(), 1U);
  EXPECT_TRUE(talk.said().back().is_final);
  EXPECT_GT(talk.shift().usual_share(), 0.45);
}

TEST(SentimentShift, EndsInSilenceToo) {
  Talk talk(1);
  talk.pass(48 * kHour, 2, 0.2);
  talk.pass(kHour, 2, 0.7);
  ASSERT_TRUE(talk.shift().is_active());
  talk.pass_quietly(7 * 24 * kHour);
  EXPECT_FALSE(talk.shift().is_active());
  EXPECT_TRUE(talk.said().back().is_final);
}

TEST(SentimentShift, SaysTheSameWhereverARestartCutsTheInput) {
  Talk uncut(7);
  uncut.pass(30 * kHour, 2, 0.2);
  uncut.pass(3 * kHour, 2, 0.7);
  Talk cut(7);
  const auto restart = [&] {
    wire::SentimentShiftState state;
    cut.shift().save(state);
    cut.shift() = SentimentShift(SentimentShiftOptions{});
    cut.shift().restore(state);
  };
  for (int64_t i = 0; i < 30 * kHour; ++i, restart()) cut.pass(1, 2, 0.2);
  for (int64_t i = 0; i < 3 * kHour; ++i, restart()) cut.pass(1, 2, 0.7);
  ASSERT_FALSE(uncut.said().empty());
  ASSERT_EQ(cut.said().size(), uncut.said().size());
  for (size_t i = 0; i < cut.said().size(); ++i) EXPECT_EQ(cut.said()[i].reason, uncut.said()[i].reason);
}

}  // namespace
}  // namespace earshot::sentiment_shift
