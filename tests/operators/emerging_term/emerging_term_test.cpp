#include "operators/emerging_term/emerging_term.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "engine/base/hash.h"

namespace earshot::emerging_term {
namespace {

constexpr int64_t kStartMs = 1'772'366'400'000;
constexpr int64_t kPaneMs = 60'000;
constexpr int64_t kHour = 60;  // panes
constexpr int64_t kDay = 24 * kHour;

// Words as talk has them: how often one is used falls with its place (Zipf), and some are of the hour of the day.
class Vocabulary {
 public:
  explicit Vocabulary(size_t words) {
    double sum = 0;
    for (size_t i = 0; i < words; ++i) {
      sums_.push_back(sum += 1.0 / static_cast<double>(i + 3));
      names_.push_back(name_of(i));
    }
  }
  [[nodiscard]] const std::string& word(std::mt19937_64& random) const {
    const double place = std::uniform_real_distribution<double>(0, sums_.back())(random);
    return names_[static_cast<size_t>(std::ranges::lower_bound(sums_, place) - sums_.begin())];
  }

 private:
  static std::string name_of(uint64_t index) {
    std::string name = "w";
    for (uint64_t rest = mix_64(index + 1, 0x9e3779b97f4a7c15ULL), i = 0; i < 7; ++i, rest /= 26) {
      name.push_back(static_cast<char>('a' + rest % 26));
    }
    return name;
  }

  std::vector<double> sums_;
  std::vector<std::string> names_;
};

struct News {
  std::string word;
  double share = 0;          // of the mentions
  uint64_t authors = 0;      // 0: everybody is somebody else
  bool is_one_text = false;  // all who say it say the same
};

class Talk {
 public:
  explicit Talk(uint64_t seed, size_t words = 2'000) : random_(seed), vocabulary_(words) {}

  void pass(int64_t panes, double mean, const News& news = {}, bool is_surging = false) {
    for (int64_t i = 0; i < panes; ++i, time_ms_ += kPaneMs) {
      const uint64_t mentions = std::poisson_distribution<uint64_t>(mean)(random_);
      std::vector<SampledMention> sample;
      for (uint64_t each = 0; each < mentions; ++each) offer_sampled(sample, mention(news));
      if (mentions > 0) note(term_.observe(time_ms_, sample, is_surging));
    }
  }
  void pass_quietly(int64_t panes) {
    time_ms_ += panes * kPaneMs;
    note(term_.pass_quiet_until(time_ms_, false));
  }
  [[nodiscard]] const std::vector<EmergingTermFinding>& said() const { return said_; }
  [[nodiscard]] size_t begun() const {
    size_t begun = 0;
    bool is_on = false;
    for (const auto& said : said_) {
      begun += said.finding.level > 0 && !is_on;
      is_on = !said.finding.is_final;
    }
    return begun;
  }
  // Of the hour of the day, as "good morning" is.
  void greet(bool does) { greets_ = does; }
  EmergingTerm& term() { return term_; }

 private:
  SampledMention mention(const News& news) {
    SampledMention made;
    made.post = random_();
    made.author = random_();
    made.words = "acme";
    for (int i = 0; i < 10; ++i) made.words += " " + vocabulary_.word(random_);
    const int64_t hour = time_ms_ / (kHour * kPaneMs) % 24;
    if (greets_ && hour == 7 && random_() % 2 == 0) made.words += " goodmorning";
    if (std::uniform_real_distribution<double>()(random_) < news.share) {
      made.words = news.is_one_text ? "look what acme did " + news.word : made.words + " " + news.word;
      if (news.authors > 0) made.author = random_() % news.authors;
    }
    made.text = made.shape = hash_64(made.words);
    return made;
  }
  void note(std::optional<EmergingTermFinding> found) {
    if (found) said_.push_back(std::move(*found));
  }

  std::mt19937_64 random_;
  Vocabulary vocabulary_;
  EmergingTerm term_{"acme OR recalls", {}};
  int64_t time_ms_ = kStartMs;
  bool greets_ = false;
  std::vector<EmergingTermFinding> said_;
};

TEST(EmergingTerm, TellsAWordThatManySayAndHardlyAnybodySaidBeforeAndItsEnd) {
  Talk talk(1);
  talk.pass(2 * kDay, 1.5);
  ASSERT_TRUE(talk.said().empty());
  talk.pass(kHour, 1.5, {.word = "recall", .share = 0.35});
  ASSERT_FALSE(talk.said().empty());
  const EmergingTermFinding& told = talk.said().front();
  EXPECT_EQ(told.finding.kind, FindingKind::kEmergingTerm);
  EXPECT_EQ(told.finding.level, 1);
  EXPECT_GE(told.finding.score, 0.5);
  EXPECT_TRUE(told.finding.reason.starts_with("'recall' is said by ")) << told.finding.reason;
  ASSERT_FALSE(told.terms.empty());
  EXPECT_EQ(told.terms[0].text(), "recall");
  talk.pass(3 * kHour, 1.5);
  EXPECT_TRUE(talk.said().back().finding.is_final);
  EXPECT_EQ(talk.begun(), 1U);
}

TEST(EmergingTerm, FindsNineWordsInTenWithinAnHour) {
  for (const double mean : {1.0, 3.0, 8.0}) {
    int found = 0;
    for (uint64_t seed = 0; seed < 12; ++seed) {
      Talk talk(seed);
      talk.pass(2 * kDay, mean);
      ASSERT_EQ(talk.begun(), 0U) << seed;
      talk.pass(kHour + 5, mean, {.word = "recall", .share = 0.4});
      found += static_cast<int>(talk.begun());
    }
    EXPECT_GE(found, 11) << mean << " mentions a minute";
  }
}

TEST(EmergingTerm, LeavesUsualTalkAlone) {
  size_t begun = 0;
  size_t weeks = 0;
  for (const double mean : {0.05, 0.5, 2.0}) {
    for (const size_t words : {size_t{50}, size_t{5'000}}) {
      for (uint64_t seed = 0; seed < 6; ++seed, ++weeks) {
        Talk talk(1000 + seed, words);
        talk.greet(true);
        talk.pass(7 * kDay, mean);
        begun += talk.begun();
      }
    }
  }
  EXPECT_EQ(begun, 0U) << "of " << weeks << " weeks";
}

TEST(EmergingTerm, HearsOneVoiceInWhoeverRepeatsHimself) {
  Talk talk(1);
  talk.pass(2 * kDay, 2);
  talk.pass(3 * kHour, 2, {.word = "recall", .share = 0.5, .authors = 3});
  EXPECT_TRUE(talk.said().empty());
}

TEST(EmergingTerm, HearsOneVoiceInAPostThatIsPassedOn) {
  Talk talk(1);
  talk.pass(2 * kDay, 2);
  talk.pass(3 * kHour, 2, {.word = "recall", .share = 0.5, .is_one_text = true});
  EXPECT_TRUE(talk.said().empty());
}

TEST(EmergingTerm, HearsADayBeforeItJudges) {
  Talk talk(1);
  talk.pass(20 * kHour, 2);
  talk.pass(2 * kHour, 2, {.word = "recall", .share = 0.5});
  EXPECT_TRUE(talk.said().empty());
}

TEST(EmergingTerm, LeavesTheWordsOfASurgeToTheSurge) {
  Talk talk(1);
  talk.pass(2 * kDay, 2);
  talk.pass(2 * kHour, 10, {.word = "recall", .share = 0.5}, true);
  EXPECT_TRUE(talk.said().empty());
  talk.pass(2 * kHour, 2, {.word = "recall", .share = 0.4});
  EXPECT_TRUE(talk.said().empty()) << "it is known by now";
}

TEST(EmergingTerm, DoesNotTellTheListenersOwnWords) {
  Talk talk(1);
  talk.pass(2 * kDay, 2);
  talk.pass(kHour, 2, {.word = "recalls", .share = 0.6});
  EXPECT_TRUE(talk.said().empty());
}

TEST(EmergingTerm, TellsAWordOnceHoweverLongItIsSaid) {
  Talk talk(1);
  talk.pass(2 * kDay, 2);
  talk.pass(4 * kDay, 2, {.word = "recall", .share = 0.4});
  EXPECT_EQ(talk.begun(), 1U);
  EXPECT_TRUE(talk.said().back().finding.is_final);
  for (const auto& said : talk.said()) {
    if (said.finding.level > 0) {
      EXPECT_TRUE(said.finding.reason.starts_with("'recall'"));
    }
  }
}

TEST(EmergingTerm, EndsInSilenceToo) {
  Talk talk(1);
  talk.pass(2 * kDay, 2);
  talk.pass(kHour, 2, {.word = "recall", .share = 0.5});
  ASSERT_TRUE(talk.term().is_active());
  talk.pass_quietly(7 * kDay);
  EXPECT_FALSE(talk.term().is_active());
  EXPECT_TRUE(talk.said().back().finding.is_final);
}

TEST(EmergingTerm, SaysTheSameWhereverARestartCutsTheInputInConstantMemory) {
  Talk uncut(7);
  uncut.pass(30 * kHour, 12);
  uncut.pass(3 * kHour, 12, {.word = "recall", .share = 0.4});
  Talk cut(7);
  size_t bytes_max = 0;
  const auto restart = [&] {
    wire::EmergingTermState state;
    cut.term().save(state);
    bytes_max = std::max(bytes_max, state.ByteSizeLong());
    cut.term() = EmergingTerm("acme OR recalls", {});
    cut.term().restore(state);
  };
  for (int64_t i = 0; i < 30 * kHour; ++i, restart()) cut.pass(1, 12);
  for (int64_t i = 0; i < 3 * kHour; ++i, restart()) cut.pass(1, 12, {.word = "recall", .share = 0.4});
  ASSERT_FALSE(uncut.said().empty());
  ASSERT_EQ(cut.said().size(), uncut.said().size());
  for (size_t i = 0; i < cut.said().size(); ++i) {
    EXPECT_EQ(cut.said()[i].finding.reason, uncut.said()[i].finding.reason);
  }
  EXPECT_LE(bytes_max, 7'000U);
}

TEST(PeakSketch, NeverSaysLessThanATermHadAndForgetsOverWeeks) {
  PeakSketch sketch;
  std::mt19937_64 random(1);
  std::vector<std::pair<uint32_t, double>> had;
  for (int i = 0; i < 2'000; ++i) {
    const double share = std::uniform_real_distribution<double>(0, 0.2)(random);
    had.emplace_back(static_cast<uint32_t>(random()), share);
    sketch.raise(had.back().first, share);
  }
  for (const auto& [term, share] : had) EXPECT_GE(sketch.peak(term), share);
  PeakSketch restored;
  ASSERT_TRUE(restored.restore(sketch.bytes()));
  EXPECT_FALSE(restored.restore("abc"));
  const double before = restored.peak(had[0].first);
  for (int day = 0; day < 7; ++day) restored.fade();
  EXPECT_NEAR(restored.peak(had[0].first), before / 2, 0.04);
}

}  // namespace
}  // namespace earshot::emerging_term
