#include "operators/viral_post/viral_post.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "engine/base/hash.h"

namespace earshot::viral_post {
namespace {

constexpr int64_t kStartMs = 1'772'366'400'000;
constexpr int64_t kPaneMs = 60'000;
constexpr int64_t kHour = 60;  // panes
constexpr int64_t kDay = 24 * kHour;

// A listener with so many mentions a pane. Some of them pass on posts, each of which is passed on a number of times
// that has a power tail.
class Talk {
 public:
  explicit Talk(uint64_t seed) : random_(seed) {}

  struct Cascades {
    double begun = 0.02;       // a pane
    double tail_exponent = 2;  // of their sizes
    double most = 1e9;
  };
  void pass(int64_t panes, double mean, const Cascades& cascades) {
    for (int64_t i = 0; i < panes; ++i) {
      const uint64_t begun = draw(cascades.begun);
      for (uint64_t each = 0; each < begun; ++each) {
        const double size = std::pow(1 - unit_(random_), -1 / cascades.tail_exponent);
        going_.push_back({next_post_++, std::min(size, cascades.most)});
      }
      pass_pane(mean);
    }
  }
  // One post is passed on `each_pane` times in each of so many panes.
  void storm(int64_t panes, double mean, double each_pane, uint64_t reported_each_pane = 0) {
    const uint64_t post = next_post_++;
    for (int64_t i = 0; i < panes; ++i) {
      reported_ += reported_each_pane;
      pass_pane(mean, post, draw(each_pane), reported_each_pane == 0 ? 0 : reported_);
    }
  }
  // Somebody answers `post`.
  void answer(uint64_t post) { pass_pane(0, post, 1); }
  void pass_quietly(int64_t panes) {
    time_ms_ += panes * kPaneMs;
    note(viral_.pass_quiet_until(time_ms_));
  }
  [[nodiscard]] const std::vector<ViralPostFinding>& said() const { return said_; }
  [[nodiscard]] size_t begun() const {
    size_t begun = 0;
    bool is_on = false;
    for (const auto& said : said_) {
      begun += said.finding.level > 0 && !is_on;
      is_on = !said.finding.is_final;
    }
    return begun;
  }
  [[nodiscard]] int64_t time_ms() const { return time_ms_; }
  [[nodiscard]] int64_t first_said_ms() const { return first_said_ms_; }
  ViralPost& viral() { return viral_; }

 private:
  struct Cascade {
    uint64_t post;
    double left;
  };

  uint64_t draw(double mean) { return mean <= 0 ? 0 : std::poisson_distribution<uint64_t>(mean)(random_); }
  void pass_pane(double mean, uint64_t viral_post = 0, uint64_t times = 0, uint64_t reported = 0) {
    std::vector<SampledMention> mentions(draw(mean));
    for (SampledMention& mention : mentions) mention.post = random_();
    const auto refer = [&](uint64_t post) {
      SampledMention& mention = mentions.emplace_back();
      mention.post = random_();
      mention.reference = hash_64(std::to_string(post));
      mention.reference_handle = "ann";
      mention.text = 77;
      mention.reported_reposts = reported;
    };
    for (uint64_t i = 0; i < times; ++i) refer(viral_post);
    for (Cascade& cascade : going_) {  // most of it within an hour
      const double now = std::min(cascade.left, std::max(0.2, cascade.left * 0.05));
      const uint64_t heard = draw(now);
      for (uint64_t i = 0; i < heard; ++i) refer(cascade.post);
      cascade.left -= now;
    }
    std::erase_if(going_, [](const Cascade& cascade) { return cascade.left <= 0; });
    std::vector<SampledMention> sample;
    for (const SampledMention& mention : mentions) offer_sampled(sample, mention);
    if (!mentions.empty()) note(viral_.observe(time_ms_, kPaneMs, mentions.size(), sample));
    time_ms_ += kPaneMs;
  }
  void note(std::optional<ViralPostFinding> found) {
    if (!found) return;
    if (first_said_ms_ == 0) first_said_ms_ = time_ms_ + kPaneMs;
    said_.push_back(std::move(*found));
  }

  std::mt19937_64 random_;
  std::uniform_real_distribution<double> unit_;
  ViralPost viral_{ViralPostOptions{}};
  int64_t time_ms_ = kStartMs;
  int64_t first_said_ms_ = 0;
  uint64_t next_post_ = 1;
  uint64_t reported_ = 100;
  std::vector<Cascade> going_;
  std::vector<ViralPostFinding> said_;
};

TEST(ViralPost, TellsOfAPostThatIsPassedOnFarMoreOftenThanAnyBeforeAndOfItsEnd) {
  Talk talk(1);
  talk.pass(3 * kDay, 5, {.tail_exponent = 3});
  ASSERT_TRUE(talk.said().empty());
  talk.storm(30, 5, 20);
  ASSERT_FALSE(talk.said().empty());
  const ViralPostFinding& told = talk.said().front();
  EXPECT_EQ(told.finding.kind, FindingKind::kViralPost);
  EXPECT_GE(told.finding.level, 1);
  EXPECT_GE(told.finding.score, 0.5);
  EXPECT_NE(told.finding.reason.find("one post by @ann was passed on or answered "), std::string::npos);
  EXPECT_NE(told.finding.reason.find("; usual is at most "), std::string::npos) << told.finding.reason;
  EXPECT_NE(told.post, 0U);
  talk.pass(4 * kHour, 5, {.tail_exponent = 3});
  EXPECT_TRUE(talk.said().back().finding.is_final);
  EXPECT_EQ(talk.begun(), 1U);
}

TEST(ViralPost, FindsNineStormsInTenWithinAQuarterOfAnHour) {
  for (const double mean : {0.5, 5.0, 20.0}) {
    int found = 0;
    for (uint64_t seed = 0; seed < 30; ++seed) {
      Talk talk(seed);
      talk.pass(3 * kDay, mean, {.begun = 0.01 * mean, .tail_exponent = 3, .most = 30});
      const int64_t began_ms = talk.time_ms();
      talk.storm(15, mean, 25);  // 375 in a quarter of an hour
      found += talk.begun() == 1 && talk.first_said_ms() > began_ms;
    }
    EXPECT_GE(found, 27) << mean << " mentions a minute";
  }
}

TEST(ViralPost, HardlyEverSpeaksOfWhatIsUsualHoweverHeavyTheTail) {
  size_t begun = 0;
  size_t weeks = 0;
  for (const double mean : {0.05, 1.0, 10.0}) {
    for (const double tail_exponent : {1.5, 2.0, 3.0}) {
      for (uint64_t seed = 0; seed < 12; ++seed, weeks += 2) {
        Talk talk(1000 + seed);
        talk.pass(14 * kDay, mean, {.begun = 0.02 * mean, .tail_exponent = tail_exponent});
        begun += talk.begun();
      }
    }
  }
  EXPECT_LE(begun, 4U) << "of " << weeks << " weeks";
}

TEST(ViralPost, LeavesQuietListenersAlone) {
  Talk talk(1);
  for (int day = 0; day < 5; ++day) {
    talk.pass_quietly(kDay - 3);
    for (int i = 0; i < 3; ++i) talk.answer(9);
  }
  EXPECT_TRUE(talk.said().empty()) << "three answers where there were none";
}

TEST(ViralPost, HearsADayBeforeItJudges) {
  Talk talk(1);
  talk.pass(20 * kHour, 1, {});
  talk.storm(30, 1, 30);
  EXPECT_TRUE(talk.said().empty());
}

TEST(ViralPost, ReadsThePlatformsOwnCountWhereFewRepostsAreHeard) {
  Talk talk(1);
  talk.pass(3 * kDay, 5, {.tail_exponent = 3});
  talk.storm(60, 5, 1.5, 300);  // two repost a minute here, 300 everywhere
  ASSERT_FALSE(talk.said().empty());
  EXPECT_NE(talk.said().front().finding.reason.find("reposts of one post by @ann grew by "), std::string::npos);
  EXPECT_EQ(talk.said().front().text, 77U) << "whose copies are shown";
}

TEST(ViralPost, LearnsThatALargerCrowdIsUsual) {
  Talk talk(3);
  talk.pass(2 * kDay, 5, {.tail_exponent = 3});
  size_t days = 0;
  for (; days < 20; ++days) {  // every evening one post takes as many
    const size_t before = talk.begun();
    talk.storm(kHour, 5, 4);
    talk.pass(23 * kHour, 5, {.tail_exponent = 3});
    if (days > 3 && talk.begun() == before) break;
  }
  EXPECT_LT(days, 20U);
}

TEST(ViralPost, FindsAPostAmongManyThatAreNamedOnce) {
  Talk talk(4);
  talk.pass(2 * kDay, 20, {.begun = 20, .tail_exponent = 3, .most = 2});
  ASSERT_TRUE(talk.said().empty());
  talk.pass(1, 20, {.begun = 20, .most = 2});
  talk.storm(20, 20, 30);
  EXPECT_EQ(talk.begun(), 1U);
}

TEST(ViralPost, EndsInSilenceToo) {
  Talk talk(1);
  talk.pass(2 * kDay, 5, {.tail_exponent = 3});
  talk.storm(20, 5, 30);
  ASSERT_TRUE(talk.viral().is_active());
  talk.pass_quietly(kHour);
  talk.pass_quietly(kHour);
  EXPECT_FALSE(talk.viral().is_active());
  EXPECT_TRUE(talk.said().back().finding.is_final);
}

TEST(ViralPost, SaysTheSameWhereverARestartCutsTheInputInConstantMemory) {
  Talk uncut(7);
  uncut.pass(30 * kHour, 5, {.begun = 3});
  uncut.storm(40, 5, 40, 200);
  Talk cut(7);
  size_t bytes_max = 0;
  const auto restart = [&] {
    wire::ViralPostState state;
    cut.viral().save(state);
    bytes_max = std::max(bytes_max, state.ByteSizeLong());
    cut.viral() = ViralPost(ViralPostOptions{});
    cut.viral().restore(state);
  };
  for (int64_t i = 0; i < 30 * kHour; ++i, restart()) cut.pass(1, 5, {.begun = 3});
  cut.storm(40, 5, 40, 200);
  ASSERT_FALSE(uncut.said().empty());
  ASSERT_EQ(cut.said().size(), uncut.said().size());
  for (size_t i = 0; i < cut.said().size(); ++i) {
    EXPECT_EQ(cut.said()[i].finding.reason, uncut.said()[i].finding.reason);
  }
  EXPECT_LE(bytes_max, 6'000U);
}

}  // namespace
}  // namespace earshot::viral_post
