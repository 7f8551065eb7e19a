// MentionDrop: notices that a listener is hardly mentioned any more while others are. Judged in event time, so that a
// replay says the same; that the whole input is silent is FeedWatch's to say.
// Constant memory (about 150 bytes) and time. One thread at a time; the same panes and expectations give the same
// findings.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>

#include "schemas/finding.h"

namespace earshot::silence {

struct MentionDropOptions {
  double expected_min = 36;        // mentions in the window: where fewer are usual, nothing tells silence from chance
  double probability_max = 1e-6;   // of as few mentions, were nothing the matter
  double share_max = 0.25;         // of the expected mentions: more is no silence
  double recovered_share = 0.5;    // of the expected mentions: it is over
  double others_share_min = 0.5;   // of what is expected of the others: below it the feed is at fault
  double others_expected_min = 9;  // mentions of the others: with fewer nobody knows whether it is
  EpisodeOptions episode{.calm_ms = 600'000};
};

// What is expected of a window that has just ended.
struct DropWindow {
  int64_t length_ms = 0;
  double expected = 0;
  double dispersion = 0;            // variance is expected + dispersion × expected²
  double same_time_last_week = -1;  // negative: not known, and then nothing is said of the listener's silence
  double others_observed = 0;       // mentions of all other listeners
  double others_expected = 0;
};

// Probability of `count` or fewer, by the exact distribution function of negative-binomial counts.
double lower_tail_probability(double count, double mean, double dispersion);

class MentionDrop {
 public:
  static constexpr int64_t kBlockMs = 300'000;  // windows are whole numbers of blocks
  static constexpr int64_t kHourMs = 3'600'000;
  static constexpr int64_t kQuarterMs = 900'000;

  explicit MentionDrop(const MentionDropOptions& options) : options_(options), episode_(options.episode) {}

  // Panes come in order of time and do not span blocks.
  void add(int64_t pane_start_ms, uint64_t mentions);

  // Mentions in the whole blocks of the window, of at most an hour, that ends at `end_ms`, a multiple of the block.
  [[nodiscard]] double observed(int64_t end_ms, int64_t window_ms) const;

  // Judges windows that end at `end_ms`. Times go up.
  std::optional<Finding> judge(int64_t end_ms, std::span<const DropWindow> windows);

  [[nodiscard]] bool is_active() const { return episode_.is_active(); }

  void save(wire::MentionDropState& out) const;
  void restore(const wire::MentionDropState& state);

 private:
  static constexpr int64_t kBlocks = kHourMs / kBlockMs + 1;  // the one that is being added up, too
  static constexpr int64_t kNever = std::numeric_limits<int64_t>::min() / 2;

  static size_t slot(int64_t block) { return static_cast<size_t>(((block % kBlocks) + kBlocks) % kBlocks); }
  void move_to(int64_t block);
  [[nodiscard]] bool is_drop(const DropWindow& window, double seen, double probability) const;

  MentionDropOptions options_;
  FindingEpisode episode_;
  std::array<uint32_t, kBlocks> counts_{};
  int64_t newest_block_ = kNever;
  int64_t first_block_ = kNever;  // the first that was heard from its beginning; windows before it are not known
};

}  // namespace earshot::silence
