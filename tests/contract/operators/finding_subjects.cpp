// The operators that find something out beside surges, each with its state as a saved record.
#include "engine/base/hash.h"
#include "engine/time/watermark.h"
#include "operators/emerging_term/emerging_term.h"
#include "operators/sentiment_shift/sentiment_shift.h"
#include "operators/silence/mention_drop.h"
#include "operators/viral_post/viral_post.h"
#include "tests/contract/operators/stateful_subjects.h"

namespace earshot::contract {
namespace {

constexpr int64_t kPaneMs = 10'000;
constexpr int64_t kStartMs = 1'772'366'400'000;

// Hardly mentioned, as others are.
class SilenceSubject : public Subject {
 public:
  std::string apply(const Item& item) override {
    const int64_t end_ms = pane_start(kStartMs + item.time_s * 1000, kBlockMs) + kBlockMs;
    drop_.add(end_ms - kBlockMs, item.text.size() % 3);
    const silence::DropWindow hour{.length_ms = silence::MentionDrop::kHourMs,
                                   .expected = 200,
                                   .dispersion = 0.01,
                                   .same_time_last_week = 200,
                                   .others_observed = 90,
                                   .others_expected = 90};
    const auto finding = drop_.judge(end_ms, {&hour, 1});
    return finding ? finding->reason : std::to_string(drop_.observed(end_ms, silence::MentionDrop::kHourMs));
  }
  void restart() override {
    wire::MentionDropState state;
    drop_.save(state);
    drop_ = silence::MentionDrop(silence::MentionDropOptions{});
    drop_.restore(state);
  }

 private:
  static constexpr int64_t kBlockMs = silence::MentionDrop::kBlockMs;
  silence::MentionDrop drop_{silence::MentionDropOptions{}};
};

class SentimentShiftSubject : public Subject {
 public:
  std::string apply(const Item& item) override {
    const auto finding = shift_.observe(kStartMs + item.time_s * 10'000, item.text.size(), item.text.size() / 4);
    return std::to_string(shift_.usual_share()) + (finding ? finding->reason : "");
  }
  void restart() override {
    wire::SentimentShiftState state;
    shift_.save(state);
    shift_ = sentiment_shift::SentimentShift(sentiment_shift::SentimentShiftOptions{});
    shift_.restore(state);
  }

 private:
  sentiment_shift::SentimentShift shift_{sentiment_shift::SentimentShiftOptions{}};
};

// A mention of hardly any words that answers the post of the same text.
SampledMention sampled_of(const Item& item) {
  return {.post = hash_64(item.id),
          .author = hash_64(item.author),
          .text = hash_64(item.text),
          .shape = hash_64(item.text),
          .reference = hash_64(item.text, 1),
          .reference_handle = item.author,
          .words = item.text};
}

class ViralPostSubject : public Subject {
 public:
  std::string apply(const Item& item) override {
    const SampledMention mention = sampled_of(item);
    const auto found = viral_.observe(kStartMs + item.time_s * 10'000, kPaneMs, 50, {&mention, 1});
    return found ? found->finding.reason : "";
  }
  void restart() override {
    wire::ViralPostState state;
    viral_.save(state);
    viral_ = viral_post::ViralPost(options());
    viral_.restore(state);
  }

 private:
  static viral_post::ViralPostOptions options() {
    return {.references_min = 2, .sampled_min = 1, .multiple = 0.1, .warm_up_hours = 1};
  }
  viral_post::ViralPost viral_{options()};
};

class EmergingTermSubject : public Subject {
 public:
  std::string apply(const Item& item) override {
    const SampledMention mention = sampled_of(item);
    const auto found = term_.observe(kStartMs + item.time_s * 10'000, {&mention, 1}, false);
    return found ? found->finding.reason : "";
  }
  void restart() override {
    wire::EmergingTermState state;
    term_.save(state);
    term_ = emerging_term::EmergingTerm("", options());
    term_.restore(state);
  }

 private:
  static emerging_term::EmergingTermOptions options() {
    return {.multiple = 0.5,
            .voices_min = 2,
            .all_voices_min = 3,
            .probability_max = 0.9,
            .warm_up_hours = 1,
            .warm_up_mentions = 5};
  }
  emerging_term::EmergingTerm term_{"", options()};
};

}  // namespace

std::unique_ptr<Subject> silence_subject() {
  return std::make_unique<SilenceSubject>();
}
std::unique_ptr<Subject> sentiment_shift_subject() {
  return std::make_unique<SentimentShiftSubject>();
}
std::unique_ptr<Subject> viral_post_subject() {
  return std::make_unique<ViralPostSubject>();
}
std::unique_ptr<Subject> emerging_term_subject() {
  return std::make_unique<EmergingTermSubject>();
}

}  // namespace earshot::contract
