// SentimentShift: notices that many more of a listener's mentions are negative than usual, whatever their number.
//
// Blocks of five minutes are standardised against the listener's own usual share, with a spread that is as much wider
// than a binomial's as this listener's blocks have been. Two paths look at them: the last hour as a whole, and a
// cumulative sum (Page, Continuous inspection schemes, Biometrika 1954) of moderate deviations that last.
// Constant memory (about 250 bytes) and time for each pane. One thread at a time; the same panes give the same
// findings.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>

#include "schemas/finding.h"

namespace earshot::sentiment_shift {

struct SentimentShiftOptions {
  double mentions_min = 40;              // in the last hour; fewer say nothing
  double shift_min = 0.2;                // of the share, above the usual one
  double critical_shift = 0.4;           // the same, for a critical finding
  double deviation_min = 6;              // standard deviations of the last hour …
  double sum_min = 10;                   // … or of the cumulative sum
  double allowance = 0.75;               // deviation of a block that the cumulative sum lets pass
  double step_max = 5;                   // deviation of a block that it takes in at most
  double warm_up_mentions = 200;         // heard before anything is judged …
  double warm_up_blocks = 24;            // … in at least as many blocks
  double memory_mentions = 20'000;       // of the usual share
  double memory_blocks = 2'016;          // of its spread: a week
  int64_t accept_after_ms = 86'400'000;  // a shift that lasts this long becomes what is usual
  EpisodeOptions episode;
};

class SentimentShift {
 public:
  static constexpr int64_t kBlockMs = 300'000;
  static constexpr int64_t kHourMs = 3'600'000;

  explicit SentimentShift(const SentimentShiftOptions& options) : options_(options), episode_(options.episode) {}

  // Takes a pane; panes come in order of time. What has ended before it is judged first.
  std::optional<Finding> observe(int64_t pane_start_ms, uint64_t mentions, uint64_t negative);

  // Nothing was said until `end_ms`: judges what has ended by then.
  std::optional<Finding> pass_quiet_until(int64_t end_ms);

  // While it is, quiet stretches matter too.
  [[nodiscard]] bool is_active() const { return episode_.is_active(); }

  // Negative when not known yet.
  [[nodiscard]] double usual_share() const;

  void save(wire::SentimentShiftState& out) const;
  void restore(const wire::SentimentShiftState& state);

 private:
  static constexpr size_t kBlocks = kHourMs / kBlockMs;
  static constexpr int64_t kNever = std::numeric_limits<int64_t>::min() / 2;

  struct Counts {
    double mentions = 0;
    double negative = 0;
    [[nodiscard]] double share() const { return mentions > 0 ? negative / mentions : 0; }
  };

  std::optional<Finding> close_block();
  [[nodiscard]] double deviation(const Counts& counts, double usual) const;
  void learn(const Counts& block, double usual, double deviation);
  void accept(const Counts& block);
  [[nodiscard]] Counts hour() const;
  std::optional<Finding> judge(int64_t end_ms, double usual);

  SentimentShiftOptions options_;
  FindingEpisode episode_;
  std::array<Counts, kBlocks> ring_{};
  int64_t block_ = kNever;  // the one that is being added up
  Counts open_;
  Counts usual_;
  double squares_ = 0;  // decayed sum of squared deviations of blocks, each bounded
  double samples_ = 0;
  double sum_ = 0;
};

}  // namespace earshot::sentiment_shift
